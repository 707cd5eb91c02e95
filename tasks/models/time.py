"""Worked time: what is paid for."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from tasks.models.claims import Claim
from tasks.models.projects import Project
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import TimeKind, TimeState
from workforce.models.fields import PublicId, state_check, state_field


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class TimeEntry(PublicId):
    """[started_at, ended_at) of one tutor under one contract version, in whole seconds.

    A running entry has no end. `account` is the tutor's own: nobody decides about her own time.
    Approved and locked entries cannot be edited (a trigger refuses); a mistake is answered by
    another entry that `corrects` it.
    """

    prefix = "TE"

    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    contract_version = models.ForeignKey("tutors.ContractVersion", models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="time_entries")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, related_name="time_entries", db_index=False
    )
    kind = state_field(TimeKind, default=TimeKind.TASK)
    state = state_field(TimeState, default=TimeState.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    rate_minor_hourly = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rate_rule = models.CharField(max_length=200)
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    entered_by = models.ForeignKey(
        "workforce.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        "workforce.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", db_index=False
    )

    class Meta:
        constraints = [
            state_check(TimeState, name="time_state_known"),
            state_check(TimeKind, name="time_kind_known", field="kind"),
            ExclusionConstraint(
                name="time_of_a_tutor_never_overlaps",
                expressions=[
                    (F("tutor"), RangeOperators.EQUAL),
                    (
                        TsTzRange("started_at", "ended_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state="declined"),
            ),
            models.UniqueConstraint(
                fields=["tutor"], condition=Q(state="running"), name="time_one_running_per_tutor"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | (~Q(state="running") & Q(ended_at__gt=F("started_at"))),
                name="time_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("account")),
                name="time_not_decided_by_its_own_tutor",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "locked"]) | Q(decided_at__isnull=False),
                name="time_approved_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(rate_minor_hourly__gt=0), name="time_is_never_unpaid"
            ),
        ]
        indexes = [
            models.Index(fields=["tutor", "-started_at"], name="time_by_tutor"),
            models.Index(fields=["state", "-id"], name="time_by_state"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=["submitted", "held", "disputed"]),
                name="time_waiting",
            ),
        ]
