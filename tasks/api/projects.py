"""Projects: what a client wants done, steered while it runs."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.operations import commissioning, steering
from tasks.queries import projects, visible
from tasks.rules import clocks
from tasks.rules.gold import GOLD_PERCENT_MAX, PASS_PERCENT_DEFAULT
from tasks.rules.limits import GUIDE_CHARS_MAX, NAME_CHARS_MAX, OVERLAP_MAX
from tasks.rules.projects import (
    BUDGET_MINOR_MAX,
    RATE_MINOR_HOURLY_MAX,
    SLA_MINUTES_MAX,
    Plan,
)
from tasks.rules.ranking import PRIORITY_DEFAULT, PRIORITY_MAX
from tasks.rules.states import Dispatch, ProjectState, ReviewPolicy, WorkRole
from tutors.queries.requirements import named_sets
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id, public_id
from workforce.rules.problems import Invalid, NotFound
from workforce.rules.roles import Role

CURRENCY = r"^[A-Z]{3}$"


class MoneyRequest(Body):
    amount_minor = serializers.IntegerField(min_value=0, max_value=BUDGET_MINOR_MAX)
    currency = serializers.RegexField(CURRENCY, default="USD")


class TopUpRequest(Body):
    amount_minor = serializers.IntegerField(min_value=1, max_value=BUDGET_MINOR_MAX)
    currency = serializers.RegexField(CURRENCY, default="USD")


class RateRuleRequest(Body):
    """The project's own price for everybody; left out, contract and rate card decide."""

    minor_hourly = serializers.IntegerField(min_value=1, max_value=RATE_MINOR_HOURLY_MAX)
    currency = serializers.RegexField(CURRENCY, default="USD")
    role = serializers.ChoiceField([r.value for r in WorkRole], required=False)


class ProjectRequest(Body):
    client = serializers.CharField(max_length=24, required=False, help_text="Managers name it.")
    name = serializers.CharField(max_length=NAME_CHARS_MAX)
    domain = serializers.CharField(max_length=120)
    task_type = serializers.CharField(max_length=32)
    guide = serializers.CharField(max_length=GUIDE_CHARS_MAX, trim_whitespace=False)
    requirements = serializers.DictField(
        required=False, help_text="Who may answer. This, or `requirement_set`."
    )
    requirement_set = serializers.RegexField(
        r"^RQ-[1-9][0-9]{0,18}$",
        required=False,
        help_text="A named set to take the requirements from; managers only.",
    )
    review_requirements = serializers.DictField(required=False, allow_null=True)
    adjudicate_requirements = serializers.DictField(required=False, allow_null=True)
    overlap = serializers.IntegerField(min_value=1, max_value=OVERLAP_MAX, default=1)
    gold_percent = serializers.IntegerField(
        min_value=0,
        max_value=GOLD_PERCENT_MAX,
        default=0,
        help_text="The share of tasks with a known answer (`gold`) among those given out.",
    )
    gold_pass_percent = serializers.IntegerField(
        min_value=1,
        max_value=100,
        default=PASS_PERCENT_DEFAULT,
        help_text="An answer that agrees so far with the known one counts as good.",
    )
    review_policy = serializers.ChoiceField(
        [p.value for p in ReviewPolicy], default=ReviewPolicy.ALL.value
    )
    review_percent = serializers.IntegerField(min_value=0, max_value=100, default=100)
    priority = serializers.IntegerField(
        min_value=0, max_value=PRIORITY_MAX, default=PRIORITY_DEFAULT
    )
    lease_seconds = serializers.IntegerField(
        min_value=clocks.LEASE_SECONDS_MIN,
        max_value=clocks.LEASE_SECONDS_MAX,
        default=clocks.LEASE_SECONDS_DEFAULT,
    )
    hold_seconds = serializers.IntegerField(
        min_value=clocks.LEASE_SECONDS_MIN,
        max_value=clocks.HOLD_SECONDS_MAX,
        required=False,
        allow_null=True,
    )
    offer_ttl_seconds = serializers.IntegerField(
        min_value=clocks.OFFER_TTL_SECONDS_MIN,
        max_value=clocks.OFFER_TTL_SECONDS_MAX,
        default=clocks.OFFER_TTL_SECONDS_DEFAULT,
    )
    expected_seconds = serializers.IntegerField(
        min_value=clocks.EXPECTED_SECONDS_MIN,
        max_value=clocks.EXPECTED_SECONDS_MAX,
        default=clocks.EXPECTED_SECONDS_DEFAULT,
    )
    paid_cap_seconds = serializers.IntegerField(
        min_value=clocks.EXPECTED_SECONDS_MIN,
        max_value=clocks.PAID_CAP_SECONDS_MAX,
        required=False,
        allow_null=True,
    )
    dispatch = serializers.ChoiceField([d.value for d in Dispatch], default=Dispatch.BOTH.value)
    rate_rule = RateRuleRequest(required=False, allow_null=True)
    sla_minutes = serializers.IntegerField(
        min_value=1, max_value=SLA_MINUTES_MAX, required=False, allow_null=True
    )
    budget = MoneyRequest(required=False, allow_null=True, help_text="Left out: no limit.")


