"""The bank file leaves the house: written anew, compared with what was sent, and on record."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import BankFileRead
from payments.models import Payout, PayoutBatch
from payments.operations.payees import opened_iban
from payments.providers.bankfile import Party, Payment, PaymentOrder, Version, write
from payments.queries.instructions import instructions_of
from payments.rules.states import BatchState, PayoutState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict

_IN_FILE = frozenset(
    {
        PayoutState.LOCKED,
        PayoutState.SENT,
        PayoutState.SETTLED,
        PayoutState.FAILED,
        PayoutState.RETURNED,
    }
)


class NoFileYet(Conflict):
    code = "batch_not_sent"
    title = "This batch has no file"


class FileHasChanged(Conflict):
    code = "bank_file_changed"
    title = "The file is not what was sent"


def hand_over_file(*, batch: PayoutBatch, actor: Account, at: datetime) -> bytes:
    """The file of a batch that was sent. Reading it is recorded: it holds account numbers.

    `NoFileYet` before it is sent; `FileHasChanged` if its rows no longer give the bytes sent.
    """
    if batch.state not in (BatchState.SENT, BatchState.SETTLED):
        raise NoFileYet(_("Approve and send the batch first; sending writes the file."))
    content = file_of(batch=batch)
    if hashlib.sha256(content).hexdigest() != batch.file_sha256:
        raise FileHasChanged(_("The batch was altered after it was sent. Tell an administrator."))
    with transaction.atomic():
        event = BankFileRead(subject=batch.public_id, file_sha256=batch.file_sha256)
        record(event=event, actor=actor, at=at)
    return content


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
        for payout in instructions_of(batch=batch)
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
    return Party(name=details.holder_name, iban=opened_iban(details), bic=details.bic)


def _remittance(payout: Payout) -> str:
    """The statements paid, as many as fit."""
    names = [f"ST-{p.statement_id}" for p in sorted(payout.parts.all(), key=lambda p: p.pk)]
    return f"{payout.public_id} {' '.join(names)}"
