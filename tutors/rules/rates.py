"""What an hour pays: contract, project card, then tiers; narrower field first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tutors.rules import fields
from tutors.rules.eligibility.facts import ContractFacts, ContractRateFacts, Facts
from tutors.rules.eligibility.proofs import in_force
from tutors.rules.states import RateSource, WorkRole

BASIS = 10_000
"""Basis points of 1.00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One rung of a rate card, effective in [from, until). Empty locale: everywhere."""

    tier_id: int
    speciality: str
    level: int
    currency: str
    minor_hourly: int
    min_minor_hourly: int
    max_minor_hourly: int
    effective_from: datetime
    effective_until: datetime | None = None
    locale: str = ""

    def counts(self, *, at: datetime) -> bool:
        until = self.effective_until
        return self.effective_from <= at and (until is None or at < until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """What a role (`review`) or a complexity (`2`) does to the base, in basis points."""

    axis: str
    key: str
    basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCard:
    """A project's own price for everybody who works on it; no role: for each role."""

    project: str
    minor_hourly: int
    currency: str
    role: WorkRole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The rate cards in force. `projects` comes down from `tasks`."""

    tiers: tuple[Tier, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    projects: tuple[ProjectCard, ...] = ()

    def points(self, *, axis: str, key: str) -> int:
        found = (m.basis_points for m in self.multipliers if m.axis == axis and m.key == key)
        return next(found, BASIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A resolved rate in minor units an hour. `rule` says how it came about."""

    minor_hourly: int
    currency: str
    rule: str
    contract_version_id: int
    tier_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    minor_hourly: int
    rule: str
    tier_id: int | None = None
    role_included: bool = False


def resolve(
    *,
    facts: Facts,
    cards: Cards,
    domain: str,
    role: WorkRole,
    complexity: int,
    project_id: str,
    at: datetime,
) -> Rate | None:
    """The rate for this tutor and work, or None: then the work is not offered, never paid at 0.

    Contract override for the project > contract override > project card > tier by the narrowest
    qualification within `domain`. Role and complexity multiply the base, unless an override
    names the role; half-up to a whole minor unit, once. `project_id` is public (`P-3`).
    """
    rates = resolve_each(
        facts=facts,
        cards=cards,
        domain=domain,
        role=role,
        complexities=(complexity,),
        project_id=project_id,
        at=at,
    )
    return rates[0] if rates else None


def resolve_each(
    *,
    facts: Facts,
    cards: Cards,
    domain: str,
    role: WorkRole,
    complexities: Sequence[int],
    project_id: str,
    at: datetime,
) -> tuple[Rate, ...]:
    """`resolve` for each of the complexities; empty where no rate covers the work."""
    held = facts.contract
    if held is None:
        return ()
    found = level_in(facts=facts, domain=domain, at=at)
    base = (
        _override(held, field=found[0] if found else domain, role=role, project=project_id)
        or _card(cards, currency=held.currency, role=role, project=project_id)
        or (found and _tier(facts, held, found=found, cards=cards, at=at))
    )
    if not base:
        return ()
    role_points = BASIS if base.role_included else cards.points(axis="role", key=role.value)
    rates = []
    for complexity in complexities:
        points = cards.points(axis="complexity", key=str(complexity))
        rate = Rate(
            minor_hourly=multiplied(base.minor_hourly, role_points, points),
            currency=held.currency,
            rule=_told(base.rule, role, role_points, complexity, points),
            contract_version_id=held.version_id,
            tier_id=base.tier_id,
        )
        rates.append(rate)
    return tuple(rates)


def multiplied(minor: int, *basis_points: int) -> int:
    """The product with multipliers in basis points, half-up to a whole minor unit."""
    product, unit = minor, 1
    for points in basis_points:
        product, unit = product * points, unit * BASIS
    return (2 * product + unit) // (2 * unit)


