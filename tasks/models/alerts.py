"""Who wants to be told when a queue opens."""

from django.db import models
from django.db.models import Q

from tasks.models.projects import Project
from tasks.rules.states import AlertState, WorkRole
from workforce.models.fields import PublicId, database_now, state_check, state_field

WAITING = Q(state=AlertState.WAITING.value)


class QueueAlert(PublicId):
    """A tutor's wish to be told once when a project's work of a role opens to her.

    `looked_at` and `facts_version` are of the last look that found it closed to her although work
    waited. Moments are the database's.
    """

    prefix = "QA"

    tutor = models.ForeignKey("tutors.Tutor", models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    role = state_field(WorkRole, default=WorkRole.ATTEMPT)
    state = state_field(AlertState, default=AlertState.WAITING)
    asked_at = models.DateTimeField(db_default=database_now())
    expires_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    facts_version = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(WorkRole, name="alert_role_known", field="role"),
            state_check(AlertState, name="alert_state_known"),
            models.UniqueConstraint(
                fields=["tutor", "project", "role"], condition=WAITING, name="alert_waits_once"
            ),
            models.CheckConstraint(
                condition=(WAITING & Q(ended_at__isnull=True))
                | (~WAITING & Q(ended_at__isnull=False)),
                name="alert_ended_when_not_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "role"], condition=WAITING, name="alert_waiting"),
            models.Index(fields=["expires_at"], condition=WAITING, name="alert_expiring"),
        ]
