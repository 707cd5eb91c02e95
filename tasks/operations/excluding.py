"""Whom the router leaves alone, about what, for how long. Pulling stays possible."""

from typing import Any

from django.db import connection

from tasks.rules.clocks import COOL_DOWN_AFTER_EXPIRY, DECLINE_HOLDS_FOR
from tasks.rules.states import ExclusionReason

_TASK = """
INSERT INTO tasks_exclusion (tutor_id, task_id, reason, excluded_until)
VALUES (%(tutor)s, %(task)s, %(reason)s, statement_timestamp() + %(lasts)s)
    ON CONFLICT (tutor_id, task_id) WHERE pool_id IS NULL DO UPDATE
   SET reason = excluded.reason, excluded_until = excluded.excluded_until
"""
_POOLS = """
INSERT INTO tasks_exclusion (tutor_id, pool_id, reason, excluded_until)
SELECT DISTINCT tutor_id, pool_id, 'ignored', statement_timestamp() + %(lasts)s
  FROM unnest(%(tutors)s::bigint[], %(pools)s::bigint[]) AS w(tutor_id, pool_id)
    ON CONFLICT (tutor_id, pool_id) WHERE task_id IS NULL DO UPDATE
   SET excluded_until = excluded.excluded_until
"""


def leave_alone(*, tutor_id: int, task_id: int, reason: ExclusionReason) -> None:
    """The router does not offer this task to this tutor for a week."""
    parameters: dict[str, Any] = {
        "tutor": tutor_id,
        "task": task_id,
        "reason": reason.value,
        "lasts": DECLINE_HOLDS_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TASK, parameters)


def cool_down(*, tutor_ids: list[int], pool_ids: list[int]) -> None:
    """No offers from these pools to these tutors (pairwise) for half an hour."""
    parameters: dict[str, Any] = {
        "tutors": tutor_ids,
        "pools": pool_ids,
        "lasts": COOL_DOWN_AFTER_EXPIRY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POOLS, parameters)
