"""The seeded simulation: sound, repeatable, and the live router's sense measured in it."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.rules.limits import FIRST_OFFER_MINUTES
from tasks.rules.policies import DEFAULT
from tasks.rules.simulating import (
    Arrival,
    Crowd,
    LongestIdle,
    Ours,
    Scene,
    SimPool,
    Worker,
    gini,
    play,
    run,
    scene,
)
from tasks.rules.simulating.scenes import Earlier

WEEK = Crowd(days=7, workers=150, load=0.75, sla_minutes=(480, 1_440, 2_880))
SMALL = Crowd(days=2, workers=30, load=0.8)
POOLS = {1: SimPool(pool=1, level_min=1, expected_minutes=10, sla_minutes=60)}


def told(arrivals, workers, *, minutes=600, router=None, pools=POOLS):
    played = Scene(seed=1, minutes=minutes, pools=pools, arrivals=arrivals, workers=workers)
    return run(played, router or Ours())


def alice(**more):
    base = {"worker": 1, "levels": {1: 1}, "rate_minor_hourly": 6_000, "shifts": [(0, 600)]}
    return Worker(**{**base, "says_yes": 1.0, "ignores": 0.0, **more})


@pytest.mark.parametrize("router", [Ours(), LongestIdle()])
def test_the_same_seed_is_the_same_story(router):
    first, second = (run(scene(seed=5, crowd=SMALL), router) for _ in range(2))
    assert first == second
    assert first != run(scene(seed=6, crowd=SMALL), router)


def test_one_person_one_task_to_the_minute():
    """Offered at minute 5, accepted two minutes later, ten minutes of work at 60.00 an hour."""
    came = told([Arrival(1, 5, 1, 50, 10)], [alice()])
    assert (came.done, came.waiting, came.late) == (1, 0, 0)
    assert (came.wait_median, came.cost_minor, came.offers) == (2, 1_000, 1)


def test_nobody_is_offered_work_outside_her_shift_or_her_fields():
    away = told([Arrival(1, 5, 1, 50, 10)], [alice(shifts=[(100, 200)])])
    assert away.wait_median == 97
    assert told([Arrival(1, 5, 1, 50, 10)], [alice(levels={})]).waiting == 1


def test_who_says_no_is_not_asked_again_and_the_task_keeps_its_age():
    no = alice(says_yes=0.0)
    came = told([Arrival(1, 0, 1, 50, 10)], [no])
    assert (came.offers, came.waiting, came.late) == (1, 1, 1)
    both = told([Arrival(1, 0, 1, 50, 10)], [no, replace(alice(), worker=2)])
    assert (both.offers, both.done, both.wait_median) == (2, 1, 4)


def test_who_does_not_answer_is_left_alone_for_a_while_and_then_asked_again():
    """Ten minutes of silence, thirty of peace: asked every forty minutes."""
    silent = alice(says_yes=0.0, ignores=1.0)
    came = told([Arrival(1, 0, 1, 50, 10)], [silent], minutes=100)
    assert (came.offers, came.waiting) == (1, 1)
    later = [Arrival(1, 0, 1, 50, 10), Arrival(2, 45, 1, 50, 10)]
    assert told(later, [silent], minutes=100).offers == 2


def test_work_beyond_the_cap_of_a_week_is_not_offered_until_monday():
    capped = alice(week_minutes=15, shifts=[(0, 4_000)])
    two = [Arrival(1, 0, 1, 50, 10), Arrival(2, 0, 1, 50, 10)]
    assert told(two, [capped], minutes=4_000).done == 1
    monday = Scene(
        seed=1, minutes=4_000, pools=POOLS, workers=[capped], into_week=10_080 - 60,
        arrivals=[*two, Arrival(3, 61, 1, 50, 10)],
    )  # fmt: skip
    assert run(monday, Ours()).done == 2


def test_a_share_is_limited_and_each_pool_has_its_own_policy_and_rate():
    pools = {1: SimPool(1, 1, 10, 60, project=7), 2: SimPool(2, 1, 10, 60, project=8)}
    halves = replace(DEFAULT, concentration_percent=50, concentration_attempts_min=2)
    work = [Arrival(n, 0, 1 if n <= 4 else 2, 50, 10) for n in range(1, 9)]
    only = [alice(levels={1: 1, 2: 1}, rates={2: 12_000})]
    free = told(work, only, pools=pools)
    assert (free.done, free.cost_minor) == (8, 4 * 1_000 + 4 * 2_000)
    limited = told(work, only, pools=pools, router=Ours(of_pool={1: halves}))
    assert (limited.done, limited.waiting) == (6, 2)


@pytest.mark.parametrize("better", [1, 2])
def test_of_equals_who_is_proven_to_be_good_comes_first(better):
    two = [alice(worker=n, proven={1: 9 if n == better else 1}) for n in (1, 2)]
    story = Scene(seed=1, minutes=60, pools=POOLS, arrivals=tens(1), workers=two)
    (done,) = play(story, Ours()).done
    assert done.worker == better


HALF = replace(DEFAULT, concentration_percent=50, concentration_attempts_min=2, offers_per_tutor=9)
"""One person may have two of nothing yet, then as many as others together."""


def taken(arrivals, workers, *, minutes=600, into_week=0, earlier=()):
    """(minute, slot, worker) under that share, in the order of minutes."""
    story = Scene(
        seed=1, minutes=minutes, pools=POOLS, arrivals=arrivals, workers=workers,
        into_week=into_week, earlier=earlier,
    )  # fmt: skip
    done = play(story, Ours(HALF)).done
    return sorted((each.taken, each.arrival.slot, each.worker) for each in done)


def test_offers_stop_at_the_share_that_one_person_may_have():
    """As the live router's: two in one round, none in the next, then one of somebody else's."""
    both = taken(tens(6), [alice(hands=9), alice(worker=2, shifts=[(9, 600)], answer_minutes=1)])
    assert both[:3] == [(2, 1, 1), (2, 2, 1), (10, 3, 2)]
    assert taken(tens(6), [alice(hands=9)]) == [(2, 1, 1), (2, 2, 1)]


def test_an_offer_that_waits_counts_for_her_and_one_that_came_to_nothing_does_not():
    """She takes an hour to answer: the third comes while two wait. Declined ones leave room, and
    those that nobody answered: two each forty minutes, when the pool asks her again.
    """
    slow = alice(hands=9, answer_minutes=60)
    came = [Arrival(n, n, 1, 50, 10) for n in (1, 2, 3)]
    assert taken(came, [slow]) == [(61, 1, 1), (62, 2, 1)]
    no = told(came, [replace(slow, says_yes=0.0)], router=Ours(HALF))
    assert no.offers == 3
    silent = replace(slow, says_yes=0.0, ignores=1.0)
    assert told(came, [silent], minutes=100, router=Ours(HALF)).offers == 6


def test_an_offer_to_others_counts_for_nobody_else():
    """Bob's two make no room for a third of Alice's before he accepts them, at minute 60. Then
    there is room for one of hers, and what was meant as her fourth goes to him a minute later.
    """
    two = [alice(hands=9), alice(worker=2, hands=9, answer_minutes=60)]
    assert [(minute, worker) for minute, _, worker in taken(tens(6), two)] == [
        (2, 1), (2, 1), (60, 2), (60, 2), (62, 1), (121, 2)
    ]  # fmt: skip


def test_a_share_counts_days_of_utc_from_handing_in():
    """Handed in on Monday after 10:00, forgotten on the next at midnight. In hand counts longer."""
    days = alice(hands=9, shifts=[(0, 20_000)])
    monday = taken(tens(3), [days], minutes=20_000, into_week=600)
    assert monday == [(2, 1, 1), (2, 2, 1), (7 * 1_440 - 600 + 2, 3, 1)]
    long = [Arrival(n, 0, 1, 50, 9 * 1_440 if n == 2 else 10) for n in (1, 2, 3, 4)]
    assert taken(long, [days], minutes=30_000) == [(2, 1, 1), (2, 2, 1), (7 * 1_440 + 2, 3, 1)]


def test_what_was_handed_in_before_the_scene_counts_for_whoever_did_it():
    """Hers of Saturday for a week from then; others' make room, also of those who are not there."""
    days = alice(hands=9, shifts=[(0, 20_000)])
    hers, others = (Earlier(day=-2, project=0, worker=n, attempts=3) for n in (1, 99))
    assert taken(tens(1), [days], minutes=20_000, earlier=[hers]) == [(5 * 1_440 + 2, 1, 1)]
    both = taken(tens(6), [days], minutes=600, earlier=[others])
    assert [minute for minute, *_ in both] == [2, 2, 4, 6]


