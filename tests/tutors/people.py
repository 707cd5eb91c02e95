"""Named people as facts, and the moment at which the tests ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tutors.rules.eligibility import (
    AgreementFacts,
    ContractFacts,
    CredentialFacts,
    Facts,
    LanguageFacts,
    PresenceFacts,
    QualificationFacts,
    ResidenceFacts,
)
from tutors.rules.languages import Level
from tutors.rules.states import (
    AgreementKind,
    ContractState,
    CredentialStatus,
    CredentialType,
    Presence,
    Verified,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

CONTRACT = ContractFacts(
    contract_id=7,
    version_id=70,
    number=1,
    state=ContractState.ACTIVE,
    effective_from=AT - timedelta(days=30),
    effective_until=None,
    currency="USD",
    zone="Europe/London",
    cap_seconds_week=20 * 3600,
)

LICENCE = CredentialFacts(
    type=CredentialType.LICENCE,
    status=CredentialStatus.ACTIVE,
    verified=Verified.PRIMARY_SOURCE,
    expires_on=date(2027, 6, 30),
    profession="physician",
    jurisdiction="US-NY",
)

QUALIFICATION = QualificationFacts(
    speciality="medicine.psychiatry",
    level=2,
    granted_at=AT - timedelta(days=100),
    expires_at=AT + timedelta(days=200),
)

ALICE = Facts(
    tutor_id=1,
    account_id=11,
    facts_version=1,
    active=True,
    reviewer=False,
    capacity=1,
    presence=PresenceFacts(state=Presence.TAKING_WORK, until=AT + timedelta(hours=12)),
    residence=ResidenceFacts(country="GB", since=date(2020, 1, 1)),
    contract=CONTRACT,
    qualifications=(QUALIFICATION,),
    credentials=(LICENCE,),
    languages=(LanguageFacts(tag="en-GB", level=Level.NATIVE),),
    agreements=(
        AgreementFacts(kind=AgreementKind.NDA, party="client:C-12", version=2),
        AgreementFacts(kind=AgreementKind.IP, party="lectern", version=1),
    ),
)
"""A psychiatrist with every paper in order."""

BOB = replace(ALICE, tutor_id=2, account_id=12, contract=None, credentials=(), agreements=())
"""As Alice, but without contract, licence or papers."""
