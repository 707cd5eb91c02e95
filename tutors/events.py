"""What can happen to tutors and their papers. `subject` is the public id of what it happened to.

Fields are ids, codes and numbers, never personal data: the log is for ever.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class TutorAdded:
    kind: ClassVar[str] = "tutors.tutor_added"
    subject: str
    account: str


@dataclass(frozen=True, kw_only=True)
class ProfileChanged:
    kind: ClassVar[str] = "tutors.profile_changed"
    subject: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportChecked:
    kind: ClassVar[str] = "tutors.import_checked"
    subject: str
    rows: int
    ready: int


@dataclass(frozen=True, kw_only=True)
class ImportMatched:
    """Somebody said what the columns hold; all rows were checked again."""

    kind: ClassVar[str] = "tutors.import_matched"
    subject: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportRowChanged:
    """A row was put right or decided on: `act` is fix, skip, unskip or keep_both."""

    kind: ClassVar[str] = "tutors.import_row_changed"
    subject: str
    row: int
    act: str


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded:
    kind: ClassVar[str] = "tutors.import_discarded"
    subject: str


@dataclass(frozen=True, kw_only=True)
class ImportStarted:
    """More rows than fit one transaction are written, or taken back (`act`: commit, undo)."""

    kind: ClassVar[str] = "tutors.import_started"
    subject: str
    act: str


@dataclass(frozen=True, kw_only=True)
class TutorsImported:
    """One for a whole import; the tutors' own rows name it."""

    kind: ClassVar[str] = "tutors.imported"
    subject: str
    added: int
    updated: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone:
    """What an import wrote was taken back; `kept` rows had moved on."""

    kind: ClassVar[str] = "tutors.import_undone"
    subject: str
    undone: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class CredentialAdded:
    kind: ClassVar[str] = "tutors.credential_added"
    subject: str
    tutor: str
    type: str


@dataclass(frozen=True, kw_only=True)
class CredentialVerified:
    kind: ClassVar[str] = "tutors.credential_verified"
    subject: str
    tutor: str
    level: str


@dataclass(frozen=True, kw_only=True)
class CredentialRefused:
    """Somebody looked and could not confirm it; the check's source says where."""

    kind: ClassVar[str] = "tutors.credential_refused"
    subject: str
    tutor: str
    level: str


@dataclass(frozen=True, kw_only=True)
class QualificationGranted:
    kind: ClassVar[str] = "tutors.qualification_granted"
    subject: str
    tutor: str
    speciality: str
    level: int


@dataclass(frozen=True, kw_only=True)
class QualificationRevoked:
    kind: ClassVar[str] = "tutors.qualification_revoked"
    subject: str
    tutor: str
    speciality: str


@dataclass(frozen=True, kw_only=True)
class ContractOffered:
    kind: ClassVar[str] = "tutors.contract_offered"
    subject: str
    tutor: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ContractSigned:
    kind: ClassVar[str] = "tutors.contract_signed"
    subject: str
    tutor: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ContractCountersigned:
    """The version is in force from its start on; `effective_from` may lie ahead."""

    kind: ClassVar[str] = "tutors.contract_countersigned"
    subject: str
    tutor: str
    version: int
    effective_from: str


@dataclass(frozen=True, kw_only=True)
class ContractNoticeGiven:
    kind: ClassVar[str] = "tutors.contract_notice_given"
    subject: str
    tutor: str
    ends_at: str
    by_tutor: bool


@dataclass(frozen=True, kw_only=True)
class ContractEnded:
    kind: ClassVar[str] = "tutors.contract_ended"
    subject: str
    tutor: str
    was_in_force: bool


@dataclass(frozen=True, kw_only=True)
class AgreementOffered:
    kind: ClassVar[str] = "tutors.agreement_offered"
    subject: str
    tutor: str
    party: str
    version: int


@dataclass(frozen=True, kw_only=True)
class AgreementSigned:
    kind: ClassVar[str] = "tutors.agreement_signed"
    subject: str
    tutor: str
    party: str
    version: int


