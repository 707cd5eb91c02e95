"""A tutor's queues as rows of a page: open, empty, closed with the rule, paused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.doors.advice import AdviceRow, a_week, advice_row, due_words, range_words
from tasks.doors.closed import Opens, first_reason, said
from tasks.doors.words import domain_name, kind_of_work
from tasks.queries.queue import Queue, QueueLine, fields_of, queue_for
from tasks.queries.sights import Sight, has_worked_on, quiet_pools, sights_of
from tasks.rules.advising import GAIN_SECONDS_MIN
from tasks.rules.ahead import Hands
from tasks.rules.states import Dispatch, ProjectState, WorkRole
from tutors.rules.eligibility import Facts, Verdict

ROWS_SHOWN = 10
"""Rows on the home page; the rest is behind “All queues”."""

ALWAYS_ASKED = frozenset({"paused", "presence_lapsed", "capacity_full"})
"""What stands in every queue's way alike: said once above them, not in each row."""


class Door(StrEnum):
    """How a queue stands before one person."""

    OPEN = "open"
    EMPTY = "empty"
    CLOSED = "closed"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One queue. `pool_id` is where to look closer; `due`: when work comes, `share`: what it
    brings her in a week, in words. `alert`: by which she waits to be told that it opens.
    """

    door: Door
    pool_id: int
    project_id: int
    name: str
    domain: str
    task_type: str
    role: WorkRole
    waiting: int = 0
    in_hand: int = 0
    oldest_at: datetime | None = None
    rate_minor_hourly: int | None = None
    currency: str = ""
    expected_seconds: int = 0
    offered_only: bool = False
    stopped_at: datetime | None = None
    stopped_because: str = ""
    due: str = ""
    share: str = ""
    alert: str = ""
    opens: Opens | None = None
    verdicts: Sequence[Verdict] = field(default=())

    @property
    def public_id(self) -> str:
        return f"PL-{self.pool_id}"

    @property
    def project(self) -> str:
        return f"P-{self.project_id}"

    @property
    def is_review(self) -> bool:
        return self.role is not WorkRole.ATTEMPT

    @property
    def work(self) -> str:
        kind = kind_of_work(self.task_type)
        if self.is_review:
            kind = _("Review of %(kind)s") % {"kind": kind.lower()}
        return f"{domain_name(self.domain)} · {kind}"

    @property
    def can_take(self) -> bool:
        return self.door is Door.OPEN and not self.offered_only

    @property
    def can_wait(self) -> bool:
        """Whether being told that it opens makes sense."""
        return self.door in (Door.EMPTY, Door.CLOSED, Door.PAUSED)

    @property
    def company(self) -> str:
        """Who else is at it."""
        if not self.in_hand:
            return _("Nobody is working on it now.")
        return ngettext(
            "%(n)d task of it is being worked on now.",
            "%(n)d tasks of it are being worked on now.",
            self.in_hand,
        ) % {"n": self.in_hand}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The rows, open ones first, what holds for all of them, and what would bring more.

    `brings`: what is open to her, in words; empty while nothing is or was measured. `rests_until`:
    no offer comes before, as she handed in work a moment ago.
    """

    rows: tuple[QueueRow, ...]
    standing: tuple[Opens, ...]
    advice: tuple[AdviceRow, ...] = ()
    brings: str = ""
    as_of: datetime | None = None
    hands: Hands | None = None
    rests_until: datetime | None = None

    @property
    def open(self) -> list[QueueRow]:
        return [row for row in self.rows if row.door is Door.OPEN]

    @property
    def waiting(self) -> int:
        return sum(row.waiting for row in self.open if not row.is_review)


def queues_of(*, facts: Facts, at: datetime) -> Queues:
    """Every queue in the tutor's fields, and those she knows that are quiet now."""
    queue = queue_for(facts=facts, at=at)
    groups = _groups(queue.lines)
    best = [_best(group) for group in groups.values()]
    advised = [pool for each in queue.advice.changes for pool in each.pools]
    sights = sights_of({*advised, *(line.pool.pool_id for line in best)})
    rows = [
        _row(line, group, sights[line.pool.pool_id], at=at)
        for line, group in zip(best, groups.values(), strict=True)
        if line.pool.pool_id in sights
    ]
    known = {(row.project_id, row.role) for row in rows}
    rows += [
        _quiet(sight, queue=queue)
        for sight in quiet_pools(tutor_id=facts.tutor_id)
        if (sight.project_id, sight.role) not in known
    ]
    names = {pool_id: sight.project_name for pool_id, sight in sights.items()}
    return Queues(
        rows=tuple(sorted(rows, key=_order)),
        standing=_standing(queue),
        advice=tuple(advice_row(each, names=names) for each in queue.advice.changes),
        brings=_brings(queue),
        as_of=queue.as_of,
        hands=queue.hands,
        rests_until=queue.rests_until,
    )


