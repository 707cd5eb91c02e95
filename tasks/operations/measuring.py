"""What each pool brings is measured from time to time, so that advice costs no counting."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tasks.queries.outlooks import (
    MEASURE_KIND,
    people_for,
    pools_to_measure,
    queues_to_measure,
)
from tasks.rules.demand import WINDOW_DAYS, WINDOW_DAYS_MIN
from tasks.rules.states import ANSWERED_CLAIMS
from workforce.operations import enqueue
from workforce.rules.jobs import JobSpec

HANDLED_LOOKED_AT = 200
"""A project's last claims among which the median handle time of a pool is taken."""

_MEASURE = """
INSERT INTO tasks_pooloutlook AS o (pool_id, measured_at, days, arrived, squares, last_at, handled,
                                    handle_seconds, people)
SELECT pool.id, statement_timestamp(),
       least(%(window)s::int, greatest(%(window_min)s::int,
             (statement_timestamp() AT TIME ZONE 'UTC')::date
             - (pool.created_at AT TIME ZONE 'UTC')::date + 1)),
       came.arrived, came.squares, came.last_at, handled.n,
       CASE WHEN handled.n > 0 THEN handled.median END, w.people
  FROM unnest(%(pools)s::bigint[], %(people)s::int[]) AS w(pool, people)
  JOIN tasks_pool pool ON pool.id = w.pool
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(n), 0) AS arrived, coalesce(sum(n * n), 0) AS squares,
              max(last_at) AS last_at
         FROM (SELECT greatest(0, d.arrived)::bigint AS n, d.last_at FROM tasks_poolday d
                WHERE d.pool_id = pool.id AND d.day >
                      (statement_timestamp() AT TIME ZONE 'UTC')::date - %(window)s::int) days) came
 CROSS JOIN LATERAL (
       SELECT count(*) AS n, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY least(
                  few.seconds_worked, few.paid_cap_seconds))::numeric)::int AS median
         FROM (SELECT c.seconds_worked, c.paid_cap_seconds, c.role, c.state FROM tasks_claim c
                WHERE c.project_id = pool.project_id ORDER BY c.id DESC
                LIMIT %(looked_at)s) few
        WHERE few.role = pool.role AND few.state = ANY(%(answered)s)) handled
 ORDER BY pool.id
    ON CONFLICT (pool_id) DO UPDATE
   SET measured_at = excluded.measured_at, days = excluded.days, arrived = excluded.arrived,
       squares = excluded.squares, last_at = excluded.last_at, handled = excluded.handled,
       handle_seconds = excluded.handle_seconds, people = excluded.people
"""
_MEASURED_BY: dict[str, Any] = {
    "answered": [state.value for state in ANSWERED_CLAIMS],
    "window": WINDOW_DAYS,
    "window_min": WINDOW_DAYS_MIN,
    "looked_at": HANDLED_LOOKED_AT,
}


@transaction.atomic
def ask_measures(*, at: datetime) -> int:
    """Ask for a job for each queue whose figures are missing or old; how many.

    A queue has one such job due at a time, so a pass before it is done changes nothing.
    """
    queues = queues_to_measure()
    if queues:
        enqueue(
            specs=[
                JobSpec(kind=MEASURE_KIND, queue=queue, key=queue, subject={"queue": queue})
                for queue in queues
            ]
        )
    return len(queues)


@transaction.atomic
def measure_queue(*, queue: str, at: datetime) -> int:
    """Measure the queue's pools of open projects anew; how many."""
    pools = pools_to_measure(queue=queue)
    if not pools:
        return 0
    people = people_for(pools=pools, at=at)
    with connection.cursor() as cursor:
        measured = {"pools": list(people), "people": list(people.values())}
        cursor.execute(_MEASURE, _MEASURED_BY | measured)
    return len(people)
