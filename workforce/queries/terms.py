"""Questions about rate cards, domains and published texts."""

from django.db.models import QuerySet

from workforce.models import Domain, PayTier, Terms
from workforce.rules.problems import NotFound


def all_domains() -> QuerySet[Domain]:
    return Domain.objects.select_related("parent")


def domain_by_slug(*, slug: str) -> Domain:
    """The domain of this path; `NotFound` when there is none."""
    # The database refuses to look for some control characters, and no path has any.
    if not (slug.isascii() and slug.isprintable()):
        raise NotFound
    domain = Domain.objects.filter(slug=slug).first()
    if domain is None:
        raise NotFound(f"There is no domain {slug}.")
    return domain


def all_tiers() -> QuerySet[PayTier]:
    return PayTier.objects.select_related("domain")


def newest_terms(*, kind: str) -> Terms | None:
    return Terms.objects.filter(kind=kind).order_by("-version").first()
