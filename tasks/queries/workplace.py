"""What a tutor sees around the task in her hands, beyond the claim itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.queries.plans import row_of
from tasks.rules.clocks import IDLE_ASK_SECONDS_MIN, TAKE_BACK_SECONDS
from workforce.rules.ids import public_id


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Where a task comes from, what it holds, and what became of the answer that was handed in.

    `take_back_seconds` is how long the answer may still be taken back, 0 when it may not.
    """

    batch_id: int
    content: tuple[str, ...]
    lease_seconds: int
    idle_seconds: int
    submitted_at: datetime | None
    take_back_seconds: int
    decision: str
    note: str

    @property
    def batch(self) -> str:
        return public_id("B", self.batch_id)


_WORKPLACE = f"""
SELECT task.batch_id, content.content, c.lease_seconds,
       greatest({IDLE_ASK_SECONDS_MIN}, c.expected_seconds / 3), own.submitted_at,
       CASE WHEN own.id IS NULL OR c.role <> 'attempt' OR c.state NOT IN ('submitted', 'accepted')
                 OR held.state NOT IN ('open', 'offered') THEN 0
            ELSE greatest(0, {TAKE_BACK_SECONDS}
                 - extract(epoch FROM statement_timestamp() - own.submitted_at)) END::int,
       coalesce(review.decision, given.decision, ''), coalesce(review.note, given.note, '')
  FROM tasks_claim c
  JOIN tasks_task task ON task.id = c.task_id
  JOIN tasks_taskcontent content ON content.task_id = c.task_id
  LEFT JOIN tasks_submission own ON own.claim_id = c.id AND own.withdrawn_at IS NULL
  LEFT JOIN tasks_slot held ON held.task_id = c.task_id AND held.role = 'review'
                           AND held.ordinal = own.id
  LEFT JOIN tasks_review review ON review.submission_id = own.id
  LEFT JOIN tasks_review given ON given.claim_id = c.id
 WHERE c.id = %(claim)s
"""  # noqa: S608


def workplace_of(*, claim_id: int) -> Workplace:
    """For a claim that is there; whose it is was asked before."""
    row: Any = row_of(_WORKPLACE, {"claim": claim_id})
    return Workplace(
        batch_id=row[0],
        content=tuple(row[1]),
        lease_seconds=row[2],
        idle_seconds=row[3],
        submitted_at=row[4],
        take_back_seconds=row[5],
        decision=row[6],
        note=row[7],
    )
