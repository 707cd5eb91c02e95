"""What can happen in `workforce`. `subject` is the public id of what it happened to."""

from dataclasses import Field, dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable


@runtime_checkable
class Happening(Protocol):
    """The shape of every event: a frozen dataclass with a dotted kind and a subject.

    Its other fields are JSON values and never personal data: the log is for ever.
    """

    kind: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class AccountAdmitted:
    kind: ClassVar[str] = "workforce.account_admitted"
    subject: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccountClosed:
    kind: ClassVar[str] = "workforce.account_closed"
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SettingsChanged:
    """Somebody changed how her pages look or when she is written to; `fields` names what."""

    kind: ClassVar[str] = "workforce.settings_changed"
    subject: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SessionsEnded:
    kind: ClassVar[str] = "workforce.sessions_ended"
    subject: str
    sessions: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted:
    kind: ClassVar[str] = "workforce.role_granted"
    subject: str
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationMade:
    kind: ClassVar[str] = "workforce.invitation_made"
    subject: str
    invitation: int


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted:
    kind: ClassVar[str] = "workforce.invitation_accepted"
    subject: str


@dataclass(frozen=True, kw_only=True)
class TokenIssued:
    kind: ClassVar[str] = "workforce.token_issued"
    subject: str
    token: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked:
    kind: ClassVar[str] = "workforce.token_revoked"
    subject: str
    token: str


@dataclass(frozen=True, kw_only=True)
class DomainAdded:
    kind: ClassVar[str] = "workforce.domain_added"
    subject: str


@dataclass(frozen=True, kw_only=True)
class TierSet:
    kind: ClassVar[str] = "workforce.tier_set"
    subject: str
    domain: str
    level: int
    rate_minor_hourly: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class TermsPublished:
    kind: ClassVar[str] = "workforce.terms_published"
    subject: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class JobParked:
    kind: ClassVar[str] = "workforce.job_parked"
    subject: str
    job_kind: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class JobRetried:
    kind: ClassVar[str] = "workforce.job_retried"
    subject: str
    job_kind: str
