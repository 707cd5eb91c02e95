"""The operations room at a glance: every number from kept figures, each one statement.

No statement here reads the task or slot tables; their length does not matter.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tasks.rules.figures import POOLS_SHOWN_MAX
from tasks.rules.limits import LIVE_COUNT_MAX, LIVE_PEOPLE_MAX
from tasks.rules.risk import BUDGET_WARN_PERCENT, Line
from tasks.rules.states import WorkRole
from tutors.rules.fields import within
from workforce.rules.ids import public_id

LATE_FIGURES_AFTER = timedelta(seconds=60)
"""Changes wait no longer than this to be folded unless something is wrong."""

_ROWS = f"""
SELECT project.id, project.name, client.name, domain.slug, project.state, project.sla_minutes,
       project.expected_seconds, pool.role, sum(kept.waiting)::int, sum(kept.offered)::int,
       sum(kept.in_hand)::int,
       extract(epoch FROM statement_timestamp() - min(kept.oldest_at))::bigint,
       count(*) OVER ()
  FROM tasks_poolcounter kept
  JOIN tasks_pool pool ON pool.id = kept.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN tasks_client client ON client.id = project.client_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
 WHERE project.state IN ('open', 'paused') AND (%(queue)s::text IS NULL OR pool.queue = %(queue)s)
 GROUP BY project.id, client.name, domain.slug, pool.role
HAVING pool.role = 'attempt' OR sum(kept.waiting + kept.offered + kept.in_hand) <> 0
 ORDER BY sum(kept.waiting) = 0,
          extract(epoch FROM statement_timestamp() - min(kept.oldest_at))
              / coalesce(project.sla_minutes, 1000000) DESC NULLS LAST,
          min(kept.oldest_at), project.id, pool.role
 LIMIT {POOLS_SHOWN_MAX}
"""  # noqa: S608 - a limit of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One row of the table: what waits of a project in a role, and who is free for it."""

    project_id: int
    name: str
    client: str
    domain: str
    role: WorkRole
    line: Line
    idle: int

    @property
    def project(self) -> str:
        return public_id("P", self.project_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """Those most at risk first; `count` is how many there are in all."""

    rows: tuple[Queue, ...]
    count: int


Idle = Counter[tuple[tuple[str, ...], bool]]
"""How many people have these fields, and whether they review: thousands are a few kinds."""


def queues(*, domain: str | None) -> Queues:
    """Waiting lines of open and paused projects, of one domain or of all; two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"queue": domain})
        rows = cursor.fetchall()
        cursor.execute(_IDLE)
        idle = Counter((tuple(slugs), reviewer) for slugs, reviewer in cursor.fetchall())
    return Queues(rows=tuple(_queue(row, idle) for row in rows), count=rows[0][12] if rows else 0)


def _queue(row: Any, idle: Idle) -> Queue:
    role = WorkRole(row[7])
    judging = role is not WorkRole.ATTEMPT
    return Queue(
        project_id=row[0],
        name=row[1],
        client=row[2],
        domain=row[3],
        role=role,
        line=Line(
            waiting=row[8],
            offered=row[9],
            in_hand=row[10],
            oldest_seconds=max(0, row[11]) if row[8] and row[11] is not None else None,
            sla_minutes=row[5],
            expected_seconds=max(1, row[6] // 2) if judging else row[6],
            paused=row[4] == "paused",
        ),
        idle=_idle_in(row[3], idle, judging=judging),
    )


_IDLE = f"""
SELECT array_agg(DISTINCT domain.slug),
       EXISTS (SELECT 1 FROM workforce_rolegrant g
                WHERE g.account_id = t.account_id AND g.role = 'reviewer')
  FROM tutors_tutor t
  JOIN tutors_qualification q ON q.tutor_id = t.id AND q.state = 'granted'
  JOIN workforce_domain domain ON domain.id = q.domain_id
 WHERE t.presence = 'taking_work'
   AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp())
   AND (q.expires_at IS NULL OR q.expires_at > statement_timestamp())
   AND NOT EXISTS (SELECT 1 FROM tasks_claim c
                    WHERE c.tutor_id = t.id AND c.state IN ('claimed', 'in_progress', 'paused'))
 GROUP BY t.id LIMIT {LIVE_COUNT_MAX}
"""  # noqa: S608


def _idle_in(domain: str, idle: Idle, *, judging: bool) -> int:
    """People who take work in this field and hold nothing."""
    return sum(
        count
        for (slugs, reviewer), count in idle.items()
        if (reviewer or not judging) and any(within(slug=s, ancestor=domain) for s in slugs)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """How many people hold work now, of how many who are taking work."""

    working: int
    available: int


_HANDS = """
SELECT (SELECT count(DISTINCT c.tutor_id) FROM tasks_claim c
          JOIN tasks_pool pool ON pool.id = c.pool_id
         WHERE c.state IN ('claimed', 'in_progress', 'paused')
           AND (%(queue)s::text IS NULL OR pool.queue = %(queue)s)),
       (SELECT count(*) FROM tutors_tutor t
         WHERE ((t.presence = 'taking_work'
                 AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp()))
                OR EXISTS (SELECT 1 FROM tasks_claim c WHERE c.tutor_id = t.id
                              AND c.state IN ('claimed', 'in_progress', 'paused')))
           AND (%(queue)s::text IS NULL OR EXISTS (
                SELECT 1 FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
                 WHERE q.tutor_id = t.id AND q.state = 'granted'
                   AND split_part(d.slug, '.', 1) = %(queue)s)))
