"""The bound of somebody who knows the future: exact on small worlds, below every router's."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.providers.solving import greatest
from tasks.rules.simulating import (
    Arrival,
    Crowd,
    LongestIdle,
    Ours,
    Scene,
    SimPool,
    Worker,
    foresee,
    run,
    scene,
)

POOLS = {
    1: SimPool(pool=1, level_min=1, expected_minutes=10, sla_minutes=60),
    2: SimPool(pool=2, level_min=2, expected_minutes=20, sla_minutes=120),
}


def story(arrivals, workers, *, minutes=600, pools=POOLS):
    return Scene(seed=1, minutes=minutes, pools=pools, arrivals=arrivals, workers=workers)


def alice(**more):
    base = {"worker": 1, "levels": {1: 1}, "rate_minor_hourly": 6_000, "shifts": [(0, 60)]}
    return Worker(**{**base, "says_yes": 1.0, "ignores": 0.0, **more})


def bound(played):
    foreseen = foresee(played)
    return foreseen.late(greatest(foreseen.columns, rows=foreseen.rows))


def tens(count, *, minute=0, pool=1, minutes=10):
    return [Arrival(n, minute, pool, 50, minutes) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("tasks", "person", "late"),
    [
        # Two minutes to answer and ten to work: five an hour, the last one ends with the shift.
        (tens(5), alice(), 0),
        (tens(8), alice(), 3),
        # Twice as fast: two and five, so eight and what is left of an hour.
        (tens(20), alice(pace=0.5), 12),
        # Nobody may do it, or only later than it is due.
        (tens(4), alice(levels={2: 2}), 4),
        (tens(4), alice(shifts=[(120, 180)]), 4),
        # One more goes on after the shift, which ends in the middle of the hour.
        (tens(8), alice(shifts=[(0, 50)]), 3),
        # Two hands: she answers meanwhile, so six an hour, and two go on after the shift.
        (tens(8), alice(hands=2), 2),
        (tens(8), alice(hands=2, shifts=[(0, 50)]), 1),
        # It came before the scene began.
        (tens(8, minute=-30), alice(), 3),
        (tens(8, minute=-60), alice(), 8),
    ],
)
def test_an_hour_of_one_person_is_so_many_tasks(tasks, person, late):
    assert bound(story(tasks, [person])) == late


def test_the_short_tasks_are_in_time_and_the_long_ones_late():
    mixed = [Arrival(n, 0, 1, 50, 10 if n <= 4 else 58) for n in range(1, 9)]
    assert bound(story(mixed, [alice()])) == 4


def test_what_is_due_after_the_scene_is_not_late():
    assert bound(story(tens(20), [alice()], minutes=61)) == 20 - 5 - 1
    assert bound(story(tens(20), [alice()], minutes=60)) == 0


def test_who_may_do_more_is_one_person_in_both_pools():
    """Five short ones in the first hour leave her time for two long ones in the second."""
    both = alice(levels={1: 2, 2: 2}, shifts=[(0, 120)])
    tasks = [*tens(5), *(replace(each, slot=each.slot + 5, pool=2) for each in tens(6, minutes=20))]
    assert bound(story(tasks, [both])) == 4
    other = alice(worker=2, levels={2: 2}, shifts=[(0, 120)])
    assert bound(story(tasks, [both, other])) == 0


@st.composite
def stories(draw):
    """Up to 40 tasks of two pools in six hours, before up to three people."""
    levels = st.sampled_from([{1: 1}, {2: 2}, {1: 3, 2: 3}])
    starts = st.integers(0, 300)
    people = [
        alice(
            worker=n,
            levels=draw(levels),
            pace=draw(st.sampled_from([0.7, 1.0, 1.3])),
            answer_minutes=draw(st.integers(0, 3)),
            says_yes=draw(st.sampled_from([1.0, 0.8])),
            hands=draw(st.integers(1, 3)),
            shifts=[(start := draw(starts), start + draw(st.integers(1, 200)))],
        )
        for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    work = draw(
        st.lists(
            st.tuples(st.integers(-30, 350), st.sampled_from([1, 2]), st.integers(1, 45)),
            max_size=40,
        )
    )
    arrivals = [
        Arrival(slot, minute, pool, 50, minutes)
        for slot, (minute, pool, minutes) in enumerate(sorted(work), start=1)
    ]
    return story(arrivals, people, minutes=draw(st.integers(60, 500)))


@settings(max_examples=150)
@given(stories())
def test_no_router_has_fewer_late_than_the_bound(played):
    least = bound(played)
    assert least <= run(played, Ours()).late
    assert least <= run(played, LongestIdle()).late


def test_a_crowd_that_is_too_few_has_late_work_whatever_anybody_knows():
    crowd = Crowd(days=2, workers=20, load=2.5, sla_minutes=(120, 480))
    played = scene(seed=2, crowd=crowd)
    least, ours = bound(played), run(played, Ours()).late
    assert 0 < least <= ours
