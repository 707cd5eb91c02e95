"""A batch as its checkers and the bank see it."""

from payments.models import Payout, PayoutBatch
from payments.providers.bankfile import Party, Payment, PaymentOrder, Version, write
from payments.rules.approvals import Instruction, content_hash
from payments.rules.states import PayoutState
from workforce.providers.vault import ring

IBAN_CONTEXT = "payments_payoutdetails.iban"
_IN_FILE = [
    PayoutState.LOCKED,
    PayoutState.SENT,
    PayoutState.SETTLED,
    PayoutState.FAILED,
    PayoutState.RETURNED,
]


def _payouts(batch: PayoutBatch) -> list[Payout]:
    rows = batch.payouts.select_related("details").prefetch_related("parts").order_by("pk")
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
        for payout in _payouts(batch)
    ]
    return content_hash(
        batch=batch.public_id, pay_on=batch.pay_on.isoformat(), instructions=instructions
    )


def file_of(*, batch: PayoutBatch) -> bytes:
    """The batch's bank file, written anew from its rows: the same bytes each time."""
    version: Version = "03" if batch.file_version == "03" else "09"
    return write(order=_order(batch), version=version)


def _order(batch: PayoutBatch) -> PaymentOrder:
    payments = [
        Payment(
            end_to_end_id=payout.end_to_end_id or "",
            amount_minor=payout.amount_minor,
            currency=payout.currency,
            pay_on=batch.pay_on,
            creditor=_creditor(payout),
            remittance=_remittance(payout),
        )
        for payout in _payouts(batch)
        if payout.state in _IN_FILE
    ]
    debtor = Party(name=batch.payer_name, iban=batch.payer_iban, bic=batch.payer_bic)
    return PaymentOrder(
        message_id=batch.message_id,
        created_at=batch.sent_at or batch.built_at,
        debtor=debtor,
        payments=payments,
    )


def _creditor(payout: Payout) -> Party:
    details = payout.details
    iban = ring().open(details.iban_sealed, context=IBAN_CONTEXT)
    return Party(name=details.holder_name, iban=iban, bic=details.bic)


def _remittance(payout: Payout) -> str:
    """The statements paid, as many as fit."""
    names = [f"ST-{p.statement_id}" for p in sorted(payout.parts.all(), key=lambda p: p.pk)]
    return f"{payout.public_id} {' '.join(names)}"
