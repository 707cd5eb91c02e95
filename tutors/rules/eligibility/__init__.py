"""Who may do what, and why: one pure function for routing, claiming, lists and explanations."""

from tutors.rules.eligibility.conditions import capacity, weekly_cap
from tutors.rules.eligibility.engine import (
    eligible,
    first_refusal,
    judge,
    judge_rules,
    left_to_do,
    passes_rules,
)
from tutors.rules.eligibility.facts import (
    AgreementFacts,
    AuthorisationFacts,
    ContractFacts,
    ContractRateFacts,
    CredentialFacts,
    ExperienceFacts,
    Facts,
    LanguageFacts,
    PresenceFacts,
    QualificationFacts,
    RecordFacts,
    ResidenceFacts,
    Situation,
    TieFacts,
)
from tutors.rules.eligibility.record import proven_tenths
from tutors.rules.eligibility.turning import (
    Change,
    changes_for,
    contract_change,
    reviewer_change,
)
from tutors.rules.eligibility.verdicts import CODES, Finding, Verdict

__all__ = [
    "CODES",
    "AgreementFacts",
    "AuthorisationFacts",
    "Change",
    "ContractFacts",
    "ContractRateFacts",
    "CredentialFacts",
    "ExperienceFacts",
    "Facts",
    "Finding",
    "LanguageFacts",
    "PresenceFacts",
    "QualificationFacts",
    "RecordFacts",
    "ResidenceFacts",
    "Situation",
    "TieFacts",
    "Verdict",
    "capacity",
    "changes_for",
    "contract_change",
    "eligible",
    "first_refusal",
    "judge",
    "judge_rules",
    "left_to_do",
    "passes_rules",
    "proven_tenths",
    "reviewer_change",
    "weekly_cap",
]