class ProjectPatchRequest(Body):
    name = serializers.CharField(max_length=NAME_CHARS_MAX, required=False)
    priority = serializers.IntegerField(min_value=0, max_value=PRIORITY_MAX, required=False)
    gold_percent = serializers.IntegerField(min_value=0, max_value=GOLD_PERCENT_MAX, required=False)
    gold_pass_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    guide = serializers.CharField(max_length=GUIDE_CHARS_MAX, required=False, trim_whitespace=False)


class BudgetAnswer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    total_minor = serializers.IntegerField(allow_null=True)
    reserved_minor = serializers.IntegerField()
    used_minor = serializers.IntegerField()
    over_minor = serializers.IntegerField()


class ProjectAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    client = serializers.CharField(source="client.public_id")
    name = serializers.CharField()
    domain = serializers.CharField(source="domain.slug")
    task_type = serializers.CharField()
    state = serializers.ChoiceField([s.value for s in ProjectState])
    overlap = serializers.IntegerField()
    gold_percent = serializers.IntegerField()
    gold_pass_percent = serializers.IntegerField()
    review_policy = serializers.CharField()
    review_percent = serializers.IntegerField()
    priority = serializers.IntegerField()
    lease_seconds = serializers.IntegerField()
    hold_seconds = serializers.IntegerField()
    offer_ttl_seconds = serializers.IntegerField()
    expected_seconds = serializers.IntegerField()
    paid_cap_seconds = serializers.IntegerField()
    dispatch = serializers.CharField()
    rate_rule = serializers.DictField()
    sla_minutes = serializers.IntegerField(allow_null=True)
    budget = BudgetAnswer()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class GuideAnswer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="n")
    text = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class ProjectDetailAnswer(ProjectAnswer):
    requirements = serializers.DictField()
    requirement_set = serializers.SerializerMethodField(
        help_text="The named set that the requirements came from, if from one."
    )
    review_requirements = serializers.DictField(allow_null=True)
    adjudicate_requirements = serializers.DictField(allow_null=True)
    guide = GuideAnswer(allow_null=True)

    def get_requirement_set(self, project: Any) -> str | None:
        held = project.requirement_set_id
        return public_id("RQ", held) if held else None


class RuleReachAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    passing = serializers.IntegerField()
    excluded = serializers.IntegerField()


class ReachAnswer(serializers.Serializer[Any]):
    people = serializers.IntegerField(help_text="Tutors under contract.")
    qualified = serializers.IntegerField(help_text="Those who meet every requirement.")
    ready = serializers.IntegerField(help_text="Those of them who could start now.")
    tightest = serializers.CharField(
        allow_blank=True, help_text="The rule that excludes most people."
    )
    nobody = serializers.BooleanField()
    message = serializers.CharField(source="sentence")
    rules = RuleReachAnswer(many=True)


class CommissionedAnswer(ProjectDetailAnswer):
    reach = ReachAnswer(help_text="How many people could do this, said at once.")


class ProjectFilters(Filters):
    state = serializers.ChoiceField([s.value for s in ProjectState], required=False)


def find_project(call: Call, id: str) -> Any:
    return visible.one(visible.projects(account=call.account), key_of("P", id))


def client_of(call: Call, named: str | None) -> Any:
    """The client that a new thing is for: the one named, or the caller's only one."""
    if named is None:
        own = projects.own_clients(account=call.account)
        if len(own) == 1 and Role.MANAGER not in call.account.roles:
            return own[0]
        raise Invalid(
            _("Say for which client this is."), errors={"client": [_("This field is needed.")]}
        )
    try:
        return visible.one(visible.clients(account=call.account), internal_id("C", named))
    except (NotAnId, NotFound):
        message = _("There is no such client, or it is not yours.")
        raise Invalid(message, errors={"client": [message]}) from None


