"""What is to be known before known answers are mixed in: where, how many, which, and whereto."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from tasks.queries.pools import BY_AGE, BY_PRIORITY, TIMELY, first_open, in_time
from tasks.rules import gold
from tasks.rules.ranking import PRIORITY_MAX

_DUE = """
SELECT j.id FROM tasks_project j LEFT JOIN tasks_goldmix m ON m.project_id = j.id
 WHERE j.state = 'open' AND j.gold_percent > 0
   AND (m.project_id IS NULL
        OR m.looked_at <= statement_timestamp() - make_interval(secs => %(seconds)s::int))
   AND EXISTS (SELECT 1 FROM tasks_task t WHERE t.project_id = j.id AND t.is_gold)
 ORDER BY m.looked_at NULLS FIRST, j.id LIMIT %(limit)s
"""


def projects_to_mix() -> list[int]:
    """Open projects that want a share of known answers, have some, and are due for a look."""
    parameters = {"seconds": gold.MIX_AGAIN_SECONDS, "limit": gold.MIX_PROJECTS_MAX}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, parameters)
        return [row[0] for row in cursor.fetchall()]


class Taken(NamedTuple):
    """Attempts that began since a claim, `gold` of them of known answers."""

    taken: int
    gold: int
    last_claim_id: int


_TAKEN = """
SELECT count(*), count(*) FILTER (WHERE t.is_gold), coalesce(max(few.id), %(seen)s)
  FROM (SELECT c.id, c.task_id FROM tasks_claim c
         WHERE c.project_id = %(project)s AND c.id > %(seen)s AND c.role = 'attempt'
           AND c.revises_id IS NULL
           AND c.claimed_at <= statement_timestamp() - make_interval(secs => %(settled)s::int)
         ORDER BY c.id LIMIT %(limit)s) few
  JOIN tasks_task t ON t.id = few.task_id
"""


def taken_since(*, project_id: int, claim_id: int) -> Taken:
    """Revisions are no new attempts; claims of the last seconds are left to the next look."""
    parameters = {
        "project": project_id,
        "seen": claim_id,
        "settled": gold.SETTLED_SECONDS,
        "limit": gold.MIX_CLAIMS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, parameters)
        return Taken._make(cursor.fetchone())


class Head(NamedTuple):
    """A pool in which other work waits, and a priority and age that come right before it."""

    pool_id: int
    priority: int
    opened_at: datetime


_OTHER = "AND NOT (SELECT t.is_gold FROM tasks_task t WHERE t.id = s.task_id)"
_BEST = f"""
SELECT pool.id, least({PRIORITY_MAX}, urgent.priority + 1),
       coalesce(timely.opened_at, eldest.opened_at)
  FROM tasks_pool pool JOIN tasks_project project ON project.id = pool.project_id
 CROSS JOIN LATERAL {first_open(BY_PRIORITY, _OTHER)} urgent
 CROSS JOIN LATERAL {first_open(BY_AGE, _OTHER)} eldest
  LEFT JOIN LATERAL {first_open(BY_AGE, f"{_OTHER} {in_time(TIMELY)}")} timely ON true
 WHERE pool.project_id = %(project)s AND pool.role = 'attempt'
 ORDER BY pool.step LIMIT 1
"""  # noqa: S608


def best_waiting(*, project_id: int) -> Head | None:
    """None where nothing but known answers waits: alone they would be told apart."""
    with connection.cursor() as cursor:
        cursor.execute(_BEST, {"project": project_id})
        row = cursor.fetchone()
    return Head._make(row) if row else None


_CHOOSE = """
SELECT t.id FROM (
       SELECT id FROM tasks_task WHERE project_id = %(project)s AND is_gold
        ORDER BY id DESC LIMIT %(among)s) few
  JOIN tasks_task t ON t.id = few.id AND t.state <> 'cancelled'
  JOIN tasks_taskcontent c ON c.task_id = t.id AND c.gold_withdrawn_at IS NULL
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE s.state IN ('claimed', 'done')) AS taken,
              count(*) FILTER (WHERE s.state = 'offered' OR w.slot_id IS NOT NULL) AS waiting
         FROM tasks_slot s LEFT JOIN tasks_goldwaiting w ON w.slot_id = s.id
        WHERE s.task_id = t.id AND s.role = 'attempt') had
 WHERE had.waiting = 0 ORDER BY had.taken, t.id LIMIT %(n)s
"""


def least_given(*, project_id: int, most: int) -> list[int]:
    """Tasks whose known answer counts and that wait for nobody, those that fewest had first."""
    parameters = {"project": project_id, "among": gold.GOLD_TASKS_MAX, "n": most}
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, parameters)
        return [row[0] for row in cursor.fetchall()]
