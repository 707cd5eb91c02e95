"""A routing policy tried on a past period: how far it is, then both policies side by side."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.operations import rehearsing
from tasks.pages.operations.parts import READING, STEERING, may_steer
from tasks.pages.operations.routing_form import change_lines
from tasks.queries.rehearsals import rehearsal_of
from tasks.rules.policies import read_policy
from tasks.rules.rehearsing import AFTER, BEFORE, OTHERS, OWN, Line, Period, lines
from tasks.rules.states import RehearsalState
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit, page
from workforce.rules.shown import duration, money

if TYPE_CHECKING:
    from tasks.models import Rehearsal

STATES = {
    RehearsalState.WAITING: lazy("Waiting"),
    RehearsalState.RUNNING: lazy("Running"),
    RehearsalState.DONE: lazy("Done"),
    RehearsalState.FAILED: lazy("Failed"),
    RehearsalState.STOPPED: lazy("Stopped"),
}
FIGURES: dict[str, tuple[Any, str]] = {
    "late": (lazy("Past their SLA"), "count"),
    "wait_median": (lazy("Median wait"), "minutes"),
    "wait_p95": (lazy("95 of 100 waited at most"), "minutes"),
    "done": (lazy("Done by the end"), "count"),
    "waiting": (lazy("Not done by the end"), "count"),
    "cost_minor": (lazy("Pay in all"), "money"),
    "cost_per_hour": (lazy("Pay for an hour of work"), "money"),
    "gini": (lazy("Unevenness of paid time, 0 to 1"), "part"),
}
WIDE, HIGH = 720, 160
"""The picture's own units."""


@page(roles=READING)
def rehearsal(visit: Visit, *, id: str) -> HttpResponseBase:
    row = rehearsal_of(rehearsal_id=key_of("RH", id))
    part = visit.query.get("part") == "progress"
    template = "rehearsal_progress" if part else "rehearsal"
    answer = visit.render(f"tasks/operations/{template}.html", _context(visit, row))
    if part and row.ended_at is not None:
        answer["HX-Refresh"] = "true"
    return answer


@page(roles=STEERING)
def rehearsal_stop(visit: Visit, *, id: str) -> HttpResponseBase:
    row = rehearsal_of(rehearsal_id=key_of("RH", id))
    if visit.posted:
        rehearsing.stop_rehearsal(rehearsal=row, actor=visit.account, at=visit.at)
        return visit.go("ops-rehearsal", row.public_id, say=_("Stopped. Nothing was changed."))
    return visit.go("ops-rehearsal", row.public_id)


def state_word(row: "Rehearsal") -> str:
    return str(STATES[RehearsalState(row.state)])


def _context(visit: Visit, row: "Rehearsal") -> dict[str, Any]:
    asked = Period.from_json(row.question)
    policies = [read_policy(row.question[name]) for name in (BEFORE, AFTER)]
    owner = "project" if row.project else "domain"
    return {
        "row": row,
        "state_word": state_word(row),
        "is_over": row.ended_at is not None,
        "is_done": row.state == RehearsalState.DONE,
        "owner_id": row.project.public_id if row.project else row.domain and row.domain.slug,
        "routing_url": f"ops-{owner}-routing",
        "period": asked,
        "days": (asked.until - asked.since) / timedelta(days=1),
        "changes": change_lines(before=policies[0], after=policies[1]),
        "may_steer": may_steer(visit),
        **(_told(row.answer, asked) if row.answer else {}),
    }


def _told(answer: dict[str, Any], asked: Period) -> dict[str, Any]:
    currency = answer["currency"]
    own, others = (
        [_line(each, currency) for each in lines(answer, part=part)] for part in (OWN, OTHERS)
    )
    sides = answer["sides"]
    hours = [sides[router][OWN]["hours"] for router in (BEFORE, AFTER)]
    return {
        "answer": answer,
        "own": own,
        # Fairness is of people, whatever they work on: it stands with the own work alone.
        "others": others[:-1] if sides[BEFORE][OTHERS]["tasks"] else [],
        "tasks": sides[BEFORE][OWN]["tasks"],
        "late": [
            (sides[r][OWN]["late_least"], sides[r][OWN]["late_most"]) for r in (BEFORE, AFTER)
        ],
        "hours": _hours(hours, asked),
        "chart": _chart(hours),
    }


def _line(line: Line, currency: str) -> dict[str, Any]:
    label, kind = FIGURES[line.name]
    change = line.after - line.before
    said = _said(kind, abs(change), currency)
    same = said == _said(kind, 0, currency)
    return {
        "label": label,
        "was": "–" if line.was is None else _said(kind, line.was, currency),
        "before": _said(kind, line.before, currency),
        "after": _said(kind, line.after, currency),
        "change": "" if same else f"{'+' if change > 0 else '−'}{said}",
        "better": 0 if same else line.better,
    }


def _said(kind: str, value: float, currency: str) -> str:
    if kind == "money":
        return money(round(value), currency)
    if kind == "minutes":
        return duration(round(value) * 60)
    return f"{value:.3f}" if kind == "part" else f"{round(value):,}"


def _hours(hours: list[list[int]], asked: Period) -> list[dict[str, Any]]:
    """For who would rather read: every sixth hour."""
    return [
        {"at": asked.since + timedelta(hours=n), "before": before, "after": after}
        for n, (before, after) in enumerate(zip(*hours, strict=True))
        if n % 6 == 0
    ]


def _chart(hours: list[list[int]]) -> dict[str, Any] | None:
    """Both lines in the picture's units, and what its height stands for."""
    most = max((value for line in hours for value in line), default=0)
    if not most or len(hours[0]) < 2:
        return None
    step = WIDE / (len(hours[0]) - 1)
    drawn = [
        " ".join(f"{n * step:.1f},{HIGH - value * HIGH / most:.1f}" for n, value in enumerate(line))
        for line in hours
    ]
    return {"before": drawn[0], "after": drawn[1], "most": most, "wide": WIDE, "high": HIGH}
