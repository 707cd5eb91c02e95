"""What somebody of the demonstration does at her desk, by the operations behind it."""

from datetime import datetime

from config.demonstration.answers import AnswerBook, scripted
from tasks.operations.claiming import claim
from tasks.operations.submitting import submit
from tasks.queries.claims import ClaimSheet
from tasks.queries.handing_in import in_hand
from tasks.rules.states import WorkRole
from workforce.models import Account
from workforce.queries.accounts import by_email


def account_of(email: str) -> Account:
    account = by_email(email=email)
    assert account is not None, f"nobody has the address {email}"
    return account


def take(
    person: Account, *, role: WorkRole, at: datetime, project_id: int | None = None
) -> ClaimSheet | None:
    """Her next piece of work; None when nothing fits."""
    return claim(account=person, role=role, project_id=project_id, at=at)


def hand_in(
    person: Account, sheet: ClaimSheet, *, book: AnswerBook, at: datetime, careful: bool = True
) -> None:
    """What the book knows of the task; hasty people get it wrong."""
    hints = book.hints(task_type=sheet.task_type, task_input=sheet.input)
    answer = scripted(
        task_type=sheet.task_type, task_input=sheet.input, hints=hints, careful=careful
    )
    own = in_hand(claim_id=sheet.claim_id, account_id=person.pk)
    assert own is not None, f"{sheet.public_id} is not in hand"
    submit(account=person, own=own, fence=sheet.fence, answer=answer, at=at)
