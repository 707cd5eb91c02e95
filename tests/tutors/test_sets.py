"""The design's four sets: somebody who passes, and for each rule somebody who fails it alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.tutors import sets
from tests.tutors.people import ALICE, AT, LICENCE, QUALIFICATION
from tutors.rules.eligibility import (
    AgreementFacts,
    AuthorisationFacts,
    CredentialFacts,
    ExperienceFacts,
    Facts,
    LanguageFacts,
    RecordFacts,
    ResidenceFacts,
    TieFacts,
    judge_rules,
)
from tutors.rules.languages import Level
from tutors.rules.requirements import parse
from tutors.rules.requirements.wording import in_words
from tutors.rules.states import (
    AgreementKind,
    CredentialStatus,
    CredentialType,
    SensitiveContent,
    Verified,
)

CLIENT = "C-12"


def failures(document: sets.Document, facts: Facts, *, step: int = 0) -> dict[str, str]:
    """Rule → code, of those that fail."""
    found = judge_rules(
        facts=facts, requirement=parse(document).at_step(step), client=CLIENT, at=AT
    )
    return {verdict.rule: verdict.code for verdict in found if not verdict.passed}


def proof(type_: CredentialType, **said: Any) -> CredentialFacts:
    base: dict[str, Any] = {"status": CredentialStatus.AWARDED, "verified": Verified.DOCUMENT}
    return CredentialFacts(type=type_, **{**base, **said})


PSYCHIATRIST = replace(
    ALICE,
    authorisations=(AuthorisationFacts(place="GB"),),
    ties=(TieFacts(names=("org:harbour-hospital",), until=AT.date() - timedelta(days=366)),),
    opt_ins=(SensitiveContent.SELF_HARM,),
    identity_checked_at=AT - timedelta(days=30),
    experience=(ExperienceFacts(field="medicine.psychiatry", years=5),),
    record=(
        RecordFacts(
            speciality="medicine.psychiatry",
            task_type="hallucination",
            judged=20,
            accepted=20,
            most_by_one=9,
        ),
    ),
)
TRAINEE = replace(
    PSYCHIATRIST,
    credentials=(
        proof(CredentialType.DEGREE, name="MBBS"),
        proof(
            CredentialType.TRAINING_POST,
            status=CredentialStatus.ACTIVE,
            field="psychiatry",
            grade=3,
            expires_on=date(2027, 8, 1),
        ),
    ),
)
MATHEMATICIAN = replace(
    ALICE,
    qualifications=(replace(QUALIFICATION, speciality="stem.mathematics", level=1),),
    credentials=(
        proof(CredentialType.AWARD, name="IMO", rank="silver"),
        proof(CredentialType.PUBLICATION, field="mathematics", count=3),
    ),
)
HEBREW = replace(
    ALICE,
    languages=(
        LanguageFacts(tag="he", level=Level.NATIVE),
        LanguageFacts(tag="en", level=Level.C1),
    ),
    residence=ResidenceFacts(country="US", region="NY", since=date(2026, 1, 1)),
    opt_ins=(SensitiveContent.VIOLENCE, SensitiveContent.HATE),
)
VISUAL = replace(
    ALICE,
    qualifications=(replace(QUALIFICATION, speciality="visual.image-understanding", level=1),),
    credentials=(),
    experience=(ExperienceFacts(field="image-analysis", from_on=date(2024, 11, 20)),),
)


@pytest.mark.parametrize(
    ("document", "person"),
    [
        (sets.PSYCHIATRY, PSYCHIATRIST),
        (sets.PSYCHIATRY, TRAINEE),
        (sets.MATHS, MATHEMATICIAN),
        (
            sets.MATHS,
            replace(
                MATHEMATICIAN,
                credentials=(
                    proof(
                        CredentialType.DEGREE,
                        name="PhD",
                        field="mathematics",
                        status=CredentialStatus.IN_PROGRESS,
                    ),
                    MATHEMATICIAN.credentials[1],
                ),
            ),
        ),
        (sets.HEBREW, HEBREW),
        (
            sets.HEBREW,
            replace(HEBREW, residence=ResidenceFacts(country="IL", since=date(2020, 1, 1))),
        ),
        (sets.VISUAL, VISUAL),
        (
            sets.VISUAL,
            replace(
                VISUAL,
                experience=(),
                credentials=(
                    proof(
                        CredentialType.PORTFOLIO,
                        field="visual-arts",
                        count=5,
                        verified=Verified.TWO_PEOPLE,
                    ),
                ),
            ),
        ),
    ],
)
def test_who_passes(document: sets.Document, person: Facts) -> None:
    assert parse(document)
    assert failures(document, person) == {}


Change = Callable[[Facts], Facts]


def but(**changes: Any) -> Change:
    return lambda facts: replace(facts, **changes)


@pytest.mark.parametrize(
    ("document", "person", "change", "rule", "code"),
    [
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(qualifications=(replace(QUALIFICATION, level=1),)),
            "field",
            "qualification_level",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(credentials=(replace(LICENCE, restricted=True),)),
            "licence",
            "credential_missing",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(credentials=(replace(LICENCE, verified=Verified.DOCUMENT),)),
            "licence",
            "credential_unverified",
        ),
        (
            sets.PSYCHIATRY,
            TRAINEE,
            but(credentials=(TRAINEE.credentials[0], replace(TRAINEE.credentials[1], grade=2))),
            "licence",
            "credential_missing",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(languages=(LanguageFacts(tag="en", level=Level.C1),)),
            "language",
            "language_level",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(authorisations=()),
            "place",
            "authorisation_missing",
        ),
        (
            sets.PSYCHIATRY,
            replace(PSYCHIATRIST, authorisations=(AuthorisationFacts(place="IR"),)),
            but(residence=ResidenceFacts(country="IR")),
            "place",
            "residence_elsewhere",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(agreements=(AgreementFacts(kind=AgreementKind.IP, party="lectern", version=1),)),
            "papers",
            "agreement_missing",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(
                ties=(
                    TieFacts(
                        names=("org:harbour-hospital",), until=AT.date() - timedelta(days=365)
                    ),
                )
            ),
            "conflict",
            "conflict_tie",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(ties=(TieFacts(names=("org:x", "client:C-12")),)),
            "conflict",
            "conflict_tie",
        ),
        (sets.PSYCHIATRY, PSYCHIATRIST, but(opt_ins=()), "content", "opt_in_missing"),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(identity_checked_at=AT - timedelta(days=366)),
            "identity",
            "identity_stale",
        ),
        (
            sets.PSYCHIATRY,
            PSYCHIATRIST,
            but(experience=(ExperienceFacts(field="psychiatry", years=4),)),
            "years",
            "experience_short",
        ),
        (sets.PSYCHIATRY, PSYCHIATRIST, but(record=()), "record", "standing_unproven"),
        (sets.MATHS, MATHEMATICIAN, but(qualifications=()), "field", "qualification_missing"),
        (
            sets.MATHS,
            MATHEMATICIAN,
            but(credentials=MATHEMATICIAN.credentials[1:]),
            "depth",
            "credential_missing",
        ),
        (sets.MATHS, MATHEMATICIAN, but(agreements=()), "papers", "agreement_missing"),
        (
            sets.MATHS,
            MATHEMATICIAN,
            but(credentials=MATHEMATICIAN.credentials[:1]),
            "published",
            "credential_missing",
        ),
        (
            sets.HEBREW,
            HEBREW,
            but(languages=(LanguageFacts(tag="he", level=Level.C2), HEBREW.languages[1])),
            "language",
            "language_level",
        ),
        (sets.HEBREW, HEBREW, but(languages=HEBREW.languages[:1]), "english", "language_missing"),
        (
            sets.HEBREW,
            HEBREW,
            but(residence=ResidenceFacts(country="GB", since=date(2020, 1, 1))),
            "residence",
            "residence_elsewhere",
        ),
        (
            sets.HEBREW,
            HEBREW,
            but(residence=ResidenceFacts(country="IL", since=date(2026, 6, 1))),
            "residence",
            "residence_too_new",
        ),
        (
            sets.HEBREW,
            HEBREW,
            but(opt_ins=(SensitiveContent.HATE,)),
            "content",
            "opt_in_missing",
        ),
        (sets.VISUAL, VISUAL, but(qualifications=()), "field", "qualification_missing"),
        (
            sets.VISUAL,
            VISUAL,
            but(experience=(ExperienceFacts(field="image-analysis", years=1),)),
            "eye",
            "experience_short",
        ),
        (
            sets.VISUAL,
            VISUAL,
            but(
                experience=(),
                credentials=(proof(CredentialType.PORTFOLIO, field="visual-arts", count=5),),
            ),
            "eye",
            "credential_unverified",
        ),
        (
            sets.VISUAL,
            VISUAL,
            but(languages=(LanguageFacts(tag="en", level=Level.B2),)),
            "english",
            "language_level",
        ),
    ],
)
def test_who_fails_one_rule_alone(
    document: sets.Document, person: Facts, change: Change, rule: str, code: str
) -> None:
    assert failures(document, change(person)) == {rule: code}


def test_the_sets_are_told_in_plain_words() -> None:
    said = dict(in_words(parse(sets.PSYCHIATRY)))
    assert said["place"] == ("Does not live in IR, KP or SY and may work where she lives.")
    assert said["conflict"] == (
        "Has no tie to the client, harbour hospital or any organisation of the kind ai lab, "
        "nor had one in the last 365 days."
    )
    assert said["content"] == "Agreed to see self harm."
    assert said["record"] == (
        "Has had 20 or more answers of hallucination in medicine.psychiatry reviewed, "
        "and 80 % or better accepted with 95 % certainty; not asked for once a task waits 8 h."
    )
    assert said["identity"] == "Had her identity checked in the last 365 days."
    assert said["years"] == (
        "Has worked in psychiatry for 5 years; not asked for once a task waits 4 h."
    )


def test_psychiatry_relaxes_the_years_first_then_the_record() -> None:
    beginner = replace(PSYCHIATRIST, experience=(), record=())
    assert [failures(sets.PSYCHIATRY, beginner, step=step) for step in range(3)] == [
        {"years": "experience_missing", "record": "standing_unproven"},
        {"record": "standing_unproven"},
        {},
    ]
    psychiatry = parse(sets.PSYCHIATRY)
    assert psychiatry.relax_after_minutes == (240, 480)
    assert len(set(psychiatry.chain(client=CLIENT))) == 3


def test_maths_relaxes_once() -> None:
    unpublished = replace(MATHEMATICIAN, credentials=MATHEMATICIAN.credentials[:1])
    assert failures(sets.MATHS, unpublished) == {"published": "credential_missing"}
    assert failures(sets.MATHS, unpublished, step=1) == {}
    assert len(set(parse(sets.MATHS).chain(client=CLIENT))) == 2
