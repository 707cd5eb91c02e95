"""A client says what it wants done: the project, its guide, its budget and its waiting lines."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.events import GuidePublished, ProjectMade
from tasks.models import Client, GuideVersion, Pool, PoolCounter, Project, ProjectBudget
from tasks.operations.policing import follow_policy
from tasks.queries.funnels import funnel
from tasks.rules.projects import Plan, completed, plan_errors
from tasks.rules.states import ProjectState, WorkRole
from tasks.types import NoSuchTaskType, all_types, task_type
from tutors.operations.requiring import keep_requirements
from tutors.queries.requirements import named_sets
from tutors.rules.reaching import Funnel
from tutors.rules.requirements import CannotReadRequirements, RequirementSet, parse
from workforce.models import Account, Domain
from workforce.operations import record
from workforce.queries.terms import domain_by_slug
from workforce.rules.problems import Invalid, NotFound


class CannotCommission(Invalid):
    code = "project_not_valid"


@dataclass(frozen=True, kw_only=True)
class Commissioned:
    """A new project, and how many people could do it as things stand."""

    project: Project
    reach: Funnel


Sets = dict[WorkRole, RequirementSet]


def commission(*, client: Client, plan: Plan, actor: Account, at: datetime) -> Commissioned:
    """Make the project with its first guide, its budget and its pools; it is open at once.

    `CannotCommission` names fields. `CannotReadRequirements` names places in the requirements.
    """
    plan = completed(plan)
    domain = _checked(plan)
    sets = requirement_sets(plan)
    _check_named(plan, sets)
    with transaction.atomic():
        project = _write(client=client, domain=domain, plan=plan, actor=actor, at=at)
        follow_policy(project=project)
        publish_guide(project=project, text=plan.guide, actor=actor, at=at)
        _make_pools(project=project, domain=domain, sets=sets, at=at)
        record(
            event=ProjectMade(
                subject=project.public_id,
                client=client.public_id,
                domain=domain.slug,
                task_type=project.task_type,
            ),
            actor=actor,
            at=at,
        )
    return Commissioned(project=project, reach=reach_of(project=project, sets=sets, at=at))


def reach_of(*, project: Project, sets: Sets, at: datetime) -> Funnel:
    """How many people meet the attempt's requirements, and which rule excludes most."""
    return funnel(requirement=sets[WorkRole.ATTEMPT], client=_name(project), at=at)


def requirement_sets(plan: Plan) -> Sets:
    """The set of each role; reviews and adjudications take the attempt's where none is given."""
    attempt = _parsed(plan.requirements, field="requirements")
    sets = dict.fromkeys(WorkRole, attempt)
    if plan.review_requirements is not None:
        sets[WorkRole.REVIEW] = _parsed(plan.review_requirements, field="review_requirements")
    if plan.adjudicate_requirements is not None:
        sets[WorkRole.ADJUDICATE] = _parsed(
            plan.adjudicate_requirements, field="adjudicate_requirements"
        )
    return sets


def requirement_sets_of(project: Project) -> Sets:
    """The sets of a project as it stands, by role."""
    attempt = _parsed(project.requirements, field="requirements")
    sets = dict.fromkeys(WorkRole, attempt)
    if project.review_requirements is not None:
        sets[WorkRole.REVIEW] = _parsed(project.review_requirements, field="review_requirements")
    if project.adjudicate_requirements is not None:
        sets[WorkRole.ADJUDICATE] = _parsed(
            project.adjudicate_requirements, field="adjudicate_requirements"
        )
    return sets


def _parsed(document: dict[str, object], *, field: str) -> RequirementSet:
    try:
        return parse(document)
    except CannotReadRequirements as problem:
        raise problem.under(field) from None


def _checked(plan: Plan) -> Domain:
    errors = plan_errors(plan)
    try:
        task_type(plan.task_type)
    except NoSuchTaskType:
        known = ", ".join(t.slug for t in all_types())
        errors["task_type"] = [_("One of: %(known)s.") % {"known": known}]
    try:
        domain = domain_by_slug(slug=plan.domain)
    except NotFound as problem:
        errors["domain"] = [problem.detail]
    if errors:
        raise CannotCommission(_("This project cannot be made as it stands."), errors=errors)
    return domain


