"""What waits for a manager's word: each a bounded question, none counts further than a limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from tasks.rules.limits import LIVE_COUNT_MAX, LIVE_DECISIONS_MAX
from workforce.rules.ids import public_id

LOOKED_BACK = timedelta(days=7)
BATCH_ERRORS_PERCENT = 20
"""From this share of bad rows on, somebody should look at the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWaiting:
    """Entries that wait for approval, kept apart, and in dispute; each up to a limit."""

    submitted: int
    held: int
    disputed: int

    @property
    def total(self) -> int:
        return self.submitted + self.held + self.disputed

    @property
    def more(self) -> bool:
        """There may be more than these."""
        return LIVE_COUNT_MAX in (self.submitted, self.held, self.disputed)


_TIME = f"""
SELECT (SELECT count(*) FROM (SELECT 1 FROM tasks_timeentry
                               WHERE state = 'submitted' LIMIT {LIVE_COUNT_MAX}) s),
       (SELECT count(*) FROM (SELECT 1 FROM tasks_timeentry
                               WHERE state = 'held' LIMIT {LIVE_COUNT_MAX}) h),
       (SELECT count(*) FROM (SELECT 1 FROM tasks_timeentry
                               WHERE state = 'disputed' LIMIT {LIVE_COUNT_MAX}) d)
"""  # noqa: S608 - limits of ours


def time_waiting() -> TimeWaiting:
    with connection.cursor() as cursor:
        cursor.execute(_TIME)
        submitted, held, disputed = cursor.fetchone()
    return TimeWaiting(submitted=submitted, held=held, disputed=disputed)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadBatch:
    batch_id: int
    project_name: str
    state: str
    received: int
    error: int
    note: str

    @property
    def batch(self) -> str:
        return public_id("B", self.batch_id)


_BATCHES = f"""
SELECT b.id, project.name, b.state, b.received, b.error, b.note
  FROM (SELECT * FROM tasks_batch ORDER BY id DESC LIMIT {LIVE_COUNT_MAX}) b
  JOIN tasks_project project ON project.id = b.project_id
 WHERE b.created_at >= %(since)s
   AND (b.state = 'failed'
        OR (b.error > 0 AND b.error * 100 >= b.received * {BATCH_ERRORS_PERCENT}))
 ORDER BY b.id DESC LIMIT {LIVE_DECISIONS_MAX}
"""  # noqa: S608


def bad_batches(*, at: datetime) -> list[BadBatch]:
    """Batches of the last week that failed or of which a fifth or more was wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, {"since": at - LOOKED_BACK})
        names = tuple(BadBatch.__dataclass_fields__)
        return [BadBatch(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """A pool with waiting work that nobody here could take, and the verdict in the way."""

    project_id: int
    project_name: str
    role: str
    code: str
    waiting: int
    since: datetime

    @property
    def project(self) -> str:
        return public_id("P", self.project_id)


_EXHAUSTED = f"""
SELECT project.id, project.name, pool.role, seen.code, kept.waiting, seen.nobody_since
  FROM tasks_poolwatch seen
  JOIN tasks_poolcounter kept ON kept.pool_id = seen.pool_id AND kept.waiting > 0
  JOIN tasks_pool pool ON pool.id = seen.pool_id
  JOIN tasks_project project ON project.id = pool.project_id AND project.state = 'open'
 WHERE seen.nobody_since IS NOT NULL
 ORDER BY seen.nobody_since, pool.id LIMIT {LIVE_DECISIONS_MAX}
"""  # noqa: S608


def exhausted_pools() -> list[Exhausted]:
    """Where nobody could take what waits, the longest known first."""
    with connection.cursor() as cursor:
        cursor.execute(_EXHAUSTED)
        names = tuple(Exhausted.__dataclass_fields__)
        return [Exhausted(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A task that two people could not do, and is still open."""

    task_id: int
    project_name: str
    at: datetime

    @property
    def task(self) -> str:
        return public_id("T", self.task_id)


_DOUBTFUL = f"""
SELECT task.id, project.name, e.at
  FROM (SELECT subject, at FROM workforce_event WHERE kind = 'tasks.cannot_twice'
         ORDER BY id DESC LIMIT {LIVE_COUNT_MAX}) e
  JOIN tasks_task task ON task.id = substr(e.subject, 3)::bigint
  JOIN tasks_project project ON project.id = task.project_id
 WHERE task.state = 'open' ORDER BY e.at DESC LIMIT {LIVE_DECISIONS_MAX}
"""  # noqa: S608


def doubtful_tasks() -> list[Doubtful]:
    """Tasks that two people called impossible, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTFUL)
        names = tuple(Doubtful.__dataclass_fields__)
        return [Doubtful(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
