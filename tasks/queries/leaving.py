"""What somebody who leaves would leave behind."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is hers at this moment: work in hand, offers, and answers that wait for a review."""

    in_hand: int
    offers: int
    to_review: int


_HOLDING = """
SELECT (SELECT count(*) FROM tasks_claim c
         WHERE c.tutor_id = t.id AND c.state IN ('claimed', 'in_progress', 'paused')),
       (SELECT count(*) FROM tasks_offer o WHERE o.tutor_id = t.id AND o.state = 'offered'),
       (SELECT count(*) FROM tasks_claim c
         WHERE c.tutor_id = t.id AND c.state = 'submitted' AND c.role = 'attempt')
  FROM tutors_tutor t WHERE t.account_id = %s
"""


def holding_of(*, account_id: int) -> Holding | None:
    """None for an account that is no tutor's."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, [account_id])
        row = cursor.fetchone()
    return Holding(in_hand=row[0], offers=row[1], to_review=row[2]) if row else None
