"""What the bank says, taken in: paid, refused, come back; each thing once, however often told."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import BankMessageImported
from payments.models import BankMessage
from payments.operations.booking import lock, open_accounts
from payments.operations.matching import take_entries
from payments.operations.outcomes import Outcomes, fail, finish_batches, settle
from payments.operations.turns import Turn, take_turn
from payments.providers import accountstatement, statusreport
from payments.providers.bankxml import CannotReadBankFile, document
from payments.providers.statusreport import InstructionStatus, Outcome
from payments.queries.payouts import payouts_of_files, payouts_told_of
from payments.rules import pots
from payments.rules.states import BankMessageKind
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Invalid


class CannotImport(Invalid):
    code = "bank_message_not_valid"
    title = "This file was not imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a message changed. `duplicate`: it had been read before, and nothing changed now."""

    message: BankMessage
    duplicate: bool
    result: dict[str, Any] = field(default_factory=dict)


def import_bank_message(*, content: bytes, actor: Account, at: datetime) -> Imported:
    """Read a pain.002 or camt.053 and follow it, in one transaction.

    `CannotImport` when it is neither, or its balances do not add up: then nothing is changed.
    """
    try:
        name, _body = document(content)
        kind = BankMessageKind(name[:8])
        messages = _read(content, kind=kind)
    except (CannotReadBankFile, ValueError) as problem:
        why = (
            str(problem)
            if isinstance(problem, CannotReadBankFile)
            else _(
                "The file is neither a status report (pain.002) "
                "nor an account statement (camt.053)."
            )
        )
        raise CannotImport(why, errors={"file": [why]}) from problem
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        take_turn(Turn.BANK)
        before = BankMessage.objects.filter(sha256=digest).first()
        if before is not None:
            return Imported(message=before, duplicate=True, result=before.result)
        message = BankMessage.objects.create(
            kind=kind,
            message_id=messages[0].message_id[:70],
            sha256=digest,
            received_by=actor,
            received_at=at,
        )
        _hold_balances(messages)
        outcomes = Outcomes(message=message, actor=actor, at=at)
        for part in messages:
            _follow(part, outcomes=outcomes)
        finish_batches(outcomes=outcomes)
        _remember(message, outcomes=outcomes)
    return Imported(message=message, duplicate=False, result=message.result)


_Message = statusreport.StatusReport | accountstatement.AccountStatement


def _read(content: bytes, *, kind: BankMessageKind) -> tuple[_Message, ...]:
    if kind is BankMessageKind.STATUS:
        return (statusreport.read(content),)
    return accountstatement.read(content)


def _hold_balances(messages: tuple[_Message, ...]) -> None:
    """All balances that the messages may move, at once and in id order.

    They move one by one further down; taken one by one they could meet a pricing job half-way.
    """
    wanted = {
        pot
        for payout in payouts_of_files(references=_references(messages))
        for pot in (
            pots.payable(tutor=f"E-{payout.tutor_id}", currency=payout.currency),
            pots.clearing(batch=f"PB-{payout.batch_id}", currency=payout.currency),
        )
    }
    for part in messages:
        if isinstance(part, accountstatement.AccountStatement):
            wanted |= {
                pots.bank(account=part.account, currency=part.currency),
                pots.fees(currency=part.currency),
                pots.suspense(currency=part.currency),
            }
    lock(accounts=open_accounts(pots=wanted).values())


def _references(messages: tuple[_Message, ...]) -> set[str]:
    """Everything that the messages call ours: EndToEndIds, blocks, files."""
    found: set[str] = set()
    for part in messages:
        if isinstance(part, statusreport.StatusReport):
            found |= {part.original_message_id, *(s.end_to_end_id for s in part.statuses)}
            found |= {s.payment_information_id for s in part.statuses}
        else:
            found |= {e.payment_information_id for e in part.entries}
            found |= {line.end_to_end_id for e in part.entries for line in e.lines}
    return found - {""}


def _follow(part: _Message, *, outcomes: Outcomes) -> None:
    if isinstance(part, statusreport.StatusReport):
        for status in part.statuses:
            _follow_status(status, original=part.original_message_id, outcomes=outcomes)
    else:
        take_entries(statement=part, outcomes=outcomes)


def _follow_status(status: InstructionStatus, *, original: str, outcomes: Outcomes) -> None:
    """Waiting changes nothing. A verdict on a block or file counts for each payout in it."""
    if status.outcome is Outcome.WAITING:
        return
    payouts = payouts_told_of(
        message_id=original,
        block=status.payment_information_id,
        end_to_end_id=status.end_to_end_id,
    )
    if not payouts:
        outcomes.unknown += 1
    for payout in payouts:
        if status.outcome is Outcome.PAID:
            settle(payout=payout, outcomes=outcomes)
        else:
            fail(payout=payout, reason=status.reason, outcomes=outcomes)


def _remember(message: BankMessage, *, outcomes: Outcomes) -> None:
    message.result = outcomes.summary()
    message.save(update_fields=["result"])
    event = BankMessageImported(
        subject=message.public_id,
        message_kind=message.kind,
        settled=tuple(outcomes.settled),
        failed=tuple(outcomes.failed),
        returned=tuple(outcomes.returned),
        suspense=outcomes.suspense,
    )
    record(event=event, actor=outcomes.actor, at=outcomes.at)
