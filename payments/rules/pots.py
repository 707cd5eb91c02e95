"""The accounts of our books: their codes, kinds and floors."""

from dataclasses import dataclass

from payments.rules.states import AccountKind, TransferState


@dataclass(frozen=True, slots=True)
class Pot:
    """One account of the ledger, made when it is first used."""

    code: str
    currency: str
    kind: AccountKind
    floor_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer to be. A positive amount, from `debit` to `credit`, both of one currency."""

    debit: Pot
    credit: Pot
    amount_minor: int
    state: TransferState = TransferState.POSTED
    resolves: int | None = None


def expense(*, project: str, currency: str) -> Pot:
    """What a project's work costs; `general` for work outside any project."""
    return Pot(f"expense:project:{project}", currency, AccountKind.EXPENSE)


def payable(*, tutor: str, currency: str) -> Pot:
    """What we owe a tutor. The database never lets it fall below 0."""
    return Pot(f"payable:tutor:{tutor}", currency, AccountKind.PAYABLE, floor_minor=0)


def receivable(*, tutor: str, currency: str) -> Pot:
    """What a tutor owes us: the part of a correction that her balance did not hold."""
    return Pot(f"receivable:tutor:{tutor}", currency, AccountKind.RECEIVABLE)


def clearing(*, batch: str, currency: str) -> Pot:
    """On its way to the bank. It ends at 0 when the bank has booked everything."""
    return Pot(f"clearing:payout:{batch}", currency, AccountKind.CLEARING)


def bank(*, account: str, currency: str) -> Pot:
    return Pot(f"bank:{account}", currency, AccountKind.BANK)


def fees(*, currency: str) -> Pot:
    return Pot("fees", currency, AccountKind.FEES)


def suspense(*, currency: str) -> Pot:
    return Pot("suspense", currency, AccountKind.SUSPENSE)
