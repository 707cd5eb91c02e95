"""Credentials: brought by the tutor, checked by somebody else."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import CredentialAdded, CredentialRefused, CredentialVerified
from tutors.models import Credential, CredentialCheck, Tutor
from tutors.operations.facts import raise_version
from tutors.rules import places
from tutors.rules.states import (
    VERIFIED_RANK,
    CredentialStatus,
    CredentialType,
    Verified,
)
from workforce.models import Account
from workforce.operations.recording import record
from workforce.providers.vault import ring
from workforce.rules.problems import Conflict, Invalid, NotAllowed

NUMBER_CONTEXT = "tutors.credential.number"
NAMED = frozenset({CredentialType.DEGREE, CredentialType.AWARD, CredentialType.CERTIFICATION})


class CannotAddCredential(Invalid):
    code = "credential_not_valid"


class CannotVerify(Invalid):
    code = "verification_not_valid"


class NotByOneself(NotAllowed):
    code = "not_by_oneself"


class NeedsAnotherCheck(Conflict):
    code = "needs_another_check"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a credential says. Which parts count depends on the type."""

    type: CredentialType
    status: CredentialStatus = CredentialStatus.ACTIVE
    field: str = ""
    name: str = ""
    rank: str = ""
    issuer: str = ""
    number: str = ""
    profession: str = ""
    jurisdiction: str = ""
    restricted: bool = False
    grade: int = 0
    count: int = 1
    issued_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def add_credential(*, tutor: Tutor, proof: Proof, actor: Account, at: datetime) -> Credential:
    """Note a proof, unchecked so far. Its number is encrypted. Raises `CannotAddCredential`."""
    errors = _faults(proof)
    if errors:
        raise CannotAddCredential(_("Look at the marked fields; nothing was saved."), errors=errors)
    raise_version(tutor_id=tutor.pk)
    keys, number = ring(), "".join(proof.number.split())
    credential = Credential.objects.create(
        tutor=tutor,
        type=proof.type,
        status=proof.status,
        field=proof.field,
        name=proof.name,
        rank=proof.rank,
        issuer=proof.issuer,
        profession=proof.profession,
        jurisdiction=proof.jurisdiction,
        restricted=proof.restricted,
        grade=proof.grade,
        count=proof.count,
        number_closed=keys.close(number, context=NUMBER_CONTEXT) if number else "",
        number_fingerprint=keys.fingerprint(number, context=NUMBER_CONTEXT) if number else "",
        issued_on=proof.issued_on,
        expires_on=proof.expires_on,
        added_by=actor,
        added_at=at,
    )
    event = CredentialAdded(
        subject=credential.public_id, tutor=tutor.public_id, type=proof.type.value
    )
    record(event=event, actor=actor, at=at)
    return credential


@transaction.atomic
def verify_credential(
    *,
    credential: Credential,
    level: Verified,
    source: str,
    actor: Account,
    at: datetime,
    status: CredentialStatus | None = None,
    expires_on: date | None = None,
) -> Credential:
    """Write down that somebody looked, at what source, and what she found.

    A weaker check never lowers an earlier one. Status refused says that it was not confirmed; a
    later check that finds it names another status. `two_people` needs an earlier check by
    another person (`NeedsAnotherCheck`); nobody checks her own (`NotByOneself`).
    """
    tutor = credential.tutor
    check_named(tutor=tutor, level=level, source=source, actor=actor)
    raise_version(tutor_id=tutor.pk)
    row = Credential.objects.select_for_update().get(pk=credential.pk)
    if level is Verified.TWO_PEOPLE and not row.checks.exclude(checked_by=actor).exists():
        raise NeedsAnotherCheck(_("Two people need two checks: another person goes first."))
    CredentialCheck.objects.create(
        credential=row, level=level, source=source.strip(), checked_by=actor, checked_at=at
    )
    row.verified = max(Verified(row.verified), level, key=VERIFIED_RANK.__getitem__)
    row.status = status or row.status
    row.expires_on = expires_on or row.expires_on
    if row.issued_on and row.expires_on and row.expires_on < row.issued_on:
        raise CannotVerify(
            _("It would end before it began."), errors={"expires_on": [_("Before the issue.")]}
        )
    row.save(update_fields=["verified", "status", "expires_on"])
    refused = row.status == CredentialStatus.REFUSED
    kind = CredentialRefused if refused else CredentialVerified
    event = kind(subject=row.public_id, tutor=tutor.public_id, level=level.value)
    record(event=event, actor=actor, at=at)
    return row


def check_named(*, tutor: Tutor, level: Verified, source: str, actor: Account) -> None:
    """A check is somebody else's, and says at what she looked."""
    if tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to check this for you."))
    if level is Verified.SELF or not source.strip():
        raise CannotVerify(
            _("Say how it was checked and where."),
            errors={"source": [_("The register, document or issuer that was looked at.")]},
        )


def check_by_another(*, level: Verified, checked_by_id: int | None, actor: Account) -> None:
    """`two_people` needs an earlier check by somebody else."""
    if level is Verified.TWO_PEOPLE and checked_by_id in (None, actor.pk):
        raise NeedsAnotherCheck(_("Two people need two checks: another person goes first."))


def _faults(proof: Proof) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if proof.jurisdiction and not places.is_place(proof.jurisdiction):
        errors["jurisdiction"] = [_("A place such as GB or US-NY.")]
    if proof.type is CredentialType.LICENCE:
        if not proof.jurisdiction:
            errors["jurisdiction"] = [_("A licence holds somewhere: say where.")]
        if proof.expires_on is None:
            errors["expires_on"] = [_("A licence has an end: say when.")]
    if proof.type in NAMED and not proof.name:
        errors["name"] = [_("Say its name, such as MD, CFA or IMO.")]
    if proof.issued_on and proof.expires_on and proof.expires_on < proof.issued_on:
        errors["expires_on"] = [_("The end is before the beginning.")]
    return errors
