"""Background work as rows: the database is the truth, the broker a doorbell."""

from django.db import models
from django.db.models import Q

from workforce.models.events import Event
from workforce.models.fields import PublicId, database_now, state_check, state_field
from workforce.rules.jobs import JobState


class Job(PublicId):
    """One background call. `key` keeps at most one due job of a kind for a subject."""

    prefix = "J"

    kind = models.CharField(max_length=64)
    queue = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    subject = models.JSONField()
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    state = state_field(JobState, default=JobState.DUE)
    run_at = models.DateTimeField(db_default=database_now())
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_max = models.PositiveSmallIntegerField(default=5)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=database_now())

    class Meta:
        constraints = [
            state_check(JobState, name="job_state_known"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state="due"), name="job_due_once"
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False)
                | (~Q(state="leased") & Q(lease_until__isnull=True)),
                name="job_lease_when_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["run_at", "id"], condition=Q(state="due"), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="job_leased"),
            models.Index(fields=["id"], condition=Q(state="parked"), name="job_parked"),
        ]


class WorkerHeartbeat(models.Model):
    """The last sign of life of a worker, relay, sweeper or beat."""

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=16)
    pid = models.PositiveIntegerField()
    queues = models.JSONField(default=list)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Tick(models.Model):
    """One slot of periodic work: two beats at once still make one."""

    name = models.CharField(max_length=64)
    slot = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="tick_once")]


class IdempotencyKey(models.Model):
    """The first answer to a request, kept to be given again."""

    account = models.ForeignKey("workforce.Account", models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
