"""A batch as its checkers see it."""

from payments.models import Payout, PayoutBatch
from payments.rules.approvals import Instruction, content_hash
from payments.rules.states import PayoutState


def instructions_of(*, batch: PayoutBatch) -> list[Payout]:
    """The batch's payouts with what they pay and where to; what was taken out is not in it."""
    going = batch.payouts.exclude(state=PayoutState.VOID)
    rows = going.select_related("details").prefetch_related("parts").order_by("pk")
    return list(rows)


def content_hash_of(*, batch: PayoutBatch) -> str:
    """The hash of everything that the batch would pay, read from the rows as they are now."""
    instructions = [
        Instruction(
            payout=payout.public_id,
            payee=f"{payout.details.holder_name}|{payout.details.bic}",
            amount_minor=payout.amount_minor,
            currency=payout.currency,
            account_fingerprint=payout.details.iban_fingerprint,
            statements=tuple(
                sorted(f"ST-{p.statement_id}:{p.amount_minor}" for p in payout.parts.all())
            ),
        )
        for payout in instructions_of(batch=batch)
    ]
    return content_hash(
        batch=batch.public_id, pay_on=batch.pay_on.isoformat(), instructions=instructions
    )
