"""Background work of this floor, on the `pay` queue."""

from collections.abc import Sequence
from datetime import datetime

from payments.operations.earning import post_earnings
from workforce.jobs import job
from workforce.rules.ids import internal_id


@job("payments.post_earnings")
def price_time(*, entries: Sequence[str], at: datetime, **_: object) -> None:
    post_earnings(entries=[internal_id("TE", entry) for entry in entries], at=at)
