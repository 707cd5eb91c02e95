"""Qualifications: the right to take work, granted and revoked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import QualificationGranted, QualificationRevoked
from tutors.models import Qualification, Tutor
from tutors.operations.facts import raise_version
from tutors.operations.vetting import NotByOneself
from tutors.rules.states import LEVELS, QualificationState
from workforce.models import Account, Domain
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid


class CannotGrant(Invalid):
    code = "qualification_not_valid"


class CannotRevoke(Conflict):
    code = "qualification_not_in_force"


@transaction.atomic
def grant(
    *,
    tutor: Tutor,
    speciality: str,
    level: int,
    expires_at: datetime | None,
    actor: Account,
    at: datetime,
) -> Qualification:
    """Grant a field at a level, in place of an earlier grant for the same field.

    Raises `CannotGrant` with errors by field; nobody qualifies herself (`NotByOneself`).
    """
    if tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to qualify you."))
    domain = Domain.objects.filter(slug=speciality).first()
    errors = _faults(domain=domain, level=level, expires_at=expires_at, at=at)
    if domain is None or errors:
        raise CannotGrant(_("Look at the marked fields; nothing was granted."), errors=errors)
    raise_version(tutor_id=tutor.pk)
    Qualification.objects.filter(
        tutor=tutor, domain=domain, state=QualificationState.GRANTED
    ).update(state=QualificationState.REPLACED, revoked_by=actor, revoked_at=at)
    granted = Qualification.objects.create(
        tutor=tutor,
        domain=domain,
        level=level,
        granted_by=actor,
        granted_at=at,
        expires_at=expires_at,
    )
    event = QualificationGranted(
        subject=granted.public_id, tutor=tutor.public_id, speciality=speciality, level=level
    )
    record(event=event, actor=actor, at=at)
    return granted


@transaction.atomic
def revoke(
    *, qualification: Qualification, reason: str, actor: Account, at: datetime
) -> Qualification:
    """Take a qualification back. Work in flight is left alone; later claims see it at once."""
    if not reason.strip():
        raise CannotGrant(_("Say why: the tutor will read it."), errors={"reason": [_("Say why.")]})
    raise_version(tutor_id=qualification.tutor_id)
    changed = Qualification.objects.filter(
        pk=qualification.pk, state=QualificationState.GRANTED
    ).update(
        state=QualificationState.REVOKED,
        revoked_by=actor,
        revoked_at=at,
        revoke_reason=reason.strip(),
    )
    if not changed:
        raise CannotRevoke(_("This qualification was revoked or replaced already."))
    qualification.refresh_from_db()
    event = QualificationRevoked(
        subject=qualification.public_id,
        tutor=qualification.tutor.public_id,
        speciality=qualification.domain.slug,
    )
    record(event=event, actor=actor, at=at)
    return qualification


def _faults(
    *, domain: Domain | None, level: int, expires_at: datetime | None, at: datetime
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if domain is None:
        errors["speciality"] = [_("There is no such domain.")]
    if level not in LEVELS:
        errors["level"] = [_("A level from 1 to 4.")]
    if expires_at is not None and expires_at <= at:
        errors["expires_at"] = [_("It would have lapsed already.")]
    return errors
