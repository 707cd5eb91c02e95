"""My queue: everybody whose next step is a recruiter's, the longest waiting first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext

from tutors.pages.recruiting.acting import ACTING, RECRUITING
from tutors.pages.recruiting.words import STEPS, StepWords
from tutors.queries import people
from tutors.queries.next_steps import QUEUE_PAGE, Queue, queue
from tutors.rules.next_steps import NextStep, Step
from workforce.doors.pages import Visit, page
from workforce.rules.shown import duration

OLD_AFTER = timedelta(days=3)
"""From then on the age of a step is shown as a warning."""


@dataclass(frozen=True)
class Line:
    tutor: Any
    step: NextStep
    words: StepWords
    old: bool
    age: str


@page(roles=RECRUITING)
def home(visit: Visit) -> HttpResponse:
    found = queue(at=visit.at)
    chosen = visit.query.get("step", "")
    waiting = [line for line in found.waiting if not chosen or line[1].step == chosen]
    start = _start(waiting, visit.query.get("after", ""))
    shown = waiting[start : start + QUEUE_PAGE]
    rest = waiting[start + QUEUE_PAGE :]
    context = {
        "lines": _lines(visit, shown),
        "tabs": _tabs(found, chosen),
        "chosen": chosen,
        "total": len(found.waiting),
        "others": found.others,
        "next": _after(shown[-1], chosen) if rest else "",
        "first": reverse("recruiting-home") + (f"?step={chosen}" if chosen else ""),
        "is_later": start > 0,
        "acts": bool(visit.account.roles & ACTING),
    }
    return visit.render("tutors/recruiting/queue.html", context)


def _lines(visit: Visit, shown: list[tuple[int, NextStep]]) -> list[Line]:
    """The people behind the steps of one page, in the order of the queue."""
    rows = people.tutors_visible_to(account=visit.account).filter(pk__in=[n for n, _s in shown])
    found = {tutor.pk: tutor for tutor in people.listed(rows=rows)}
    return [
        Line(found[n], step, STEPS[step.step], _is_old(step, at=visit.at), _age(step, at=visit.at))
        for n, step in shown
        if n in found
    ]


def _is_old(step: NextStep, *, at: datetime) -> bool:
    return at - step.since > OLD_AFTER


def _age(step: NextStep, *, at: datetime) -> str:
    waited = at - step.since
    if waited < timedelta(days=1):
        return duration(int(waited.total_seconds()))
    return ngettext("%d day", "%d days", waited.days) % waited.days


def _tabs(found: Queue, chosen: str) -> list[dict[str, Any]]:
    counts: dict[str, int] = {step.value: n for step, n in found.by_step.items()}
    if chosen and chosen not in counts and chosen in set(Step):
        counts[chosen] = 0
    return [
        {"step": step, "words": STEPS[Step(step)], "n": n, "current": step == chosen}
        for step, n in counts.items()
    ]


def _after(line: tuple[int, NextStep], chosen: str) -> str:
    tutor_id, step = line
    query = {"after": f"{step.since.isoformat()},{tutor_id}"}
    if chosen:
        query["step"] = chosen
    return f"{reverse('recruiting-home')}?{urlencode(query)}"


def _start(waiting: list[tuple[int, NextStep]], after: str) -> int:
    """Where the page begins: behind the line named, also when that one is gone by now."""
    moment, _comma, number = after.partition(",")
    try:
        since = parse_datetime(moment)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None or not number.isdecimal():
        return 0
    key = (since, int(number))
    return next(
        (n for n, (tutor_id, step) in enumerate(waiting) if (step.since, tutor_id) > key),
        len(waiting),
    )
