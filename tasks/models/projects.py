"""What a client wants done and by whom: guide, rules, budget, and the pools that follow."""

from django.db import models
from django.db.models import F, Q

from tasks.models.clients import Client
from tasks.rules import clocks
from tasks.rules.gold import GOLD_PERCENT_MAX, PASS_PERCENT_DEFAULT
from tasks.rules.limits import NAME_CHARS_MAX, OVERLAP_MAX
from tasks.rules.ranking import PRIORITY_DEFAULT, PRIORITY_MAX
from tasks.rules.states import Dispatch, ProjectState, ReviewPolicy, WorkRole
from tutors.rules.fields import SLUG_CHARS_MAX
from workforce.models.fields import PublicId, state_check, state_field


class Project(PublicId):
    """One kind of work for one client. Requirement documents are kept as they were given;
    `requirement_set` says from which named set the attempt's came, if from one.

    `gold_percent`: the share of known answers among the work given out; an answer that agrees with
    the known one to `gold_pass_percent` is good. `routing_policy` is the one in force: its own,
    else its domain's, else none (the default).
    """

    prefix = "P"

    client = models.ForeignKey(Client, models.PROTECT, related_name="projects")
    domain = models.ForeignKey("workforce.Domain", models.PROTECT, related_name="+")
    task_type = models.CharField(max_length=32)
    name = models.CharField(max_length=NAME_CHARS_MAX)
    requirements = models.JSONField()
    requirement_set = models.ForeignKey(
        "tutors.NamedSet", models.PROTECT, null=True, related_name="+"
    )
    review_requirements = models.JSONField(null=True)
    adjudicate_requirements = models.JSONField(null=True)
    overlap = models.PositiveSmallIntegerField(default=1)
    gold_percent = models.PositiveSmallIntegerField(default=0)
    gold_pass_percent = models.PositiveSmallIntegerField(
        default=PASS_PERCENT_DEFAULT, db_default=PASS_PERCENT_DEFAULT
    )
    review_policy = state_field(ReviewPolicy, default=ReviewPolicy.ALL)
    review_percent = models.PositiveSmallIntegerField(default=100)
    priority = models.PositiveSmallIntegerField(default=PRIORITY_DEFAULT)
    lease_seconds = models.PositiveIntegerField(default=clocks.LEASE_SECONDS_DEFAULT)
    hold_seconds = models.PositiveIntegerField()
    offer_ttl_seconds = models.PositiveIntegerField(default=clocks.OFFER_TTL_SECONDS_DEFAULT)
    expected_seconds = models.PositiveIntegerField(default=clocks.EXPECTED_SECONDS_DEFAULT)
    paid_cap_seconds = models.PositiveIntegerField()
    dispatch = state_field(Dispatch, default=Dispatch.BOTH)
    rate_rule = models.JSONField(default=dict)
    sla_minutes = models.PositiveIntegerField(null=True)
    routing_policy = models.ForeignKey(
        "tasks.RoutingPolicy", models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = state_field(ProjectState, default=ProjectState.OPEN)
    created_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(ProjectState, name="project_state_known"),
            state_check(Dispatch, name="project_dispatch_known", field="dispatch"),
            state_check(ReviewPolicy, name="project_review_known", field="review_policy"),
            models.CheckConstraint(
                condition=Q(overlap__gte=1, overlap__lte=OVERLAP_MAX),
                name="project_overlap_in_range",
            ),
            models.CheckConstraint(
                condition=Q(priority__lte=PRIORITY_MAX), name="project_priority_in_range"
            ),
            models.CheckConstraint(
                condition=Q(
                    review_percent__lte=100,
                    gold_percent__lte=GOLD_PERCENT_MAX,
                    gold_pass_percent__gte=1,
                    gold_pass_percent__lte=100,
                ),
                name="project_percents_in_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    lease_seconds__gte=clocks.LEASE_SECONDS_MIN,
                    lease_seconds__lte=clocks.LEASE_SECONDS_MAX,
                    hold_seconds__gte=F("lease_seconds"),
                    hold_seconds__lte=clocks.HOLD_SECONDS_MAX,
                    offer_ttl_seconds__gte=clocks.OFFER_TTL_SECONDS_MIN,
                    expected_seconds__gte=clocks.EXPECTED_SECONDS_MIN,
                    paid_cap_seconds__gte=F("expected_seconds"),
                ),
                name="project_clocks_in_range",
            ),
        ]


class GuideVersion(models.Model):
    """The guide in Markdown, by version; answers name the one they were written under."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="guides")
    n = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="guide_version_once")]


class ProjectBudget(models.Model):
    """Money for a project in minor units; `total_minor` null means no limit.

    Claims reserve up to their paid cap and stop at the total. Work done beyond what was reserved
    is paid all the same: what has no room goes into `over_minor`.
    """

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="budget")
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField(null=True)
    reserved_minor = models.BigIntegerField(default=0)
    used_minor = models.BigIntegerField(default=0)
    over_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total_minor__isnull=True)
                | Q(total_minor__gte=F("reserved_minor") + F("used_minor")),
                name="budget_never_passes_its_total",
            ),
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0, used_minor__gte=0, over_minor__gte=0),
                name="budget_parts_not_negative",
            ),
        ]


class Pool(PublicId):
    """The waiting line of one (project, role, relaxation step): slots that want the same people.

    `document` is the requirement set as it stands at this step with the client filled in;
    `signature` is its hash. `queue` is the Celery queue of the project's domain. `speciality`: a
    field that everybody must hold a qualification in; empty where the set asks none of all.
    """

    prefix = "PL"

    project = models.ForeignKey(Project, models.CASCADE, related_name="pools")
    role = state_field(WorkRole, default=WorkRole.ATTEMPT)
    step = models.PositiveSmallIntegerField(default=0)
    signature = models.CharField(max_length=64)
    document = models.JSONField()
    relax_after_minutes = models.PositiveIntegerField(null=True)
    queue = models.CharField(max_length=64)
    speciality = models.CharField(max_length=SLUG_CHARS_MAX, blank=True, db_default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(WorkRole, name="pool_role_known", field="role"),
            models.UniqueConstraint(fields=["project", "role", "step"], name="pool_once"),
        ]
        indexes = [models.Index(fields=["signature"], name="pool_by_signature")]
