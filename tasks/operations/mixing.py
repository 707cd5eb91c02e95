"""Known answers are mixed into a project's other work, so that its wanted share of them is given.

A slot of a task with a known answer is put where the best of the project's other work waits, and is
taken by whoever comes next: by the same rules, offers and claims. Whoever had them all gets none.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from tasks.events import KnownAnswersMixedIn
from tasks.models import GoldMix, GoldWaiting, Pool
from tasks.operations.finishing import finish_tasks
from tasks.queries.pools import BY_AGE, BY_PRIORITY, TIMELY, in_time
from tasks.rules import gold
from tasks.rules.ranking import PRIORITY_MAX
from workforce.operations import record

_DUE = """
SELECT j.id FROM tasks_project j LEFT JOIN tasks_goldmix m ON m.project_id = j.id
 WHERE j.state = 'open' AND j.gold_percent > 0
   AND (m.project_id IS NULL
        OR m.looked_at <= statement_timestamp() - make_interval(secs => %(seconds)s::int))
   AND EXISTS (SELECT 1 FROM tasks_task t WHERE t.project_id = j.id AND t.is_gold)
 ORDER BY m.looked_at NULLS FIRST, j.id LIMIT %(limit)s
"""


def mix_known_answers(*, at: datetime) -> int:
    """Look at the projects that want known answers mixed in; slots opened and taken out again.

    Each project is a transaction of its own, and looked at again after `MIX_AGAIN_SECONDS`.
    """
    parameters = {"seconds": gold.MIX_AGAIN_SECONDS, "limit": gold.MIX_PROJECTS_MAX}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, parameters)
        due = [row[0] for row in cursor.fetchall()]
    return sum(_mix(project_id=project_id, at=at) for project_id in due)


_BEGIN = """
INSERT INTO tasks_goldmix (project_id, seen_claim_id, credit)
SELECT %(project)s, coalesce(max(id), 0), 0 FROM tasks_claim WHERE project_id = %(project)s
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def _mix(*, project_id: int, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"project": project_id})
    rows = GoldMix.objects.select_related("project").filter(project=project_id)
    mix = rows.select_for_update(of=("self",), skip_locked=True).first()
    if mix is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_UP, {"project": project_id})
    _earn(mix)
    head = _best_waiting(mix.project_id)
    moved = _open(mix, head, at=at) if head else _retire(mix)
    mix.looked_at = Now()
    mix.save()
    return moved


_TAKEN = """
SELECT count(*), count(*) FILTER (WHERE t.is_gold), max(few.id)
  FROM (SELECT c.id, c.task_id FROM tasks_claim c
         WHERE c.project_id = %(project)s AND c.id > %(seen)s AND c.role = 'attempt'
           AND c.revises_id IS NULL
           AND c.claimed_at <= statement_timestamp() - make_interval(secs => %(settled)s::int)
         ORDER BY c.id LIMIT %(limit)s) few
  JOIN tasks_task t ON t.id = few.task_id
"""


def _earn(mix: GoldMix) -> None:
    """Add what was taken since the last look to the credit."""
    parameters = {
        "project": mix.project_id,
        "seen": mix.seen_claim_id,
        "settled": gold.SETTLED_SECONDS,
        "limit": gold.MIX_CLAIMS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, parameters)
        taken, golds, last = cursor.fetchone()
    mix.credit = gold.credit_after(
        credit=mix.credit, percent=mix.project.gold_percent, taken=taken, gold=golds
    )
    mix.seen_claim_id = last or mix.seen_claim_id


def _other(order: str, only: str = "") -> str:
    """SQL: the first open slot of `pool`, in an order, of a task without a known answer."""
    return f"""(
       SELECT s.priority, s.opened_at FROM tasks_slot s
         JOIN tasks_task t ON t.id = s.task_id AND NOT t.is_gold
        WHERE s.pool_id = pool.id AND s.state = 'open' {only} ORDER BY {order} LIMIT 1)"""  # noqa: S608


_BEST = f"""
SELECT pool.id, least({PRIORITY_MAX}, urgent.priority + 1),
       coalesce(timely.opened_at, eldest.opened_at)
  FROM tasks_pool pool JOIN tasks_project project ON project.id = pool.project_id
 CROSS JOIN LATERAL {_other(BY_PRIORITY)} urgent
 CROSS JOIN LATERAL {_other(BY_AGE)} eldest
  LEFT JOIN LATERAL {_other(BY_AGE, in_time(f"({TIMELY})"))} timely ON true
 WHERE pool.project_id = %(project)s AND pool.role = 'attempt'
 ORDER BY pool.step LIMIT 1
"""  # noqa: S608

Head = tuple[int, int, datetime]
"""A pool in which other work waits, and a priority and age that come right before it."""


