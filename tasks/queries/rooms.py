"""A project as its room shows it: how far it is, from kept figures, for any number of projects."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from tasks.models import Batch, GuideVersion, Project, Task
from tasks.rules.risk import Line, share_percent
from tasks.rules.states import ProjectState, WorkRole

GUIDES_SHOWN_MAX = 50
BATCHES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """What waits of one role, with the softest step it has reached."""

    role: WorkRole
    line: Line
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a project is. `tasks`: loaded so far; answers wanted are tasks × overlap."""

    tasks: int
    answers_wanted: int
    lines: tuple[RoleLine, ...]

    @property
    def attempts_left(self) -> int:
        return sum(self._left(each.line) for each in self.lines if each.role is WorkRole.ATTEMPT)

    @property
    def reviews_left(self) -> int:
        return sum(self._left(each.line) for each in self.lines if each.role is WorkRole.REVIEW)

    @property
    def answered(self) -> int:
        """Answers that nobody has to give any more: handed in, or cancelled with their task."""
        return max(0, self.answers_wanted - self.attempts_left)

    @property
    def done_percent(self) -> int | None:
        return share_percent(self.answered, self.answers_wanted)

    @property
    def waiting(self) -> int:
        return sum(each.line.waiting for each in self.lines)

    @property
    def in_hand(self) -> int:
        return sum(each.line.in_hand for each in self.lines)

    @property
    def worst(self) -> RoleLine | None:
        """The line whose oldest waits longest."""
        waiting = [each for each in self.lines if each.line.oldest_seconds is not None]
        return max(waiting, key=lambda each: each.line.oldest_seconds or 0, default=None)

    @staticmethod
    def _left(line: Line) -> int:
        return line.waiting + line.offered + line.in_hand


_LINES = """
SELECT project.id, pool.role, sum(k.waiting)::int, sum(k.offered)::int, sum(k.in_hand)::int,
       extract(epoch FROM statement_timestamp() - min(k.oldest_at))::bigint,
       array_agg(pool.step ORDER BY pool.step) FILTER (WHERE k.waiting > 0),
       project.sla_minutes, project.expected_seconds, project.state,
       (SELECT coalesce(sum(b.new), 0)::bigint FROM tasks_batch b WHERE b.project_id = project.id),
       project.overlap
  FROM tasks_project project
  JOIN tasks_pool pool ON pool.project_id = project.id
  JOIN tasks_poolcounter k ON k.pool_id = pool.id
 WHERE project.id = ANY(%s)
 GROUP BY project.id, pool.role ORDER BY project.id, pool.role
"""


def standings(project_ids: Collection[int]) -> dict[int, Standing]:
    """How far each of these projects is; one statement."""
    if not project_ids:
        return {}
    found: dict[int, list[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(project_ids)])
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(row)
    return {
        project_id: Standing(
            tasks=rows[0][10],
            answers_wanted=rows[0][10] * rows[0][11],
            lines=_lines(rows),
        )
        for project_id, rows in found.items()
    }


_ORDER = (WorkRole.ATTEMPT, WorkRole.REVIEW, WorkRole.ADJUDICATE)


def _lines(rows: list[Any]) -> tuple[RoleLine, ...]:
    """Answers, then reviews; adjudication only where there is any."""
    lines = sorted((_line(row) for row in rows), key=lambda each: _ORDER.index(each.role))
    return tuple(
        each
        for each in lines
        if each.role is not WorkRole.ADJUDICATE
        or each.line.waiting + each.line.offered + each.line.in_hand
    )


def _line(row: Any) -> RoleLine:
    role = WorkRole(row[1])
    attempt = role is WorkRole.ATTEMPT
    return RoleLine(
        role=role,
        steps=tuple(row[6] or ()),
        line=Line(
            waiting=row[2],
            offered=row[3],
            in_hand=row[4],
            oldest_seconds=max(0, row[5]) if row[2] and row[5] is not None else None,
            sla_minutes=row[7],
            expected_seconds=row[8] if attempt else max(1, row[8] // 2),
            paused=row[9] == ProjectState.PAUSED,
        ),
    )


def guides_of(*, project: Project) -> list[GuideVersion]:
    """The guide's versions, newest first."""
    rows = project.guides.select_related("created_by").order_by("-n")
    return list(rows[:GUIDES_SHOWN_MAX])


def batches_of(*, project: Project) -> QuerySet[Batch]:
    return project.batches.select_related("created_by")


def first_tasks(*, batch: Batch, limit: int = 5) -> list[Task]:
    """The first tasks that the batch made."""
    return list(batch.tasks.order_by("id")[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a projects list is narrowed by."""

    state: str = ""
    domain: str = ""
    q: str = ""


def narrowed(rows: QuerySet[Project], *, by: Narrowed) -> QuerySet[Project]:
    """The rows in this state, of this top-level domain, with this in the name or the client's."""
    if by.state:
        rows = rows.filter(state=by.state)
    if by.domain:
        below = Q(domain__slug=by.domain) | Q(domain__slug__startswith=f"{by.domain}.")
        rows = rows.filter(below)
    if by.q:
        rows = rows.filter(Q(name__icontains=by.q) | Q(client__name__icontains=by.q))
    return rows
