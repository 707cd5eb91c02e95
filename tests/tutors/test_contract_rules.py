"""States, dates, rate and notice of a contract."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors.people import AT
from tutors.rules.contracts import (
    IN_FORCE,
    NEXT,
    CannotAgree,
    Conditions,
    Span,
    check,
    day_end,
    day_start,
    earliest_amendment,
    earliest_end,
    may_follow,
)
from tutors.rules.states import ContractState

SPAN = Span(speciality="medicine.psychiatry", level=2, low=11_500, high=35_000)
GOOD = Conditions(
    starts_on=date(2026, 11, 20),
    ends_on=date(2027, 11, 19),
    currency="USD",
    zone="Europe/London",
    rate_minor_hourly=15_000,
    cap_seconds_week=20 * 3600,
    notice_days=14,
)


def faults(span: Span | None = SPAN, *, waived: bool = False, **change: Any) -> set[str]:
    try:
        check(conditions=replace(GOOD, **change), span=span, notice_waived=waived, at=AT)
    except CannotAgree as refused:
        return set(refused.errors)
    return set()


def test_good_conditions_hold() -> None:
    assert faults() == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": date(2026, 11, 19)}, "end"),
        ({"ends_on": date(2026, 11, 20)}, None),
        ({"ends_on": None}, None),
        ({"ends_on": date(2046, 11, 20)}, "end"),
        ({"starts_on": date(2024, 11, 19)}, "start"),
        ({"starts_on": date(2028, 11, 20), "ends_on": None}, "start"),
        ({"rate_minor_hourly": 11_499}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 11_500}, None),
        ({"rate_minor_hourly": 35_000}, None),
        ({"rate_minor_hourly": 35_001}, "rate_minor_hourly"),
        ({"rate_minor_hourly": 0}, "rate_minor_hourly"),
        ({"rate_minor_hourly": None}, None),
        ({"cap_seconds_week": 0}, "cap_seconds_week"),
        ({"cap_seconds_week": None}, None),
        ({"cap_seconds_week": 80 * 3600 + 1}, "cap_seconds_week"),
        ({"notice_days": 13}, "notice_days"),
        ({"notice_days": -1}, "notice_days"),
        ({"notice_days": 181}, "notice_days"),
    ],
)
def test_each_condition(change: dict[str, Any], field: str | None) -> None:
    assert faults(**change) == ({field} if field else set())


def test_a_second_approver_may_waive_notice() -> None:
    assert faults(notice_days=0) == {"notice_days"}
    assert faults(notice_days=0, waived=True) == set()


def test_without_any_card_there_is_no_range() -> None:
    assert faults(None) == {"rate_minor_hourly"}
    assert faults(None, rate_minor_hourly=None) == set()


def test_days_begin_in_the_contracts_zone() -> None:
    assert day_start(date(2026, 11, 21), zone="Asia/Kolkata") == datetime(
        2026, 11, 20, 18, 30, tzinfo=UTC
    )
    assert day_end(date(2026, 10, 25), zone="Europe/London") - day_start(
        date(2026, 10, 25), zone="Europe/London"
    ) == timedelta(hours=25)


def test_a_lower_rate_needs_notice_a_raise_does_not() -> None:
    def earliest(old: int, new: int) -> datetime:
        return earliest_amendment(old_rate=old, new_rate=new, notice_days=14, signed_at=AT)

    assert earliest(100, 99) == AT + timedelta(days=14)
    assert earliest(100, 100) == AT
    assert earliest(100, 101) == AT


def test_the_tutor_may_leave_at_once_the_house_gives_notice() -> None:
    def end(*, by_tutor: bool = False, waived: bool = False) -> datetime:
        return earliest_end(by_tutor=by_tutor, waived=waived, notice_days=14, at=AT)

    assert end(by_tutor=True) == AT
    assert end(waived=True) == AT
    assert end() == AT + timedelta(days=14)


@given(st.lists(st.sampled_from(list(ContractState)), max_size=12))
def test_no_walk_through_the_states_comes_back(walk: list[ContractState]) -> None:
    now, seen = ContractState.OFFERED, [ContractState.OFFERED]
    for then in walk:
        if may_follow(now=now, then=then):
            assert then not in seen
            now = then
            seen.append(then)
    assert NEXT[ContractState.ENDED] == frozenset()
    if now in IN_FORCE:
        assert ContractState.SIGNED in seen
