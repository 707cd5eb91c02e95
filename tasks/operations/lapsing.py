"""What time does by itself: each verb is bounded, idempotent, and safe next to itself."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tasks.events import LeasesExpired, ReviewsOverdue
from tasks.operations.ending import Ended, expire
from tasks.operations.finishing import finish_tasks
from tasks.rules.clocks import REVIEW_OVERDUE_AFTER
from tasks.rules.limits import SWEEP_ROWS_MAX
from workforce.operations import record
from workforce.rules.ids import public_id


@transaction.atomic
def expire_leases(*, at: datetime) -> int:
    """End claims whose lease ran out; how many. Slots are open again with their age, drafts and
    worked time are kept: time counts up to the lease's end, but not long after the last sign of
    work.
    """
    ended = expire(limit=SWEEP_ROWS_MAX)
    pools: dict[int, list[Ended]] = {}
    for each in ended:
        pools.setdefault(each.pool_id, []).append(each)
    for pool_id, group in sorted(pools.items()):
        event = LeasesExpired(
            subject=public_id("PL", pool_id),
            queue=group[0].queue,
            claims=tuple(public_id("CL", each.claim_id) for each in group),
        )
        record(event=event, actor=None, at=at)
    return len(ended)


_OVERDUE = """
WITH late AS MATERIALIZED (
    SELECT old.id, old.submission_id, p.id AS pool_id
      FROM tasks_pool p CROSS JOIN LATERAL (
           SELECT s.id, s.submission_id FROM tasks_slot s
            WHERE s.pool_id = p.id AND s.state = 'open'
              AND s.opened_at < statement_timestamp() - %(after)s
            ORDER BY s.opened_at, s.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) old
     WHERE p.role = 'review'),
slots AS (
    UPDATE tasks_slot s SET state = 'cancelled' FROM late WHERE s.id = late.id),
judged AS (
    UPDATE tasks_submission b SET unreviewed = 'overdue' FROM late
     WHERE b.id = late.submission_id RETURNING b.id, b.claim_id, b.task_id),
claims AS (
    UPDATE tasks_claim c SET state = 'accepted' FROM judged
     WHERE c.id = judged.claim_id AND c.state = 'submitted' RETURNING c.pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, accepted)
    SELECT pool_id, -1, 0 FROM late UNION ALL SELECT pool_id, 0, 1 FROM claims)
SELECT id, task_id FROM judged ORDER BY id
"""


@transaction.atomic
def accept_overdue(*, at: datetime) -> int:
    """Accept answers that nobody judged within a week, so that nobody waits for ever."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"after": REVIEW_OVERDUE_AFTER, "limit": SWEEP_ROWS_MAX}
        cursor.execute(_OVERDUE, parameters)
        rows = cursor.fetchall()
    if not rows:
        return 0
    done = finish_tasks(task_ids=[task for _, task in rows])
    event = ReviewsOverdue(
        subject=public_id("S", rows[0][0]),
        submissions=tuple(public_id("S", submission) for submission, _ in rows),
        tasks_done=tuple(public_id("T", task) for task in done),
    )
    record(event=event, actor=None, at=at)
    return len(rows)


_FORGET = """
DELETE FROM tasks_exclusion
 WHERE id IN (SELECT id FROM tasks_exclusion WHERE excluded_until < statement_timestamp()
               LIMIT %(limit)s)
"""


def forget_exclusions(*, at: datetime) -> int:
    """Drop exclusions that are over; they count for nothing already."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"limit": SWEEP_ROWS_MAX})
        return int(cursor.rowcount)
