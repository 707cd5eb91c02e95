"""How far the pay for a piece of work has come, as its tutor is told."""

from enum import StrEnum

from payments.rules.states import PayoutState
from tasks.rules.states import TimeState


class Stage(StrEnum):
    RECORDED = "recorded"  # the clock has it; not handed in
    SUBMITTED = "submitted"  # waits for a manager
    HELD = "held"  # kept apart for a decision, with a reason
    APPROVED = "approved"  # will be on the next statement
    STATED = "stated"  # on a statement, not paid yet
    PAID = "paid"  # the bank says: paid
    DECLINED = "declined"  # not paid, with a reason


EARNED = (Stage.RECORDED, Stage.SUBMITTED, Stage.HELD, Stage.APPROVED, Stage.STATED, Stage.PAID)
"""What a week adds up; declined time is shown beside it."""

_OF_TIME = {
    TimeState.RUNNING: Stage.RECORDED,
    TimeState.DRAFT: Stage.RECORDED,
    TimeState.SUBMITTED: Stage.SUBMITTED,
    TimeState.HELD: Stage.HELD,
    TimeState.DISPUTED: Stage.HELD,
    TimeState.DECLINED: Stage.DECLINED,
}


def stage_of(*, time: TimeState | None, stated: bool, payout: PayoutState | None) -> Stage:
    """The stage of a line: its payout says most, then its statement, then its time entry."""
    if payout is PayoutState.SETTLED:
        return Stage.PAID
    if stated:
        return Stage.STATED
    return _OF_TIME.get(time, Stage.APPROVED) if time else Stage.APPROVED
