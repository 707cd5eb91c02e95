"""What would turn a rule: the change passes the same judgement, and spoils nothing."""

from dataclasses import replace

import pytest

from tests.tutors.people import ALICE, AT, BOB
from tests.tutors.sets import ENGLISH, LICENCE, NDA, PSYCHIATRY, QUALIFIED, TRAINEE, document, hard
from tutors.rules.eligibility import changes_for, contract_change, judge, judge_rules
from tutors.rules.eligibility.facts import Situation
from tutors.rules.requirements import LeafKind, parse

CLIENT = "C-12"
STRANGER = replace(BOB, qualifications=(), languages=())
"""Somebody without any of it."""

EVERY_KIND = [
    QUALIFIED,
    LICENCE,
    {"kind": "credential", "type": "publication", "field": "mathematics", "count_min": 3},
    {"kind": "credential", "type": "portfolio", "items_min": 5, "verified": "two_people"},
    {"kind": "credential", "type": "award", "name_in": ["IMO", "Putnam"], "rank_in": ["gold"]},
    ENGLISH,
    NDA,
    {"kind": "work_authorisation", "where": "residence", "verified": "document"},
    {"kind": "work_authorisation", "where": "US-NY"},
    {"kind": "opt_in", "content": ["self_harm", "abuse"]},
    {"kind": "identity", "within_days": 365},
    {"kind": "experience", "field": "psychiatry", "years_min": 5, "verified": "document"},
    {"kind": "standing", "speciality": "medicine", "lower_bound_min": 0.8, "n_min": 20},
    {"kind": "standing", "speciality": "medicine", "lower_bound_min": 0.95, "n_min": 1},
]


def rule_of(test):
    return parse(document(hard("it", test))).rules[0]


def changes(test, facts=STRANGER):
    return changes_for(rule=rule_of(test), facts=facts, client=CLIENT, at=AT)


@pytest.mark.parametrize("test", EVERY_KIND, ids=lambda t: t["kind"])
def test_one_change_turns_a_leaf_and_the_judgement_agrees(test):
    (change,) = changes(test)
    asked = parse(document(hard("it", test)))
    (before,) = judge_rules(facts=STRANGER, requirement=asked, client=CLIENT, at=AT)
    (after,) = judge_rules(facts=change.facts, requirement=asked, client=CLIENT, at=AT)
    assert (before.passed, after.passed) == (False, True)
    assert change.finding.code == before.code
    assert change.leaf is not None and change.leaf.kind is LeafKind(test["kind"])


@pytest.mark.parametrize(
    "test",
    [
        {"kind": "residence", "in": ["FR"]},
        {"kind": "standing", "speciality": "medicine", "lower_bound_min": 1.0, "n_min": 1},
    ],
)
def test_nobody_is_told_to_move_or_to_do_the_impossible(test):
    assert changes(test) == ()


def test_each_branch_that_lacks_one_thing_is_a_way_and_one_that_lacks_two_is_none():
    assert len(changes({"any": [LICENCE, TRAINEE]})) == 1
    degree = TRAINEE["all"][0]
    assert len(changes({"any": [LICENCE, degree]})) == 2
    (held,) = changes(degree)
    (licence, post) = changes({"any": [LICENCE, TRAINEE]}, held.facts)
    assert {str(c.leaf.text("type")) for c in (licence, post)} == {"licence", "training_post"}


def test_a_change_spoils_nothing_that_passed():
    asked = parse(PSYCHIATRY)
    for facts in (STRANGER, BOB, ALICE):
        before = judge_rules(facts=facts, requirement=asked, client=CLIENT, at=AT)
        for rule in asked.rules:
            for change in changes_for(rule=rule, facts=facts, client=CLIENT, at=AT):
                after = judge_rules(facts=change.facts, requirement=asked, client=CLIENT, at=AT)
                lost = [b.rule for b, a in zip(before, after, strict=True) if b.passed > a.passed]
                assert lost == [], change.fact


def test_a_contract_is_the_one_on_its_way_or_a_plain_one():
    assert contract_change(facts=ALICE, at=AT) is None
    change = contract_change(facts=BOB, at=AT)
    assert change is not None and change.finding.code == "contract_missing"
    nothing = parse(document())
    verdicts = judge(
        facts=change.facts, requirement=nothing, client=None, situation=Situation(), at=AT
    )
    assert [v.code for v in verdicts if not v.passed] == []
