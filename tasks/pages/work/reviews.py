"""The review desk: what waits for a reviewer, what she holds, and the way to the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from tasks.doors.words import kind_of_work
from tasks.pages.work.sheets import title_of
from tasks.queries import claims
from tasks.queries.queue import Queue, QueueLine, queue_of
from tasks.queries.sights import sights_of
from tasks.rules.states import OPEN_CLAIMS, WorkRole
from tasks.types import task_type
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

OPEN_SHOWN_MAX = 20
DONE_SHOWN_MAX = 10


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What waits and may be taken, together. Rates differ by project and are given as a range."""

    waiting: int
    oldest_at: datetime | None
    least_minor: int | None
    most_minor: int | None
    currency: str
    lines: tuple["Waiting", ...]
    shut: tuple["Waiting", ...]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One queue of reviews with the words for it."""

    line: QueueLine
    project: str
    kind: str


@page(roles={Role.REVIEWER})
def reviews(visit: Visit) -> HttpResponse:
    desk = _desk(_queue(visit))
    own = claims.own_claims(account_id=visit.account.pk).filter(role=WorkRole.REVIEW.value)
    states = [state.value for state in OPEN_CLAIMS]
    held = [_line(each) for each in own.filter(state__in=states).order_by("id")[:OPEN_SHOWN_MAX]]
    done = own.exclude(state__in=states).order_by("-id")[:DONE_SHOWN_MAX]
    context = {"desk": desk, "held": held, "done": [_line(each) for each in done]}
    return visit.render("tasks/work/reviews.html", context)


def _line(claim: Any) -> dict[str, Any]:
    return {"claim": claim, "title": title_of(task_type(claim.project.task_type))}


def _queue(visit: Visit) -> Queue | None:
    try:
        return queue_of(account_id=visit.account.pk, at=visit.at)
    except NotFound:
        return None


def _desk(queue: Queue | None) -> Desk:
    lines = [
        line
        for line in (queue.lines if queue else ())
        if line.waiting and line.pool.role is not WorkRole.ATTEMPT
    ]
    may = tuple(line for line in lines if line.eligible)
    rates = [line.rate_minor_hourly for line in may if line.rate_minor_hourly]
    return Desk(
        waiting=sum(line.waiting for line in may),
        oldest_at=min((line.oldest_at for line in may if line.oldest_at), default=None),
        least_minor=min(rates, default=None),
        most_minor=max(rates, default=None),
        currency=next((line.currency for line in may if line.currency), "USD"),
        lines=_told(may),
        shut=_told([line for line in lines if not line.eligible]),
    )


def _told(lines: Sequence[QueueLine]) -> tuple[Waiting, ...]:
    sights = sights_of(line.pool.pool_id for line in lines)
    return tuple(
        Waiting(
            line=line,
            project=sights[line.pool.pool_id].project_name,
            kind=kind_of_work(line.pool.task_type),
        )
        for line in lines
        if line.pool.pool_id in sights
    )
