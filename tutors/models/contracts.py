"""A contract, its immutable versions, and the rates agreed in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from tutors.models.papers import Paper
from tutors.models.people import Tutor
from tutors.rules.contracts import CAP_SECONDS_WEEK_MAX, NOTICE_DAYS, PAYMENT_DUE_DAYS
from tutors.rules.states import ContractState, RateSource, VersionState, WorkRole
from workforce.models import Account, Domain, PayTier
from workforce.models.fields import PublicId, state_check, state_field


class Contract(PublicId):
    """What holds between a tutor and the house; its versions say what exactly.

    In force within [starts_at, ends_at) while active or in notice; no end: open.
    """

    prefix = "K"

    tutor = models.ForeignKey(Tutor, models.PROTECT, related_name="contracts")
    state = state_field(ContractState, default=ContractState.OFFERED)
    zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    offered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    countersigned_at = models.DateTimeField(null=True)
    notice_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            state_check(ContractState, name="contract_state_known"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="contract_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["tutor"],
                condition=Q(state__in=["active", "notice"]),
                name="contract_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["tutor"],
                condition=Q(state__in=["offered", "signed"]),
                name="contract_one_on_the_table",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "active", "notice"]) | Q(signed_at__isnull=False),
                name="contract_signed_by_the_tutor",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "notice"]) | Q(countersigned_at__isnull=False),
                name="contract_countersigned",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=Q(state__in=["active", "notice"]),
                name="contract_by_end",
            )
        ]


class ContractVersion(models.Model):
    """What was signed. A trigger keeps everything but its state, signatures and last instant."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = state_field(VersionState, default=VersionState.OFFERED)
    effective = DateTimeRangeField()
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    cap_seconds_week = models.PositiveIntegerField(null=True)
    guarantee_seconds_week = models.PositiveIntegerField(default=0)
    overtime_rule = models.CharField(max_length=32, default="hold")
    notice_days = models.PositiveSmallIntegerField(default=NOTICE_DAYS)
    notice_pay_basis = models.CharField(max_length=16, default="mean_12_weeks")
    payment_due_days = models.PositiveSmallIntegerField(default=PAYMENT_DUE_DAYS)
    period_kind = models.CharField(max_length=16, default="weekly")
    week_start = models.PositiveSmallIntegerField(default=0)
    rounding = models.CharField(max_length=32, default="half_up_per_bucket")
    policy_packs = models.JSONField(default=list)
    classification = models.CharField(max_length=32, default="independent")
    offered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    viewed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True)
    notice_waived_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            state_check(VersionState, name="version_state_known"),
            models.UniqueConstraint(fields=["contract", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["offered", "signed"]),
                name="version_one_on_the_table",
            ),
            ExclusionConstraint(
                name="version_no_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="in_force"),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | (Q(signed_at__isnull=False) & Q(countersigned_at__isnull=False)),
                name="version_in_force_is_signed_twice",
            ),
            models.CheckConstraint(
                condition=Q(cap_seconds_week__isnull=True)
                | (Q(cap_seconds_week__gt=0) & Q(cap_seconds_week__lte=CAP_SECONDS_WEEK_MAX)),
                name="version_cap_in_range",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=NOTICE_DAYS) | Q(notice_waived_by__isnull=False),
                name="version_short_notice_has_a_second_approver",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="version_currency_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"K-{self.contract_id} v{self.number}"


class ContractRate(models.Model):
    """A rate agreed in a version. Empty project, role or no domain: it holds for all.

    `project` is public (`P-3`); projects live a floor up. A trigger refuses any change.
    """

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="rates")
    project = models.CharField(max_length=24, default="", blank=True)
    role = models.CharField(
        max_length=16, default="", blank=True, choices=[(r.value, r.value) for r in WorkRole]
    )
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="+")
    source = state_field(RateSource, default=RateSource.OVERRIDE)
    tier = models.ForeignKey(PayTier, models.PROTECT, null=True, related_name="+")
    rate_minor_hourly = models.BigIntegerField()

    class Meta:
        constraints = [
            state_check(RateSource, name="rate_source_known", field="source"),
            models.CheckConstraint(condition=Q(rate_minor_hourly__gt=0), name="rate_is_positive"),
            models.UniqueConstraint(
                fields=["version", "project", "role", "domain"],
                nulls_distinct=False,
                name="rate_once_per_version",
            ),
        ]
