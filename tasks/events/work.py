"""Work in hands, what came of it, and the time it took."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade:
    kind: ClassVar[str] = "tasks.claim_made"
    subject: str
    task: str
    tutor: str
    pool: str
    role: str
    fence: int
    rate_minor_hourly: int
    currency: str
    rate_rule: str
    offer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPaused:
    kind: ClassVar[str] = "tasks.claim_paused"
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResumed:
    kind: ClassVar[str] = "tasks.claim_resumed"
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimExtended:
    kind: ClassVar[str] = "tasks.claim_extended"
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotReturned:
    """A claim ended without an answer (`state`: returned, skipped, released); the slot is open."""

    kind: ClassVar[str] = "tasks.slot_returned"
    subject: str
    task: str
    tutor: str
    pool: str
    queue: str
    state: str
    seconds_worked: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasesExpired:
    """Claims of one pool ran out; slots are open again, drafts and worked time are kept."""

    kind: ClassVar[str] = "tasks.leases_expired"
    subject: str
    queue: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An answer (or a paid `cannot`) came in. `review_pool` is set when a review slot opened."""

    kind: ClassVar[str] = "tasks.submitted"
    subject: str
    claim: str
    task: str
    project: str
    tutor: str
    queue: str
    seconds_worked: int
    cannot: bool
    review_pool: str | None
    task_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    kind: ClassVar[str] = "tasks.taken_back"
    subject: str
    claim: str
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotTwice:
    """Two people could not do this task; the manager should look at it."""

    kind: ClassVar[str] = "tasks.cannot_twice"
    subject: str
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """`pool` is where the attempt slot waits again after a reject; the author's is in `offer`
    after a request for a revision.
    """

    kind: ClassVar[str] = "tasks.reviewed"
    subject: str
    review: str
    task: str
    project: str
    author: str
    reviewer: str
    decision: str
    category: str
    queue: str
    pool: str | None
    offer: str | None
    task_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsOverdue:
    """Nobody judged these in time, so they count as accepted."""

    kind: ClassVar[str] = "tasks.reviews_overdue"
    subject: str
    submissions: tuple[str, ...]
    tasks_done: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled:
    kind: ClassVar[str] = "tasks.task_cancelled"
    subject: str
    project: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswersMixedIn:
    """Slots of tasks with known answers were opened among a project's others; subject: the pool."""

    kind: ClassVar[str] = "tasks.known_answers_mixed_in"
    subject: str
    project: str
    queue: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswersCompared:
    """Answers to a project's tasks were compared with known ones. `tutors`: whose was not good."""

    kind: ClassVar[str] = "tasks.known_answers_compared"
    subject: str
    answers: int
    good: int
    tutors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswerWithdrawn:
    """The known answer of a task was wrong: it counts for none of the `answers` any more."""

    kind: ClassVar[str] = "tasks.known_answer_withdrawn"
    subject: str
    project: str
    answers: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWritten:
    """A tutor or a manager wrote time down by hand; it waits as a draft."""

    kind: ClassVar[str] = "tasks.time_written"
    subject: str
    tutor: str
    time_kind: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSubmitted:
    kind: ClassVar[str] = "tasks.time_submitted"
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeApproved:
    """Entries of one contract version that will be paid."""

    kind: ClassVar[str] = "tasks.time_approved"
    subject: str
    tutor: str
    contract_version: int
    entries: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeDeclined:
    kind: ClassVar[str] = "tasks.time_declined"
    subject: str
    tutor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeDisputed:
    kind: ClassVar[str] = "tasks.time_disputed"
    subject: str
    tutor: str
    reason: str
