"""What is known about a tutor, and about the moment she would take a piece of work."""

from dataclasses import dataclass
from datetime import date, datetime

from tutors.rules.languages import Level
from tutors.rules.states import (
    AgreementKind,
    ContractState,
    CredentialStatus,
    CredentialType,
    Presence,
    RateSource,
    SensitiveContent,
    Verified,
    WorkRole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRateFacts:
    """A rate agreed in a contract. Empty project, role and speciality: it holds for all."""

    minor_hourly: int
    source: RateSource = RateSource.OVERRIDE
    project: str = ""
    role: WorkRole | None = None
    speciality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """The contract that counts, or that will, with its version of the moment.

    `in_force`: the version was signed by both, so work within its range is under contract,
    also when the contract has ended since.
    """

    contract_id: int
    version_id: int
    number: int
    state: ContractState
    effective_from: datetime
    effective_until: datetime | None
    currency: str
    zone: str
    in_force: bool = True
    cap_seconds_week: int | None = None
    rates: tuple[ContractRateFacts, ...] = ()

    @property
    def name(self) -> str:
        return f"K-{self.contract_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationFacts:
    """Granted and not revoked; it lapses at `expires_at`."""

    speciality: str
    level: int
    granted_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFacts:
    """One proof brought along. Which values count depends on the type; unknown ones are empty."""

    type: CredentialType
    status: CredentialStatus
    verified: Verified = Verified.SELF
    expires_on: date | None = None
    field: str = ""
    name: str = ""
    rank: str = ""
    profession: str = ""
    jurisdiction: str = ""
    restricted: bool = False
    grade: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFacts:
    tag: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceFacts:
    country: str
    region: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """A signed paper; `party` is `lectern` or `client:C-12`."""

    kind: AgreementKind
    party: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationFacts:
    """The right to work in a place, until the end of a day."""

    place: str
    valid_until: date | None = None
    verified: Verified = Verified.SELF


@dataclass(frozen=True, slots=True, kw_only=True)
class TieFacts:
    """A tie, by every name it answers to: `org:word`, `client:C-12`, `tag:word`.

    No `until`: it lasts. One that begins later counts already.
    """

    names: tuple[str, ...]
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperienceFacts:
    """Work in a field: a post with its dates, or a number of years without."""

    field: str
    years: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    verified: Verified = Verified.SELF


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What became of her answers of one kind in one field; `tasks` counts and hands it down.

    `most_by_one`: how many of those judged one and the same reviewer judged.
    """

    speciality: str
    task_type: str
    judged: int
    accepted: int
    most_by_one: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceFacts:
    state: Presence
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything about one tutor that eligibility reads, as of one moment.

    `linked`: keys of the tutors who count as one person with her. `record` is handed down by
    `tasks` wherever a set asks for it; no other fact is.
    """

    tutor_id: int
    account_id: int
    facts_version: int
    active: bool
    reviewer: bool
    capacity: int
    presence: PresenceFacts
    residence: ResidenceFacts
    contract: ContractFacts | None = None
    qualifications: tuple[QualificationFacts, ...] = ()
    credentials: tuple[CredentialFacts, ...] = ()
    languages: tuple[LanguageFacts, ...] = ()
    agreements: tuple[AgreementFacts, ...] = ()
    authorisations: tuple[AuthorisationFacts, ...] = ()
    ties: tuple[TieFacts, ...] = ()
    opt_ins: tuple[SensitiveContent, ...] = ()
    identity_checked_at: datetime | None = None
    experience: tuple[ExperienceFacts, ...] = ()
    linked: tuple[int, ...] = ()
    record: tuple[RecordFacts, ...] = ()

    @property
    def name(self) -> str:
        return f"E-{self.tutor_id}"

    @property
    def person(self) -> tuple[int, ...]:
        """Her own key and those of whoever counts as one with her."""
        return (self.tutor_id, *self.linked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What `tasks` knows about the moment: hours, hands, history. The defaults stand in no way.

    `on_task`: the tutor holds or held a slot of this task with the same role.
    `authored`, `reviewed`: she made, or judged, what this slot is about. `by_linked`: one of the
    three was an account linked to hers.
    """

    role: WorkRole = WorkRole.ATTEMPT
    push: bool = False
    seconds_used_week: int = 0
    expected_seconds: int = 0
    open_claims: int = 0
    weight: int = 1
    on_task: bool = False
    authored: bool = False
    reviewed: bool = False
    by_linked: bool = False
    declined: bool = False
    budget_left_ok: bool = True
