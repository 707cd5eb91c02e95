"""The routing policies that managers set, version by version; nothing here is ever edited."""

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from tasks.rules.limits import REASON_CHARS_MAX
from workforce.models.fields import PublicId, database_now


def _number(name: str) -> models.GeneratedField:
    """A number of the document as a column, for statements that order by it."""
    return models.GeneratedField(
        expression=Cast(KT(f"document__{name}"), models.IntegerField()),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )


class RoutingPolicy(PublicId):
    """One version of the policy of a project or of a domain and what lies below it.

    The newest version of a scope is in force; without a document the scope follows what lies
    above it. `restores` names the version that was brought back.
    """

    prefix = "RP"

    project = models.ForeignKey(
        "tasks.Project", models.PROTECT, null=True, related_name="policies", db_index=False
    )
    domain = models.ForeignKey(
        "workforce.Domain", models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    note = models.CharField(max_length=REASON_CHARS_MAX)
    restores = models.PositiveIntegerField(null=True)
    author = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=database_now())
    minutes_per_priority_step = _number("minutes_per_priority_step")
    sla_pressure_minutes = _number("sla_pressure_minutes")
    late_minutes = _number("late_minutes")
    concentration_percent = _number("concentration_percent")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=True, domain__isnull=False)
                | Q(project__isnull=False, domain__isnull=True),
                name="routing_policy_of_a_project_or_a_domain",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1)
                & (Q(restores__isnull=True) | Q(restores__lt=F("version"))),
                name="routing_policy_versions_ascend",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True, digest="")
                | (Q(document__isnull=False) & ~Q(digest="")),
                name="routing_policy_has_its_digest",
            ),
            models.UniqueConstraint(
                fields=["project", "version"],
                condition=Q(domain__isnull=True),
                name="routing_policy_once_per_project",
            ),
            models.UniqueConstraint(
                fields=["domain", "version"],
                condition=Q(project__isnull=True),
                name="routing_policy_once_per_domain",
            ),
        ]
