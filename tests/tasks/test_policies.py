"""The routing policy: read with every fault named, one text for one meaning, used by the score."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules import ranking
from tasks.rules.policies import (
    BOUNDS,
    DEFAULT,
    PREFERRED,
    PREFERRED_MAX,
    CannotReadPolicy,
    Policy,
    others_needed,
    read_policy,
    share_room,
)

NUMBERS = st.fixed_dictionaries(
    {},
    optional={name: st.integers(bounds.least, bounds.most) for name, bounds in BOUNDS.items()},
)
PEOPLE = st.lists(st.integers(1, 10**6).map(lambda n: f"E-{n}"), max_size=5, unique=True)


def faults_of(document):
    with pytest.raises(CannotReadPolicy) as refused:
        read_policy(document)
    return refused.value.errors


def test_nothing_said_is_the_default():
    assert read_policy({}) == DEFAULT == Policy()
    assert DEFAULT.as_json() == {
        "minutes_per_priority_step": 30,
        "sla_pressure_minutes": 2_880,
        "late_minutes": 20_160,
        "fit_minutes_per_level": 5,
        "standing_minutes": 20,
        "affinity_minutes": 20,
        "affinity_window_days": 7,
        "preferred_minutes": 60,
        "fairness_minutes_per_claim": 10,
        "cost_percent": 300,
        "attempt_weight": 1,
        "review_weight": 1,
        "wrap_up_seconds": 0,
        "offer_ttl_seconds": None,
        "offers_per_tutor": 3,
        "decline_days": 7,
        "cool_down_minutes": 30,
        "specialist_first_minutes": 0,
        "specialist_level": 3,
        "concentration_percent": 0,
        "concentration_attempts_min": 20,
        "preferred_tutors": [],
    }


@pytest.mark.parametrize("name", BOUNDS)
def test_a_number_is_taken_up_to_its_bounds_and_no_further(name):
    bounds = BOUNDS[name]
    assert getattr(read_policy({name: bounds.least}), name) == bounds.least
    assert getattr(read_policy({name: bounds.most}), name) == bounds.most
    nothing = ", or null" if bounds.optional else ""
    said = f"This must be a whole number from {bounds.least} to {bounds.most}{nothing}."
    for wrong in (bounds.least - 1, bounds.most + 1, 1.5, "7", True, [], {}):
        assert faults_of({name: wrong}) == {name: [said]}


def test_only_the_life_of_an_offer_may_be_left_to_the_project():
    assert read_policy({"offer_ttl_seconds": None}) == DEFAULT
    assert [name for name, bounds in BOUNDS.items() if bounds.optional] == ["offer_ttl_seconds"]
    assert list(faults_of({"decline_days": None})) == ["decline_days"]


def test_every_fault_is_named_by_its_path_at_once():
    wrong = {
        "cost_percent": -1,
        "speed": 3,
        "preferred_tutors": ["E-7", "E-07", "T-1", "E-7", 7],
    }
    assert faults_of(wrong) == {
        "speed": ["This key is not known here."],
        "cost_percent": ["This must be a whole number from 0 to 1000."],
        "preferred_tutors.1": ["This must be an id such as E-12."],
        "preferred_tutors.2": ["This must be an id such as E-12."],
        "preferred_tutors.3": ["E-7 is named twice."],
        "preferred_tutors.4": ["This must be an id such as E-12."],
    }


@pytest.mark.parametrize("document", [None, [], "policy", 7])
def test_what_is_no_object_is_refused(document):
    assert faults_of(document) == {"": ["A routing policy is a JSON object."]}


def test_the_list_of_people_is_a_list_and_not_endless():
    assert list(faults_of({PREFERRED: "E-1"})) == [PREFERRED]
    most = [f"E-{n + 1}" for n in range(PREFERRED_MAX)]
    assert len(read_policy({PREFERRED: most}).preferred_tutors) == PREFERRED_MAX
    assert faults_of({PREFERRED: [*most, "E-999"]}) == {PREFERRED: ["At most 100 people, not 101."]}


def test_a_broken_document_of_any_size_gives_a_bounded_answer():
    assert len(faults_of({f"key{n}": n for n in range(10_000)})) == 100
    assert all(len(path) <= 80 for path in faults_of({"x" * 10_000: 1}))


@given(NUMBERS, PEOPLE)
def test_the_canonical_text_reads_back_and_the_order_of_people_means_nothing(numbers, people):
    policy = read_policy({**numbers, PREFERRED: people})
    assert read_policy(json.loads(policy.canonical)) == policy
    turned = read_policy({PREFERRED: people[::-1], **dict(reversed(numbers.items()))})
    assert (turned, turned.canonical, turned.digest) == (policy, policy.canonical, policy.digest)


@given(NUMBERS, NUMBERS)
def test_a_digest_stands_for_one_policy(one, other):
    first, second = read_policy(one), read_policy(other)
    assert (first == second) is (first.digest == second.digest)


def test_every_weight_of_the_policy_is_in_the_score():
    policy = Policy(
        minutes_per_priority_step=2,
        sla_pressure_minutes=1_000,
        fit_minutes_per_level=3,
        standing_minutes=30,
        affinity_minutes=5,
        preferred_minutes=7,
        fairness_minutes_per_claim=11,
        cost_percent=13,
    )
    match = {
        "priority": 10,
        "waited_minutes": 75,
        "sla_minutes": 100,
        "expected_seconds": 600,
        "level": 4,
        "proven": 8,
        "worked_here_lately": True,
        "preferred": True,
        "expected_cost_minor": 10_000,
        "recent_claims": 2,
    }
    assert ranking.score(**match, policy=policy).terms() == {
        "priority": 20,
        "waited": 75,
        "sla": 750,
        "fit": 9,
        "affinity": 5,
        "preferred": 7,
        "cost": 13,
        "fairness": 22,
        "standing": 18,
        "total": 849,
    }
    assert ranking.score(**match).terms() == {
        "priority": 300,
        "waited": 75,
        "sla": 2_160,
        "fit": 15,
        "affinity": 20,
        "preferred": 60,
        "cost": 300,
        "fairness": 20,
        "standing": 12,
        "total": 2_322,
    }


@pytest.mark.parametrize(
    ("proven", "minutes"), [(None, 0), (0, -20), (1, -16), (5, 0), (9, 16), (10, 20)]
)
def test_an_unproven_record_neither_helps_nor_harms(proven, minutes):
    nothing = {"priority": 0, "waited_minutes": 0, "sla_minutes": None, "expected_seconds": 1}
    assert ranking.score(**nothing, proven=proven).standing == minutes
    assert ranking.score(**nothing, proven=proven, policy=Policy(standing_minutes=0)).total == 0


@given(st.integers(0, 240), st.integers(0, 100))
def test_nothing_waits_behind_newcomers_for_longer_than_the_policy_says(step, priority):
    policy = Policy(minutes_per_priority_step=step)
    old = ranking.task_minutes(
        priority=priority, waited_minutes=step * (100 - priority) + 1, policy=policy
    )
    assert old > ranking.task_minutes(priority=100, waited_minutes=0, policy=policy)


def test_a_slot_is_kept_for_specialists_only_for_those_below():
    policy = Policy(specialist_first_minutes=45, specialist_level=3)
    assert [policy.held_minutes(level=level) for level in (1, 2, 3, 4)] == [45, 45, 0, 0]
    assert DEFAULT.held_minutes(level=1) == 0


@given(st.integers(1, 99), st.integers(2, 100), st.integers(0, 200))
def test_people_enough_for_the_share_never_all_wait_for_one_another(percent, people, attempts):
    policy = Policy(concentration_percent=percent, concentration_attempts_min=1)
    if people * percent < 100:
        people = -(-100 // percent)
    done = dict.fromkeys(range(people), 0)
    for _ in range(attempts):
        everybody = sum(done.values())
        free = [p for p, own in done.items() if not needed(policy, own, everybody)]
        done[free[0]] += 1
    assert max(done.values()) <= -(-percent * attempts // 100) or attempts == 0


def needed(policy, own, everybody):
    return others_needed(policy=policy, own=own, everybody=everybody)


@given(st.integers(1, 99), st.integers(0, 50), st.integers(0, 50))
def test_as_many_others_as_it_says_turn_it_and_one_fewer_does_not(percent, own, others):
    policy = Policy(concentration_percent=percent, concentration_attempts_min=1)
    everybody = own + others
    more = needed(policy, own, everybody)
    assert needed(policy, own, everybody + more) == 0
    if more:
        assert needed(policy, own, everybody + more - 1) == 1


def test_the_room_of_a_share_is_what_may_be_given_one_after_the_other():
    policy = Policy(concentration_percent=50, concentration_attempts_min=4)
    assert [
        share_room(policy=policy, own=own, everybody=n, most=5)
        for own, n in ((0, 0), (3, 3), (4, 4), (1, 4), (0, 4))
    ] == [4, 1, 0, 3, 5]


def test_a_share_of_nothing_or_of_everything_limits_nobody():
    limits = [Policy(concentration_percent=n).limits_shares for n in (0, 1, 99, 100)]
    assert limits == [False, True, True, False]
