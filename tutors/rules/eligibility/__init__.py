"""Who may do what, and why: one pure function for routing, claiming, lists and explanations."""

from tutors.rules.eligibility.engine import eligible, first_refusal, judge, judge_rules
from tutors.rules.eligibility.facts import (
    AgreementFacts,
    ContractFacts,
    ContractRateFacts,
    CredentialFacts,
    Facts,
    LanguageFacts,
    PresenceFacts,
    QualificationFacts,
    ResidenceFacts,
    Situation,
)
from tutors.rules.eligibility.verdicts import CODES, Verdict

__all__ = [
    "CODES",
    "AgreementFacts",
    "ContractFacts",
    "ContractRateFacts",
    "CredentialFacts",
    "Facts",
    "LanguageFacts",
    "PresenceFacts",
    "QualificationFacts",
    "ResidenceFacts",
    "Situation",
    "Verdict",
    "eligible",
    "first_refusal",
    "judge",
    "judge_rules",
]
