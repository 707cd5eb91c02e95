"""Background work that reads several packages."""

from datetime import datetime

from config.noticing import tell
from workforce.jobs import job


@job("config.make_notices")
def make_notices(*, event: int, at: datetime, **_: object) -> None:
    """Tell everybody whom one event concerns."""
    tell(event_id=event, at=at)