def ends(story, router=None):
    """(slot, taken, ended) in the order in which they ended."""
    return [(d.arrival.slot, d.taken, d.ended) for d in play(story, router or Ours()).done]


def heavy(weight, **more):
    return Ours(replace(DEFAULT, attempt_weight=weight, **more))


def tens(count):
    return [Arrival(n, 0, 1, 50, 10) for n in range(1, count + 1)]


def alone(arrivals, person, *, minutes=600):
    return Scene(seed=1, minutes=minutes, pools=POOLS, arrivals=arrivals, workers=[person])


def test_who_has_two_hands_holds_two_and_works_on_one_after_the_other():
    """The third is offered when the first is handed in, at minute 12."""
    two = alone(tens(3), alice(hands=2))
    assert ends(two) == [(1, 2, 12), (2, 2, 22), (3, 14, 32)]
    assert ends(two, LongestIdle()) == ends(two)


def test_heavy_work_fills_more_hands_and_none_beyond_them():
    assert ends(alone(tens(2), alice(hands=3)), heavy(2)) == [(1, 2, 12), (2, 14, 24)]
    assert ends(alone(tens(2), alice(hands=4)), heavy(2)) == [(1, 2, 12), (2, 2, 22)]
    assert ends(alone(tens(2), alice(hands=3)), heavy(4)) == []


