"""What the sweeper does on every pass: each a verb that is idempotent and bounded."""

from collections.abc import Callable
from datetime import datetime

from workforce.operations import sweeping

Sweep = Callable[..., int]


def _jobs(*, at: datetime) -> int:
    return sweeping.sweep(at=at)


SWEEPS: tuple[tuple[str, Sweep], ...] = (("jobs", _jobs),)
