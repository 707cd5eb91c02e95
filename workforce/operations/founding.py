"""Reference data: what an empty Lectern must know before anybody signs in."""

from datetime import UTC, datetime

from django.db import transaction

from workforce.models import Domain, PayTier, RateMultiplier
from workforce.operations.pricing import add_domain, publish_terms, set_multiplier, set_tier
from workforce.types.domains import DOMAINS
from workforce.types.rates import CARDS, COMPLEXITY_BASIS_POINTS, CURRENCY, ROLE_BASIS_POINTS
from workforce.types.terms import TEXTS

FOUNDED_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""Cards start here, so that history entered by hand finds a rate."""


@transaction.atomic
def found(*, at: datetime) -> None:
    """Load domains, rate cards, multipliers and terms. What is there already is left alone."""
    _domains(at=at)
    _cards(at=at)
    for axis, table in (("role", ROLE_BASIS_POINTS), ("complexity", COMPLEXITY_BASIS_POINTS)):
        for key, basis_points in table.items():
            if not RateMultiplier.objects.filter(axis=axis, key=key).exists():
                set_multiplier(
                    axis=axis, key=key, basis_points=basis_points, effective_at=FOUNDED_AT
                )
    for text in TEXTS:
        publish_terms(
            kind=text.kind,
            version=text.version,
            title=text.title,
            text=text.text,
            actor=None,
            at=at,
        )


def _domains(*, at: datetime) -> None:
    known = set(Domain.objects.values_list("slug", flat=True))
    for slug, name in DOMAINS.items():
        if slug not in known:
            add_domain(slug=slug, name=name, actor=None, at=at)


def _cards(*, at: datetime) -> None:
    known = set(PayTier.objects.values_list("domain__slug", "level"))
    domains = {d.slug: d for d in Domain.objects.all()}
    for slug, ladder in CARDS.items():
        for level, rung in ladder.items():
            if (slug, level) not in known:
                set_tier(
                    domain=domains[slug],
                    level=level,
                    currency=CURRENCY,
                    rate_minor_hourly=rung.rate,
                    min_minor_hourly=rung.low,
                    max_minor_hourly=rung.high,
                    effective_at=FOUNDED_AT,
                    actor=None,
                    at=at,
                )
