"""One task: what it says, who had it, what came of it, and why somebody may or may not have it."""

import json
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from tasks.operations.cancelling import cancel
from tasks.operations.commissioning import requirement_sets_of
from tasks.operations.comparing import withdraw_known_answer
from tasks.pages.operations.explaining import explained, reasons_then
from tasks.pages.operations.parts import (
    READING,
    STEERING,
    TASK_STATES,
    may_steer,
    reason_of,
)
from tasks.queries import projects, visible
from tasks.queries.dossier import dossier, grounds_of, names_of
from tasks.queries.funnels import who_could
from tasks.rules.states import TaskState, WorkRole
from tasks.types import task_type
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound

WHO_SHOWN_MAX = 50
TEXT_CHARS_MAX = 20_000
DEPTH_MAX = 6
SETTINGS = ("ask", "criteria", "axes", "categories", "options", "labels", "limits")


@page(roles=READING)
def task(visit: Visit, *, id: str) -> HttpResponseBase:
    """`tutor` explains a person; `part=who` names who could do this."""
    held = _task(visit, id)
    if visit.query.get("part") == "who":
        who = _who(visit, held)
        if visit.is_htmx:
            return visit.render("tasks/operations/task_who.html", who)
        return visit.render("tasks/operations/task.html", _context(visit, held) | who)
    asked = visit.query.get("tutor", "").strip()
    context = _context(visit, held)
    if asked:
        context |= explained(visit, task_id=held.pk, asked=asked)
    if visit.query.get("part") == "explain":
        return visit.render("tasks/operations/task_explain.html", context)
    return visit.render("tasks/operations/task.html", context)


def _task(visit: Visit, id: str) -> Any:
    rows = projects.with_content(visible.tasks(account=visit.account))
    found = rows.select_related("project__client", "project__domain", "content")
    held = found.filter(pk=key_of("T", id)).first()
    if held is None:
        raise NotFound
    return held


def _context(visit: Visit, held: Any) -> dict[str, Any]:
    content, found = held.content, dossier(task=held)
    event: Any
    for event in found.events:
        event.said = event_words(event.kind)
    claim: Any
    for claim in found.claims:
        claim.reasons = reasons_then({"verdicts": grounds_of(claim)})
    offer: Any
    for offer in found.offers:
        offer.told = reasons_then(offer.reasons)
    return {
        "task": held,
        "project": held.project,
        "kind": task_type(held.project.task_type),
        "state_word": TASK_STATES[TaskState(held.state)],
        "is_open": held.state == TaskState.OPEN,
        "batch_id": f"B-{held.batch_id}",
        "shown": lines_of(_readable(content.input)),
        "proposal": lines_of(content.proposal) if content.proposal else [],
        "meta": lines_of(content.meta) if content.meta else [],
        "known": lines_of(content.gold) if content.gold else [],
        "gold_counts": held.is_gold and content.gold_withdrawn_at is None,
        "raw": json.dumps(content.input, indent=2, ensure_ascii=False)[:TEXT_CHARS_MAX],
        "found": found,
        "may_steer": may_steer(visit),
        "asked": "",
    }


EVENTS = {
    "tasks.known_answer_withdrawn": lazy("Known answer withdrawn"),
    "tasks.submitted": lazy("Handed in"),
    "tasks.taken_back": lazy("Taken back by its author"),
    "tasks.cannot_twice": lazy("Two people could not do it"),
    "tasks.reviewed": lazy("Reviewed"),
    "tasks.task_cancelled": lazy("Cancelled"),
    "tasks.claim_made": lazy("Taken"),
    "tasks.claim_paused": lazy("Paused"),
    "tasks.claim_resumed": lazy("Taken up again"),
    "tasks.claim_extended": lazy("Given more time"),
    "tasks.slot_returned": lazy("Given back"),
}


def event_words(kind: str) -> str:
    """What an event is called on a page; its own name where we have no better words."""
    return str(EVENTS.get(kind) or kind.partition(".")[2].replace("_", " ").capitalize())


def lines_of(value: Any, name: str = "", depth: int = 0) -> list[dict[str, Any]]:
    """A document as labelled lines of text, nested ones indented; payload is data, never markup."""
    if isinstance(value, dict) and depth < DEPTH_MAX:
        head = [{"name": name, "text": "", "depth": depth}] if name else []
        inner = depth + 1 if name else depth
        return head + [line for k, v in value.items() for line in lines_of(v, str(k), inner)]
    if isinstance(value, list) and depth < DEPTH_MAX and any(isinstance(v, dict) for v in value):
        return [line for n, v in enumerate(value, 1) for line in _part(v, name, n, depth)]
    if isinstance(value, list):
        value = ", ".join(str(v) for v in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return [{"name": name, "text": text[:TEXT_CHARS_MAX], "depth": depth}]


def _part(value: Any, name: str, n: int, depth: int) -> list[dict[str, Any]]:
    """One of several: called by its id or role, its text right below, the rest indented."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return lines_of(value, f"{name} {n}", depth)
    called = f"{name}: {value.get('id') or value.get('role') or n}"
    rest = {k: v for k, v in value.items() if k not in ("id", "role", "text")}
    own = [{"name": called, "text": value["text"][:TEXT_CHARS_MAX], "depth": depth}]
    return own + [line for k, v in rest.items() for line in lines_of(v, str(k), depth + 1)]


def _readable(document: Any) -> Any:
    """What people wrote comes first, the settings of the form after it."""
    if not isinstance(document, dict):
        return document
    return dict(sorted(document.items(), key=lambda pair: pair[0] in SETTINGS))


def _who(visit: Visit, held: Any) -> dict[str, Any]:
    project = held.project
    wanted = requirement_sets_of(project)[WorkRole.ATTEMPT]
    able = who_could(requirement=wanted, client=f"C-{project.client_id}", at=visit.at)
    names = names_of(tutor_ids=[facts.tutor_id for facts in able[:WHO_SHOWN_MAX]])
    people = [
        {
            "id": facts.name,
            "name": names.get(facts.tutor_id, facts.name),
            "present": facts.presence.state.value == "taking_work",
        }
        for facts in able[:WHO_SHOWN_MAX]
    ]
    return {"task": held, "people": people, "count": len(able), "who_shown": True}


@page(roles=STEERING)
def task_withdraw_known(visit: Visit, *, id: str) -> HttpResponseBase:
    """The known answer is wrong: it counts for nobody any more."""
    held = _task(visit, id)
    if not visit.posted:
        return visit.go(reverse("ops-task", args=[held.public_id]))
    answers = withdraw_known_answer(
        task=held, reason=reason_of(visit), actor=visit.account, at=visit.at
    )
    said = ngettext(
        "Withdrawn. It counted for %(n)d answer.",
        "Withdrawn. It counted for %(n)d answers.",
        answers,
    ) % {"n": answers}
    return visit.go("ops-task", held.public_id, say=said)


@page(roles=STEERING)
def task_cancel(visit: Visit, *, id: str) -> HttpResponseBase:
    """Nobody is asked about it any more; what was worked on it is paid."""
    held = _task(visit, id)
    if not visit.posted:
        return visit.go(reverse("ops-task", args=[held.public_id]))
    cancel(task=held, reason=reason_of(visit), actor=visit.account, at=visit.at)
    said = _("%(id)s is cancelled. Time worked on it is paid.") % {"id": held.public_id}
    return visit.go("ops-task", held.public_id, say=said)