@dataclass(frozen=True, kw_only=True)
class AgreementWithdrawn:
    kind: ClassVar[str] = "tutors.agreement_withdrawn"
    subject: str
    tutor: str
    party: str
    version: int


@dataclass(frozen=True, kw_only=True)
class PaperViewed:
    """The tutor opened a paper that waits for her: a contract's version, or an agreement."""

    kind: ClassVar[str] = "tutors.paper_viewed"
    subject: str
    tutor: str
    version: int


@dataclass(frozen=True, kw_only=True)
class PresenceChanged:
    """`until`: how long she takes work unless she says otherwise; empty when she does not."""

    kind: ClassVar[str] = "tutors.presence_changed"
    subject: str
    state: str
    until: str = ""


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged:
    kind: ClassVar[str] = "tutors.availability_changed"
    subject: str


@dataclass(frozen=True, kw_only=True)
class AuthorisationAdded:
    kind: ClassVar[str] = "tutors.authorisation_added"
    subject: str
    tutor: str
    place: str


@dataclass(frozen=True, kw_only=True)
class AuthorisationVerified:
    """Somebody looked, at something stronger than before; its end may have moved."""

    kind: ClassVar[str] = "tutors.authorisation_verified"
    subject: str
    tutor: str
    level: str


@dataclass(frozen=True, kw_only=True)
class AuthorisationEnded:
    kind: ClassVar[str] = "tutors.authorisation_ended"
    subject: str
    tutor: str
    place: str


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged:
    """Its tags, its client, or which others are the same: whoever is tied to it is looked at."""

    kind: ClassVar[str] = "tutors.organisation_changed"
    subject: str
    client: str
    tags: tuple[str, ...]
    tutors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TieDeclared:
    """`by_tutor`: she said so herself."""

    kind: ClassVar[str] = "tutors.tie_declared"
    subject: str
    tutor: str
    by_tutor: bool


@dataclass(frozen=True, kw_only=True)
class TieChanged:
    """`act`: `ended` on a day, or `withdrawn` as a mistake."""

    kind: ClassVar[str] = "tutors.tie_changed"
    subject: str
    tutor: str
    act: str


@dataclass(frozen=True, kw_only=True)
class ContentChosen:
    """What the tutor agreed to see, and what no longer, in one choice of hers."""

    kind: ClassVar[str] = "tutors.content_chosen"
    subject: str
    given: tuple[str, ...]
    withdrawn: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityChecked:
    kind: ClassVar[str] = "tutors.identity_checked"
    subject: str
    tutor: str
    method: str


@dataclass(frozen=True, kw_only=True)
class IdentityCheckWithdrawn:
    kind: ClassVar[str] = "tutors.identity_check_withdrawn"
    subject: str
    tutor: str


@dataclass(frozen=True, kw_only=True)
class ExperienceAdded:
    kind: ClassVar[str] = "tutors.experience_added"
    subject: str
    tutor: str
    field: str


@dataclass(frozen=True, kw_only=True)
class ExperienceVerified:
    kind: ClassVar[str] = "tutors.experience_verified"
    subject: str
    tutor: str
    level: str


@dataclass(frozen=True, kw_only=True)
class ExperienceWithdrawn:
    kind: ClassVar[str] = "tutors.experience_withdrawn"
    subject: str
    tutor: str


@dataclass(frozen=True, kw_only=True)
class AccountsLinked:
    """`tutors` count as one person from now on; `kind_of` says why (one_person, household)."""

    kind: ClassVar[str] = "tutors.accounts_linked"
    subject: str
    kind_of: str
    tutors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccountsUnlinked:
    """A link among these ended; some may still count as one by another."""

    kind: ClassVar[str] = "tutors.accounts_unlinked"
    subject: str
    tutors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequirementsNamed:
    """A requirement set was kept by name; `replaces` is empty or the set it took the place of."""

    kind: ClassVar[str] = "tutors.requirements_named"
    subject: str
    signature: str
    replaces: str


@dataclass(frozen=True, kw_only=True)
class RequirementsPutAway:
    """A named set is no longer offered for new projects."""

    kind: ClassVar[str] = "tutors.requirements_put_away"
    subject: str
