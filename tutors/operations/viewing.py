"""A paper was opened by the person who is to sign it."""

from datetime import datetime

from django.db import transaction

from tutors.events import PaperViewed
from tutors.models import Agreement, Contract, ContractVersion
from tutors.rules.states import AgreementState, VersionState
from workforce.models import Account
from workforce.operations.recording import record


@transaction.atomic
def view_contract(*, contract: Contract, account: Account, at: datetime) -> None:
    """Note that the tutor saw the version on the table; the first time counts."""
    if contract.tutor.account_id != account.pk:
        return
    waiting = ContractVersion.objects.filter(
        contract=contract, state=VersionState.OFFERED, viewed_at__isnull=True
    )
    number = waiting.values_list("number", flat=True).first()
    if number is None or not waiting.update(viewed_at=at):
        return
    event = PaperViewed(subject=contract.public_id, tutor=contract.tutor.public_id, version=number)
    record(event=event, actor=account, at=at)


@transaction.atomic
def view_agreement(*, agreement: Agreement, account: Account, at: datetime) -> None:
    """Note that the tutor saw the paper that waits for her; the first time counts."""
    if agreement.tutor.account_id != account.pk:
        return
    waiting = Agreement.objects.filter(
        pk=agreement.pk, state=AgreementState.OFFERED, viewed_at__isnull=True
    )
    if not waiting.update(viewed_at=at):
        return
    event = PaperViewed(
        subject=agreement.public_id, tutor=agreement.tutor.public_id, version=agreement.version
    )
    record(event=event, actor=account, at=at)
