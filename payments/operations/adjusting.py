"""Pay lines that no hour stands behind: a bonus, a correction, money taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import EarningAdjusted
from payments.models import Earning
from payments.operations.booking import Posting, available, lock, open_accounts, post
from payments.rules import pots
from payments.rules.currencies import UnknownCurrency, exponent
from payments.rules.pots import Move
from payments.rules.states import EarningKind
from tutors.models import Contract, ContractVersion
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Invalid, NotAllowed

BY_HAND = frozenset(EarningKind) - {
    EarningKind.WAGE,
    EarningKind.ONBOARDING,
    EarningKind.ASSESSMENT,
}
"""Kinds that a person may post; the others follow from approved time."""

ADJUSTMENT_MINOR_MAX = 10_000_000


class CannotAdjust(Invalid):
    code = "adjustment_not_valid"
    title = "This line cannot be posted"


class NotOnesOwnPay(NotAllowed):
    code = "own_pay"
    title = "Nobody decides about her own pay"


def adjust(
    *,
    contract: Contract,
    kind: EarningKind,
    amount_minor: int,
    currency: str,
    reason: str,
    key: str,
    actor: Account,
    at: datetime,
) -> Earning:
    """Post a line by hand; `key` makes it happen once. Negative takes money back.

    What is taken back is met from the tutor's balance as far as it goes; the rest becomes a
    receivable. The line is stated in the period of its posting.
    """
    _check(kind=kind, amount_minor=amount_minor, currency=currency, reason=reason)
    if contract.tutor.account_id == actor.pk:
        raise NotOnesOwnPay(_("This is your own contract. Ask a colleague."))
    with transaction.atomic():
        before = Earning.objects.filter(journal__key=f"adjust:{key}").first()
        moves = _moves(contract, amount_minor=amount_minor, currency=currency)
        if before is not None:
            return before
        posting = Posting(key=f"adjust:{key}", kind=kind.value, moves=moves, reason=reason)
        journal = post(posting=posting, actor=actor.pk, at=at)
        line = Earning.objects.create(
            tutor_id=contract.tutor_id, account_id=contract.tutor.account_id, contract=contract,
            contract_version=_version(contract, at=at), kind=kind, amount_minor=amount_minor,
            currency=currency, worked_from=at, worked_until=at, reason=reason, journal=journal,
            posted_at=at,
        )  # fmt: skip
        event = EarningAdjusted(
            subject=line.public_id,
            contract=contract.public_id,
            earning_kind=kind.value,
            amount_minor=amount_minor,
            currency=currency,
        )
        record(event=event, actor=actor, at=at)
    return line


def _check(*, kind: EarningKind, amount_minor: int, currency: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in BY_HAND:
        errors["kind"] = [_("This kind follows from approved time.")]
    if not 0 < abs(amount_minor) <= ADJUSTMENT_MINOR_MAX:
        errors["amount"] = [_("The amount is 0 or too large for one line.")]
    if not reason.strip():
        errors["reason"] = [_("Say why.")]
    try:
        exponent(currency)
    except UnknownCurrency:
        errors["currency"] = [_("This is not a currency that can be paid.")]
    if errors:
        raise CannotAdjust(_("Look at the marked fields; nothing was posted."), errors=errors)


def _version(contract: Contract, *, at: datetime) -> ContractVersion:
    """The version in force, or the last one that there was."""
    versions = ContractVersion.objects.filter(contract=contract)
    return versions.filter(effective__contains=at).last() or versions.latest("number")


def _moves(contract: Contract, *, amount_minor: int, currency: str) -> tuple[Move, ...]:
    tutor = f"E-{contract.tutor_id}"
    cost = pots.expense(project="general", currency=currency)
    owed = pots.payable(tutor=tutor, currency=currency)
    if amount_minor > 0:
        return (Move(debit=cost, credit=owed, amount_minor=amount_minor),)
    debt = pots.receivable(tutor=tutor, currency=currency)
    accounts = open_accounts(pots=[cost, owed, debt])
    lock(accounts=accounts.values())
    from_balance = min(-amount_minor, max(0, available(pot=owed)))
    parts = ((owed, from_balance), (debt, -amount_minor - from_balance))
    return tuple(Move(debit=pot, credit=cost, amount_minor=part) for pot, part in parts if part)
