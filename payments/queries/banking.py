"""What the bank sent, and what of it nobody has explained yet."""

from django.db.models import QuerySet

from payments.models import BankEntry, BankMessage, PayoutBatch
from payments.rules.states import BatchState, EntryState

SUSPENSE_MAX = 50
BATCHES_MAX = 10


def messages() -> QuerySet[BankMessage]:
    return BankMessage.objects.select_related("received_by")


def suspense() -> list[BankEntry]:
    """The latest bookings that belong to nothing of ours; they wait in suspense."""
    rows = BankEntry.objects.filter(state=EntryState.SUSPENSE).select_related("message")
    return list(rows.order_by("-pk")[:SUSPENSE_MAX])


def sent_batches() -> list[PayoutBatch]:
    """Batches whose answer the bank still owes, the oldest first."""
    return list(PayoutBatch.objects.filter(state=BatchState.SENT).order_by("pk")[:BATCHES_MAX])