def _brings(queue: Queue) -> str:
    now = queue.advice.now
    if now.mid < GAIN_SECONDS_MIN:
        return ""
    return _("What is open to you brings %(hours)s, %(range)s.") % {
        "hours": a_week(now),
        "range": range_words(now),
    }


def one_of(queues: Queues, *, sight: Sight, facts: Facts) -> QueueRow | None:
    """The row that a pool belongs to; None outside her fields and her past."""
    wanted = (sight.project_id, sight.role)
    found = next((row for row in queues.rows if (row.project_id, row.role) == wanted), None)
    if found is None and _is_hers(sight, facts=facts):
        return _quiet(sight)
    return found


def _is_hers(sight: Sight, *, facts: Facts) -> bool:
    """Whether she would see it if work waited in it, or has worked there."""
    if sight.state is ProjectState.OPEN and sight.domain.partition(".")[0] in fields_of(facts):
        return sight.role is WorkRole.ATTEMPT or facts.reviewer
    return has_worked_on(tutor_id=facts.tutor_id, project_id=sight.project_id)


def _standing(queue: Queue) -> tuple[Opens, ...]:
    return tuple(said(verdict) for verdict in queue.standing if not verdict.passed)


def _groups(lines: Iterable[QueueLine]) -> dict[tuple[int, WorkRole], list[QueueLine]]:
    """A project's steps are one queue for people."""
    groups: dict[tuple[int, WorkRole], list[QueueLine]] = {}
    for line in lines:
        groups.setdefault((line.pool.project_id, line.pool.role), []).append(line)
    return groups


def _best(group: Sequence[QueueLine]) -> QueueLine:
    """The step with the least in her way."""
    return min(group, key=lambda line: (len(_in_the_way(line)), line.pool.step))


def _in_the_way(line: QueueLine) -> list[Verdict]:
    return [v for v in line.verdicts if not v.passed and _is_told_here(v, line)]


def _row(line: QueueLine, group: Sequence[QueueLine], sight: Sight, *, at: datetime) -> QueueRow:
    blocked = _in_the_way(line)
    taken = [each for each in group if not _in_the_way(each)] or group
    waiting = sum(each.waiting for each in taken)
    share = line.share
    return QueueRow(
        door=Door.CLOSED if blocked else Door.OPEN if waiting else Door.EMPTY,
        pool_id=line.pool.pool_id,
        project_id=line.pool.project_id,
        name=sight.project_name,
        domain=line.pool.domain,
        task_type=line.pool.task_type,
        role=line.pool.role,
        waiting=waiting,
        in_hand=sight.in_hand,
        oldest_at=min((each.oldest_at for each in taken if each.oldest_at), default=None),
        rate_minor_hourly=line.would_pay_minor_hourly,
        currency=line.would_pay_currency,
        expected_seconds=line.pool.expected_seconds,
        offered_only=line.pool.dispatch is Dispatch.PUSH,
        due="" if waiting else due_words(line.outlook, next_at=line.next_at, at=at),
        share=a_week(share) if share and share.mid >= GAIN_SECONDS_MIN else "",
        alert=line.alert.public_id if line.alert else "",
        opens=first_reason(blocked),
        verdicts=tuple(v for v in line.verdicts if _is_told_here(v, line)),
    )


def _is_told_here(verdict: Verdict, line: QueueLine) -> bool:
    """Hands that are too full for heavy work alone are told with that work."""
    heavy = line.pool.weight > 1 and verdict.code == "capacity_full"
    return heavy or verdict.code not in ALWAYS_ASKED


def _quiet(sight: Sight, *, queue: Queue | None = None) -> QueueRow:
    alert = queue.alerts.get((sight.project_id, sight.role)) if queue else None
    return QueueRow(
        door=_DOORS.get(sight.state, Door.OVER),
        pool_id=sight.pool_id,
        project_id=sight.project_id,
        name=sight.project_name,
        domain=sight.domain,
        task_type=sight.task_type,
        role=sight.role,
        in_hand=sight.in_hand,
        stopped_at=sight.stopped_at,
        stopped_because=sight.stopped_because,
        alert=alert.public_id if alert else "",
    )


_DOORS = {ProjectState.OPEN: Door.EMPTY, ProjectState.PAUSED: Door.PAUSED}
_RANK = {Door.OPEN: 0, Door.EMPTY: 1, Door.CLOSED: 2, Door.PAUSED: 3, Door.OVER: 4}


def _order(row: QueueRow) -> tuple[Any, ...]:
    """Open first, best paid first; then what she knows; closed ones by how little is missing."""
    missing = sum(not verdict.passed for verdict in row.verdicts)
    return (_RANK[row.door], missing, -(row.rate_minor_hourly or 0), row.project_id, row.role)
