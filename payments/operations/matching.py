"""Bookings on our account find their payouts; what finds none waits in suspense."""

from dataclasses import dataclass

from payments.models import BankEntry, Payout
from payments.operations.booking import Posting, post
from payments.operations.outcomes import Outcomes, give_back, settle
from payments.providers.accountstatement import AccountStatement, Entry
from payments.queries.payouts import payouts_told_of
from payments.rules import pots
from payments.rules.pots import Move, Pot
from payments.rules.states import EntryState, PayoutState

_GONE_OUT = frozenset(
    {PayoutState.SENT, PayoutState.SETTLED, PayoutState.FAILED, PayoutState.RETURNED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One payment of an entry, as it will be kept. Money in is positive."""

    key: str
    account: str
    amount_minor: int
    currency: str
    entry: Entry
    end_to_end_id: str
    reason: str


def take_entries(*, statement: AccountStatement, outcomes: Outcomes) -> None:
    """Book every entry of a statement that was not booked before."""
    for entry in statement.entries:
        bookings = _bookings(entry, account=statement.account)
        known = set(
            BankEntry.objects.filter(key__in=[b.key for b in bookings]).values_list(
                "key", flat=True
            )
        )
        for booking in bookings:
            if booking.key in known:
                outcomes.duplicates += 1
            else:
                _take(booking, outcomes=outcomes)


def _bookings(entry: Entry, *, account: str) -> list[Booking]:
    """The entry's payments. Without details: the block that it names, if that is its sum."""
    told = [(line.end_to_end_id, line.amount_minor, line.reason) for line in entry.lines]
    if not told and entry.payment_information_id and entry.amount_minor < 0:
        block = payouts_told_of(message_id="", block=entry.payment_information_id, end_to_end_id="")
        if sum(p.amount_minor for p in block) == -entry.amount_minor:
            told = [(p.end_to_end_id or "", -p.amount_minor, "") for p in block]
    told = told or [("", entry.amount_minor, "")]
    return [
        Booking(
            key=f"{entry.key}:{number}",
            account=account,
            amount_minor=amount,
            currency=entry.currency,
            entry=entry,
            end_to_end_id=reference,
            reason=reason,
        )
        for number, (reference, amount, reason) in enumerate(told, start=1)
        if amount
    ]


def _take(booking: Booking, *, outcomes: Outcomes) -> None:
    payout = _payout_of(booking)
    if payout is not None and booking.amount_minor < 0:
        pot, state = _gone_out(payout, outcomes=outcomes)
    elif payout is not None:
        pot, state = _come_back(payout, reason=booking.reason, outcomes=outcomes)
    elif booking.entry.is_fee:
        pot, state = pots.fees(currency=booking.currency), EntryState.FEE
        outcomes.fees += 1
    else:
        pot, state = pots.suspense(currency=booking.currency), EntryState.SUSPENSE
        outcomes.suspense += 1
    journal = post(
        posting=Posting(key=f"bank:{booking.key}", kind="bank_entry", moves=(_move(booking, pot),)),
        actor=outcomes.actor.pk,
        at=outcomes.at,
    )
    BankEntry.objects.create(
        message=outcomes.message, key=booking.key, account=booking.account,
        amount_minor=booking.amount_minor, currency=booking.currency,
        booked_on=booking.entry.booked_on, end_to_end_id=booking.end_to_end_id[:70],
        reason=booking.reason[:70], state=state, payout=payout, journal=journal,
    )  # fmt: skip


def _payout_of(booking: Booking) -> Payout | None:
    """The payout that the booking names, if amount, currency and course of events agree."""
    if not booking.end_to_end_id:
        return None
    found = payouts_told_of(message_id="", block="", end_to_end_id=booking.end_to_end_id)
    if len(found) != 1 or found[0].state not in _GONE_OUT:
        return None
    payout = found[0]
    told_before = payout.bank_debited if booking.amount_minor < 0 else payout.bank_credited
    same = (abs(booking.amount_minor), booking.currency) == (payout.amount_minor, payout.currency)
    return payout if same and not told_before else None


def _gone_out(payout: Payout, *, outcomes: Outcomes) -> tuple[Pot, EntryState]:
    """Money left our account for it. If nobody said so before, that settles it."""
    Payout.objects.filter(pk=payout.pk).update(bank_debited=True)
    settle(payout=payout, outcomes=outcomes)
    outcomes.matched += 1
    return _clearing(payout), EntryState.MATCHED


def _come_back(payout: Payout, *, reason: str, outcomes: Outcomes) -> tuple[Pot, EntryState]:
    """Money came back to our account. One that had failed before is payable again already."""
    Payout.objects.filter(pk=payout.pk).update(bank_credited=True)
    give_back(payout=payout, reason=reason, outcomes=outcomes)
    outcomes.matched += 1
    return _clearing(payout), EntryState.MATCHED


def _clearing(payout: Payout) -> Pot:
    return pots.clearing(batch=f"PB-{payout.batch_id}", currency=payout.currency)


def _move(booking: Booking, pot: Pot) -> Move:
    """Between the bank and the pot: money out is credited to the bank, money in debited."""
    ours = pots.bank(account=booking.account, currency=booking.currency)
    debit, credit = (pot, ours) if booking.amount_minor < 0 else (ours, pot)
    return Move(debit=debit, credit=credit, amount_minor=abs(booking.amount_minor))
