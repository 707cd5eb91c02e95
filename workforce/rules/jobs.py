"""States and limits of background jobs (the pattern: docs/architecture.md, Events and jobs)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    DUE = "due"  # waits for run_at and a worker
    LEASED = "leased"  # a worker holds it until lease_until
    DONE = "done"  # its effect is committed
    PARKED = "parked"  # out of attempts; somebody has to look


SERVICE_QUEUES = ("intake", "pay", "notify")
"""Queues beside the domains' own."""

REPUBLISH_AFTER = timedelta(seconds=5)
"""A due job that nobody leased is published again after this long: the doorbell may be lost."""

BATCH_MAX = 500
"""Rows that one pass of relay or sweeper touches."""

ERROR_CHARS_MAX = 2_000

BACKOFF_SECONDS = (1, 5, 15, 60, 300)


def backoff(attempts: int) -> timedelta:
    """How long a job that failed `attempts` times (1 or more) waits."""
    return timedelta(seconds=BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS)) - 1])


@dataclass(frozen=True, kw_only=True)
class JobSpec:
    """A job that should exist: at most one due per (kind, key)."""

    kind: str
    queue: str
    key: str
    subject: Mapping[str, Any]
    run_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EventSeen:
    """An event as the relay shows it to a reaction."""

    id: int
    kind: str
    subject: str
    body: Mapping[str, Any]


Reaction = Callable[[EventSeen], Iterable[JobSpec]]
Reactions = Mapping[str, Sequence[Reaction]]
