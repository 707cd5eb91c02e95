"""The one place where a tutor's facts are declared changed."""

from collections.abc import Sequence

from django.db.models import F

from tutors.models import Tutor


def raise_version(*, tutor_id: int) -> None:
    """Hold the tutor's row and raise `facts_version`; called before the facts themselves change.

    A claim in progress holds the same row, so the change waits for it, and later claims see it.
    """
    Tutor.objects.filter(pk=tutor_id).update(facts_version=F("facts_version") + 1)


def hold(*, tutor_ids: Sequence[int]) -> None:
    """Hold the rows of many tutors, in the order of their keys, until the transaction ends."""
    rows = Tutor.objects.filter(pk__in=tutor_ids).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk", flat=True))


def raise_versions(*, tutor_ids: Sequence[int]) -> None:
    """`raise_version` for many tutors."""
    hold(tutor_ids=tutor_ids)
    Tutor.objects.filter(pk__in=tutor_ids).update(facts_version=F("facts_version") + 1)
