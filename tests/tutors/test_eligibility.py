"""One pure engine: who may, why, why not, and what would turn it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors import sets
from tests.tutors.people import ALICE, AT, BOB, CONTRACT, LICENCE, QUALIFICATION
from tutors.rules.eligibility import (
    CODES,
    AgreementFacts,
    CredentialFacts,
    Facts,
    LanguageFacts,
    PresenceFacts,
    ResidenceFacts,
    Situation,
    Verdict,
    eligible,
    first_refusal,
    judge,
    judge_rules,
    passes_rules,
)
from tutors.rules.fields import within
from tutors.rules.languages import Level
from tutors.rules.requirements import RequirementSet, parse
from tutors.rules.states import (
    AgreementKind,
    ContractState,
    CredentialStatus,
    CredentialType,
    Presence,
    Verified,
    WorkRole,
)

EVERYTHING = parse(
    sets.document(
        sets.hard("field", {**sets.QUALIFIED, "valid_for_days": 1}),
        sets.hard("licence", {"any": [sets.LICENCE, sets.TRAINEE]}),
        sets.hard("language", {**sets.ENGLISH, "min": "C2"}),
        sets.hard("place", {"kind": "residence", "not_in": ["KP", "IR", "SY"]}),
        sets.hard("papers", sets.NDA),
    )
)


def verdict(facts: Facts, leaf: sets.Document, *, client: str | None = "C-12") -> Verdict:
    """The verdict on a set of this one rule."""
    requirement = parse(sets.document(sets.hard("rule", leaf)))
    return judge_rules(facts=facts, requirement=requirement, client=client, at=AT)[0]


def refusal(facts: Facts, situation: Situation | None = None) -> str:
    """The first code that stands in the way, or an empty text."""
    verdicts = judge(
        facts=facts,
        requirement=EVERYTHING,
        client="C-12",
        situation=situation or Situation(),
        at=AT,
    )
    found = first_refusal(verdicts)
    assert (found is None) == eligible(verdicts)
    return found.code if found else ""


def test_alice_may() -> None:
    assert refusal(ALICE) == ""


def test_bob_may_not_and_is_told_each_reason() -> None:
    verdicts = judge(facts=BOB, requirement=EVERYTHING, client="C-12", situation=Situation(), at=AT)
    told = {v.rule: (v.code, v.turn) for v in verdicts if not v.passed}
    assert set(told) == {"contract", "licence", "papers"}
    assert told["papers"] == (
        "agreement_missing",
        "Sign the nda with client:C-12, version 2 or newer.",
    )
    assert told["contract"][0] == "contract_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": ContractState.OFFERED}, "contract_unsigned"),
        ({"state": ContractState.SIGNED}, "contract_not_countersigned"),
        ({"state": ContractState.ENDED}, "contract_ended"),
        ({"state": ContractState.ENDED, "effective_until": AT}, "contract_ended"),
        ({"state": ContractState.ENDED, "effective_until": AT + timedelta(days=1)}, ""),
        (
            {
                "state": ContractState.ENDED,
                "effective_until": AT + timedelta(days=1),
                "in_force": False,
            },
            "contract_ended",
        ),
        ({"effective_from": AT + timedelta(seconds=1)}, "contract_not_started"),
        ({"effective_from": AT}, ""),
        ({"effective_until": AT}, "contract_ended"),
        ({"effective_until": AT + timedelta(seconds=1)}, ""),
        ({"state": ContractState.NOTICE}, ""),
    ],
)
def test_only_a_contract_in_force_counts(change: dict[str, object], code: str) -> None:
    assert refusal(replace(ALICE, contract=replace(CONTRACT, **change))) == code


@pytest.mark.parametrize(
    ("presence", "code"),
    [
        (PresenceFacts(state=Presence.PAUSED, reason="lunch"), "paused"),
        (PresenceFacts(state=Presence.TAKING_WORK, until=AT), "presence_lapsed"),
        (PresenceFacts(state=Presence.TAKING_WORK, until=AT + timedelta(seconds=1)), ""),
        (PresenceFacts(state=Presence.TAKING_WORK), ""),
    ],
)
def test_presence(presence: PresenceFacts, code: str) -> None:
    assert refusal(replace(ALICE, presence=presence)) == code


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation(seconds_used_week=72_000 - 600, expected_seconds=600), ""),
        (Situation(seconds_used_week=72_000 - 600, expected_seconds=601), "cap_reached"),
        (Situation(open_claims=1), "capacity_full"),
        (Situation(on_task=True), "already_on_task"),
        (Situation(authored=True, role=WorkRole.REVIEW), "own_work"),
        (Situation(authored=True, role=WorkRole.ADJUDICATE), "own_work"),
        (Situation(reviewed=True, role=WorkRole.ADJUDICATE), "own_review"),
        (Situation(reviewed=True, role=WorkRole.ATTEMPT), "own_review"),
        (Situation(declined=True, push=True), "declined_before"),
        (Situation(declined=True, push=False), ""),
        (Situation(budget_left_ok=False), "budget_spent"),
    ],
)
def test_the_moment(situation: Situation, code: str) -> None:
    assert refusal(replace(ALICE, reviewer=True), situation) == code


def test_reviews_need_the_role() -> None:
    assert refusal(ALICE, Situation(role=WorkRole.REVIEW)) == "not_a_reviewer"
    assert refusal(replace(ALICE, reviewer=True), Situation(role=WorkRole.REVIEW)) == ""


def test_a_closed_account_gets_nothing() -> None:
    assert refusal(replace(ALICE, active=False)) == "account_closed"


@pytest.mark.parametrize(
    ("held", "level", "wanted", "code"),
    [
        ("medicine.psychiatry", 2, "medicine", "qualification_held"),
        ("medicine.psychiatry.child", 2, "medicine.psychiatry", "qualification_held"),
        ("medicine", 4, "medicine.psychiatry", "qualification_missing"),
        ("medicine-x", 4, "medicine", "qualification_missing"),
        ("medicine.psychiatry", 1, "medicine.psychiatry", "qualification_level"),
        ("medicine.psychiatry", 3, "medicine.psychiatry", "qualification_held"),
    ],
)
def test_a_descendant_answers_for_its_ancestor_never_the_reverse(
    held: str, level: int, wanted: str, code: str
) -> None:
    facts = replace(ALICE, qualifications=(replace(QUALIFICATION, speciality=held, level=level),))
    assert verdict(facts, {**sets.QUALIFIED, "speciality": wanted}).code == code


@pytest.mark.parametrize(
    ("left", "days", "code"),
    [
        (timedelta(0), 0, "qualification_expiring"),
        (timedelta(seconds=1), 0, "qualification_held"),
        (timedelta(days=1), 1, "qualification_expiring"),
        (timedelta(days=1, seconds=1), 1, "qualification_held"),
    ],
)
def test_valid_for_days_looks_forward(left: timedelta, days: int, code: str) -> None:
    facts = replace(ALICE, qualifications=(replace(QUALIFICATION, expires_at=AT + left),))
    found = verdict(facts, {**sets.QUALIFIED, "valid_for_days": days})
    assert found.code == code
    assert bool(found.turn) != found.passed


def test_a_qualification_granted_later_does_not_count_yet() -> None:
    later = replace(QUALIFICATION, granted_at=AT + timedelta(seconds=1))
    facts = replace(ALICE, qualifications=(later,))
    assert verdict(facts, sets.QUALIFIED).code == "qualification_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "credential_held"),
        ({"jurisdiction": "US"}, "credential_missing"),
        ({"jurisdiction": "GB-SCT"}, "credential_held"),
        ({"jurisdiction": "CA-ON"}, "credential_held"),
        ({"jurisdiction": "DE"}, "credential_missing"),
        ({"profession": "nurse"}, "credential_missing"),
        ({"restricted": True}, "credential_missing"),
        ({"status": CredentialStatus.SUSPENDED}, "credential_status"),
        ({"verified": Verified.TWO_PEOPLE}, "credential_unverified"),
        ({"expires_on": date(2026, 12, 3)}, "credential_expiring"),
        ({"expires_on": date(2026, 12, 4)}, "credential_held"),
        ({"expires_on": None}, "credential_held"),
    ],
)
def test_a_licence(change: dict[str, object], code: str) -> None:
    facts = replace(ALICE, credentials=(replace(LICENCE, **change),))
    assert verdict(facts, sets.LICENCE).code == code


def test_verification_ranks() -> None:
    order = ["self", "document", "two_people", "primary_source"]
    for has, held in enumerate(Verified):
        facts = replace(ALICE, credentials=(replace(LICENCE, verified=held),))
        for wants, least in enumerate(order):
            assert verdict(facts, {**sets.LICENCE, "verified": least}).passed == (has >= wants)


def test_publications_are_counted_together() -> None:
    leaf = {"kind": "credential", "type": "publication", "field": "mathematics", "count_min": 3}
    paper = CredentialFacts(
        type=CredentialType.PUBLICATION,
        status=CredentialStatus.AWARDED,
        field="stem.mathematics",
        count=2,
    )
    assert verdict(replace(ALICE, credentials=(paper,)), leaf).code == "credential_missing"
    assert verdict(replace(ALICE, credentials=(paper, replace(paper, count=1))), leaf).passed


def test_any_shows_the_branch_with_the_least_left() -> None:
    degree = CredentialFacts(
        type=CredentialType.DEGREE,
        status=CredentialStatus.AWARDED,
        verified=Verified.SELF,
        name="MD",
    )
    post = CredentialFacts(
        type=CredentialType.TRAINING_POST,
        status=CredentialStatus.ACTIVE,
        verified=Verified.DOCUMENT,
        field="psychiatry",
        grade=4,
        expires_on=date(2027, 9, 1),
    )
    facts = replace(ALICE, credentials=(degree, post))
    found = verdict(facts, {"any": [sets.LICENCE, sets.TRAINEE]})
    assert found.code == "credential_unverified"
    assert found.turn == "A recruiter must check degree DO or MBBS or MD: document."
    assert [len(branch) for branch in found.branches] == [1, 2]
    checked = replace(degree, verified=Verified.DOCUMENT)
    both = replace(ALICE, credentials=(checked, post))
    assert verdict(both, {"any": [sets.LICENCE, sets.TRAINEE]}).passed


def test_language_levels_are_ordered_with_native_on_top() -> None:
    levels = list(Level)
    for has, spoken in enumerate(levels):
        facts = replace(ALICE, languages=(LanguageFacts(tag="en", level=spoken),))
        for wants, least in enumerate(levels):
            found = verdict(facts, {"kind": "language", "tag": "en", "min": least.value})
            assert found.passed == (has >= wants)


@pytest.mark.parametrize(
    ("tag", "wanted", "passed"),
    [("pt-BR", "pt", True), ("pt", "pt-BR", False), ("pt-BR", "pt-BR", True), ("en", "pt", False)],
)
def test_a_variety_answers_for_its_language(tag: str, wanted: str, passed: bool) -> None:
    facts = replace(ALICE, languages=(LanguageFacts(tag=tag, level=Level.C2),))
    assert verdict(facts, {"kind": "language", "tag": wanted, "min": "B2"}).passed == passed


@pytest.mark.parametrize(
    ("residence", "leaf", "code"),
    [
        (ResidenceFacts(country="US", region="NY"), {"in": ["US-*"]}, "residence_fits"),
        (ResidenceFacts(country="US"), {"in": ["US-*"]}, "residence_fits"),
        (ResidenceFacts(country="US"), {"in": ["US-NY"]}, "residence_elsewhere"),
        (ResidenceFacts(country="US", region="NY"), {"in": ["US"]}, "residence_fits"),
        (ResidenceFacts(country="DE"), {"in": ["IL", "US-*"]}, "residence_elsewhere"),
        (ResidenceFacts(country="IR"), {"not_in": ["KP", "IR"]}, "residence_elsewhere"),
        (ResidenceFacts(country="UA"), {"not_in": ["UA-43"]}, "residence_elsewhere"),
        (ResidenceFacts(country="UA", region="30"), {"not_in": ["UA-43"]}, "residence_fits"),
        (
            ResidenceFacts(country="IL", since=date(2026, 5, 24)),
            {"in": ["IL"], "since_days": 180},
            "residence_fits",
        ),
        (
            ResidenceFacts(country="IL", since=date(2026, 5, 25)),
            {"in": ["IL"], "since_days": 180},
            "residence_too_new",
        ),
        (
            ResidenceFacts(country="IL"),
            {"in": ["IL"], "since_days": 180},
            "residence_too_new",
        ),
    ],
)
def test_residence(residence: ResidenceFacts, leaf: sets.Document, code: str) -> None:
    facts = replace(ALICE, residence=residence)
    assert verdict(facts, {"kind": "residence", **leaf}).code == code


def test_a_paper_for_one_client_is_none_for_another() -> None:
    assert verdict(ALICE, sets.NDA, client="C-12").passed
    assert verdict(ALICE, sets.NDA, client="C-13").code == "agreement_missing"
    assert verdict(ALICE, sets.NDA, client=None).code == "agreement_missing"
    older = AgreementFacts(kind=AgreementKind.NDA, party="client:C-12", version=1)
    assert verdict(replace(ALICE, agreements=(older,)), sets.NDA).code == "agreement_version"


def test_what_is_stored_with_a_claim() -> None:
    found = verdict(ALICE, sets.QUALIFIED)
    assert found.as_json() == {
        "code": "qualification_held",
        "passed": True,
        "rule": "rule",
        "fact": "medicine.psychiatry, level 2, until 2027-06-08T12:00+00:00",
        "turn": "",
    }
    assert found.code in CODES


@given(
    used=st.integers(0, 100_000),
    expected=st.integers(0, 100_000),
    cap=st.integers(1, 100_000),
)
def test_the_cap_is_exact(used: int, expected: int, cap: int) -> None:
    facts = replace(ALICE, contract=replace(CONTRACT, cap_seconds_week=cap))
    situation = Situation(seconds_used_week=used, expected_seconds=expected)
    assert (refusal(facts, situation) == "") == (used + expected <= cap)


@given(st.data())
def test_a_relaxed_set_never_refuses_whom_the_strict_one_takes(data: st.DataObject) -> None:
    psychiatry = parse(sets.PSYCHIATRY)
    facts = data.draw(st.sampled_from([ALICE, BOB, replace(ALICE, credentials=())]))
    failed = [
        {
            v.rule
            for v in judge_rules(
                facts=facts, requirement=psychiatry.at_step(n), client="C-12", at=AT
            )
            if not v.passed
        }
        for n in range(3)
    ]
    assert failed[2] <= failed[1] <= failed[0]


PARTS = ("qualifications", "credentials", "languages", "agreements", "authorisations", "ties")
RELAXING = parse(sets.PSYCHIATRY)
SETS = [
    *(RELAXING.at_step(step) for step in range(3)),
    *(parse(each) for each in (sets.MATHS, sets.HEBREW, sets.VISUAL)),
]


@given(
    somebody=st.sampled_from([ALICE, BOB]),
    without=st.sets(st.sampled_from(PARTS)),
    asked=st.sampled_from(SETS),
    client=st.sampled_from(["C-12", "C-9", None]),
)
def test_the_short_answer_is_that_of_all_verdicts(
    somebody: Facts, without: set[str], asked: RequirementSet, client: str | None
) -> None:
    question = {
        "facts": replace(somebody, **dict.fromkeys(without, ())),
        "requirement": asked,
        "client": client,
        "at": AT,
    }
    passes = passes_rules(**question)
    assert passes == all(v.passed for v in judge_rules(**question))
    fields = [held.speciality for held in question["facts"].qualifications]
    inside = any(within(slug=field, ancestor=asked.speciality) for field in fields)
    assert not passes or not asked.speciality or inside


def test_the_speciality_of_a_set_is_the_narrowest_that_everybody_must_have() -> None:
    def qualified(speciality: str) -> sets.Document:
        return {**sets.QUALIFIED, "speciality": speciality}

    either = {"any": [qualified("stem.physics"), qualified("stem.mathematics")]}
    wide, narrow = qualified("medicine"), qualified("medicine.psychiatry.child")

    def asked(*tests: sets.Document) -> str:
        rules = [sets.hard(f"r{n}", test) for n, test in enumerate(tests)]
        return parse(sets.document(*rules)).speciality

    assert asked(wide, narrow, sets.ENGLISH) == asked(narrow, wide) == "medicine.psychiatry.child"
    assert asked(either, wide) == "medicine"
    assert asked(either) == asked(sets.ENGLISH) == ""
