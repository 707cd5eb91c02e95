"""What happened to client work. Ids are public ids; no names, no answers, no money secrets.

`queue` is the Celery queue of the project's domain, so that what follows knows where to go.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded:
    kind: ClassVar[str] = "tasks.client_added"
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMemberAdded:
    kind: ClassVar[str] = "tasks.client_member_added"
    subject: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMade:
    kind: ClassVar[str] = "tasks.project_made"
    subject: str
    client: str
    domain: str
    task_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChanged:
    """`changed` names the fields; `state` is the state afterwards; `reason` is a person's."""

    kind: ClassVar[str] = "tasks.project_changed"
    subject: str
    changed: tuple[str, ...]
    state: str
    queue: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePublished:
    kind: ClassVar[str] = "tasks.guide_published"
    subject: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPolicySet:
    """A project (`subject` is its id) or a domain (its path) has a new version of its policy.

    An empty `digest`: from now on it follows what lies above it. `restores` names a version.
    `projects` counts those whose policy in force changed.
    """

    kind: ClassVar[str] = "tasks.routing_policy_set"
    subject: str
    scope: str
    version: int
    digest: str
    note: str
    restores: int | None
    queue: str
    projects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalAsked:
    """The simulator is asked something; `asked` is the kind of question."""

    kind: ClassVar[str] = "tasks.rehearsal_asked"
    subject: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalEnded:
    kind: ClassVar[str] = "tasks.rehearsal_ended"
    subject: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceived:
    kind: ClassVar[str] = "tasks.batch_received"
    subject: str
    project: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDone:
    """Loaded (or `failed`): how many rows became tasks, were there already, or had errors."""

    kind: ClassVar[str] = "tasks.batch_done"
    subject: str
    project: str
    client: str
    state: str
    received: int
    new: int
    duplicate: int
    error: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaStored:
    kind: ClassVar[str] = "tasks.media_stored"
    subject: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointMade:
    kind: ClassVar[str] = "tasks.webhook_endpoint_made"
    subject: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointChanged:
    """`changed` names the fields; a changed secret is not told, only that it changed."""

    kind: ClassVar[str] = "tasks.webhook_endpoint_changed"
    subject: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled:
    kind: ClassVar[str] = "tasks.webhook_endpoint_disabled"
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed:
    kind: ClassVar[str] = "tasks.webhook_replayed"
    subject: str
    endpoint: str
