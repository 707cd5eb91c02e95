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
from tasks.queries.mixing import Head, best_waiting, least_given, projects_to_mix, taken_since
from tasks.rules import gold
from workforce.operations import record


def mix_known_answers(*, at: datetime) -> int:
    """Look at the projects that want known answers mixed in; slots opened and taken out again.

    Each project is a transaction of its own, and looked at again after `MIX_AGAIN_SECONDS`.
    """
    return sum(_mix(project_id=project_id, at=at) for project_id in projects_to_mix())


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
    head = best_waiting(project_id=mix.project_id)
    moved = _open(mix, head, at=at) if head else _retire(mix)
    mix.looked_at = Now()
    mix.save()
    return moved


def _earn(mix: GoldMix) -> None:
    """Add what was taken since the last look to the credit."""
    since = taken_since(project_id=mix.project_id, claim_id=mix.seen_claim_id)
    mix.credit = gold.credit_after(
        credit=mix.credit, percent=mix.project.gold_percent, taken=since.taken, gold=since.gold
    )
    mix.seen_claim_id = since.last_claim_id


_TAKEN_UP = """
DELETE FROM tasks_goldwaiting w USING tasks_slot s
 WHERE s.id = w.slot_id AND w.project_id = %(project)s AND s.state NOT IN ('open', 'offered')
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
    parameters: dict[str, Any] = {"project": mix.project_id, "overlap": mix.project.overlap}
    waiting = GoldWaiting.objects.filter(project=mix.project_id).count()
    due = gold.slots_due(credit=mix.credit, waiting=waiting)
    tasks = least_given(project_id=mix.project_id, most=due)
    if not tasks:
        return 0
    with connection.cursor() as cursor:
        chosen: dict[str, Any] = {"tasks": tasks, "pool": head.pool_id}
        cursor.execute(_HOLD, chosen)
        place = {"priority": head.priority, "opened_at": head.opened_at}
        cursor.execute(_OPEN, parameters | chosen | place)
        opened = int(cursor.fetchone()[0])
    pool = Pool.objects.select_related("project").get(pk=head.pool_id)
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