def _requirements(call: Call) -> dict[str, Any]:
    """Of the body, or of the named set that it names; one of the two."""
    named, given = call.body.pop("requirement_set", None), call.body.pop("requirements", None)
    if (named is None) == (given is None):
        message = _("Give `requirements`, or name a `requirement_set`: one of the two.")
        raise Invalid(message, errors={"requirements": [message]})
    if named is None:
        return {"requirements": given}
    found = named_sets().filter(pk=internal_id("RQ", named)).first()
    if found is None or Role.MANAGER not in call.account.roles:
        message = _("There is no such set, or it is not yours.")
        raise Invalid(message, errors={"requirement_set": [message]})
    return {"requirements": found.document, "named_set": found.pk}


def _plan(body: dict[str, Any]) -> Plan:
    fields = {name: value for name, value in body.items() if value is not None}
    budget = fields.pop("budget", None)
    if budget:
        fields |= {"budget_minor": budget["amount_minor"], "currency": budget["currency"]}
    fields["review_policy"] = ReviewPolicy(fields["review_policy"])
    fields["dispatch"] = Dispatch(fields["dispatch"])
    return Plan(**{**fields, "rate_rule": dict(fields.get("rate_rule") or {})})


class Projects(Desk):
    @door(
        "projects_list",
        summary="Projects",
        roles=STAFF_AND_CLIENTS,
        filters=ProjectFilters,
        answer=ProjectAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        rows = visible.projects(account=call.account)
        state = call.params.get("state")
        return rows.filter(state=state) if state else rows

    @door(
        "projects_create",
        summary="Commission a project",
        roles=[Role.MANAGER, Role.CLIENT],
        body=ProjectRequest,
        answer=CommissionedAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """A client's member commissions for her own organisation, a manager for any.

        `reach` says at once how many people meet the requirements, and which rule excludes most.
        """
        client = client_of(call, call.body.pop("client", None))
        wanted = _requirements(call)
        made = commissioning.commission(
            client=client, plan=_plan(call.body | wanted), actor=call.account, at=call.at
        )
        project: Any = made.project
        project.guide = projects.guide_of(project=project)
        project.reach = made.reach
        return project

    @door(
        "projects_show",
        summary="One project",
        roles=STAFF_AND_CLIENTS,
        find=find_project,
        answer=ProjectDetailAnswer,
    )
    def show(self, call: Call) -> Any:
        return _detailed(call.found)

    @door(
        "projects_change",
        summary="Change a project",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        body=ProjectPatchRequest,
        answer=ProjectDetailAnswer,
    )
    def change(self, call: Call) -> Any:
        """Name, priority of tasks to come, share and bar of known answers, and the guide: a new
        text is a new version.
        """
        guide = call.body.pop("guide", None)
        changed = steering.change(
            project=call.found, fields=call.body, guide=guide, actor=call.account, at=call.at
        )
        return _detailed(changed)


class Steering(Desk):
    @door(
        "projects_top_up",
        summary="Add money to a budget",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        body=TopUpRequest,
        answer=ProjectAnswer,
        idempotent=True,
    )
    def top_up(self, call: Call) -> Any:
        steering.top_up(project=call.found, **call.body, actor=call.account, at=call.at)
        return find_project(call, call.found.public_id)

    @door(
        "projects_pause",
        summary="Pause a project",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        answer=ProjectAnswer,
        idempotent=True,
    )
    def pause(self, call: Call) -> Any:
        """No new offers and claims; work in hand goes on."""
        return steering.pause(project=call.found, actor=call.account, at=call.at)

    @door(
        "projects_resume",
        summary="Resume a project",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        answer=ProjectAnswer,
        idempotent=True,
    )
    def resume(self, call: Call) -> Any:
        return steering.resume(project=call.found, actor=call.account, at=call.at)

    @door(
        "projects_close",
        summary="Close a project",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        answer=ProjectAnswer,
        idempotent=True,
    )
    def close(self, call: Call) -> Any:
        """For good. Work in hand stays workable and is paid."""
        return steering.close(project=call.found, actor=call.account, at=call.at)


def _detailed(project: Any) -> Any:
    project.guide = projects.guide_of(project=project)
    return project
