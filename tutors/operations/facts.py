"""The one place where a tutor's facts are declared changed."""

from django.db.models import F

from tutors.models import Tutor


def raise_version(*, tutor_id: int) -> None:
    """Hold the tutor's row and raise `facts_version`; called before the facts themselves change.

    A claim in progress holds the same row, so the change waits for it, and later claims see it.
    """
    Tutor.objects.filter(pk=tutor_id).update(facts_version=F("facts_version") + 1)
