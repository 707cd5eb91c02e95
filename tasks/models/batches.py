"""One intake: what came, how far it is, what was wrong with it."""

from django.db import models

from tasks.models.projects import Project
from tasks.rules.limits import EXTERNAL_ID_CHARS_MAX
from tasks.rules.states import BatchState
from workforce.models.fields import PublicId, state_check, state_field


class Batch(PublicId):
    """Work handed in at once. `upload` is the kept file's path below the media root; `cursor` is
    how far loading has come (bytes or items), so that each chunk is a job of its own.
    """

    prefix = "B"

    project = models.ForeignKey(Project, models.PROTECT, related_name="batches")
    state = state_field(BatchState, default=BatchState.RECEIVED)
    format = models.CharField(max_length=8)
    file_name = models.CharField(max_length=255, default="", blank=True)
    upload = models.CharField(max_length=255, default="", blank=True)
    sha256 = models.CharField(max_length=64)
    cursor = models.BigIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    error = models.PositiveIntegerField(default=0)
    note = models.TextField(default="", blank=True)
    progress = models.JSONField(default=dict)
    created_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [state_check(BatchState, name="batch_state_known")]


class BatchRowError(models.Model):
    """What was wrong with one row (1-based) of a batch, by field."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="row_errors")
    row = models.PositiveIntegerField()
    external_id = models.CharField(max_length=EXTERNAL_ID_CHARS_MAX, default="", blank=True)
    errors = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "row"], name="batch_row_error_once")
        ]
