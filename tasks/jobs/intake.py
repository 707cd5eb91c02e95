"""Batches are loaded on the `intake` queue, one job for each chunk."""

from datetime import datetime

from tasks.operations.loading import load_chunk
from workforce.jobs import job
from workforce.operations import enqueue
from workforce.rules.ids import internal_id
from workforce.rules.jobs import JobSpec

KIND = "tasks.load_batch"


@job(KIND)
def load_batch(*, batch: str, at: datetime, **_: object) -> None:
    """Load one chunk of the batch (its public id) and ask for the next."""
    if load_chunk(batch_id=internal_id("B", batch), at=at):
        enqueue(specs=[JobSpec(kind=KIND, queue="intake", key=batch, subject={"batch": batch})])
