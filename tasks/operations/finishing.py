"""When answers are accepted, and when a task is done."""

from django.db import connection

_ACCEPT = """
WITH accepted AS (
    UPDATE tasks_claim c SET state = 'accepted'
     WHERE c.id = %(claim)s AND c.state = 'submitted' RETURNING c.pool_id)
INSERT INTO tasks_counterchange (pool_id, accepted) SELECT pool_id, 1 FROM accepted RETURNING 1
"""
_FINISH = """
UPDATE tasks_task t SET state = 'done', done_at = statement_timestamp()
 WHERE t.id = ANY(%(tasks)s) AND t.state = 'open'
   AND NOT EXISTS (SELECT 1 FROM tasks_slot s WHERE s.task_id = t.id
                      AND s.state NOT IN ('done', 'cancelled'))
   AND EXISTS (SELECT 1 FROM tasks_slot s WHERE s.task_id = t.id AND s.state = 'done')
RETURNING t.id
"""
_HOLD = "SELECT 1 FROM tasks_task WHERE id = ANY(%(tasks)s) ORDER BY id FOR UPDATE"


def accept_claim(*, claim_id: int) -> bool:
    """Move an attempt from submitted to accepted; False when it is not waiting any more."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT, {"claim": claim_id})
        return cursor.fetchone() is not None


def finish_tasks(*, task_ids: list[int]) -> list[int]:
    """Close tasks of which every slot is done; the ids of those closed now.

    Holds the tasks' rows first: the last two answers to a task may come at the same moment, and
    each must see the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"tasks": task_ids})
        cursor.execute(_FINISH, {"tasks": task_ids})
        return [row[0] for row in cursor.fetchall()]


def finish_task(*, accepted_claim_id: int, task_id: int) -> bool:
    """Accept a claim and close its task if that was the last slot; whether the task is done."""
    accept_claim(claim_id=accepted_claim_id)
    return bool(finish_tasks(task_ids=[task_id]))
