"""Projects: the list, and one project's room."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.operations.commissioning import requirement_sets_of
from tasks.pages.operations.forms import TopUpForm
from tasks.pages.operations.parts import (
    BATCH_STATES,
    PROJECT_STATES,
    READING,
    may_steer,
    project_of,
)
from tasks.queries import visible
from tasks.queries.funnels import funnel
from tasks.queries.gold import doubtful, gold_sheet
from tasks.queries.live import at_work
from tasks.queries.rooms import BATCHES_SHOWN, Narrowed, batches_of, guides_of, narrowed, standings
from tasks.rules.intake import BatchFormat
from tasks.rules.risk import AT_RISK_PERCENT
from tasks.rules.states import ProjectState, WorkRole
from tasks.types import task_type
from tutors.rules.requirements.wording import rule_in_words
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views
from workforce.rules import shown

SEARCH_CHARS_MAX = 80


@page(roles=READING)
def projects(visit: Visit) -> HttpResponseBase:
    by = _narrowed(visit)
    rows = narrowed(visible.projects(account=visit.account), by=by)
    if visit.query.get("format") == "csv":
        return _csv(rows)
    shown_page = listing(visit, rows)
    standing = standings([p.pk for p in shown_page.rows])
    for project in shown_page.rows:
        project.standing = standing.get(project.pk)
        project.state_word = PROJECT_STATES[ProjectState(project.state)]
    context = {
        "listing": shown_page,
        "by": by,
        "states": [(s.value, word) for s, word in PROJECT_STATES.items() if s != "draft"],
        "domains": [(slug, name) for slug, (_letters, name) in shown.TILES.items()],
        "is_narrowed": bool(by.state or by.domain or by.q),
        "may_steer": may_steer(visit),
        "views": saved_views(visit, page="ops-projects"),
    }
    return visit.render("tasks/operations/projects.html", context)


def _narrowed(visit: Visit) -> Narrowed:
    """Unknown words narrow nothing; a filter in an address is never an error."""
    state, domain = visit.query.get("state", ""), visit.query.get("domain", "")
    return Narrowed(
        state=state if state in {s.value for s in ProjectState} else "",
        domain=domain if domain in shown.TILES else "",
        q=visit.query.get("q", "").strip()[:SEARCH_CHARS_MAX],
    )


def _csv(rows: Any) -> HttpResponseBase:
    header = (
        "id", "name", "client", "domain", "task_type", "state", "priority", "overlap",
        "sla_minutes", "currency", "budget_minor", "used_minor", "reserved_minor", "created_at",
    )  # fmt: skip
    lines = (
        (
            p.public_id, p.name, p.client.name, p.domain.slug, p.task_type, p.state, p.priority,
            p.overlap, p.sla_minutes, p.budget.currency, p.budget.total_minor,
            p.budget.used_minor, p.budget.reserved_minor, p.created_at.isoformat(),
        )
        for p in rows.order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file("projects", header, lines)


@page(roles=READING)
def project(visit: Visit, *, id: str) -> HttpResponseBase:
    """`part=reach` gives the eligibility funnel alone, `part=known` what came of known answers:
    they judge everybody and count answers, so they come after.
    """
    held = project_of(visit, id)
    if visit.query.get("part") == "reach":
        reach = reach_context(held, at=visit.at)
        if visit.is_htmx:
            return visit.render("tasks/operations/reach.html", reach)
        return visit.render("tasks/operations/project.html", room(visit, held) | reach)
    if visit.query.get("part") == "known":
        known = {"gold": gold_sheet(project=held), "doubtful": doubtful(project=held)}
        if visit.is_htmx:
            return visit.render("tasks/operations/known_answers.html", known)
        return visit.render("tasks/operations/project.html", room(visit, held) | known)
    if visit.query.get("format") == "csv":
        return _batches_csv(held)
    return visit.render("tasks/operations/project.html", room(visit, held))


def _batches_csv(held: Any) -> HttpResponseBase:
    header = (
        "id", "state", "file", "rows", "new", "duplicate", "error", "handed_in_by", "handed_in_at",
    )  # fmt: skip
    lines = (
        (
            b.public_id, b.state, b.file_name, b.received, b.new, b.duplicate, b.error,
            b.created_by.name, b.created_at.isoformat(),
        )
        for b in batches_of(project=held).order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file(f"batches-{held.public_id}", header, lines)


def room(visit: Visit, held: Any, *, top_up: TopUpForm | None = None) -> dict[str, Any]:
    """What the project's page shows, in a fixed number of statements."""
    batches = listing(visit, batches_of(project=held), size=BATCHES_SHOWN)
    for batch in batches.rows:
        batch.state_word = BATCH_STATES[batch.state]
    guides = guides_of(project=held)
    sets = requirement_sets_of(held)
    return {
        "project": held,
        "state_word": PROJECT_STATES[ProjectState(held.state)],
        "kind": task_type(held.task_type),
        "standing": standings([held.pk]).get(held.pk),
        "budget": held.budget,
        "budget_use": _budget_use(held.budget),
        "top_up": top_up or TopUpForm(currency=held.budget.currency),
        "batches": batches,
        "formats": [f.value for f in BatchFormat],
        "guide": guides[0] if guides else None,
        "guides": guides,
        "people": at_work(project_id=held.pk),
        "rules": [rule_in_words(r) for r in sets[WorkRole.ATTEMPT].rules],
        "review_rules": _other_rules(sets, WorkRole.REVIEW),
        "may_steer": may_steer(visit),
        "is_closed": held.state == ProjectState.CLOSED,
        "is_paused": held.state == ProjectState.PAUSED,
        "at_risk_percent": AT_RISK_PERCENT,
    }


