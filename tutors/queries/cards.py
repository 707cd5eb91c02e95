"""The rate cards in force, as rules read them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from tutors.rules.rates import Cards, Multiplier, ProjectCard, Tier
from workforce.models import PayTier, RateMultiplier


def cards_at(*, at: datetime, projects: Sequence[ProjectCard] = ()) -> Cards:
    """Tiers and multipliers in force at `at`, with the projects' own prices; two statements."""
    return Cards(
        tiers=tuple(_tier(t) for t in _tiers(at=at)),
        multipliers=tuple(
            Multiplier(axis=m.axis, key=m.key, basis_points=m.basis_points)
            for m in RateMultiplier.objects.filter(effective__contains=at)
        ),
        projects=tuple(projects),
    )


def tiers_at(*, at: datetime) -> tuple[Tier, ...]:
    return tuple(_tier(t) for t in _tiers(at=at))


def _tiers(*, at: datetime) -> QuerySet[PayTier]:
    return PayTier.objects.select_related("domain").filter(effective__contains=at).order_by("id")


def _tier(row: PayTier) -> Tier:
    return Tier(
        tier_id=row.pk,
        speciality=row.domain.slug,
        level=row.level,
        currency=row.currency,
        minor_hourly=row.rate_minor_hourly,
        min_minor_hourly=row.min_minor_hourly,
        max_minor_hourly=row.max_minor_hourly,
        effective_from=row.effective.lower,
        effective_until=row.effective.upper,
        locale=row.locale,
    )