def test_heavy_and_light_share_the_hands():
    """Three hands: the heavy one and a light one at once, the other heavy one after the first."""
    pools = {**POOLS, 2: SimPool(pool=2, level_min=1, expected_minutes=10, sla_minutes=60)}
    work = [Arrival(1, 0, 2, 50, 10), Arrival(2, 0, 2, 50, 10), Arrival(3, 0, 1, 50, 10)]
    story = Scene(
        seed=1, minutes=600, pools=pools, arrivals=work,
        workers=[alice(hands=3, levels={1: 1, 2: 1})],
    )  # fmt: skip
    twos = Ours(of_pool={2: replace(DEFAULT, attempt_weight=2)})
    assert sorted(slot for slot, taken, _ in ends(story, twos) if taken <= 3) == [1, 3]
    assert len(ends(story, twos)) == 3


def test_reviews_weigh_what_reviews_weigh():
    pools = {1: replace(POOLS[1], attempts=False)}
    story = replace(alone(tens(2), alice(hands=2)), pools=pools)
    assert len(ends(story, heavy(9))) == 2
    assert ends(story, Ours(replace(DEFAULT, review_weight=3))) == []


def test_a_pause_follows_an_answer_in_whole_minutes():
    """Handed in at 12, and 90 seconds are two minutes: offered at 14, taken at 16."""
    paused = Ours(replace(DEFAULT, wrap_up_seconds=90))
    assert ends(alone(tens(2), alice()), paused) == [(1, 2, 12), (2, 16, 26)]
    gone = alone(tens(2), alice(shifts=[(0, 13)]))
    assert ends(gone, paused) == [(1, 2, 12)]


def test_no_more_offers_wait_for_an_answer_than_the_policy_allows():
    one = Ours(replace(DEFAULT, offers_per_tutor=1))
    assert ends(alone(tens(2), alice(hands=2)), one) == [(1, 2, 12), (2, 4, 22)]


def test_an_offer_that_waits_counts_as_given_among_equals():
    two = [alice(hands=3), alice(hands=3, worker=2)]
    work = [Arrival(1, 0, 1, 50, 10), Arrival(2, 1, 1, 50, 10)]
    story = Scene(seed=1, minutes=60, pools=POOLS, arrivals=work, workers=two)
    assert {each.worker for each in play(story, Ours()).done} == {1, 2}


def test_what_is_in_hand_counts_for_the_cap_of_the_week():
    assert len(ends(alone(tens(4), alice(hands=4, week_minutes=25)))) == 2


def test_what_somebody_declined_is_asked_again_after_the_days_of_the_policy():
    week = alone(tens(1), alice(says_yes=0.0, shifts=[(0, 9_000)]), minutes=9_000)
    assert run(week, Ours()).offers == 1
    assert run(week, Ours(replace(DEFAULT, decline_days=1))).offers == 7


