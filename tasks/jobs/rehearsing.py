"""Rehearsals are played on the `intake` queue, outside a transaction: they take a minute or so."""

from datetime import datetime

from django.db import transaction

from tasks.operations import rehearsing
from workforce.jobs import job
from workforce.operations.leasing import Lease
from workforce.rules.ids import internal_id


@job("tasks.rehearse", outside=True)
def rehearse(*, rehearsal: str, at: datetime, lease: Lease, **_: object) -> None:
    """Work out one rehearsal's answer, or nothing where it is over."""
    rehearsing.play_rehearsal(rehearsal_id=internal_id("RH", rehearsal), at=at)
    with transaction.atomic():
        lease.finish()
