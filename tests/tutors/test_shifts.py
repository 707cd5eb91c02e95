"""Stretches of taking work, told from changes of presence."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tasks.crew import Crew
from tutors.operations.presence import set_presence
from tutors.queries.shifts import shifts_between
from tutors.rules.shifts import Change, shifts
from tutors.rules.states import Presence

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(count):
    return MONDAY + count * HOUR


def told(*changes, since=0, until=24):
    """Hours as (from, to); a change is (hour, until or None)."""
    made = [Change(at=hour(a), until=None if u is None else hour(u)) for a, u in changes]
    found = shifts(changes=made, since=hour(since), until=hour(until))
    return [((a - MONDAY) / HOUR, (b - MONDAY) / HOUR) for a, b in found]


def test_a_shift_ends_with_its_time_with_a_pause_or_with_the_period():
    assert told((8, 20)) == [(8, 20)]
    assert told((8, 20), (12, None)) == [(8, 12)]
    assert told((20, 32)) == [(20, 24)]
    assert told((-4, 8)) == [(0, 8)]
    assert told((8, None)) == []


def test_taking_work_again_goes_on_with_the_same_shift():
    assert told((8, 20), (10, 22)) == [(8, 22)]
    assert told((8, 10), (12, 14)) == [(8, 10), (12, 14)]


@given(st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 12)))))
def test_shifts_are_in_order_apart_and_within_the_period(given):
    changes = [(at, None if more is None else at + more) for at, more in given]
    changes.sort(key=lambda change: change[0])
    found = told(*changes)
    assert all(0 <= a < b <= 24 for a, b in found)
    assert all(b < c for (_, b), (c, _) in pairwise(found))


@pytest.mark.django_db
def test_presence_is_remembered_with_its_end():
    crew = Crew(at=MONDAY)
    alice = crew.tutor("Alice", contract=False)
    bob = crew.tutor("Bob", contract=False)

    def present(tutor, state, at, until=None):
        set_presence(tutor=tutor, state=state, actor=tutor.account, at=at, until=until)

    present(alice, Presence.TAKING_WORK, hour(8), until=hour(10))
    present(bob, Presence.TAKING_WORK, hour(9))
    present(bob, Presence.PAUSED, hour(11))
    found = shifts_between(since=hour(7), until=hour(24))
    assert found[alice.pk] == [(hour(8), hour(10))]
    assert found[bob.pk] == [(hour(9), hour(11))]
    assert shifts_between(since=hour(12), until=hour(24)) == {}