def level_in(*, facts: Facts, domain: str, at: datetime) -> tuple[str, int] | None:
    """The narrowest valid qualification that answers for `domain`, and its level."""
    held = [
        q
        for q in facts.qualifications
        if fields.within(slug=q.speciality, ancestor=domain) and in_force(q, at=at)
    ]
    if not held:
        return None
    best = max(held, key=lambda q: (q.speciality.count("."), q.level, q.speciality))
    return best.speciality, best.level


def tier_for(
    tiers: Iterable[Tier],
    *,
    speciality: str,
    level: int,
    currency: str,
    at: datetime,
    locale: str = "",
) -> Tier | None:
    """The card of the narrowest field upwards from `speciality`; a locale's own card first."""
    usable = [t for t in tiers if t.level == level and t.currency == currency and t.counts(at=at)]
    for slug in fields.upwards(speciality):
        for where in dict.fromkeys((locale, "")):
            for tier in usable:
                if tier.speciality == slug and tier.locale == where:
                    return tier
    return None


def _covers(agreed: ContractRateFacts, *, field: str, role: WorkRole) -> bool:
    if agreed.speciality and not fields.within(slug=field, ancestor=agreed.speciality):
        return False
    return agreed.role in (None, role)


def _says_most(agreed: ContractRateFacts) -> tuple[bool, int, bool]:
    """For the project first, then the narrower field, then the role."""
    steps = agreed.speciality.count(".") + bool(agreed.speciality)
    return bool(agreed.project), steps, agreed.role is not None


def _override(held: ContractFacts, *, field: str, role: WorkRole, project: str) -> _Base | None:
    """The agreed rate that says most; `field` is the narrowest one the tutor answers with."""
    agreed = [
        r
        for r in held.rates
        if r.source is RateSource.OVERRIDE
        and r.project in ("", project)
        and _covers(r, field=field, role=role)
    ]
    if not agreed:
        return None
    best = max(agreed, key=_says_most)
    rule = f"contract {held.name} v{held.number}"
    return _Base(
        minor_hourly=best.minor_hourly,
        rule=f"{rule}, project {best.project}" if best.project else rule,
        role_included=best.role is not None,
    )


def _card(cards: Cards, *, currency: str, role: WorkRole, project: str) -> _Base | None:
    found = [
        c
        for c in cards.projects
        if c.project == project and c.currency == currency and c.role in (None, role)
    ]
    if not found:
        return None
    best = max(found, key=lambda c: c.role is not None)
    return _Base(
        minor_hourly=best.minor_hourly,
        rule=f"project card {project}",
        role_included=best.role is not None,
    )


def _tier(
    facts: Facts, held: ContractFacts, *, found: tuple[str, int], cards: Cards, at: datetime
) -> _Base | None:
    """The tier of today, never below the one that the contract was signed with."""
    speciality, level = found
    floor = max(
        (
            r.minor_hourly
            for r in held.rates
            if r.source is RateSource.TIER and fields.within(slug=speciality, ancestor=r.speciality)
        ),
        default=0,
    )
    tier = tier_for(
        cards.tiers,
        speciality=speciality,
        level=level,
        currency=held.currency,
        at=at,
        locale=facts.residence.country,
    )
    if tier and tier.minor_hourly >= floor:
        rule = f"tier {tier.speciality} level {tier.level}"
        return _Base(minor_hourly=tier.minor_hourly, rule=rule, tier_id=tier.tier_id)
    if floor:
        rule = f"contract {held.name} v{held.number}, tier as signed"
        return _Base(minor_hourly=floor, rule=rule, tier_id=tier.tier_id if tier else None)
    return None


def _told(base: str, role: WorkRole, role_points: int, complexity: int, points: int) -> str:
    parts = [base]
    if role_points != BASIS:
        parts.append(f"{role.value} × {role_points / BASIS:.2f}")
    if points != BASIS:
        parts.append(f"complexity {complexity} × {points / BASIS:.2f}")
    return ", ".join(parts)
