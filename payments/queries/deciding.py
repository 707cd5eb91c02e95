"""Payout batches that wait for a checker's word."""

from payments.models import PayoutBatch
from payments.rules.states import BatchState

SHOWN_MAX = 5


def awaiting_approval() -> list[PayoutBatch]:
    """The newest batches that are built and not approved yet."""
    return list(PayoutBatch.objects.filter(state=BatchState.BUILT).order_by("-id")[:SHOWN_MAX])
