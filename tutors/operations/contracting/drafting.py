"""What a version of a contract is made of: its conditions, its rates, its exact text."""

from collections.abc import Sequence
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from tutors.models import Contract, ContractRate, ContractVersion, Tutor
from tutors.operations.signing import keep_paper
from tutors.queries.cards import tiers_at
from tutors.queries.facts import facts_for
from tutors.rules.contracts import CannotAgree, Conditions, Span, SpecialRate, day_start
from tutors.rules.eligibility import QualificationFacts
from tutors.rules.eligibility.proofs import in_force
from tutors.rules.fields import within
from tutors.rules.rates import Tier, tier_for
from tutors.rules.states import RateSource
from tutors.rules.wording import RateLine, Schedule, contract_text
from workforce.models import Account, Domain, PayTier, Terms
from workforce.rules.problems import Conflict

Covered = Sequence[tuple[QualificationFacts, Tier]]
"""A tutor's valid qualifications, each with the tier that covers it."""


class NoContractText(Conflict):
    code = "no_contract_text"


def tiers_of(*, tutor: Tutor, speciality: str, currency: str, at: datetime) -> Covered:
    """The tutor's valid qualifications (within `speciality`, if given) that a card covers."""
    facts = facts_for(tutor_ids=[tutor.pk], at=at)[tutor.pk]
    tiers = tiers_at(at=at)
    found = (
        (held, _tier(held, tiers=tiers, currency=currency, country=tutor.country, at=at))
        for held in facts.qualifications
        if in_force(held, at=at)
        and (not speciality or within(slug=held.speciality, ancestor=speciality))
    )
    return tuple((held, tier) for held, tier in found if tier is not None)


def _tier(
    held: QualificationFacts, *, tiers: Sequence[Tier], currency: str, country: str, at: datetime
) -> Tier | None:
    return tier_for(
        tiers,
        speciality=held.speciality,
        level=held.level,
        currency=currency,
        at=at,
        locale=country,
    )


def span_of(covered: Covered) -> Span | None:
    """The range that an agreed rate must keep to: what all the covered fields allow.

    Raises `CannotAgree` when their ranges do not meet: then the rate is for one field.
    """
    if not covered:
        return None
    low = max(tier.min_minor_hourly for _held, tier in covered)
    high = min(tier.max_minor_hourly for _held, tier in covered)
    names = ", ".join(sorted({held.speciality for held, _tier in covered}))
    if low > high:
        raise CannotAgree(
            _("No rate fits all of %s. Name the speciality it is for.") % names,
            errors={"speciality": [_("Name the speciality that this rate is for.")]},
        )
    level = max(held.level for held, _tier in covered)
    return Span(speciality=names, level=level, low=low, high=high)


def rates_for(
    *,
    rate_minor_hourly: int | None,
    speciality: str,
    covered: Covered,
    special: Sequence[SpecialRate] = (),
) -> list[ContractRate]:
    """An agreed rate as one row; otherwise the tier of each field as it is today, as a floor.

    Rates for a project or a role stand beside it.
    """
    return [
        *_general(rate_minor_hourly=rate_minor_hourly, speciality=speciality, covered=covered),
        *(
            ContractRate(
                project=rate.project,
                role=rate.role.value if rate.role else "",
                source=RateSource.OVERRIDE,
                rate_minor_hourly=rate.minor_hourly,
            )
            for rate in special
        ),
    ]


def _general(
    *, rate_minor_hourly: int | None, speciality: str, covered: Covered
) -> list[ContractRate]:
    slugs = {held.speciality for held, _tier in covered} | {speciality}
    domains = {domain.slug: domain for domain in Domain.objects.filter(slug__in=slugs)}
    if rate_minor_hourly is not None:
        return [
            ContractRate(
                domain=domains[speciality] if speciality else None,
                source=RateSource.OVERRIDE,
                rate_minor_hourly=rate_minor_hourly,
            )
        ]
    tiers = PayTier.objects.in_bulk([tier.tier_id for _held, tier in covered])
    return [
        ContractRate(
            domain=domains[held.speciality],
            source=RateSource.TIER,
            tier=tiers[tier.tier_id],
            rate_minor_hourly=tier.minor_hourly,
        )
        for held, tier in covered
    ]


def add_version(
    *,
    contract: Contract,
    number: int,
    conditions: Conditions,
    rates: Sequence[ContractRate],
    effective_from: datetime,
    payment_due_days: int,
    notice_waived_by: Account | None,
    actor: Account,
    at: datetime,
) -> ContractVersion:
    """Write the version with its rates and the exact text to be signed."""
    text = _worded(
        contract=contract,
        number=number,
        conditions=conditions,
        rates=rates,
        payment_due_days=payment_due_days,
    )
    version = ContractVersion.objects.create(
        contract=contract,
        number=number,
        effective=DateTimeTZRange(effective_from, contract.ends_at),
        paper=keep_paper(title=f"{contract.public_id}, version {number}", text=text, at=at),
        currency=conditions.currency,
        zone=conditions.zone,
        cap_seconds_week=conditions.cap_seconds_week,
        notice_days=conditions.notice_days,
        payment_due_days=payment_due_days,
        notice_waived_by=notice_waived_by,
        offered_by=actor,
        offered_at=at,
    )
    for rate in rates:
        rate.version = version
    ContractRate.objects.bulk_create(rates)
    return version


def starts_at(conditions: Conditions) -> datetime:
    return day_start(conditions.starts_on, zone=conditions.zone)


def _worded(
    *,
    contract: Contract,
    number: int,
    conditions: Conditions,
    rates: Sequence[ContractRate],
    payment_due_days: int,
) -> str:
    terms = Terms.objects.filter(kind="contract").order_by("-version").first()
    if terms is None:
        raise NoContractText(_("No contract text is published yet. Publish one first."))
    schedule = Schedule(
        contract=contract.public_id,
        version=number,
        tutor=contract.tutor.account.name,
        starts_on=conditions.starts_on,
        ends_on=conditions.ends_on,
        zone=conditions.zone,
        currency=conditions.currency,
        rates=tuple(_line(rate) for rate in rates),
        cap_seconds_week=conditions.cap_seconds_week,
        notice_days=conditions.notice_days,
        payment_due_days=payment_due_days,
    )
    return contract_text(terms=terms.text, schedule=schedule)


def _line(rate: ContractRate) -> RateLine:
    return RateLine(
        minor_hourly=rate.rate_minor_hourly,
        source=rate.source,
        project=rate.project,
        role=rate.role,
        speciality=rate.domain.slug if rate.domain else "",
    )