"""


def hands(*, domain: str | None) -> Hands:
    with connection.cursor() as cursor:
        cursor.execute(_HANDS, {"queue": domain})
        working, available = cursor.fetchone()
    return Hands(working=working, available=available)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Somebody with work in hand, longest at it first."""

    tutor_id: int
    name: str
    domain: str
    project_id: int
    project_name: str
    task_id: int
    role: WorkRole
    state: str
    claimed_at: datetime
    seconds_worked: int

    @property
    def tutor(self) -> str:
        return public_id("E", self.tutor_id)

    @property
    def project(self) -> str:
        return public_id("P", self.project_id)

    @property
    def task(self) -> str:
        return public_id("T", self.task_id)


_AT_WORK = f"""
SELECT c.tutor_id, account.name, domain.slug, project.id, project.name, c.task_id, c.role, c.state,
       c.claimed_at, c.seconds_worked
  FROM tasks_claim c
  JOIN tutors_tutor t ON t.id = c.tutor_id
  JOIN workforce_account account ON account.id = t.account_id
  JOIN tasks_project project ON project.id = c.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
 WHERE c.state IN ('claimed', 'in_progress', 'paused')
   AND (%(queue)s::text IS NULL OR split_part(domain.slug, '.', 1) = %(queue)s)
   AND (%(project)s::bigint IS NULL OR c.project_id = %(project)s)
 ORDER BY c.claimed_at, c.id LIMIT {LIVE_PEOPLE_MAX}
"""  # noqa: S608


def at_work(*, domain: str | None = None, project_id: int | None = None) -> list[AtWork]:
    """Who works now, the longest first."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, {"queue": domain, "project": project_id})
        names = tuple(AtWork.__dataclass_fields__)
        return [
            AtWork(**{**dict(zip(names, row, strict=True)), "role": WorkRole(row[6])})
            for row in cursor.fetchall()
        ]


_STALE = "SELECT min(at) FROM tasks_counterchange"


def figures_until(*, at: datetime) -> tuple[datetime, bool]:
    """Up to when the kept figures count what happened, and whether that is late."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE)
        (oldest,) = cursor.fetchone()
    if oldest is None:
        return at, False
    return oldest, at - oldest > LATE_FIGURES_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUse:
    """A limited budget. `done_percent` is how much of the work that came in is answered."""

    project_id: int
    name: str
    domain: str
    currency: str
    total_minor: int
    used_minor: int
    reserved_minor: int
    over_minor: int
    done_percent: int | None

    @property
    def project(self) -> str:
        return public_id("P", self.project_id)

    @property
    def used_percent(self) -> int:
        return (self.used_minor + self.over_minor) * 100 // max(1, self.total_minor)

    @property
    def taken_percent(self) -> int:
        """Used and held for work in hand."""
        taken = self.used_minor + self.over_minor + self.reserved_minor
        return taken * 100 // max(1, self.total_minor)

    @property
    def hot(self) -> bool:
        return self.taken_percent >= BUDGET_WARN_PERCENT

    @property
    def used_x(self) -> int:
        """Where the bar ends in thousandths, as drawings want it; never past the frame."""
        return min(1000, self.used_percent * 10)

    @property
    def taken_x(self) -> int:
        return min(1000, self.taken_percent * 10)

    @property
    def done_x(self) -> int:
        return min(995, (self.done_percent or 0) * 10)


_BUDGETS = """
SELECT project.id, project.name, domain.slug, b.currency, b.total_minor, b.used_minor,
       b.reserved_minor, b.over_minor,
       (100 * (came.n * project.overlap - left_over.n) / nullif(came.n * project.overlap, 0))::int
  FROM tasks_projectbudget b
  JOIN tasks_project project ON project.id = b.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  CROSS JOIN LATERAL (SELECT coalesce(sum(batch.new), 0) AS n FROM tasks_batch batch
                       WHERE batch.project_id = project.id) came
  CROSS JOIN LATERAL (SELECT coalesce(sum(k.waiting + k.offered + k.in_hand), 0) AS n
                        FROM tasks_pool p JOIN tasks_poolcounter k ON k.pool_id = p.id
                       WHERE p.project_id = project.id AND p.role = 'attempt') left_over
 WHERE project.state IN ('open', 'paused') AND b.total_minor > 0
   AND (%(queue)s::text IS NULL OR split_part(domain.slug, '.', 1) = %(queue)s)
 ORDER BY (b.used_minor + b.over_minor + b.reserved_minor)::numeric / b.total_minor DESC,
          project.id LIMIT %(limit)s
"""


def budgets(*, domain: str | None, limit: int) -> list[BudgetUse]:
    """Limited budgets of running projects, those nearest to their end first."""
    with connection.cursor() as cursor:
        cursor.execute(_BUDGETS, {"queue": domain, "limit": limit})
        names = tuple(BudgetUse.__dataclass_fields__)
        return [BudgetUse(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
