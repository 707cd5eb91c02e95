"""Clients, their projects, and what comes in and goes out."""

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
