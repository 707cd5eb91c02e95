"""The right to work in a place: noted, checked, ended."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import AuthorisationAdded, AuthorisationEnded, AuthorisationVerified
from tutors.models import Tutor, WorkAuthorisation
from tutors.operations.facts import raise_version
from tutors.operations.vetting import check_by_another, check_named
from tutors.rules import places
from tutors.rules.background import AHEAD_YEARS_MAX, AUTHORISATIONS_MAX
from tutors.rules.states import VERIFIED_RANK, Verified
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid


class CannotAuthorise(Invalid):
    code = "authorisation_not_valid"


class AuthorisationOver(Conflict):
    code = "authorisation_over"


@transaction.atomic
def add_authorisation(
    *,
    tutor: Tutor,
    place: str,
    basis: str,
    valid_until: date | None,
    actor: Account,
    at: datetime,
) -> WorkAuthorisation:
    """Note a right to work, unchecked so far. Raises `CannotAuthorise` with errors by field."""
    raise_version(tutor_id=tutor.pk)
    held = WorkAuthorisation.objects.filter(tutor=tutor, ended_at__isnull=True)
    errors = _faults(place=place, basis=basis, valid_until=valid_until, at=at)
    if not errors and held.filter(place=place).exists():
        errors["place"] = [_("It is noted already: check it, or end it first.")]
    if not errors and held.count() >= AUTHORISATIONS_MAX:
        errors["place"] = [_("At most %d places for one person.") % AUTHORISATIONS_MAX]
    if errors:
        raise CannotAuthorise(_("Look at the marked fields; nothing was saved."), errors=errors)
    noted = WorkAuthorisation.objects.create(
        tutor=tutor,
        place=place,
        basis=basis.strip(),
        valid_until=valid_until,
        added_by=actor,
        added_at=at,
    )
    event = AuthorisationAdded(subject=noted.public_id, tutor=tutor.public_id, place=place)
    record(event=event, actor=actor, at=at)
    return noted


@transaction.atomic
def verify_authorisation(
    *,
    authorisation: WorkAuthorisation,
    level: Verified,
    source: str,
    actor: Account,
    at: datetime,
    valid_until: date | None = None,
) -> WorkAuthorisation:
    """Write down that somebody looked; as with credentials a weaker check lowers nothing.

    Raises `CannotVerify`, `NotByOneself`, `NeedsAnotherCheck`, `AuthorisationOver`.
    """
    tutor = authorisation.tutor
    check_named(tutor=tutor, level=level, source=source, actor=actor)
    raise_version(tutor_id=tutor.pk)
    row = _open(authorisation)
    check_by_another(level=level, checked_by_id=row.checked_by_id, actor=actor)
    until = valid_until or row.valid_until
    errors = _faults(place=row.place, basis=row.basis, valid_until=until, at=at)
    if errors:
        raise CannotAuthorise(_("Look at the marked fields; nothing was saved."), errors=errors)
    row.verified = max(Verified(row.verified), level, key=VERIFIED_RANK.__getitem__)
    row.source, row.checked_by, row.checked_at = source.strip(), actor, at
    row.valid_until = until
    row.save(update_fields=["verified", "source", "checked_by", "checked_at", "valid_until"])
    event = AuthorisationVerified(subject=row.public_id, tutor=tutor.public_id, level=level.value)
    record(event=event, actor=actor, at=at)
    return row


@transaction.atomic
def end_authorisation(
    *, authorisation: WorkAuthorisation, actor: Account, at: datetime
) -> WorkAuthorisation:
    """It does not hold any more, or never did. Work in flight is left alone."""
    raise_version(tutor_id=authorisation.tutor_id)
    row = _open(authorisation)
    row.ended_by, row.ended_at = actor, at
    row.save(update_fields=["ended_by", "ended_at"])
    event = AuthorisationEnded(
        subject=row.public_id, tutor=authorisation.tutor.public_id, place=row.place
    )
    record(event=event, actor=actor, at=at)
    return row


def _open(authorisation: WorkAuthorisation) -> WorkAuthorisation:
    """The row as it is now; `AuthorisationOver` when it ended meanwhile."""
    row = WorkAuthorisation.objects.get(pk=authorisation.pk)
    if row.ended_at is not None:
        raise AuthorisationOver(_("This right to work was ended already."))
    return row


def _faults(
    *, place: str, basis: str, valid_until: date | None, at: datetime
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    latest = (at + timedelta(days=AHEAD_YEARS_MAX * 366)).date()
    if not places.is_place(place):
        errors["place"] = [_("A place such as GB or US-NY.")]
    if not basis.strip():
        errors["basis"] = [_("Say what it rests on, such as citizenship or a visa.")]
    if valid_until is not None and not at.date() <= valid_until <= latest:
        errors["valid_until"] = [_("A day from today on, or none.")]
    return errors
