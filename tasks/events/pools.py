"""Work that waits, and who was asked to take it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksOpened:
    """A chunk of a batch is waiting. One event for the chunk, subject is the batch."""

    kind: ClassVar[str] = "tasks.opened"
    subject: str
    project: str
    pool: str
    queue: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRelaxed:
    """Slots moved on to a softer step of their requirement set."""

    kind: ClassVar[str] = "tasks.pool_relaxed"
    subject: str
    to_pool: str
    queue: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersMade:
    """One routing round of a pool. Each offer's own reasons are kept with the offer."""

    kind: ClassVar[str] = "tasks.offers_made"
    subject: str
    queue: str
    offers: tuple[str, ...]
    tutors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclined:
    kind: ClassVar[str] = "tasks.offer_declined"
    subject: str
    task: str
    tutor: str
    pool: str
    queue: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersEnded:
    """Offers expired or were withdrawn; their slots are back with their age."""

    kind: ClassVar[str] = "tasks.offers_ended"
    subject: str
    queue: str
    state: str
    reason: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolExhausted:
    """Nobody here could take what waits longest in the pool; `code` is the verdict in the way."""

    kind: ClassVar[str] = "tasks.pool_exhausted"
    subject: str
    project: str
    name: str
    role: str
    code: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAsked:
    """A tutor wants to be told when the project's work of this role opens to her."""

    kind: ClassVar[str] = "tasks.alert_asked"
    subject: str
    tutor: str
    project: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded:
    """She does not want to be told any more."""

    kind: ClassVar[str] = "tasks.alert_ended"
    subject: str
    tutor: str
    project: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOpened:
    """What a tutor waited for: work of the project that she may take. `pool` is where it waits."""

    kind: ClassVar[str] = "tasks.queue_opened"
    subject: str
    tutor: str
    project: str
    role: str
    pool: str
