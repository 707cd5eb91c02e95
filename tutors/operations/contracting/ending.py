"""Ending a contract: an offer withdrawn, notice given, the last day reached."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from tutors.events import ContractEnded, ContractNoticeGiven
from tutors.models import Contract, ContractVersion
from tutors.operations.facts import raise_version
from tutors.rules.contracts import IN_FORCE, CannotAgree, day_end, earliest_end, sound_day
from tutors.rules.states import ContractState, VersionState
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict

LAPSED_MAX = 500
"""Contracts that one pass of `end_lapsed` closes."""


class CannotEnd(Conflict):
    code = "contract_is_over"


@transaction.atomic
def end(
    *,
    contract: Contract,
    reason: str,
    actor: Account,
    at: datetime,
    ends_on: date | None = None,
    waived_by: Account | None = None,
) -> Contract:
    """End a contract, or withdraw one that is on the table.

    In force, the house gives notice (unless a second person, `waived_by`, approved less) and
    the tutor may leave at once; `ends_on` is the last day, None the earliest possible end.
    Raises `CannotEnd` when it is over, `CannotAgree` for a day before the notice runs out.
    """
    if not reason.strip():
        raise CannotAgree(
            _("Say why; it is kept with the contract."), errors={"reason": [_("Say why.")]}
        )
    raise_version(tutor_id=contract.tutor_id)
    contract = Contract.objects.select_for_update().select_related("tutor").get(pk=contract.pk)
    if contract.state == ContractState.ENDED:
        raise CannotEnd(_("This contract is over already."))
    if contract.state not in IN_FORCE:
        return _withdraw(contract, reason=reason, actor=actor, at=at)
    by_tutor = contract.tutor.account_id == actor.pk
    ends_at = _ends_at(contract, ends_on=ends_on, by_tutor=by_tutor, waived_by=waived_by,
                       actor=actor, at=at)  # fmt: skip
    contract.end_reason, contract.notice_at, contract.ends_at = reason.strip(), at, ends_at
    contract.state = ContractState.NOTICE
    contract.save(update_fields=["end_reason", "notice_at", "ends_at", "state"])
    _cut_versions(contract, ends_at=ends_at)
    event = ContractNoticeGiven(
        subject=contract.public_id,
        tutor=contract.tutor.public_id,
        ends_at=ends_at.isoformat(),
        by_tutor=by_tutor,
    )
    record(event=event, actor=actor, at=at)
    if ends_at <= max(at, contract.starts_at):
        _close(contract, actor=actor, at=at)
    contract.refresh_from_db()
    return contract


@transaction.atomic
def end_lapsed(*, at: datetime) -> int:
    """Close contracts whose last instant has passed; how many. Safe to repeat."""
    rows = Contract.objects.filter(state__in=IN_FORCE, ends_at__lte=at).select_related("tutor")
    found = list(rows.order_by("tutor_id", "id")[:LAPSED_MAX])
    for contract in found:
        raise_version(tutor_id=contract.tutor_id)
        _close(contract, actor=None, at=at)
    return len(found)


def end_lapsed_of(*, tutor_id: int, at: datetime) -> None:
    """Close this tutor's contract if its last instant has passed; the caller holds her row."""
    rows = Contract.objects.filter(tutor_id=tutor_id, state__in=IN_FORCE, ends_at__lte=at)
    for contract in rows.select_related("tutor"):
        _close(contract, actor=None, at=at)


def _withdraw(contract: Contract, *, reason: str, actor: Account, at: datetime) -> Contract:
    contract.state, contract.ended_at, contract.end_reason = ContractState.ENDED, at, reason.strip()
    contract.save(update_fields=["state", "ended_at", "end_reason"])
    _withdraw_versions(contract)
    _tell(contract, was_in_force=False, actor=actor, at=at)
    contract.refresh_from_db()
    return contract


def _ends_at(
    contract: Contract,
    *,
    ends_on: date | None,
    by_tutor: bool,
    waived_by: Account | None,
    actor: Account,
    at: datetime,
) -> datetime:
    version = contract.versions.filter(state=VersionState.IN_FORCE).order_by("-number")[0]
    earliest = earliest_end(
        by_tutor=by_tutor,
        waived=waived_by is not None and waived_by != actor,
        notice_days=version.notice_days,
        at=at,
    )
    earliest = max(earliest, contract.starts_at)
    last = sound_day(ends_on, field="ends_on") if ends_on else None
    wanted = day_end(last, zone=contract.zone) if last else earliest
    if wanted < earliest:
        raise CannotAgree(
            _("Notice runs out later than that; nothing was changed."),
            errors={"ends_on": [_("Not before %s.") % earliest.isoformat(timespec="minutes")]},
        )
    return min(wanted, contract.ends_at) if contract.ends_at else wanted


def _cut_versions(contract: Contract, *, ends_at: datetime) -> None:
    """No version outlives its contract; one that would begin later never comes to count."""
    _withdraw_versions(contract)
    for version in contract.versions.filter(state=VersionState.IN_FORCE):
        lower, upper = version.effective.lower, version.effective.upper
        if lower < ends_at and (upper is None or upper > ends_at):
            version.effective = DateTimeTZRange(lower, ends_at)
            version.save(update_fields=["effective"])


def _withdraw_versions(contract: Contract) -> None:
    ContractVersion.objects.filter(
        contract=contract, state__in=[VersionState.OFFERED, VersionState.SIGNED]
    ).update(state=VersionState.WITHDRAWN)


def _close(contract: Contract, *, actor: Account | None, at: datetime) -> None:
    closed = Contract.objects.filter(pk=contract.pk, state__in=IN_FORCE).update(
        state=ContractState.ENDED, ended_at=at
    )
    if closed:
        _withdraw_versions(contract)
        _tell(contract, was_in_force=True, actor=actor, at=at)


def _tell(contract: Contract, *, was_in_force: bool, actor: Account | None, at: datetime) -> None:
    event = ContractEnded(
        subject=contract.public_id, tutor=contract.tutor.public_id, was_in_force=was_in_force
    )
    record(event=event, actor=actor, at=at)
