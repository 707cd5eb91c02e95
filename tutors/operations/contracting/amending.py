"""Changing a contract in force: a new version, in force after both signatures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import ContractOffered
from tutors.models import Contract, ContractRate, ContractVersion
from tutors.operations.contracting import drafting
from tutors.operations.facts import raise_version
from tutors.operations.vetting import NotByOneself
from tutors.rules.contracts import (
    IN_FORCE,
    VERSION_AT_LEAST,
    CannotAgree,
    Conditions,
    check,
    day_start,
    sound_day,
    today_in,
)
from tutors.rules.states import RateSource, VersionState
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict


class CannotAmend(Conflict):
    code = "contract_not_in_force"


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What changes; None leaves it as it is. `effective_on` is a day in the contract's zone."""

    effective_on: date | None = None
    rate_minor_hourly: int | None = None
    speciality: str = ""
    cap_seconds_week: int | None = None
    notice_days: int | None = None


@transaction.atomic
def amend(
    *,
    contract: Contract,
    amendment: Amendment,
    actor: Account,
    at: datetime,
    notice_waived_by: Account | None = None,
) -> Contract:
    """Offer the next version; one that still waited for a signature is withdrawn.

    Raises `CannotAmend` unless the contract is in force, `CannotAgree` with errors by field.
    """
    if contract.tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to amend your contract."))
    raise_version(tutor_id=contract.tutor_id)
    contract.refresh_from_db()
    draft = _drafted(
        contract, amendment=amendment, actor=actor, notice_waived_by=notice_waived_by, at=at
    )
    version = _replace(contract, draft=draft, actor=actor, at=at)
    event = ContractOffered(
        subject=contract.public_id, tutor=contract.tutor.public_id, version=version.number
    )
    record(event=event, actor=actor, at=at)
    contract.refresh_from_db()
    return contract


def try_amend(
    *, contract: Contract, amendment: Amendment, actor: Account, at: datetime
) -> tuple[datetime, list[ContractRate]]:
    """From when on, and at which rates; refuses as `amend` would, and writes nothing."""
    if contract.tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to amend your contract."))
    draft = _drafted(contract, amendment=amendment, actor=actor, notice_waived_by=None, at=at)
    return draft.effective_from, draft.rates


@dataclass(frozen=True, kw_only=True)
class _Draft:
    newest: ContractVersion
    conditions: Conditions
    effective_from: datetime
    waived_by: Account | None
    rates: list[ContractRate]


def _drafted(
    contract: Contract,
    *,
    amendment: Amendment,
    actor: Account,
    notice_waived_by: Account | None,
    at: datetime,
) -> _Draft:
    newest = contract.versions.filter(state=VersionState.IN_FORCE).order_by("-number").first()
    over = contract.ends_at is not None and contract.ends_at <= at
    if contract.state not in IN_FORCE or newest is None or over:
        raise CannotAmend(_("Only a contract in force can be amended."))
    effective_from = _effective_from(contract, amendment=amendment, newest=newest, at=at)
    conditions = _conditions(
        contract, amendment=amendment, newest=newest, effective_from=effective_from
    )
    covered = drafting.tiers_of(
        tutor=contract.tutor, speciality=amendment.speciality, currency=newest.currency, at=at
    )
    agreed = amendment.rate_minor_hourly is not None
    waived_by = notice_waived_by or newest.notice_waived_by
    check(
        conditions=conditions,
        span=drafting.span_of(covered) if agreed else None,
        notice_waived=waived_by is not None and waived_by != actor,
        at=at,
    )
    return _Draft(
        newest=newest,
        conditions=conditions,
        effective_from=effective_from,
        waived_by=waived_by,
        rates=_rates(amendment, newest=newest, covered=covered),
    )


def _effective_from(
    contract: Contract, *, amendment: Amendment, newest: ContractVersion, at: datetime
) -> datetime:
    first: datetime = newest.effective.lower + VERSION_AT_LEAST
    if amendment.effective_on is None:
        return max(at, first)
    day = sound_day(amendment.effective_on, field="effective_on")
    wanted = day_start(day, zone=contract.zone)
    if wanted < at - timedelta(days=1) or wanted < newest.effective.lower:
        raise CannotAgree(
            _("An amendment counts from now or later."),
            errors={"effective_on": [_("Today or later, after the version before it.")]},
        )
    if contract.ends_at is not None and wanted >= contract.ends_at:
        raise CannotAgree(
            _("The contract is over by then."), errors={"effective_on": [_("After the end.")]}
        )
    return max(wanted, at, first)


def _conditions(
    contract: Contract,
    *,
    amendment: Amendment,
    newest: ContractVersion,
    effective_from: datetime,
) -> Conditions:
    ends_at = contract.ends_at
    last = ends_at - timedelta(microseconds=1) if ends_at is not None else None
    cap = amendment.cap_seconds_week
    notice = amendment.notice_days
    return Conditions(
        starts_on=today_in(zone=contract.zone, at=effective_from),
        ends_on=today_in(zone=contract.zone, at=last) if last is not None else None,
        currency=newest.currency,
        zone=newest.zone,
        rate_minor_hourly=amendment.rate_minor_hourly,
        cap_seconds_week=newest.cap_seconds_week if cap is None else cap,
        notice_days=newest.notice_days if notice is None else notice,
    )


def _rates(
    amendment: Amendment, *, newest: ContractVersion, covered: drafting.Covered
) -> list[ContractRate]:
    """The rates of the version before, with the changed one in its place."""
    kept = [
        ContractRate(
            project=rate.project,
            role=rate.role,
            domain=rate.domain,
            source=rate.source,
            tier=rate.tier,
            rate_minor_hourly=rate.rate_minor_hourly,
        )
        for rate in newest.rates.select_related("domain", "tier")
    ]
    if amendment.rate_minor_hourly is None:
        return kept
    changed = drafting.rates_for(
        rate_minor_hourly=amendment.rate_minor_hourly,
        speciality=amendment.speciality,
        covered=covered,
    )
    fields = {rate.domain for rate in changed}
    stays = [
        rate
        for rate in kept
        if rate.project
        or rate.role
        or (rate.domain not in fields and rate.source == RateSource.OVERRIDE)
        or (rate.source == RateSource.TIER and amendment.speciality and rate.domain not in fields)
    ]
    return stays + changed


def _replace(contract: Contract, *, draft: _Draft, actor: Account, at: datetime) -> ContractVersion:
    contract.versions.filter(state__in=[VersionState.OFFERED, VersionState.SIGNED]).update(
        state=VersionState.WITHDRAWN
    )
    last = contract.versions.order_by("-number").values_list("number", flat=True)[0]
    return drafting.add_version(
        contract=contract,
        number=last + 1,
        conditions=draft.conditions,
        rates=draft.rates,
        effective_from=draft.effective_from,
        payment_due_days=draft.newest.payment_due_days,
        notice_waived_by=draft.waived_by,
        actor=actor,
        at=at,
    )
