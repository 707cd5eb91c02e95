"""Closing periods: what falls where, what is cut, what stays as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import Earning, Period, Statement, StatementLine
from payments.operations.adjusting import CannotAdjust, NotOnesOwnPay, adjust
from payments.operations.earning import post_earnings
from payments.operations.stating import CannotClosePeriods, Closed, close_periods
from payments.queries.earnings import receipt
from payments.rules.states import EarningKind
from tasks.models import TimeEntry
from tests.payments.people import LATER, WEEK, Hired, fay, tutor
from tests.people import person
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db
WEDNESDAY = WEEK + timedelta(days=2, hours=12)
NEXT_WEEK = WEEK + timedelta(days=7)


def close(until: datetime = LATER, *, contracts: list[int] | None = None) -> Closed:
    return close_periods(
        until=until, contracts=contracts, reason="pay day", actor=fay(), at=max(until, LATER)
    )


def priced(hired: Hired, *entries: TimeEntry) -> list[Earning]:
    return post_earnings(entries=[e.pk for e in entries or hired.entries], at=LATER)


def test_a_week_becomes_a_statement_of_its_lines() -> None:
    alice = tutor("Alice")
    for seconds in (4830, 10, 61):
        alice.works(seconds)
    priced(alice)
    (statement,) = close(NEXT_WEEK).statements
    assert (statement.total_minor, statement.seconds, statement.lines_count) == (6126, 4901, 3)
    assert statement.due_on.isoformat() == "2026-11-23"
    period = Period.objects.get(state="closed")
    assert (period.starts_at, period.ends_at, period.label) == (WEEK, NEXT_WEEK, "2026-W46")


def test_stated_time_is_locked() -> None:
    alice = tutor("Alice")
    alice.works(60)
    priced(alice)
    close()
    assert TimeEntry.objects.get(pk=alice.entries[0].pk).state == "locked"


def test_closing_early_cuts_the_week_and_opens_the_rest() -> None:
    alice = tutor("Alice")
    early = alice.works(61, rate=4730)
    late = alice.works(61, rate=4730, start=WEDNESDAY + timedelta(hours=1))
    priced(alice, early)
    (first,) = close(WEDNESDAY).statements
    assert list(Period.objects.order_by("starts_at").values_list("starts_at", "ends_at")) == [
        (WEEK, WEDNESDAY),
        (WEDNESDAY, NEXT_WEEK),
    ]
    (line,) = priced(alice, late)
    assert line.bucket is not None
    assert line.bucket.period.starts_at == WEDNESDAY
    (second,) = close(NEXT_WEEK).statements
    assert (first.total_minor, second.total_minor) == (80, 80)


def test_a_line_after_the_cut_waits_for_the_next_close() -> None:
    alice = tutor("Alice")
    alice.works(100)
    alice.works(200, start=WEDNESDAY + timedelta(hours=1))
    priced(alice)
    (first,) = close(WEDNESDAY).statements
    (second,) = close(NEXT_WEEK).statements
    assert (first.seconds, second.seconds) == (100, 200)
    assert not StatementLine.objects.filter(late=True).exists()


def test_each_week_has_its_own_statement_when_several_are_closed() -> None:
    alice = tutor("Alice")
    alice.works(100)
    alice.works(200, start=NEXT_WEEK)
    priced(alice)
    assert [s.seconds for s in close().statements] == [100, 200]


def test_time_approved_late_is_paid_next_and_rounded_with_its_own_week() -> None:
    alice = tutor("Alice")
    early = [alice.works(61, rate=4730) for _ in range(3)]
    priced(alice, *early)
    (first,) = close(NEXT_WEEK).statements
    late = [alice.works(61, rate=4730) for _ in range(4)]
    assert [line.amount_minor for line in priced(alice, *late)] == [81, 80, 80, 80]
    (second,) = close().statements
    assert first.total_minor + second.total_minor == 561
    assert set(second.lines.values_list("late", flat=True)) == {True}
    assert receipt(earning=Earning.objects.latest("pk")).late
    first.refresh_from_db()
    assert (first.total_minor, first.lines_count) == (240, 3)


def test_closing_again_states_nothing_twice() -> None:
    alice = tutor("Alice")
    alice.works(100)
    priced(alice)
    assert len(close().statements) == 1
    events = Event.objects.filter(kind="payments.periods_closed").count()
    again = close()
    assert (again.periods, again.statements) == (0, [])
    assert Event.objects.filter(kind="payments.periods_closed").count() == events
    assert Statement.objects.count() == 1


def test_only_the_named_contracts_are_closed() -> None:
    alice, bob = tutor("Alice"), tutor("Bob")
    for hired in (alice, bob):
        hired.works(100)
        priced(hired)
    (statement,) = close(contracts=[alice.contract.pk]).statements
    assert statement.contract_id == alice.contract.pk


def test_currencies_are_never_added() -> None:
    alice = tutor("Alice")
    alice.works(3600, rate=4500)
    alice.works(3600, rate=4800, currency="JPY")
    priced(alice)
    totals = {s.currency: s.total_minor for s in close().statements}
    assert totals == {"USD": 4500, "JPY": 4800}


def test_nothing_is_closed_ahead() -> None:
    with pytest.raises(CannotClosePeriods):
        close_periods(
            until=LATER + timedelta(seconds=1), contracts=None, reason="", actor=fay(), at=LATER
        )


def test_a_raise_in_the_middle_pays_both_rates() -> None:
    alice = tutor("Alice")
    start = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    alice.works(1800, rate=4500, start=start)
    alice.works(2700, rate=5000, start=start + timedelta(seconds=1800))
    assert [line.amount_minor for line in priced(alice)] == [2250, 3750]


def test_the_hour_that_comes_twice_is_in_one_week() -> None:
    alice = tutor("Alice", zone="America/New_York")
    night = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)  # 00:30 in New York, clocks go back at 2
    alice.works(3 * 3600 + 1800, rate=4500, start=night)
    (line,) = priced(alice)
    assert line.amount_minor == 15750
    assert line.bucket is not None
    period = line.bucket.period
    assert (period.ends_at - period.starts_at).total_seconds() == 169 * 3600


@pytest.mark.parametrize(("few", "many"), [(2, 12)])
def test_closing_costs_the_same_statements_for_few_and_many(few: int, many: int) -> None:
    def told(tutors: int) -> int:
        for number in range(tutors):
            hired = tutor(f"Tutor {number}")
            for _ in range(5):
                hired.works(61)
            priced(hired)
        actor = fay()
        with CaptureQueriesContext(connection) as captured:
            close_periods(until=LATER, contracts=None, reason="", actor=actor, at=LATER)
        return len(captured)

    assert told(few) == told(many) <= 25


def test_a_bonus_is_a_line_of_its_week() -> None:
    alice = tutor("Alice")
    for _ in range(2):  # the same key: once
        adjust(
            contract=alice.contract, kind=EarningKind.BONUS, amount_minor=3200, currency="USD",
            reason="98 % accepted", key="bonus-46", actor=fay(), at=LATER - timedelta(hours=1),
        )  # fmt: skip
    (statement,) = close().statements
    assert (statement.total_minor, statement.lines_count) == (3200, 1)


def test_nobody_gives_herself_a_bonus_and_reasons_are_needed() -> None:
    alice = tutor("Alice")
    common = {"contract": alice.contract, "currency": "USD", "key": "x", "at": LATER}
    with pytest.raises(NotOnesOwnPay):
        adjust(kind=EarningKind.BONUS, amount_minor=1, reason="me", actor=alice.account, **common)  # type: ignore[arg-type]
    with pytest.raises(CannotAdjust) as refusal:
        adjust(
            kind=EarningKind.WAGE, amount_minor=0, reason=" ",
            actor=person("Fay", Role.FINANCE), **common,
        )  # type: ignore[arg-type] # fmt: skip
    assert set(refusal.value.errors) == {"kind", "amount", "reason"}
    assert Earning.objects.count() == 0


def test_a_close_prices_what_was_approved_a_moment_ago() -> None:
    alice = tutor("Alice")
    alice.works(4830)
    alice.works(60, start=LATER)
    (statement,) = close().statements
    assert statement.total_minor == 6038
    assert Earning.objects.count() == 1