def _best_waiting(project_id: int) -> Head | None:
    """None where nothing but known answers waits: alone they would be told apart."""
    with connection.cursor() as cursor:
        cursor.execute(_BEST, {"project": project_id})
        found: Head | None = cursor.fetchone()
    return found


_TAKEN_UP = """
DELETE FROM tasks_goldwaiting w USING tasks_slot s
 WHERE s.id = w.slot_id AND w.project_id = %(project)s AND s.state NOT IN ('open', 'offered')
"""
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
_HOLD = "SELECT id FROM tasks_task WHERE id = ANY(%(tasks)s) ORDER BY id FOR NO KEY UPDATE"
_OPEN = """
WITH own AS MATERIALIZED (
    SELECT s.id, s.task_id, s.pool_id FROM unnest(%(tasks)s::bigint[]) AS w(task_id)
     CROSS JOIN LATERAL (
           SELECT s.id, s.task_id, s.pool_id FROM tasks_slot s
            WHERE s.task_id = w.task_id AND s.role = 'attempt' AND s.state = 'open'
            ORDER BY s.ordinal LIMIT 1 FOR UPDATE SKIP LOCKED) s),
forward AS (
    UPDATE tasks_slot s SET priority = %(priority)s, opened_at = %(opened_at)s
      FROM own WHERE s.id = own.id RETURNING s.id, s.pool_id),
again AS (
    UPDATE tasks_task t SET state = 'open', done_at = NULL
     WHERE t.id = ANY(%(tasks)s) AND t.state <> 'cancelled'
       AND NOT EXISTS (SELECT 1 FROM own WHERE own.task_id = t.id)
    RETURNING t.id, t.complexity),
fresh AS (
    INSERT INTO tasks_slot (task_id, pool_id, ordinal, opened_at, fence, priority, complexity,
                            rejects, role, state)
    SELECT again.id, %(pool)s, 1 + greatest(%(overlap)s, (
               SELECT max(s.ordinal) FROM tasks_slot s
                WHERE s.task_id = again.id AND s.role = 'attempt')),
           %(opened_at)s, 0, %(priority)s, again.complexity, 0, 'attempt', 'open'
      FROM again ORDER BY again.id
    RETURNING id, pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, arrived)
    SELECT pool_id, count(*), count(*) FROM fresh GROUP BY pool_id),
put AS (
    INSERT INTO tasks_goldwaiting (slot_id, project_id)
    SELECT id, %(project)s FROM forward UNION ALL SELECT id, %(project)s FROM fresh
    RETURNING slot_id)
SELECT count(*) FROM put
"""


def _open(mix: GoldMix, head: Head, *, at: datetime) -> int:
    """Ask next for those that fewest people had; how many slots.

    One that waits at its own place is put forward; where none waits, one more is opened.
    """
    pool_id, priority, opened_at = head
    parameters: dict[str, Any] = {"project": mix.project_id, "overlap": mix.project.overlap}
    waiting = GoldWaiting.objects.filter(project=mix.project_id).count()
    due = gold.slots_due(credit=mix.credit, waiting=waiting)
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, parameters | {"among": gold.GOLD_TASKS_MAX, "n": due})
        tasks = [row[0] for row in cursor.fetchall()]
        if not tasks:
            return 0
        chosen: dict[str, Any] = {"tasks": tasks, "pool": pool_id}
        cursor.execute(_HOLD, chosen)
        place = {"priority": priority, "opened_at": opened_at}
        cursor.execute(_OPEN, parameters | chosen | place)
        opened = int(cursor.fetchone()[0])
    pool = Pool.objects.select_related("project").get(pk=pool_id)
    event = KnownAnswersMixedIn(
        subject=pool.public_id, project=pool.project.public_id, queue=pool.queue, count=opened
    )
    record(event=event, actor=None, at=at)
    return opened


_RETIRE = """
WITH gone AS (
    UPDATE tasks_slot s SET state = 'cancelled' FROM tasks_goldwaiting w
     WHERE w.slot_id = s.id AND w.project_id = %(project)s AND s.ordinal > %(overlap)s
       AND s.state = 'open'
    RETURNING s.task_id, s.pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting)
    SELECT pool_id, -count(*) FROM gone GROUP BY pool_id)
SELECT task_id FROM gone
"""


def _retire(mix: GoldMix) -> int:
    """Nothing else waits: what was asked for once more, and nobody took, is not any more."""
    parameters = {"project": mix.project_id, "overlap": mix.project.overlap}
    with connection.cursor() as cursor:
        cursor.execute(_RETIRE, parameters)
        tasks = sorted({row[0] for row in cursor.fetchall()})
    if tasks:
        finish_tasks(task_ids=tasks)
    return len(tasks)
