"""Offering a contract."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tutors.events import ContractOffered
from tutors.models import Contract, ContractRate, Tutor
from tutors.operations.contracting import drafting
from tutors.operations.facts import raise_version
from tutors.operations.vetting import NotByOneself
from tutors.rules import profiles
from tutors.rules.contracts import (
    IN_FORCE,
    NOTICE_DAYS,
    PAYMENT_DUE_DAYS,
    CannotAgree,
    Conditions,
    SpecialRate,
    check,
    day_end,
)
from tutors.rules.states import ContractState
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict


class CannotOffer(Conflict):
    code = "contract_in_the_way"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a recruiter offers. Without a rate, the tier of each of the tutor's fields pays.

    Dates are days in `zone` (None: the tutor's own); `ends_on` is the last day. `speciality`
    limits an agreed rate to one field.
    """

    starts_on: date
    ends_on: date | None = None
    currency: str = "USD"
    zone: str | None = None
    rate_minor_hourly: int | None = None
    speciality: str = ""
    cap_seconds_week: int | None = None
    notice_days: int = NOTICE_DAYS
    payment_due_days: int = PAYMENT_DUE_DAYS
    special_rates: tuple[SpecialRate, ...] = ()


@transaction.atomic
def offer(
    *,
    tutor: Tutor,
    offered: Offered,
    actor: Account,
    at: datetime,
    notice_waived_by: Account | None = None,
) -> Contract:
    """Offer a contract with its first version.

    Raises `CannotAgree` with errors by field (dates the wrong way round, a rate outside the
    tier), `CannotOffer` while another contract is in force or on the table, `NotByOneself`.
    """
    conditions, covered = _checked(
        tutor, offered, actor=actor, at=at,
        waived=notice_waived_by is not None and notice_waived_by != actor,
    )  # fmt: skip
    raise_version(tutor_id=tutor.pk)
    contract = _add(tutor, conditions=conditions, actor=actor, at=at)
    version = drafting.add_version(
        contract=contract,
        number=1,
        conditions=conditions,
        rates=drafting.rates_for(
            rate_minor_hourly=offered.rate_minor_hourly,
            speciality=offered.speciality,
            covered=covered,
            special=offered.special_rates,
        ),
        effective_from=contract.starts_at,
        payment_due_days=offered.payment_due_days,
        notice_waived_by=notice_waived_by,
        actor=actor,
        at=at,
    )
    event = ContractOffered(
        subject=contract.public_id, tutor=tutor.public_id, version=version.number
    )
    record(event=event, actor=actor, at=at)
    return contract


def try_offer(
    *, tutor: Tutor, offered: Offered, actor: Account, at: datetime
) -> list[ContractRate]:
    """The rates that `offer` would agree on; refuses as it would, and writes nothing."""
    _conditions_hold, covered = _checked(tutor, offered, actor=actor, at=at, waived=False)
    _nothing_in_the_way(tutor, at=at)
    return drafting.rates_for(
        rate_minor_hourly=offered.rate_minor_hourly,
        speciality=offered.speciality,
        covered=covered,
        special=offered.special_rates,
    )


def _checked(
    tutor: Tutor, offered: Offered, *, actor: Account, at: datetime, waived: bool
) -> tuple[Conditions, drafting.Covered]:
    if tutor.account_id == actor.pk:
        raise NotByOneself(_("Somebody else has to offer you a contract."))
    conditions = _conditions(tutor, offered)
    covered = drafting.tiers_of(
        tutor=tutor, speciality=offered.speciality, currency=offered.currency, at=at
    )
    agreed = offered.rate_minor_hourly is not None or bool(offered.special_rates)
    span = drafting.span_of(covered) if agreed else None
    check(conditions=conditions, span=span, notice_waived=waived, at=at)
    return conditions, covered


def _conditions(tutor: Tutor, offered: Offered) -> Conditions:
    return Conditions(
        starts_on=offered.starts_on,
        ends_on=offered.ends_on,
        currency=offered.currency,
        zone=_zone(offered.zone or tutor.account.time_zone),
        rate_minor_hourly=offered.rate_minor_hourly,
        cap_seconds_week=offered.cap_seconds_week,
        notice_days=offered.notice_days,
        special_rates=offered.special_rates,
    )


def _zone(name: str) -> str:
    try:
        return profiles.zone(name)
    except ValueError as fault:
        raise CannotAgree(
            _("Look at the marked fields; nothing was offered."), errors={"zone": [str(fault)]}
        ) from None


def _add(tutor: Tutor, *, conditions: Conditions, actor: Account, at: datetime) -> Contract:
    _nothing_in_the_way(tutor, at=at)
    contract = Contract(
        tutor=tutor,
        zone=conditions.zone,
        currency=conditions.currency,
        starts_at=drafting.starts_at(conditions),
        ends_at=day_end(conditions.ends_on, zone=conditions.zone) if conditions.ends_on else None,
        offered_by=actor,
        offered_at=at,
    )
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError:
        raise CannotOffer(_("A contract is on the table already. End that offer first.")) from None
    return contract


def _nothing_in_the_way(tutor: Tutor, *, at: datetime) -> None:
    held = tutor.contracts.exclude(state=ContractState.ENDED)
    if held.filter(state__in=IN_FORCE).exclude(ends_at__lte=at).exists():
        raise CannotOffer(_("A contract is in force. Amend it, or end it first."))
    if held.exclude(state__in=IN_FORCE).exists():
        raise CannotOffer(_("A contract is on the table already. End that offer first."))
