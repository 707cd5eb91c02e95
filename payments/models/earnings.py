"""Pay periods, the buckets that are rounded once, and the lines that each act posted."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from payments.models.ledger import REASON_CHARS_MAX, Journal
from payments.rules.states import EarningKind, PeriodState
from workforce.models.fields import PublicId, state_check, state_field


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Period(PublicId):
    """[starts_at, ends_at) of one contract; a pay week, or the part of one up to a close."""

    prefix = "PE"

    contract = models.ForeignKey(
        "tutors.Contract", models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    label = models.CharField(max_length=8)
    state = state_field(PeriodState, default=PeriodState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("workforce.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            state_check(PeriodState, name="period_state_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="period_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="period_closed_by_somebody",
            ),
            ExclusionConstraint(
                name="period_of_a_contract_never_overlaps",
                expressions=[
                    (F("contract"), RangeOperators.EQUAL),
                    (
                        TsTzRange("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["contract", "starts_at"], condition=Q(state="open"), name="period_open"
            )
        ]


class Bucket(models.Model):
    """What is rounded once: all seconds of a contract at one rate, of one kind, in one period.

    `posted_minor` is always the rounded worth of `seconds`; lines hold how it came about.
    """

    contract = models.ForeignKey(
        "tutors.Contract", models.PROTECT, related_name="+", db_index=False
    )
    period = models.ForeignKey(Period, models.PROTECT, related_name="buckets")
    time_kind = models.CharField(max_length=24)
    rate_rule = models.CharField(max_length=120)
    rate_minor_hourly = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    seconds = models.BigIntegerField(default=0)
    posted_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "contract", "period", "time_kind", "rate_rule", "rate_minor_hourly", "currency",
                ],
                name="bucket_once",
            ),
            models.CheckConstraint(
                condition=Q(seconds__gte=0, posted_minor__gte=0), name="bucket_not_negative"
            ),
        ]  # fmt: skip


class Earning(PublicId):
    """One pay line: the difference that one act posted. It never changes (trigger).

    `seconds_before` is what the bucket held before this line, so the amount can be recomputed.
    `account` is the tutor's own, who may see it.
    """

    prefix = "EA"

    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        "workforce.Account", models.PROTECT, related_name="+", db_index=False
    )
    contract = models.ForeignKey("tutors.Contract", models.PROTECT, related_name="+")
    contract_version = models.ForeignKey(
        "tutors.ContractVersion", models.PROTECT, related_name="+", db_index=False
    )
    project = models.ForeignKey(
        "tasks.Project", models.PROTECT, null=True, related_name="+", db_index=False
    )
    time_entry = models.OneToOneField(
        "tasks.TimeEntry", models.PROTECT, null=True, related_name="+"
    )
    bucket = models.ForeignKey(Bucket, models.PROTECT, null=True, related_name="lines")
    kind = state_field(EarningKind, default=EarningKind.WAGE)
    seconds = models.BigIntegerField(default=0)
    seconds_before = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    worked_from = models.DateTimeField()
    worked_until = models.DateTimeField()
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    journal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="earning")
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(EarningKind, name="earning_kind_known", field="kind"),
            models.CheckConstraint(
                condition=Q(journal__isnull=False) | Q(amount_minor=0),
                name="earning_money_is_in_the_books",
            ),
            models.CheckConstraint(
                condition=Q(time_entry__isnull=True, bucket__isnull=True)
                | Q(time_entry__isnull=False, bucket__isnull=False),
                name="earning_time_has_its_bucket",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="earning_by_account"),
            models.Index(fields=["contract", "worked_from"], name="earning_by_contract"),
        ]
