"""Two signatures: the tutor's own, then the recruiter's."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from tutors.events import ContractCountersigned, ContractSigned
from tutors.models import Contract, ContractVersion
from tutors.operations.contracting.ending import end_lapsed_of
from tutors.operations.facts import raise_version
from tutors.operations.signing import NotTheSigner, add_evidence, check_signature
from tutors.rules.contracts import VERSION_AT_LEAST, earliest_amendment
from tutors.rules.signing import Signature
from tutors.rules.states import ContractState, VersionState
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict


class CannotSignContract(Conflict):
    code = "contract_not_on_offer"


class CannotCountersign(Conflict):
    code = "contract_not_signed"


@transaction.atomic
def sign(*, contract: Contract, signature: Signature, account: Account, at: datetime) -> Contract:
    """Sign the version on the table, as the tutor herself (`NotTheSigner` for anybody else).

    Raises `CannotSignContract` when nothing is on offer, `CannotSign`, `TextHasChanged`.
    """
    if contract.tutor.account_id != account.pk:
        raise NotTheSigner(_("Only the tutor herself can sign this contract."))
    version = _on_the_table(contract, state=VersionState.OFFERED)
    if version is None or (contract.ends_at is not None and contract.ends_at <= at):
        raise CannotSignContract(_("Nothing here waits for your signature."))
    check_signature(
        paper=version.paper,
        signature=signature,
        account=account,
        offered_at=version.offered_at,
        at=at,
    )
    raise_version(tutor_id=contract.tutor_id)
    signed = ContractVersion.objects.filter(pk=version.pk, state=VersionState.OFFERED).update(
        state=VersionState.SIGNED, viewed_at=signature.viewed_at, signed_at=at
    )
    if not signed:
        raise CannotSignContract(_("Nothing here waits for your signature."))
    Contract.objects.filter(pk=contract.pk, state=ContractState.OFFERED).update(
        state=ContractState.SIGNED, signed_at=at
    )
    _evidence(version, part="tutor", signature=signature, account=account, at=at)
    event = ContractSigned(
        subject=contract.public_id, tutor=contract.tutor.public_id, version=version.number
    )
    record(event=event, actor=account, at=at)
    contract.refresh_from_db()
    return contract


@transaction.atomic
def countersign(
    *, contract: Contract, signature: Signature, account: Account, at: datetime
) -> Contract:
    """Countersign what the tutor signed: it is in force from its start on.

    An amendment counts from its date, but not before this moment, and a lower rate only after
    notice. Raises `CannotCountersign` when nothing waits, when somebody was faster, or when
    another contract is in force; `NotTheSigner` for the tutor herself.
    """
    if contract.tutor.account_id == account.pk:
        raise NotTheSigner(_("Somebody else has to countersign your contract."))
    version = _on_the_table(contract, state=VersionState.SIGNED)
    if version is None:
        raise CannotCountersign(_("No version waits for a countersignature."))
    check_signature(
        paper=version.paper,
        signature=signature,
        account=account,
        offered_at=version.offered_at,
        at=at,
    )
    raise_version(tutor_id=contract.tutor_id)
    end_lapsed_of(tutor_id=contract.tutor_id, at=at)
    effective_from = _effective_from(contract, version, at=at)
    last: datetime | None = version.effective.upper
    if last is not None and max(effective_from, at) >= last:
        raise CannotCountersign(_("The contract is over before this version could count."))
    _put_in_force(contract, version, effective_from=effective_from, account=account, at=at)
    _evidence(version, part="countersigner", signature=signature, account=account, at=at)
    event = ContractCountersigned(
        subject=contract.public_id,
        tutor=contract.tutor.public_id,
        version=version.number,
        effective_from=effective_from.isoformat(),
    )
    record(event=event, actor=account, at=at)
    contract.refresh_from_db()
    return contract


def _on_the_table(contract: Contract, *, state: VersionState) -> ContractVersion | None:
    return (
        ContractVersion.objects.select_related("paper")
        .filter(contract=contract, state=state)
        .first()
    )


def _effective_from(contract: Contract, version: ContractVersion, *, at: datetime) -> datetime:
    planned: datetime = version.effective.lower
    before = contract.versions.filter(state=VersionState.IN_FORCE).order_by("-number").first()
    if before is None:
        return planned
    earliest = earliest_amendment(
        old_rate=_lowest(before), new_rate=_lowest(version), notice_days=before.notice_days,
        signed_at=at,
    )  # fmt: skip
    started: datetime = before.effective.lower
    return max(planned, earliest, started + VERSION_AT_LEAST)


def _lowest(version: ContractVersion) -> int | None:
    return min((rate.rate_minor_hourly for rate in version.rates.all()), default=None)


def _put_in_force(
    contract: Contract,
    version: ContractVersion,
    *,
    effective_from: datetime,
    account: Account,
    at: datetime,
) -> None:
    running = contract.versions.filter(
        state=VersionState.IN_FORCE, effective__contains=effective_from
    ).first()
    try:
        with transaction.atomic():
            if running is not None:
                running.effective = DateTimeTZRange(running.effective.lower, effective_from)
                running.save(update_fields=["effective"])
            mine = ContractVersion.objects.filter(pk=version.pk, state=VersionState.SIGNED)
            if not mine.update(
                state=VersionState.IN_FORCE,
                effective=DateTimeTZRange(effective_from, version.effective.upper),
                countersigned_by=account,
                countersigned_at=at,
            ):
                raise CannotCountersign(_("Somebody countersigned it just now."))
            Contract.objects.filter(pk=contract.pk, state=ContractState.SIGNED).update(
                state=ContractState.ACTIVE, countersigned_at=at
            )
    except IntegrityError:
        raise CannotCountersign(
            _("Another contract of this person is in force. End that one first.")
        ) from None


def _evidence(
    version: ContractVersion, *, part: str, signature: Signature, account: Account, at: datetime
) -> None:
    add_evidence(
        subject=version.contract.public_id,
        version=version.number,
        part=part,
        paper=version.paper,
        signature=signature,
        account=account,
        at=at,
    )
