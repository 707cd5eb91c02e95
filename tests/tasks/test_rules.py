"""The pure rules: clocks, weeks, cuts, scores, sampling, and the ways between states."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules import clocks, ranking, reviewing
from tasks.rules.policies import DEFAULT
from tasks.rules.states import (
    CLAIM_WAYS,
    OPEN_CLAIMS,
    SLOT_WAYS,
    TIME_WAYS,
    ClaimState,
    ReviewPolicy,
    SlotState,
    TimeState,
)

FIRST, LAST = datetime(2024, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - Hypothesis adds it
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])


@pytest.mark.parametrize(
    ("states", "ways"),
    [(SlotState, SLOT_WAYS), (ClaimState, CLAIM_WAYS), (TimeState, TIME_WAYS)],
)
def test_every_state_says_where_it_leads(states, ways):
    assert set(ways) == set(states)
    assert all(state not in ways[state] for state in states)


def test_an_open_claim_can_always_end():
    ends = {ClaimState.SUBMITTED, ClaimState.RETURNED, ClaimState.RELEASED, ClaimState.EXPIRED}
    assert all(ends <= CLAIM_WAYS[state] for state in OPEN_CLAIMS)


@pytest.mark.parametrize(
    ("cap", "rate", "minor"),
    [(3_600, 4_500, 4_500), (1, 4_500, 2), (4_830, 4_500, 6_038), (0, 4_500, 0)],
)
def test_a_reserve_is_rounded_up(cap, rate, minor):
    assert clocks.reserve_minor(paid_cap_seconds=cap, rate_minor_hourly=rate) == minor


@pytest.mark.parametrize(
    ("seconds", "rate", "minor"),
    [(4_830, 4_500, 6_038), (10, 4_500, 13), (25_627, 10_500, 74_745)],
)
def test_cost_is_half_up(seconds, rate, minor):
    assert clocks.cost_minor(seconds=seconds, rate_minor_hourly=rate) == minor


@given(st.integers(1, 86_400), st.integers(1, 10**6))
def test_what_is_worked_within_the_cap_never_costs_more_than_the_reserve(seconds, rate):
    cost = clocks.cost_minor(seconds=seconds, rate_minor_hourly=rate)
    assert cost <= clocks.reserve_minor(paid_cap_seconds=seconds, rate_minor_hourly=rate)


def test_a_hold_is_three_times_the_usual_and_half_an_hour_at_least():
    assert clocks.hold_seconds(expected_seconds=60, lease_seconds=60) == 1_800
    assert clocks.hold_seconds(expected_seconds=3_600, lease_seconds=60) == 10_800
    assert clocks.hold_seconds(expected_seconds=10**7, lease_seconds=60) == 7 * 86_400


@given(MOMENTS, ZONES)
def test_a_week_holds_its_moment_and_starts_on_a_monday(at, zone):
    starts, ends = clocks.week_of(at=at, zone=zone)
    assert starts <= at < ends
    assert starts.astimezone(ZoneInfo(zone)).weekday() == 0
    assert abs((ends - starts) - timedelta(days=7)) <= timedelta(hours=1)


def test_the_week_of_the_clock_change_is_an_hour_longer():
    starts, ends = clocks.week_of(at=datetime(2026, 10, 25, 12, tzinfo=UTC), zone="Europe/London")
    assert ends - starts == timedelta(hours=169)


@given(MOMENTS, st.integers(1, 10**6), st.lists(MOMENTS, max_size=5))
def test_cuts_add_up_to_the_whole(start, seconds, boundaries):
    end = start + timedelta(seconds=seconds)
    parts = clocks.cuts_within(started_at=start, ended_at=end, boundaries=tuple(boundaries))
    assert parts[0][0] == start and parts[-1][1] == end
    assert all(a < b for a, b in parts)
    assert all(left[1] == right[0] for left, right in itertools.pairwise(parts))


def total(priority, minutes, *, sla=60):
    match = {"priority": priority, "waited_minutes": minutes, "sla_minutes": sla}
    return ranking.score(**match, expected_seconds=600).total


@given(st.integers(0, 100), st.integers(0, 10**5), st.integers(0, 10**5))
def test_waiting_lowers_a_score_only_where_it_is_too_late_to_be_in_time(priority, waited, more):
    missed = waited <= 40 < waited + more
    if not missed:
        assert total(priority, waited + more) >= total(priority, waited)
    assert total(priority, waited + more, sla=None) >= total(priority, waited, sla=None)


@pytest.mark.parametrize(
    ("waited", "pressure"), [(0, 0), (30, 1_440), (40, 1_920), (41, -20_160), (61, -20_160)]
)
def test_pressure_grows_while_work_can_be_in_time_and_falls_when_it_cannot(waited, pressure):
    """Twice the ten minutes that it is expected to take must be left of the hour."""
    of = {"waited_minutes": waited, "expected_seconds": 600}
    assert ranking.sla_pressure(**of, sla_minutes=60) == pressure
    assert ranking.sla_pressure(**of, sla_minutes=None) == 0


@pytest.mark.parametrize(
    ("sla", "expected", "timely"),
    [(60, 600, 40), (60, 629, 40), (60, 900, 30), (60, 3_600, 30), (61, 3_600, 30), (None, 600, 0)],
)
def test_work_is_not_late_before_half_of_its_sla(sla, expected, timely):
    assert ranking.timely_minutes(sla_minutes=sla, expected_seconds=expected) == timely


@given(
    st.integers(0, 100), st.integers(0, 100), st.integers(1, 1_440), st.integers(1, 600), st.data()
)
def test_what_is_late_waits_behind_what_can_be_in_time_but_not_for_ever(
    priority, other, sla, expected, data
):
    """At most 100 steps of priority, the pressure and `late_minutes`: 18 days."""
    timely = ranking.timely_minutes(sla_minutes=sla, expected_seconds=60 * expected)
    fresh = data.draw(st.integers(0, timely))

    def of(priority, waited):
        return ranking.urgency(
            priority=priority,
            waited_minutes=waited,
            sla_minutes=sla,
            expected_seconds=60 * expected,
        )

    just_late = data.draw(st.integers(timely + 1, timely + 10_000))
    assert of(priority, just_late) < of(other, fresh)
    bound = (
        DEFAULT.minutes_per_priority_step * ranking.PRIORITY_MAX
        + DEFAULT.sla_pressure_minutes
        + DEFAULT.late_minutes
    )
    assert of(0, fresh + bound + 1) > of(ranking.PRIORITY_MAX, fresh)


def test_the_lowest_priority_passes_a_fresh_highest_one_within_the_bound():
    """Without an SLA after 50 hours; with a missed one two weeks later."""
    bound = DEFAULT.minutes_per_priority_step * ranking.PRIORITY_MAX
    assert total(0, bound + 1, sla=None) > total(ranking.PRIORITY_MAX, 0, sla=None)
    bound += DEFAULT.late_minutes
    assert total(0, bound) == total(ranking.PRIORITY_MAX, 0)
    assert total(0, bound + 1) > total(ranking.PRIORITY_MAX, 0)


def test_a_draw_is_steady_and_fair():
    assert reviewing.draw(7) == reviewing.draw(7)
    drawn = sum(reviewing.draw(n) < 20 for n in range(10_000))
    assert 1_800 < drawn < 2_200


@pytest.mark.parametrize(
    ("policy", "task_type", "wanted"),
    [
        (ReviewPolicy.ALL, "critique", True),
        (ReviewPolicy.NONE, "critique", False),
        (ReviewPolicy.NONE, "scenario", True),
    ],
)
def test_the_policy_decides_about_a_review(policy, task_type, wanted):
    got = reviewing.wanted(policy=policy, percent=0, task_type=task_type, claim_id=1)
    assert got is wanted
