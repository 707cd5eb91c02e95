"""Pools over time: softer steps as slots wait, and figures folded from what work appended."""

from datetime import datetime

from django.db import connection, transaction

from tasks.events import PoolRelaxed
from tasks.rules.limits import FOLD_ROWS_MAX, RELAX_POOLS_MAX, SWEEP_ROWS_MAX
from workforce.operations import record
from workforce.rules.ids import public_id

_RELAX = """
WITH steps AS MATERIALIZED (
    SELECT now.id AS from_pool, next.id AS to_pool, now.relax_after_minutes AS minutes, next.queue
      FROM tasks_pool now
      JOIN tasks_pool next ON next.project_id = now.project_id AND next.role = now.role
                          AND next.step = now.step + 1
      JOIN tasks_project project ON project.id = now.project_id AND project.state = 'open'
     WHERE now.relax_after_minutes IS NOT NULL
       AND EXISTS (SELECT 1 FROM tasks_slot s
                    WHERE s.pool_id = now.id AND s.state = 'open' AND s.opened_at <=
                          statement_timestamp() - make_interval(mins => now.relax_after_minutes))
     ORDER BY now.id LIMIT %(pools)s),
due AS MATERIALIZED (
    SELECT old.id, steps.from_pool, steps.to_pool, steps.queue
      FROM steps CROSS JOIN LATERAL (
           SELECT s.id FROM tasks_slot s
            WHERE s.pool_id = steps.from_pool AND s.state = 'open' AND s.opened_at <=
                  statement_timestamp() - make_interval(mins => steps.minutes)
            ORDER BY s.opened_at, s.id LIMIT %(rows)s FOR UPDATE SKIP LOCKED) old),
moved AS (
    UPDATE tasks_slot s SET pool_id = due.to_pool FROM due WHERE s.id = due.id
    RETURNING due.from_pool, due.to_pool, due.queue),
totals AS (
    SELECT from_pool, to_pool, queue, count(*)::int AS slots FROM moved
     GROUP BY from_pool, to_pool, queue),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, arrived)
    SELECT from_pool, -slots, 0 FROM totals UNION ALL SELECT to_pool, slots, slots FROM totals)
SELECT from_pool, to_pool, queue, slots FROM totals ORDER BY from_pool
"""


@transaction.atomic
def relax_pools(*, at: datetime) -> int:
    """Move slots that waited long enough to the next, softer step; how many.

    Each step drops soft rules only and none comes back, so this only ever widens the circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RELAX, {"pools": RELAX_POOLS_MAX, "rows": SWEEP_ROWS_MAX})
        rows = cursor.fetchall()
    for from_pool, to_pool, queue, slots in rows:
        event = PoolRelaxed(
            subject=public_id("PL", from_pool),
            to_pool=public_id("PL", to_pool),
            queue=queue,
            count=slots,
        )
        record(event=event, actor=None, at=at)
    return sum(row[3] for row in rows)


_FOLD_LOCK = 7_401
_FOLD = """
WITH changes AS MATERIALIZED (
    DELETE FROM tasks_counterchange
     WHERE id IN (SELECT id FROM tasks_counterchange ORDER BY id LIMIT %(rows)s)
    RETURNING *),
pools AS (
    SELECT pool_id, sum(waiting)::int AS waiting, sum(offered)::int AS offered,
           sum(in_hand)::int AS in_hand
      FROM changes GROUP BY pool_id),
kept AS (
    INSERT INTO tasks_poolcounter AS k (pool_id, waiting, offered, in_hand, updated_at)
    SELECT pool_id, waiting, offered, in_hand, statement_timestamp() FROM pools
     WHERE EXISTS (SELECT 1 FROM tasks_pool p WHERE p.id = pools.pool_id) ORDER BY pool_id
        ON CONFLICT (pool_id) DO UPDATE
       SET waiting = k.waiting + excluded.waiting, offered = k.offered + excluded.offered,
           in_hand = k.in_hand + excluded.in_hand, updated_at = excluded.updated_at),
hours AS (
    INSERT INTO tasks_domainhour AS h (domain_id, hour, claimed, submitted, accepted, revised,
                                       rejected, given_back, expired, seconds)
    SELECT project.domain_id, date_trunc('hour', changes.at), sum(claimed), sum(submitted),
           sum(accepted), sum(revised), sum(rejected), sum(given_back), sum(expired), sum(seconds)
      FROM changes JOIN tasks_pool pool ON pool.id = changes.pool_id
           JOIN tasks_project project ON project.id = pool.project_id
     WHERE (claimed, submitted, accepted, revised, rejected, given_back, expired, seconds)
           <> (0, 0, 0, 0, 0, 0, 0, 0)
     GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (domain_id, hour) DO UPDATE
       SET claimed = h.claimed + excluded.claimed, submitted = h.submitted + excluded.submitted,
           accepted = h.accepted + excluded.accepted, revised = h.revised + excluded.revised,
           rejected = h.rejected + excluded.rejected,
           given_back = h.given_back + excluded.given_back,
           expired = h.expired + excluded.expired, seconds = h.seconds + excluded.seconds),
days AS (
    INSERT INTO tasks_projectday AS d (project_id, day, submitted)
    SELECT pool.project_id, (changes.at AT TIME ZONE 'UTC')::date, sum(submitted)
      FROM changes JOIN tasks_pool pool ON pool.id = changes.pool_id
     WHERE submitted <> 0 GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (project_id, day) DO UPDATE SET submitted = d.submitted + excluded.submitted),
arrivals AS (
    INSERT INTO tasks_poolday AS d (pool_id, day, arrived, last_at)
    SELECT pool_id, (at AT TIME ZONE 'UTC')::date, sum(arrived), max(at) FROM changes
     WHERE arrived <> 0 AND EXISTS (SELECT 1 FROM tasks_pool p WHERE p.id = changes.pool_id)
     GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (pool_id, day) DO UPDATE
       SET arrived = d.arrived + excluded.arrived, last_at = greatest(d.last_at, excluded.last_at))
SELECT (SELECT count(*) FROM changes), array(SELECT pool_id FROM pools)
"""
_OLDEST = """
UPDATE tasks_poolcounter k
   SET oldest_at = (SELECT s.opened_at FROM tasks_slot s
                     WHERE s.pool_id = k.pool_id AND s.state = 'open'
                     ORDER BY s.opened_at, s.id LIMIT 1)
 WHERE k.pool_id = ANY(%(pools)s)
"""


@transaction.atomic
def fold_figures(*, at: datetime) -> int:
    """Add what work appended to the kept figures; how many changes. One folder works at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, {"rows": FOLD_ROWS_MAX})
        folded, pools = cursor.fetchone()
        if pools:
            cursor.execute(_OLDEST, {"pools": pools})
    return int(folded)
