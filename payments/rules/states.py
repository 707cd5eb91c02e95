"""The states of what payments owns, each with its meaning, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class EarningKind(StrEnum):
    WAGE = "wage"  # worked time on tasks, reviews, meetings, rework
    ONBOARDING = "onboarding"  # paid onboarding time
    ASSESSMENT = "assessment"  # a paid assessment
    BONUS = "bonus"  # given for a reason, by a person
    REFERRAL = "referral"  # for somebody brought in
    NOTICE_PAY = "notice_pay"  # notice time without work
    GUARANTEE = "guarantee"  # fills up to the guaranteed hours
    RESTITUTION = "restitution"  # pay given back after an overturned decision
    ADJUSTMENT = "adjustment"  # a correction, up or down


class PeriodState(StrEnum):
    OPEN = "open"  # takes new lines
    CLOSED = "closed"  # its statement is frozen


class BatchState(StrEnum):
    BUILT = "built"  # put together by the maker, waits for a checker
    APPROVED = "approved"  # checked, bound to its content hash, money reserved
    SENT = "sent"  # the bank file is written and handed over
    SETTLED = "settled"  # the bank has answered for every line
    CANCELLED = "cancelled"  # given up before it was sent


class PayoutState(StrEnum):
    ACCRUED = "accrued"  # stated, not approved yet
    APPROVED = "approved"  # approved, money reserved
    LOCKED = "locked"  # claimed for a bank file, the amount can no longer change
    SENT = "sent"  # in a file that the bank has
    SETTLED = "settled"  # the bank says: paid
    FAILED = "failed"  # the bank refused it; payable again
    RETURNED = "returned"  # it was paid and came back; payable again
    VOID = "void"  # its batch was cancelled before anything was sent


class TransferState(StrEnum):
    POSTED = "posted"  # moves the balance
    PENDING = "pending"  # reserves; a later transfer resolves it
    RELEASED = "released"  # resolves a pending one by giving back what it reserved


class AccountKind(StrEnum):
    EXPENSE = "expense"  # what work costs us, by project
    PAYABLE = "payable"  # what we owe a tutor; never below 0
    RECEIVABLE = "receivable"  # what a tutor owes us after a correction
    CLEARING = "clearing"  # on its way: sent to the bank, not confirmed
    BANK = "bank"  # our account at the bank
    FEES = "fees"  # what the bank charges
    SUSPENSE = "suspense"  # on the bank's statement, not yet explained
    WITHHOLDING = "withholding"  # kept back for an authority
    EXCHANGE = "fx"  # between two currencies
    CLIENT_RECEIVABLE = "client_receivable"  # what a client owes us
    REVENUE = "revenue"  # what clients are billed


class BankMessageKind(StrEnum):
    STATUS = "pain.002"  # what became of our instructions
    STATEMENT = "camt.053"  # what was booked on our account


class EntryState(StrEnum):
    MATCHED = "matched"  # belongs to one of our payouts
    FEE = "fee"  # the bank's own charge
    SUSPENSE = "suspense"  # unexplained; somebody has to look
    DUPLICATE = "duplicate"  # booked before, from this or another message


BATCH_MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.BUILT: frozenset({BatchState.APPROVED, BatchState.CANCELLED}),
    BatchState.APPROVED: frozenset({BatchState.SENT, BatchState.CANCELLED}),
    BatchState.SENT: frozenset({BatchState.SETTLED}),
    BatchState.SETTLED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}

PAYOUT_MOVES: Mapping[PayoutState, frozenset[PayoutState]] = {
    PayoutState.ACCRUED: frozenset({PayoutState.APPROVED, PayoutState.VOID}),
    PayoutState.APPROVED: frozenset({PayoutState.LOCKED, PayoutState.VOID}),
    PayoutState.LOCKED: frozenset({PayoutState.SENT}),
    PayoutState.SENT: frozenset({PayoutState.SETTLED, PayoutState.FAILED, PayoutState.RETURNED}),
    # A bank may refuse what it called paid: a late failure is accepted.
    PayoutState.SETTLED: frozenset({PayoutState.FAILED, PayoutState.RETURNED}),
    PayoutState.FAILED: frozenset(),
    PayoutState.RETURNED: frozenset(),
    PayoutState.VOID: frozenset(),
}


def sources(*, moves: Mapping[S, frozenset[S]], target: S) -> frozenset[S]:
    """The states from which `target` may follow: the WHERE of a compare-and-set."""
    return frozenset(state for state, targets in moves.items() if target in targets)
