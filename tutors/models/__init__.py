from tutors.models.agreements import Agreement
from tutors.models.background import (
    ContentOptIn,
    Experience,
    IdentityCheck,
    Organisation,
    Tie,
    WorkAuthorisation,
)
from tutors.models.contracts import Contract, ContractRate, ContractVersion
from tutors.models.imports import ImportRow, TutorImport
from tutors.models.links import TutorLink
from tutors.models.papers import Paper, SignatureEvidence
from tutors.models.people import Tutor, TutorLanguage
from tutors.models.proofs import Credential, CredentialCheck, Qualification
from tutors.models.requirements import NamedSet, RequirementSet

__all__ = [
    "Agreement",
    "ContentOptIn",
    "Contract",
    "ContractRate",
    "ContractVersion",
    "Credential",
    "CredentialCheck",
    "Experience",
    "IdentityCheck",
    "ImportRow",
    "NamedSet",
    "Organisation",
    "Paper",
    "Qualification",
    "RequirementSet",
    "SignatureEvidence",
    "Tie",
    "Tutor",
    "TutorImport",
    "TutorLanguage",
    "TutorLink",
    "WorkAuthorisation",
]
