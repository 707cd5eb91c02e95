"""What is kept for a time only: rounds of the router, and rehearsals with their answers."""

from datetime import datetime

from django.db import connection, transaction

from tasks.rules.limits import REHEARSALS_KEPT_DAYS, ROUNDS_KEPT_DAYS, SWEEP_ROWS_MAX

_OLD_ROUNDS = """
SELECT array_agg(first.id)
  FROM (SELECT id, at FROM tasks_round ORDER BY id LIMIT %(limit)s) first
 WHERE first.at < statement_timestamp() - make_interval(days => %(days)s::int)
"""
"""Among the eldest: nothing is searched for in what is to stay."""

_LET_GO = """
UPDATE tasks_offer SET round_id = NULL
 WHERE id IN (SELECT o.id FROM tasks_offer o
               WHERE o.round_id = ANY(%(rounds)s) LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
"""
_DROP = """
DELETE FROM tasks_round r
 WHERE r.id = ANY(%(rounds)s)
   AND NOT EXISTS (SELECT 1 FROM tasks_offer o WHERE o.round_id = r.id)
"""


@transaction.atomic
def thin_rounds(*, at: datetime, limit: int = SWEEP_ROWS_MAX) -> int:
    """Drop rounds of more than `ROUNDS_KEPT_DAYS` ago; rounds dropped and offers that let go.

    An offer keeps its own verdicts, score and policy: only what the round looked at is forgotten.
    At most `limit` of each in a pass.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLD_ROUNDS, {"limit": limit, "days": ROUNDS_KEPT_DAYS})
        (rounds,) = cursor.fetchone()
        if not rounds:
            return 0
        cursor.execute(_LET_GO, {"rounds": rounds, "limit": limit})
        moved = int(cursor.rowcount)
        cursor.execute(_DROP, {"rounds": rounds})
        return moved + int(cursor.rowcount)


_DROP_REHEARSALS = """
DELETE FROM tasks_rehearsal
 WHERE id IN (SELECT first.id
                FROM (SELECT id, ended_at FROM tasks_rehearsal
                       WHERE ended_at IS NOT NULL ORDER BY id LIMIT %(limit)s) first
               WHERE first.ended_at < statement_timestamp() - make_interval(days => %(days)s::int))
"""


def thin_rehearsals(*, at: datetime, limit: int = SWEEP_ROWS_MAX) -> int:
    """Drop rehearsals and quotes that ended more than `REHEARSALS_KEPT_DAYS` ago; how many.

    One that waits or runs stays. At most `limit` in a pass.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DROP_REHEARSALS, {"limit": limit, "days": REHEARSALS_KEPT_DAYS})
        return int(cursor.rowcount)
