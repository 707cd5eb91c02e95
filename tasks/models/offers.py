"""Invitations, and whom the router leaves alone for a while."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from tasks.models.projects import Pool
from tasks.models.work import Slot, Task
from tasks.rules.grounds import reasons
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import ExclusionReason, OfferKind, OfferState, WorkRole
from workforce.models.fields import PublicId, database_now, state_check, state_field


class Round(PublicId):
    """One round of a queue that made offers: what it looked at, how it folded, who solved it.

    `digest` is of the classes; the same digest is solved the same way. Each offer keeps its own
    verdicts and score. `pairs` were chosen; `offers` came about, for somebody may have been
    quicker.
    """

    prefix = "RD"

    queue = models.CharField(max_length=64)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    solver = models.CharField(max_length=24)
    pools = models.PositiveIntegerField()
    slots = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    works = models.PositiveIntegerField()
    crews = models.PositiveIntegerField()
    ties = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    offers = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offers__lte=models.F("pairs")), name="round_makes_what_it_chose"
            )
        ]
        indexes = [models.Index(fields=["queue", "-id"], name="round_by_queue")]


class OfferGrounds(models.Model):
    """What a pool asked of those it was offered to, and its policy: the same for many offers, so
    kept once. `digest`: SHA-256 (hex) of the document.
    """

    digest = models.CharField(max_length=64, unique=True)
    document = models.JSONField()


class Offer(PublicId):
    """A slot kept for one tutor until `expires_at` (database clock). A revision names the
    submission that came back.

    `weight`: the hands that it keeps free. `why` is what was found with her, `reasons` the whole
    that is shown: verdicts, score terms.
    """

    prefix = "O"

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="offers", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="offers", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="offers", db_index=False)
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+", db_index=False)
    role = state_field(WorkRole, default=WorkRole.ATTEMPT)
    kind = state_field(OfferKind, default=OfferKind.WORK)
    state = state_field(OfferState, default=OfferState.OFFERED)
    why = models.JSONField(default=dict)
    grounds = models.ForeignKey(
        OfferGrounds, models.PROTECT, null=True, related_name="+", db_index=False
    )
    rate_minor_hourly = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    weight = models.PositiveSmallIntegerField(default=1, db_default=1)
    revises = models.ForeignKey(
        "tasks.Submission", models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(db_default=database_now())
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="made", db_index=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)

    class Meta:
        constraints = [
            state_check(OfferState, name="offer_state_known"),
            state_check(OfferKind, name="offer_kind_known", field="kind"),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state="offered"), name="offer_one_live_per_slot"
            ),
            models.CheckConstraint(
                condition=~Q(kind="revision") | Q(revises__isnull=False),
                name="offer_revision_names_its_submission",
            ),
        ]
        indexes = [
            models.Index(fields=["tutor"], condition=Q(state="offered"), name="offer_live"),
            models.Index(fields=["tutor", "-id"], name="offer_by_tutor"),
            models.Index(
                fields=["expires_at"], condition=Q(state="offered"), name="offer_expiring"
            ),
            models.Index(fields=["task"], name="offer_by_task"),
            models.Index(fields=["round"], condition=Q(round__isnull=False), name="offer_of_round"),
        ]

    @property
    def reasons(self) -> Mapping[str, Any]:
        """Why she was asked, with the facts of then."""
        return reasons(why=self.why, grounds=self.grounds.document if self.grounds else None)


class Exclusion(models.Model):
    """The router does not offer this task, or this pool, to this tutor until then."""

    tutor = models.ForeignKey("tutors.Tutor", models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+")
    pool = models.ForeignKey(Pool, models.CASCADE, null=True, related_name="+", db_index=False)
    reason = state_field(ExclusionReason, default=ExclusionReason.DECLINED)
    excluded_until = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(ExclusionReason, name="exclusion_reason_known", field="reason"),
            models.CheckConstraint(
                condition=Q(task__isnull=True, pool__isnull=False)
                | Q(task__isnull=False, pool__isnull=True),
                name="exclusion_of_a_task_or_a_pool",
            ),
            models.UniqueConstraint(
                fields=["tutor", "task"], condition=Q(pool__isnull=True), name="exclusion_task_once"
            ),
            models.UniqueConstraint(
                fields=["tutor", "pool"], condition=Q(task__isnull=True), name="exclusion_pool_once"
            ),
        ]
        indexes = [models.Index(fields=["excluded_until"], name="exclusion_ending")]
