"""A batch as its checkers see it."""

from payments.models import Payout, PayoutBatch
from payments.rules.approvals import Instruction, content_hash
from payments.rules.states import PayoutState
from workforce.rules.ids import public_id

SIGNED = (
    "pk",
    "details__holder_name",
    "details__bic",
    "amount_minor",
    "currency",
    "details__iban_fingerprint",
)
"""Of each payout, what its checkers stand for; the statements it pays come beside it."""


def instructions_of(*, batch: PayoutBatch) -> list[Payout]:
    """The batch's payouts with what they pay and where to; what was taken out is not in it."""
    going = batch.payouts.exclude(state=PayoutState.VOID)
    rows = going.select_related("details").prefetch_related("parts").order_by("pk")
    return list(rows)


def content_hash_of(*, batch: PayoutBatch) -> str:
    """The hash of everything that the batch would pay, read from the rows as they are now."""
    # Rows, not models: a page of a large batch reads all of them each time it is looked at.
    going = batch.payouts.exclude(state=PayoutState.VOID)
    parts: dict[int, list[str]] = {}
    for payout_id, statement_id, minor in going.values_list(
        "pk", "parts__statement_id", "parts__amount_minor"
    ):
        if statement_id is not None:
            parts.setdefault(payout_id, []).append(f"ST-{statement_id}:{minor}")
    instructions = [
        Instruction(
            payout=public_id(Payout.prefix, pk),
            payee=f"{holder_name}|{bic}",
            amount_minor=amount_minor,
            currency=currency,
            account_fingerprint=fingerprint,
            statements=tuple(sorted(parts.get(pk, ()))),
        )
        for pk, holder_name, bic, amount_minor, currency, fingerprint in going.values_list(*SIGNED)
    ]
    return content_hash(
        batch=batch.public_id, pay_on=batch.pay_on.isoformat(), instructions=instructions
    )
