"""Questions to the simulator, and what it answered: a policy tried on a past, a project's quote."""

from django.db import models
from django.db.models import Q

from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import RehearsalKind, RehearsalState
from workforce.models.fields import PublicId, database_now, state_check, state_field


class Rehearsal(PublicId):
    """One question. `question` and `answer` have the shapes of `tasks.rules.rehearsing`.

    Of a policy it names whose; of a quote only the domain. `percent` is how far it has come.
    """

    prefix = "RH"

    kind = state_field(RehearsalKind, default=RehearsalKind.POLICY)
    state = state_field(RehearsalState, default=RehearsalState.WAITING)
    project = models.ForeignKey(
        "tasks.Project", models.PROTECT, null=True, related_name="+", db_index=False
    )
    domain = models.ForeignKey(
        "workforce.Domain", models.PROTECT, null=True, related_name="+", db_index=False
    )
    question = models.JSONField()
    answer = models.JSONField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    author = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=database_now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(RehearsalKind, name="rehearsal_kind_known", field="kind"),
            state_check(RehearsalState, name="rehearsal_state_known"),
            models.CheckConstraint(
                condition=Q(project__isnull=True, domain__isnull=False)
                | Q(project__isnull=False, domain__isnull=True),
                name="rehearsal_of_a_project_or_a_domain",
            ),
            models.CheckConstraint(
                condition=Q(state="done", answer__isnull=False)
                | (~Q(state="done") & Q(answer__isnull=True)),
                name="rehearsal_answered_when_done",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | (~Q(state__in=["waiting", "running"]) & Q(ended_at__isnull=False)),
                name="rehearsal_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="rehearsal_by_project"),
            models.Index(fields=["domain", "-id"], name="rehearsal_by_domain"),
        ]
