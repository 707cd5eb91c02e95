"""People that money goes to, found by what staff type."""

from tutors.models import Tutor
from workforce.rules.ids import NotAnId, internal_id


def tutor_for_pay(*, text: str) -> Tutor | None:
    """The tutor behind a public id, with her account; None for anything else."""
    try:
        key = internal_id("E", text.strip().upper())
    except NotAnId:
        return None
    return Tutor.objects.select_related("account").filter(pk=key).first()
