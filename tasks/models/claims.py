"""Who holds which slot, until when, at what rate, and what came of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from tasks.models.offers import Offer
from tasks.models.projects import GuideVersion, Pool, Project
from tasks.models.work import Slot, Task
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import (
    COUNTING_CLAIMS,
    OPEN_CLAIMS,
    WITNESS_CLAIMS,
    ClaimState,
    Unreviewed,
    WorkRole,
)
from workforce.models.fields import PublicId, database_now, state_check, state_field

OPEN = Q(state__in=[s.value for s in OPEN_CLAIMS])


class Claim(PublicId):
    """A lease on a slot, with a fence. Rate and contract version are those of its start: a floor.

    `lease_until`, `hold_until`, `seen_at`, `claimed_at`: database clock. `weight` counts against
    the tutor's capacity. `reserved_minor` is what it still holds of the project's budget.
    Heartbeats touch no indexed column, so they stay cheap.
    """

    prefix = "CL"

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="claims")
    task = models.ForeignKey(Task, models.PROTECT, related_name="claims", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="claims", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="claims", db_index=False)
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    offer = models.OneToOneField(Offer, models.PROTECT, null=True, related_name="claim")
    revises = models.ForeignKey(
        "tasks.Submission", models.PROTECT, null=True, related_name="revisions", db_index=False
    )
    contract_version = models.ForeignKey(
        "tutors.ContractVersion", models.PROTECT, related_name="+", db_index=False
    )
    fence = models.PositiveIntegerField()
    role = state_field(WorkRole, default=WorkRole.ATTEMPT)
    state = state_field(ClaimState, default=ClaimState.CLAIMED)
    rate_minor_hourly = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rate_rule = models.CharField(max_length=200)
    weight = models.PositiveSmallIntegerField(default=1)
    lease_seconds = models.PositiveIntegerField()
    expected_seconds = models.PositiveIntegerField()
    paid_cap_seconds = models.PositiveIntegerField()
    seconds_worked = models.PositiveIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    extended = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(db_default=database_now())
    seen_at = models.DateTimeField(db_default=database_now())
    lease_until = models.DateTimeField()
    hold_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)

    class Meta:
        constraints = [
            state_check(ClaimState, name="claim_state_known"),
            state_check(WorkRole, name="claim_role_known", field="role"),
            models.UniqueConstraint(
                fields=["slot"], condition=OPEN, name="claim_one_open_per_slot"
            ),
            models.UniqueConstraint(fields=["slot", "fence"], name="claim_fence_once"),
            models.UniqueConstraint(
                fields=["task", "tutor"],
                condition=Q(role="attempt", state__in=[s.value for s in COUNTING_CLAIMS]),
                name="claim_overlap_by_different_people",
            ),
            ExclusionConstraint(
                name="claim_author_never_judges",
                expressions=[
                    (F("task"), RangeOperators.EQUAL),
                    (F("tutor"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.NOT_EQUAL),
                ],
                condition=Q(state__in=[s.value for s in WITNESS_CLAIMS]),
            ),
            models.CheckConstraint(
                condition=Q(rate_minor_hourly__gt=0), name="claim_is_never_unpaid"
            ),
            models.CheckConstraint(
                condition=Q(lease_until__lte=F("hold_until")), name="claim_lease_within_hold"
            ),
            models.CheckConstraint(
                condition=(OPEN & Q(ended_at__isnull=True)) | (~OPEN & Q(ended_at__isnull=False)),
                name="claim_ended_when_not_open",
            ),
        ]
        indexes = [
            models.Index(fields=["tutor", "-id"], name="claim_by_tutor"),
            models.Index(fields=["task", "tutor"], name="claim_by_task"),
            models.Index(fields=["tutor"], condition=OPEN, name="claim_open"),
            models.Index(fields=["project", "-id"], name="claim_by_project"),
        ]


class ClaimVerdicts(models.Model):
    """Why the tutor could take it: every verdict as it stood, with the facts of then."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="grounds")
    facts_version = models.BigIntegerField()
    verdicts = models.JSONField()


class Draft(models.Model):
    """Unfinished work, kept by slot and tutor, so that it outlives its claim."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="drafts", db_index=False)
    tutor = models.ForeignKey("tutors.Tutor", models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)
    answer = models.JSONField()
    saved_at = models.DateTimeField(db_default=database_now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "tutor"], name="draft_once_per_holder")
        ]


class Submission(PublicId):
    """What was handed in: never edited. Taking it back marks it withdrawn."""

    prefix = "S"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="submissions", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="submissions")
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    guide = models.ForeignKey(GuideVersion, models.PROTECT, null=True, related_name="+")
    answer = models.JSONField()
    cannot = models.BooleanField(default=False)
    seconds_worked = models.PositiveIntegerField()
    unreviewed = models.CharField(
        max_length=24, null=True, choices=[(u.value, u.value) for u in Unreviewed]
    )
    submitted_at = models.DateTimeField(db_default=database_now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(withdrawn_at__isnull=True),
                name="submission_one_per_claim",
            )
        ]
        indexes = [models.Index(fields=["tutor", "-id"], name="submission_by_tutor")]
