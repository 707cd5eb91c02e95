"""Rehearsals are played on the `intake` queue, outside a transaction: they take a minute or so."""

from datetime import datetime, timedelta

from django.db import transaction

from tasks.operations import rehearsing
from tasks.rules.limits import REHEARSE_AGAIN_SECONDS
from workforce.jobs import job
from workforce.operations import enqueue
from workforce.operations.leasing import Lease
from workforce.rules.ids import internal_id
from workforce.rules.jobs import JobSpec

REHEARSE = "tasks.rehearse"


@job(REHEARSE, outside=True)
def rehearse(*, rehearsal: str, at: datetime, lease: Lease, **_: object) -> None:
    """Work out one rehearsal's answer, or nothing where it is over; later, while another plays."""
    played = rehearsing.play_rehearsal(rehearsal_id=internal_id("RH", rehearsal), at=at)
    with transaction.atomic():
        lease.finish()
        if not played:
            enqueue(specs=[_spec(rehearsal, at + timedelta(seconds=REHEARSE_AGAIN_SECONDS))])


def _spec(rehearsal: str, run_at: datetime) -> JobSpec:
    return JobSpec(
        kind=REHEARSE,
        queue="intake",
        key=rehearsal,
        subject={"rehearsal": rehearsal},
        run_at=run_at,
    )