@given(
    st.integers(0, 10_000),
    st.lists(st.integers(1, 4), min_size=8, max_size=8),
    st.integers(1, 4),
    st.sampled_from([0, 60, 1_800]),
)
@settings(max_examples=40)
def test_nobody_ever_holds_more_than_she_has_hands_for_nor_works_on_two_things(
    seed, hands, weight, pause
):
    made = scene(seed=seed, crowd=Crowd(days=1, workers=8, fields=1, load=1.5))
    many = [replace(who, hands=own) for who, own in zip(made.workers, hands, strict=True)]
    story = replace(made, workers=many)
    done = play(story, heavy(weight, wrap_up_seconds=pause)).done
    for who in many:
        own = sorted((d.ended, d.taken, d) for d in done if d.worker == who.worker)
        for _, taken, each in own:
            held = [d for _, _, d in own if d.taken <= taken < d.ended]
            assert weight * len(held) <= who.hands, each
        for (before, _, _), (after, _, each) in pairwise(own):
            assert after - before >= max(1, round(each.arrival.minutes_of_work * who.pace))


def test_every_task_ends_once_or_waits():
    came = run(scene(seed=3, crowd=SMALL), Ours())
    assert came.done + came.waiting <= came.tasks
    assert came.tasks - came.done - came.waiting <= SMALL.workers


def test_gini_is_the_formula():
    assert gini([5, 5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([]) == gini([0, 0]) == 0


def test_identical_people_share_a_whole_day_evenly():
    """Far beyond the tasks that the fairness debt counts."""
    three = [replace(alice(shifts=[(0, 1_440)]), worker=n) for n in (1, 2, 3)]
    arrivals = [Arrival(n, 20 * n, 1, 50, 5) for n in range(1, 70)]
    story = Scene(seed=1, minutes=1_440, pools=POOLS, arrivals=arrivals, workers=three)
    shares = Counter(each.worker for each in play(story, Ours()).done)
    assert sorted(shares.values()) == [23, 23, 23]


def test_nobody_qualified_and_idle_waits_for_a_round_while_work_does():
    """More work than hands all day: whoever is free is given something at once."""
    four = [replace(alice(shifts=[(0, 600)]), worker=n) for n in range(1, 5)]
    came = told([Arrival(n, n // 4, 1, 50, 25) for n in range(1, 200)], four)
    assert came.waiting > 90 and came.passed_over == 0


@dataclass(frozen=True)
class Slow(LongestIdle):
    """Offers nothing before minute 9."""

    by_the_clock: bool = True

    def match(self, board):
        return LongestIdle.match(self, board) if board.minute >= 9 else []


def test_the_wait_for_a_first_offer_is_counted_while_work_waits():
    """She comes at 3 and sees work from 5 on; who said no to it, or may not do it, sees none."""
    work = [Arrival(1, 5, 1, 50, 10)]
    late = alice(shifts=[(3, 600)])
    assert told(work, [late], router=Slow()).first_offer == 4
    assert told(work, [late], router=Ours()).first_offer == 0
    assert told(work, [alice(shifts=[(3, 8)])], router=Slow()).first_offer == 3
    assert told(work, [alice(levels={})], router=Slow()).first_offer == 0
    assert told(work, [alice(says_yes=0.0)], router=Slow()).first_offer == 4


def test_everybody_who_comes_to_work_has_a_first_offer_within_the_promised_minutes():
    """Twice the work that they could do, so there is always some; four in five say yes."""
    crowd = Crowd(days=4, workers=40, load=2.0)
    came = run(scene(seed=4, crowd=crowd), Ours())
    assert came.waiting > 500
    assert came.first_offer <= FIRST_OFFER_MINUTES


def test_a_head_start_leaves_young_work_to_specialists():
    """Offered when the half hour is over, begun two minutes later; a senior begins at once."""
    policy = replace(DEFAULT, specialist_first_minutes=30, specialist_level=3)
    came = told([Arrival(1, 0, 1, 50, 10)], [alice()], router=Ours(policy))
    assert (came.done, came.wait_median) == (1, 32)
    senior = told([Arrival(1, 0, 1, 50, 10)], [alice(levels={1: 3})], router=Ours(policy))
    assert senior.wait_median == 2


@pytest.mark.parametrize("load", [0.75, 0.85])
def test_half_the_misses_of_the_longest_idle_at_no_higher_cost(load):
    """The figures of four weeks and of more seeds are in docs/benchmarks.md."""
    week = scene(seed=1, crowd=replace(WEEK, load=load))
    ours, idle = run(week, Ours()), run(week, LongestIdle())
    assert ours.late <= idle.late / 2
    assert ours.cost_per_hour <= 1.001 * idle.cost_per_hour
    assert ours.gini <= idle.gini + 0.01
