"""What work is called and what it pays: domains, tiers, multipliers, published texts."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from workforce.models.fields import PublicId

LEVELS = (1, 2, 3, 4)


class Domain(models.Model):
    """A field of expertise; `slug` is the whole path, as `medicine.psychiatry`."""

    slug = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$"),
                name="domain_slug_is_a_path",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def queue(self) -> str:
        """The Celery queue of its top-level domain."""
        return self.slug.partition(".")[0]


class PayTier(PublicId):
    """One rung of a rate card: the base rate of a level in a domain, for a while."""

    prefix = "PT"

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="tiers")
    level = models.PositiveSmallIntegerField()
    locale = models.CharField(max_length=16, default="", blank=True)
    currency = models.CharField(max_length=3)
    rate_minor_hourly = models.BigIntegerField()
    min_minor_hourly = models.BigIntegerField()
    max_minor_hourly = models.BigIntegerField()
    effective = DateTimeRangeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="tier_level_known"),
            models.CheckConstraint(
                condition=Q(min_minor_hourly__gt=0)
                & Q(rate_minor_hourly__gte=F("min_minor_hourly"))
                & Q(rate_minor_hourly__lte=F("max_minor_hourly")),
                name="tier_rate_in_range",
            ),
            ExclusionConstraint(
                name="tier_no_overlap",
                expressions=[
                    ("domain", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    ("locale", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class RateMultiplier(models.Model):
    """What a role (`reviewer`) or a complexity (`2`) does to the base rate, in basis points."""

    axis = models.CharField(max_length=16, choices=[("role", "role"), ("complexity", "complexity")])
    key = models.CharField(max_length=16)
    basis_points = models.PositiveIntegerField()
    effective = DateTimeRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_points__gte=10_000) & Q(basis_points__lte=50_000),
                name="multiplier_in_range",
            ),
            ExclusionConstraint(
                name="multiplier_no_overlap",
                expressions=[
                    ("axis", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Terms(models.Model):
    """A published text (contract, NDA, IP, consent…), immutable by version."""

    kind = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once")
        ]
