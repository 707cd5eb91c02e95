"""Whom the router leaves alone, about what, for how long. Pulling stays possible."""

from typing import Any

from django.db import connection

from tasks.queries.policies import JOIN, number
from tasks.rules.states import ExclusionReason

_TASK = f"""
INSERT INTO tasks_exclusion (tutor_id, task_id, reason, excluded_until)
SELECT %(tutor)s, task.id, %(reason)s,
       statement_timestamp() + make_interval(days => {number("decline_days")})
  FROM tasks_task task JOIN tasks_project project ON project.id = task.project_id
  {JOIN}
 WHERE task.id = %(task)s
    ON CONFLICT (tutor_id, task_id) WHERE pool_id IS NULL DO UPDATE
   SET reason = excluded.reason, excluded_until = excluded.excluded_until
"""  # noqa: S608
_POOLS = f"""
INSERT INTO tasks_exclusion (tutor_id, pool_id, reason, excluded_until)
SELECT DISTINCT w.tutor_id, w.pool_id, 'ignored',
       statement_timestamp() + make_interval(mins => {number("cool_down_minutes")})
  FROM unnest(%(tutors)s::bigint[], %(pools)s::bigint[]) AS w(tutor_id, pool_id)
  JOIN tasks_pool pool ON pool.id = w.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  {JOIN}
    ON CONFLICT (tutor_id, pool_id) WHERE task_id IS NULL DO UPDATE
   SET excluded_until = excluded.excluded_until
"""  # noqa: S608


def leave_alone(*, tutor_id: int, task_id: int, reason: ExclusionReason) -> None:
    """The router does not offer this task to this tutor for the policy's `decline_days`."""
    parameters: dict[str, Any] = {
        "tutor": tutor_id,
        "task": task_id,
        "reason": reason.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TASK, parameters)


def cool_down(*, tutor_ids: list[int], pool_ids: list[int]) -> None:
    """No offers from these pools to these tutors (pairwise) for each one's `cool_down_minutes`."""
    parameters: dict[str, Any] = {"tutors": tutor_ids, "pools": pool_ids}
    with connection.cursor() as cursor:
        cursor.execute(_POOLS, parameters)
