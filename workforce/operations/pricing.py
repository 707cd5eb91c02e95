"""Rate cards and domains: what there is and what it pays, from when on."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from workforce.events import DomainAdded, TermsPublished, TierSet
from workforce.models import Account, Domain, PayTier, RateMultiplier, Terms
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid

DOMAIN_DEPTH_MAX = 3


class CannotAddDomain(Invalid):
    code = "domain_not_valid"


class DomainExists(Conflict):
    code = "domain_exists"


class CannotSetTier(Invalid):
    code = "tier_not_valid"


class TierOverlaps(Conflict):
    code = "tier_overlaps"


@transaction.atomic
def add_domain(*, slug: str, name: str, actor: Account | None, at: datetime) -> Domain:
    """Add a domain, speciality or sub-speciality under its parent, which must exist."""
    above, _dot, _name = slug.rpartition(".")
    if slug.count(".") >= DOMAIN_DEPTH_MAX:
        raise CannotAddDomain(
            _("Domains have three steps at most."), errors={"slug": [_("Too many steps.")]}
        )
    parent = Domain.objects.filter(slug=above).first() if above else None
    if above and parent is None:
        raise CannotAddDomain(
            _("Add %s first.") % above, errors={"slug": [_("There is no domain %s.") % above]}
        )
    domain = Domain(slug=slug, name=name, parent=parent, created_at=at)
    try:
        with transaction.atomic():
            domain.save(force_insert=True)
    except IntegrityError:
        raise DomainExists(_("The domain %s exists already.") % slug) from None
    record(event=DomainAdded(subject=f"D-{domain.pk}"), actor=actor, at=at)
    return domain


@transaction.atomic
def set_tier(
    *,
    domain: Domain,
    level: int,
    currency: str,
    rate_minor_hourly: int,
    min_minor_hourly: int,
    max_minor_hourly: int,
    effective_at: datetime,
    actor: Account | None,
    at: datetime,
    locale: str = "",
) -> PayTier:
    """Set the base rate of a level from `effective_at` on; what ran until then ends there.

    `CannotSetTier` when the rate is outside its range, `TierOverlaps` when a later card is
    already set: a card in the future is changed by its own successor, not from behind.
    """
    if not 0 < min_minor_hourly <= rate_minor_hourly <= max_minor_hourly:
        raise CannotSetTier(
            _("The rate must lie between its minimum and its maximum."),
            errors={"rate_minor_hourly": [_("Between the minimum and the maximum.")]},
        )
    tier = PayTier(
        domain=domain,
        level=level,
        locale=locale,
        currency=currency,
        rate_minor_hourly=rate_minor_hourly,
        min_minor_hourly=min_minor_hourly,
        max_minor_hourly=max_minor_hourly,
        effective=DateTimeTZRange(effective_at, None),
        created_at=at,
    )
    _succeed(tier, effective_at=effective_at)
    event = TierSet(
        subject=tier.public_id,
        domain=domain.slug,
        level=level,
        rate_minor_hourly=rate_minor_hourly,
        currency=currency,
    )
    record(event=event, actor=actor, at=at)
    return tier


def _succeed(tier: PayTier, *, effective_at: datetime) -> None:
    """End what runs and put the new card in its place."""
    running = PayTier.objects.filter(
        domain=tier.domain,
        level=tier.level,
        locale=tier.locale,
        currency=tier.currency,
        effective__contains=effective_at,
        effective__startswith__lt=effective_at,
    )
    running.update(effective=_until(effective_at))
    try:
        with transaction.atomic():
            tier.save(force_insert=True)
    except IntegrityError:
        raise TierOverlaps(
            _("A card for this domain, level and currency starts then or later already.")
        ) from None


def _until(moment: datetime) -> Func:
    return Func(
        Func(F("effective"), function="lower"),
        Value(moment),
        function="tstzrange",
        output_field=PayTier._meta.get_field("effective"),
    )


@transaction.atomic
def set_multiplier(*, axis: str, key: str, basis_points: int, effective_at: datetime) -> None:
    """Set what a role or a complexity does to the base rate, from `effective_at` on."""
    known = RateMultiplier.objects.filter(axis=axis, key=key)
    known.filter(effective__contains=effective_at, effective__startswith__lt=effective_at).update(
        effective=_until(effective_at)
    )
    RateMultiplier.objects.create(
        axis=axis,
        key=key,
        basis_points=basis_points,
        effective=DateTimeTZRange(effective_at, None),
    )


@transaction.atomic
def publish_terms(
    *, kind: str, version: int, title: str, text: str, actor: Account | None, at: datetime
) -> Terms:
    """Publish a text. A version that is there already is left as it is."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    terms, new = Terms.objects.get_or_create(
        kind=kind,
        version=version,
        defaults={"title": title, "text": text, "sha256": sha256, "published_at": at},
    )
    if new:
        event = TermsPublished(subject=f"{kind}-{version}", sha256=sha256)
        record(event=event, actor=actor, at=at)
    return terms