def _other_rules(sets: Any, role: WorkRole) -> list[str]:
    """The rules of a role, where they differ from those of answering."""
    if sets[role] == sets[WorkRole.ATTEMPT]:
        return []
    return [rule_in_words(rule) for rule in sets[role].rules]


def _budget_use(budget: Any) -> dict[str, int] | None:
    """Shares of a limited budget in percent; None without a limit."""
    if not budget.total_minor:
        return None
    used = (budget.used_minor + budget.over_minor) * 100 // budget.total_minor
    left = budget.total_minor - budget.used_minor - budget.reserved_minor
    taken = used + budget.reserved_minor * 100 // budget.total_minor
    return {
        "used": used,
        "taken": taken,
        "left_minor": max(0, left),
        "used_x": min(1000, used * 10),
        "taken_x": min(1000, taken * 10),
    }


def reach_context(held: Any, *, at: Any) -> dict[str, Any]:
    wanted = requirement_sets_of(held)[WorkRole.ATTEMPT]
    return reach_of(wanted, client=f"C-{held.client_id}", at=at)


def reach_of(wanted: Any, *, client: str | None, at: Any) -> dict[str, Any]:
    """The funnel with each rule's sentence; the one that costs most is marked."""
    passed = funnel(requirement=wanted, client=client, at=at)
    sentences = {rule.id: rule_in_words(rule) for rule in wanted.rules}
    tight = passed.costliest or passed.tightest
    return {
        "reach": passed,
        "reach_rules": [
            {"said": sentences[r.rule], "passing": r.passing, "tight": r.rule == tight}
            for r in passed.rules
        ],
        "reach_said": _said(passed),
    }


def _said(passed: Any) -> str:
    if not passed.people:
        return _("Nobody is here yet. Recruiting brings people in.")
    if passed.nobody:
        return _("Nobody meets all of this. The marked rule costs most people.")
    words = {"n": f"{passed.qualified:,}", "all": f"{passed.people:,}", "ready": passed.ready}
    return _("%(n)s of %(all)s people meet all of it; %(ready)s could start now.") % words
