from tutors.models.agreements import Agreement
from tutors.models.contracts import Contract, ContractRate, ContractVersion
from tutors.models.imports import ImportRow, TutorImport
from tutors.models.papers import Paper, SignatureEvidence
from tutors.models.people import Tutor, TutorLanguage
from tutors.models.proofs import Credential, CredentialCheck, Qualification
from tutors.models.requirements import RequirementSet

__all__ = [
    "Agreement",
    "Contract",
    "ContractRate",
    "ContractVersion",
    "Credential",
    "CredentialCheck",
    "ImportRow",
    "Paper",
    "Qualification",
    "RequirementSet",
    "SignatureEvidence",
    "Tutor",
    "TutorImport",
    "TutorLanguage",
]
