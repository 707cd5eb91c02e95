"""How a payout ends, and what that does to the books. Told again, nothing happens again."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from payments.events import BatchSettled
from payments.models import BankMessage, Journal, Payout, PayoutBatch, PayoutPart
from payments.operations.booking import Posting, post, reversed_moves
from payments.operations.paying import resolving
from payments.rules.states import (
    PAYOUT_MOVES,
    BatchState,
    PayoutState,
    TransferState,
    sources,
)
from workforce.models import Account
from workforce.operations import record


@dataclass
class Outcomes:
    """What one message from the bank has changed so far."""

    message: BankMessage
    actor: Account
    at: datetime
    settled: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    matched: int = 0
    fees: int = 0
    suspense: int = 0
    duplicates: int = 0
    unknown: int = 0
    batches: set[int] = field(default_factory=set)

    def summary(self) -> dict[str, Any]:
        return {
            "settled": self.settled,
            "failed": self.failed,
            "returned": self.returned,
            "matched": self.matched,
            "fees": self.fees,
            "suspense": self.suspense,
            "duplicates": self.duplicates,
            "unknown": self.unknown,
        }


def settle(*, payout: Payout, outcomes: Outcomes) -> bool:
    """The bank paid it: the reservation is posted. False when it had ended before."""
    if not _move(payout, PayoutState.SETTLED, settled_at=outcomes.at):
        return False
    post(
        posting=Posting(
            key=_settle_key(payout),
            kind="payout_settled",
            moves=(resolving(payout, state=TransferState.POSTED),),
        ),
        actor=outcomes.actor.pk,
        at=outcomes.at,
    )
    outcomes.settled.append(payout.public_id)
    outcomes.batches.add(payout.batch_id)
    return True


def fail(*, payout: Payout, reason: str, outcomes: Outcomes) -> bool:
    """The bank refused it, perhaps after it had called it paid: payable again, once."""
    return _undo(payout, PayoutState.FAILED, reason=reason, outcomes=outcomes)


def give_back(*, payout: Payout, reason: str, outcomes: Outcomes) -> bool:
    """It was paid and came back: payable again, once."""
    return _undo(payout, PayoutState.RETURNED, reason=reason, outcomes=outcomes)


def _undo(payout: Payout, state: PayoutState, *, reason: str, outcomes: Outcomes) -> bool:
    was_settled = payout.state == PayoutState.SETTLED
    if not _move(payout, state, failed_at=outcomes.at, reason=reason):
        return False
    posting = _reversal(payout, state) if was_settled else _release(payout, state)
    post(posting=posting, actor=outcomes.actor.pk, at=outcomes.at)
    PayoutPart.objects.filter(payout=payout, live=True).update(live=False)
    told = outcomes.failed if state is PayoutState.FAILED else outcomes.returned
    told.append(payout.public_id)
    outcomes.batches.add(payout.batch_id)
    return True


def _move(payout: Payout, target: PayoutState, **fields: Any) -> bool:
    """Compare and set; the instance follows."""
    before = sources(moves=PAYOUT_MOVES, target=target)
    rows = Payout.objects.filter(pk=payout.pk, state__in=before, state=payout.state)
    if not rows.update(state=target, **fields):
        return False
    payout.state = target
    return True


def _settle_key(payout: Payout) -> str:
    return f"settle:{payout.public_id}"


def _release(payout: Payout, state: PayoutState) -> Posting:
    return Posting(
        key=f"release:{payout.public_id}",
        kind=f"payout_{state.value}",
        moves=(resolving(payout, state=TransferState.RELEASED),),
    )


def _reversal(payout: Payout, state: PayoutState) -> Posting:
    settled = Journal.objects.get(key=_settle_key(payout))
    return Posting(
        key=f"reverse:{payout.public_id}",
        kind=f"payout_{state.value}",
        moves=reversed_moves(journal=settled),
        reverses=settled.pk,
    )


def finish_batches(*, outcomes: Outcomes) -> None:
    """A batch none of whose payouts waits for the bank any more is settled."""
    for batch in PayoutBatch.objects.filter(pk__in=outcomes.batches, state=BatchState.SENT):
        waiting = batch.payouts.filter(state__in=[PayoutState.LOCKED, PayoutState.SENT])
        if waiting.exists():
            continue
        rows = PayoutBatch.objects.filter(pk=batch.pk, state=BatchState.SENT)
        if rows.update(state=BatchState.SETTLED, closed_at=outcomes.at):
            record(
                event=BatchSettled(subject=batch.public_id), actor=outcomes.actor, at=outcomes.at
            )
