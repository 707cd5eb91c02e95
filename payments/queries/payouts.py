"""Payouts and batches: who may see them, what is in them, how they stand."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from payments.models import (
    Balance,
    BankMessage,
    Payout,
    PayoutBatch,
    PayoutDetails,
    PayoutTally,
)
from payments.rules.references import payment_information_id
from payments.rules.states import AccountKind, PayoutState
from workforce.models import Account

_BLOCK = re.compile(r"(?P<message>.+)-(?P<position>[1-9][0-9]*)")
_IN_FILE = [
    PayoutState.SENT,
    PayoutState.SETTLED,
    PayoutState.FAILED,
    PayoutState.RETURNED,
]


def payouts_told_of(*, message_id: str, block: str, end_to_end_id: str) -> list[Payout]:
    """The payouts that a bank's message means: one by its EndToEndId, else a block, else a file."""
    sent = Payout.objects.filter(state__in=_IN_FILE).select_related("batch").order_by("pk")
    if end_to_end_id:
        return list(sent.filter(end_to_end_id=end_to_end_id))
    if block:
        return _of_block(sent, block=block)
    return list(sent.filter(batch__message_id=message_id)) if message_id else []


def payouts_of_files(*, references: set[str]) -> QuerySet[Payout]:
    """All payouts of the files that the references belong to: EndToEndIds, blocks or files."""
    files = references | {m["message"] for r in references if (m := _BLOCK.fullmatch(r))}
    named = Payout.objects.filter(end_to_end_id__in=references).values("batch")
    return Payout.objects.filter(Q(batch__in=named) | Q(batch__message_id__in=files))


def _of_block(sent: QuerySet[Payout], *, block: str) -> list[Payout]:
    """Blocks of a file are numbered by (date, currency); a batch has one date."""
    match = _BLOCK.fullmatch(block)
    if match is None:
        return []
    payouts = list(sent.filter(batch__message_id=match["message"]))
    currencies = sorted({p.currency for p in payouts})
    names = {
        currency: payment_information_id(message=match["message"], position=position)
        for position, currency in enumerate(currencies, start=1)
    }
    return [p for p in payouts if names[p.currency] == block]


def batches(*, state: str = "") -> QuerySet[PayoutBatch]:
    """All batches, or those in a state, with their makers, checkers and what was left out."""
    rows = PayoutBatch.objects.select_related("built_by", "sent_by")
    if state:
        rows = rows.filter(state=state)
    return rows.prefetch_related("approvals__checker", "left_out")


def payouts_of(*, batch: PayoutBatch) -> QuerySet[Payout]:
    """The batch's payouts, with where they go and what they pay."""
    return batch.payouts.select_related("details").prefetch_related("parts")


def messages() -> QuerySet[BankMessage]:
    """What the bank sent, newest last."""
    return BankMessage.objects.all()


def details_of(*, account: Account) -> PayoutDetails | None:
    """Where this account's tutor is paid now."""
    rows = PayoutDetails.objects.filter(tutor__account=account, replaced_at__isnull=True)
    return rows.first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Where the money stands, by currency and stage, from kept balances and tallies."""

    currency: str
    accrued_minor: int
    by_state: dict[str, tuple[int, int]]
    suspense_minor: int
    fees_minor: int

    def amount_in(self, *states: PayoutState) -> int:
        return sum(self.by_state.get(state, (0, 0))[1] for state in states)

    @property
    def on_its_way(self) -> int:
        return self.amount_in(PayoutState.APPROVED, PayoutState.LOCKED, PayoutState.SENT)

    @property
    def paid(self) -> int:
        return self.amount_in(PayoutState.SETTLED)

    @property
    def gone_wrong(self) -> int:
        """Failed or came back; payable again, so part of it may be paid by now."""
        return self.amount_in(PayoutState.FAILED, PayoutState.RETURNED)


def summary() -> list[Summary]:
    """One line per currency. Accrued: owed to tutors and in no payout yet."""
    tallies: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in PayoutTally.objects.order_by("currency", "state"):
        tallies[row.currency][row.state] = (row.payouts_count, int(row.amount_minor))
    kept = _balances()
    currencies = sorted({*tallies, *(currency for _, currency in kept)})
    return [
        Summary(
            currency=currency,
            accrued_minor=kept.get((AccountKind.PAYABLE, currency), 0),
            by_state=tallies.get(currency, {}),
            suspense_minor=kept.get((AccountKind.SUSPENSE, currency), 0),
            fees_minor=-kept.get((AccountKind.FEES, currency), 0),
        )
        for currency in currencies
    ]


def _balances() -> dict[tuple[str, str], int]:
    """What the accounts of a kind hold, less what is reserved."""
    kinds = [AccountKind.PAYABLE, AccountKind.SUSPENSE, AccountKind.FEES]
    rows = (
        Balance.objects.filter(account__kind__in=kinds)
        .order_by()
        .values_list("account__kind", "account__currency")
        .annotate(
            free=Sum(F("credits_minor") - F("debits_minor") - F("pending_debits_minor")),
        )
    )
    return {(kind, currency): int(free) for kind, currency, free in rows}
