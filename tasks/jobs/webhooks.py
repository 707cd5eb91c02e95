"""News is made and sent on the `notify` queue."""

from datetime import datetime

from tasks.operations import delivering
from workforce.jobs import job
from workforce.operations.leasing import Lease
from workforce.rules.ids import internal_id


@job("tasks.deliver_news")
def deliver_news(*, event: int, at: datetime, **_: object) -> None:
    """Make the deliveries of one event."""
    delivering.announce(event_id=event, at=at)


@job(delivering.KIND, outside=True)
def deliver_webhook(*, delivery: str, at: datetime, lease: Lease, **_: object) -> None:
    """Try one delivery."""
    key = internal_id("WD", delivery)
    delivering.deliver(delivery_id=key, at=at, finish=lease.finish)
