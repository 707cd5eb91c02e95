"""Ending claims, one or many: the clock stops, the slot moves, the budget gets its rest back.

Submitting, returning, releasing and expiry are the same act with other words. Lock order: claims
by key, then their slots, then time, then budgets by key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tasks.operations.clocking import ENDING
from tasks.queries.plans import rows_of
from tasks.rules import clocks
from tasks.rules.states import ClaimState, SlotState, WorkRole

_HELD = """
SELECT c.id, c.slot_id, c.project_id, c.pool_id, c.reserved_minor, c.rate_minor_hourly,
       c.lease_until, c.seen_at, {idle} AS idle,
       greatest({idle_least}, c.expected_seconds / 3) AS idle_seconds
  FROM tasks_claim c
 WHERE c.state IN ('claimed', 'in_progress', 'paused') AND {which}
 {order} FOR UPDATE {patience}
"""
_END = f"""
WITH held AS MATERIALIZED ({{held}}),
{ENDING},
ended AS (
    UPDATE tasks_claim c
       SET state = %(state)s, ended_at = statement_timestamp(), reason = %(reason)s,
           seconds_worked = c.seconds_worked + coalesce(s.seconds, 0),
           reserved_minor = least(h.reserved_minor,
               (2 * (c.seconds_worked + coalesce(s.seconds, 0)) * h.rate_minor_hourly
                + {clocks.SECONDS_AN_HOUR}) / {2 * clocks.SECONDS_AN_HOUR})
      FROM held h LEFT JOIN stopped s ON s.claim_id = h.id
     WHERE c.id = h.id
    RETURNING c.id, c.slot_id, c.task_id, c.tutor_id, c.pool_id, c.project_id, c.role,
              c.seconds_worked, h.reserved_minor - c.reserved_minor AS freed,
              coalesce(s.seconds, 0) AS seconds),
slots AS (
    UPDATE tasks_slot s SET state = %(slot_state)s
      FROM ended e WHERE s.id = e.slot_id AND s.state = 'claimed' RETURNING s.id),
budgets AS (
    UPDATE tasks_projectbudget b SET reserved_minor = greatest(0, b.reserved_minor - f.minor)
      FROM (SELECT project_id, sum(freed) AS minor FROM ended
             GROUP BY project_id HAVING sum(freed) > 0 ORDER BY project_id) f
           CROSS JOIN (SELECT count(*) FROM slots) first
     WHERE b.project_id = f.project_id AND first.count >= 0),
figures AS (
    INSERT INTO tasks_counterchange
           (pool_id, waiting, in_hand, submitted, given_back, expired, seconds)
    SELECT pool_id, count(*) * %(reopened)s, -count(*),
           count(*) FILTER (WHERE role = 'attempt') * %(submitted)s,
           count(*) * %(given_back)s, count(*) * %(expired)s, sum(seconds)
      FROM ended GROUP BY pool_id)
SELECT e.id, e.slot_id, e.task_id, e.tutor_id, e.pool_id, e.project_id, e.role,
       e.seconds_worked, p.queue
  FROM ended e JOIN tasks_pool p ON p.id = e.pool_id ORDER BY e.id
"""  # noqa: S608
"""The count makes the budget wait for the slots, as it does where slots are claimed. Left alone,
PostgreSQL runs such parts from the last to the first, and a submit and a claim would deadlock.
"""


def _statement(
    *, which: str, idle: bool = False, order: str = "ORDER BY c.id", patience: str = ""
) -> str:
    held = _HELD.format(
        which=which,
        idle=str(idle).lower(),
        idle_least=clocks.IDLE_ASK_SECONDS_MIN,
        order=order,
        patience=patience,
    )
    return _END.format(held=held)


_ONE = _statement(which="c.id = %(claim)s AND c.tutor_id = %(tutor)s AND c.fence = %(fence)s")
_UNSTARTED = _statement(which="c.id = %(claim)s AND c.tutor_id = %(tutor)s AND c.state = 'claimed'")
_OWN = _statement(which="c.id = %(claim)s AND c.tutor_id = %(tutor)s")
_OF_TASK = _statement(which="c.task_id = %(task)s")
_OF_TUTOR = _statement(which="c.tutor_id = %(tutor)s")
_OVERDUE = _statement(
    which="c.lease_until < statement_timestamp()",
    idle=True,
    order="LIMIT %(limit)s",
    patience="SKIP LOCKED",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A claim that has just ended, with all the time that was worked in it."""

    claim_id: int
    slot_id: int
    task_id: int
    tutor_id: int
    pool_id: int
    project_id: int
    role: WorkRole
    seconds_worked: int
    queue: str


def end_with_fence(*, claim_id: int, tutor_id: int, fence: int, state: ClaimState) -> Ended | None:
    """Hand in: the slot is done. None when the claim is not open or the fence is not its own."""
    own: dict[str, Any] = {"claim": claim_id, "tutor": tutor_id, "fence": fence}
    return _first(_end(_ONE, state=state, slot=SlotState.DONE, **own))


def give_back(*, claim_id: int, tutor_id: int, state: ClaimState, reason: str) -> Ended | None:
    """Return or skip: the slot is open again with its age. A skip only before anything began."""
    statement = _UNSTARTED if state is ClaimState.SKIPPED else _OWN
    own: dict[str, Any] = {"claim": claim_id, "tutor": tutor_id, "reason": reason}
    return _first(_end(statement, state=state, slot=SlotState.OPEN, **own))


def release_task(*, task_id: int, reason: str) -> list[Ended]:
    """Take every open claim of a task out of people's hands; the slots are not wanted any more."""
    return _end(
        _OF_TASK, state=ClaimState.RELEASED, slot=SlotState.CANCELLED, task=task_id, reason=reason
    )


def release_tutor(*, tutor_id: int, reason: str) -> list[Ended]:
    """Take every open claim of a tutor out of her hands; the slots wait for others again."""
    return _end(
        _OF_TUTOR, state=ClaimState.RELEASED, slot=SlotState.OPEN, tutor=tutor_id, reason=reason
    )


def expire(*, limit: int) -> list[Ended]:
    """End claims whose lease ran out, as far as nobody else is at them; slots are open again."""
    return _end(_OVERDUE, state=ClaimState.EXPIRED, slot=SlotState.OPEN, limit=limit)


def _end(
    statement: str, *, state: ClaimState, slot: SlotState, reason: str = "", **which: Any
) -> list[Ended]:
    parameters = {
        "state": state.value,
        "slot_state": slot.value,
        "reason": reason,
        "reopened": int(slot is SlotState.OPEN),
        "submitted": int(slot is SlotState.DONE),
        "given_back": int(state in (ClaimState.RETURNED, ClaimState.SKIPPED)),
        "expired": int(state is ClaimState.EXPIRED),
        **which,
    }
    return [_as_ended(row) for row in rows_of(statement, parameters)]


def _as_ended(row: Sequence[Any]) -> Ended:
    return Ended(
        claim_id=row[0],
        slot_id=row[1],
        task_id=row[2],
        tutor_id=row[3],
        pool_id=row[4],
        project_id=row[5],
        role=WorkRole(row[6]),
        seconds_worked=row[7],
        queue=row[8],
    )


def _first(ended: list[Ended]) -> Ended | None:
    return ended[0] if ended else None
