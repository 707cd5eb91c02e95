"""What pages and API share. `now()` is the one reader of the clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The instant at which a request, job or command was taken up."""
    return datetime.now(UTC)


__all__ = ["now"]
