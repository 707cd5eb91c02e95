"""A rule made one step easier stays the same rule, and nobody who met it fails it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tutors import sets
from tests.tutors.people import ALICE, AT, LICENCE, QUALIFICATION
from tutors.rules.eligibility import Facts, LanguageFacts, ResidenceFacts, passes_rules
from tutors.rules.languages import Level
from tutors.rules.requirements import RequirementSet, Rule, json_of_test, parse
from tutors.rules.requirements.easing import EASIER_MAX, easier
from tutors.rules.requirements.wording import leaf_in_words
from tutors.rules.states import Verified

SETS = [parse(each) for each in (sets.PSYCHIATRY, sets.MATHS, sets.HEBREW, sets.VISUAL)]


def one(leaf: sets.Document) -> Rule:
    (rule,) = parse(sets.document(sets.hard("it", leaf))).rules
    return rule


def steps(leaf: sets.Document) -> list[str]:
    return [leaf_in_words(each.leaf) for each in easier(one(leaf))]


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (
            {**sets.QUALIFIED, "valid_for_days": 9},
            [
                "Qualified in medicine at level 2 or better, good for 9 more days",
                "Qualified in medicine.psychiatry at level 1 or better, good for 9 more days",
                "Qualified in medicine.psychiatry at level 2 or better, good for 4 more days",
            ],
        ),
        ({"kind": "qualification", "speciality": "stem", "level_min": 1}, []),
        (sets.ENGLISH, ["Speaks en at B2 or better"]),
        ({**sets.ENGLISH, "min": "A1"}, []),
        (
            {**sets.LICENCE, "jurisdictions": ["GB"], "valid_for_days": 1},
            [
                "Holds an unrestricted licence as physician for GB, checked by two people, "
                "good for 1 more day",
                "Holds an unrestricted licence as physician for GB, checked by primary source",
                "Holds an unrestricted licence as physician, checked by primary source, "
                "good for 1 more day",
                "Holds a licence as physician for GB, checked by primary source, "
                "good for 1 more day",
            ],
        ),
        (
            {"kind": "credential", "type": "training_post", "grade_min": 3},
            ["Holds a training post, of grade 2 or above"],
        ),
        (
            {"kind": "credential", "type": "publication", "count_min": 3},
            ["Holds a publication, 2 or more of them"],
        ),
        (
            {"kind": "experience", "field": "audit", "years_min": 5},
            ["Has worked in audit for 2 years"],
        ),
        (
            {"kind": "identity", "within_days": 200},
            ["Had her identity checked in the last 400 days"],
        ),
        (
            {"kind": "no_conflict", "with": ["client"], "within_days": 365},
            ["Has no tie to the client, nor had one in the last 182 days"],
        ),
        (
            {
                "kind": "standing",
                "speciality": "stem.algebra",
                "lower_bound_min": 0.8,
                "n_min": 20,
            },
            [
                "Has had 20 or more answers in stem.algebra reviewed, "
                "and 75 % or better accepted with 95 % certainty",
                "Has had 10 or more answers in stem.algebra reviewed, "
                "and 80 % or better accepted with 95 % certainty",
            ],
        ),
        ({"kind": "opt_in", "content": ["self_harm"]}, []),
        ({"kind": "residence", "in": ["GB"]}, []),
        (sets.NDA, ["Signed the confidentiality agreement with the client"]),
    ],
)
def test_each_kind_has_its_steps(leaf: sets.Document, words: list[str]) -> None:
    assert steps(leaf) == words


def test_of_several_leaves_one_changes_at_a_time() -> None:
    either = {"any": [{**sets.ENGLISH, "min": "C2"}, {**sets.ENGLISH, "tag": "de"}]}
    first, second = (json_of_test(each.rule.test) for each in easier(one(either)))
    english, german = ({"kind": "language", "tag": tag} for tag in ("en", "de"))
    assert first == {"any": [{**english, "min": "C1"}, {**german, "min": "C1"}]}
    assert second == {"any": [{**english, "min": "C2"}, {**german, "min": "B2"}]}
    assert [each.rule.id for each in easier(one(either))] == ["it~1", "it~2"]


@pytest.mark.parametrize("requirement", SETS)
def test_what_is_made_easier_can_be_used(requirement: RequirementSet) -> None:
    for rule in requirement.rules:
        found = easier(rule)
        assert len(found) <= EASIER_MAX
        for each in found:
            test = json_of_test(each.rule.test)
            (again,) = parse(sets.document(sets.hard("it", test))).rules
            assert again.test == each.rule.test != rule.test


@st.composite
def somebody(draw: st.DrawFn) -> Facts:
    """Alice with other papers, some better and some worse."""
    licence = replace(
        LICENCE,
        verified=draw(st.sampled_from(Verified)),
        jurisdiction=draw(st.sampled_from(["US-NY", "DE", "GB"])),
        restricted=draw(st.booleans()),
        expires_on=draw(st.sampled_from([None, date(2026, 11, 25), date(2026, 12, 20)])),
    )
    qualification = replace(
        QUALIFICATION,
        level=draw(st.integers(1, 4)),
        speciality=draw(st.sampled_from(["medicine.psychiatry", "medicine", "stem.mathematics"])),
        expires_at=draw(st.sampled_from([None, AT + timedelta(hours=5)])),
    )
    return replace(
        ALICE,
        credentials=(licence,),
        qualifications=(qualification,),
        languages=(LanguageFacts(tag="en", level=draw(st.sampled_from(Level))),),
        residence=ResidenceFacts(country="GB", since=draw(st.dates(date(2020, 1, 1)))),
        identity_checked_at=draw(st.sampled_from([None, AT - timedelta(days=300), AT])),
    )


@given(somebody())
@settings(max_examples=150)
def test_who_meets_a_rule_meets_it_made_easier(person: Facts) -> None:
    def meets(requirement: RequirementSet, rule: Rule) -> bool:
        alone = replace(requirement, rules=(rule,))
        return passes_rules(facts=person, requirement=alone, client="C-12", at=AT)

    for requirement in SETS:
        for rule in requirement.rules:
            if meets(requirement, rule):
                assert all(meets(requirement, each.rule) for each in easier(rule))