def _check_named(plan: Plan, sets: Sets) -> None:
    """A project says of a named set only what is true: it is live, and these are its rules."""
    if plan.named_set is None:
        return
    named = named_sets().filter(pk=plan.named_set).first()
    if named is None:
        said = _("This set was replaced or put away. Choose another one.")
    elif named.signature != sets[WorkRole.ATTEMPT].signature(client=None):
        said = _("These are not the rules of %(id)s.") % {"id": named.public_id}
    else:
        return
    errors = {"requirement_set": [said]}
    raise CannotCommission(_("This project cannot be made as it stands."), errors=errors)


def _write(*, client: Client, domain: Domain, plan: Plan, actor: Account, at: datetime) -> Project:
    project = Project.objects.create(
        client=client,
        domain=domain,
        task_type=plan.task_type,
        name=plan.name,
        requirements=plan.requirements,
        requirement_set_id=plan.named_set,
        review_requirements=plan.review_requirements,
        adjudicate_requirements=plan.adjudicate_requirements,
        overlap=plan.overlap,
        gold_percent=plan.gold_percent,
        gold_pass_percent=plan.gold_pass_percent,
        review_policy=plan.review_policy,
        review_percent=plan.review_percent,
        priority=plan.priority,
        lease_seconds=plan.lease_seconds,
        hold_seconds=plan.hold_seconds or 0,
        offer_ttl_seconds=plan.offer_ttl_seconds,
        expected_seconds=plan.expected_seconds,
        paid_cap_seconds=plan.paid_cap_seconds or 0,
        dispatch=plan.dispatch,
        rate_rule=plan.rate_rule,
        sla_minutes=plan.sla_minutes,
        state=ProjectState.OPEN,
        created_by=actor,
        created_at=at,
    )
    ProjectBudget.objects.create(
        project=project, currency=plan.currency, total_minor=plan.budget_minor
    )
    return project


def publish_guide(*, project: Project, text: str, actor: Account, at: datetime) -> GuideVersion:
    """Write the next version of the guide. The caller holds the project's row or made it."""
    last = project.guides.order_by("-n").values_list("n", flat=True).first() or 0
    guide = GuideVersion.objects.create(
        project=project,
        n=last + 1,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        created_by=actor,
        created_at=at,
    )
    event = GuidePublished(subject=project.public_id, version=guide.n, sha256=guide.sha256)
    record(event=event, actor=actor, at=at)
    return guide


def _make_pools(*, project: Project, domain: Domain, sets: Sets, at: datetime) -> None:
    """A pool for each role and each step of its requirement set, which is kept by signature."""
    for wanted in sets.values():
        keep_requirements(requirement=wanted, client=_name(project), at=at)
    pools = [
        _pool(project=project, domain=domain, role=role, wanted=wanted, step=step, at=at)
        for role, wanted in sets.items()
        for step in range(len(wanted.relax_after_minutes) + 1)
    ]
    PoolCounter.objects.bulk_create(
        PoolCounter(pool=pool) for pool in Pool.objects.bulk_create(pools)
    )


def _pool(
    *,
    project: Project,
    domain: Domain,
    role: WorkRole,
    wanted: RequirementSet,
    step: int,
    at: datetime,
) -> Pool:
    """A soft rule's `relax_after_minutes` is the age at which the next step begins."""
    ages = wanted.relax_after_minutes
    return Pool(
        project=project,
        role=role,
        step=step,
        signature=wanted.signature(client=_name(project), step=step),
        document=wanted.at_step(step).document,
        relax_after_minutes=ages[step] if step < len(ages) else None,
        queue=domain.queue,
        speciality=wanted.at_step(step).speciality,
        created_at=at,
    )


def _name(project: Project) -> str:
    return f"{Client.prefix}-{project.client_id}"
