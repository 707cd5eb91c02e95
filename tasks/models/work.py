"""Tasks and the slots that want answers. Narrow where rows are claimed, wide beside it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tasks.models.batches import Batch
from tasks.models.projects import Pool, Project
from tasks.rules.limits import COMPLEXITIES, EXTERNAL_ID_CHARS_MAX
from tasks.rules.ranking import PRIORITY_MAX
from tasks.rules.states import SlotState, TaskState, WorkRole
from workforce.models.fields import PublicId, database_now, state_check, state_field


class Task(PublicId):
    """One unit of client work. What it says is in `TaskContent`."""

    prefix = "T"

    project = models.ForeignKey(Project, models.PROTECT, related_name="tasks", db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="tasks")
    external_id = models.CharField(max_length=EXTERNAL_ID_CHARS_MAX)
    priority = models.PositiveSmallIntegerField()
    complexity = models.PositiveSmallIntegerField(default=1)
    is_gold = models.BooleanField(default=False)
    state = state_field(TaskState, default=TaskState.OPEN)
    created_at = models.DateTimeField(db_default=database_now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(TaskState, name="task_state_known"),
            models.UniqueConstraint(
                fields=["project", "external_id"], name="task_once_per_project"
            ),
            models.CheckConstraint(
                condition=Q(priority__lte=PRIORITY_MAX), name="task_priority_in_range"
            ),
            models.CheckConstraint(
                condition=Q(complexity__in=COMPLEXITIES), name="task_complexity_known"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="task_by_project"),
            models.Index(fields=["state", "-id"], name="task_by_state"),
            models.Index(
                fields=["project", "-id"], condition=Q(is_gold=True), name="task_gold_by_project"
            ),
        ]


class TaskContent(models.Model):
    """What a tutor is shown (`input`, `proposal`) and what nobody is shown (`meta`, `gold`).

    A known answer (`gold`) that turned out wrong is kept, but counts no more from
    `gold_withdrawn_at` on.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="content")
    input = models.JSONField()
    proposal = models.JSONField(null=True)
    meta = models.JSONField(null=True)
    gold = models.JSONField(null=True)
    gold_withdrawn_at = models.DateTimeField(null=True)
    content = ArrayField(models.CharField(max_length=40), default=list)


class Slot(models.Model):
    """One answer or one judgement wanted of a task.

    `opened_at` is its age: going back to open never changes it (only a known answer that is put
    among other work takes the age of that). `fence` counts its claims. An attempt's `ordinal` is 1
    to overlap, and beyond it where a known answer is asked for again; a review's is the id of the
    submission it judges.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="slots", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="slots", db_index=False)
    submission = models.ForeignKey(
        "tasks.Submission", models.PROTECT, null=True, related_name="review_slots", db_index=False
    )
    ordinal = models.BigIntegerField()
    opened_at = models.DateTimeField(db_default=database_now())
    fence = models.PositiveIntegerField(default=0)
    priority = models.PositiveSmallIntegerField()
    complexity = models.PositiveSmallIntegerField(default=1)
    rejects = models.PositiveSmallIntegerField(default=0)
    role = state_field(WorkRole, default=WorkRole.ATTEMPT)
    state = state_field(SlotState, default=SlotState.OPEN)

    class Meta:
        constraints = [
            state_check(SlotState, name="slot_state_known"),
            state_check(WorkRole, name="slot_role_known", field="role"),
            models.UniqueConstraint(fields=["task", "role", "ordinal"], name="slot_once"),
            models.CheckConstraint(
                condition=~Q(role="review") | Q(submission__isnull=False),
                name="slot_review_names_its_submission",
            ),
        ]
        indexes = [
            models.Index(
                fields=["pool", "-priority", "id"],
                condition=Q(state="open"),
                name="slot_open_by_priority",
            ),
            models.Index(
                fields=["pool", "opened_at", "id"],
                condition=Q(state="open"),
                name="slot_open_by_age",
            ),
        ]
