"""The bank file leaves the house: written anew, compared with what was sent, and on record."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import BankFileRead
from payments.models import PayoutBatch
from payments.queries.instructions import file_of
from payments.rules.states import BatchState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict


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
