"""A week in money, exact to the minor unit, as the tutor's home page shows it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from payments.operations.earning import post_earnings
from payments.operations.stating import close_periods
from payments.queries.outlook import next_payout
from payments.queries.weeks import week_of_work
from payments.rules.pricing import amount_for
from tasks.models import TimeEntry
from tasks.rules.states import TimeState
from tests.payments.people import LATER, WEEK, fay, tutor

pytestmark = pytest.mark.django_db


def week_of(hired, *, at=WEEK + timedelta(days=2), currency="USD"):
    zone = hired.version.zone
    return week_of_work(tutor_id=hired.tutor.pk, zone=zone, currency=currency, at=at)


def waiting(hired, seconds, *, rate, start, state=TimeState.SUBMITTED):
    """Time that nobody has decided about."""
    return TimeEntry.objects.create(
        tutor=hired.tutor,
        account=hired.account,
        contract_version=hired.version,
        kind="task",
        state=state,
        started_at=start,
        ended_at=start + timedelta(seconds=seconds),
        seconds=seconds,
        rate_minor_hourly=rate,
        currency="USD",
        rate_rule="contract",
    )


def test_seven_short_entries_are_rounded_once():
    alice = tutor("Alice")
    for n in range(7):
        waiting(alice, 61, rate=4730, start=WEEK + timedelta(days=n, hours=9))
    week = week_of(alice)
    assert [day.amount_minor for day in week.days] == [80, 80, 80, 81, 80, 80, 80]
    assert week.amount_minor == amount_for(seconds=427, rate_minor_hourly=4730) == 561
    assert (week.waiting_minor, week.approved_minor, week.seconds) == (561, 0, 427)


def test_priced_time_counts_as_its_line_says_and_the_rest_on_top():
    alice = tutor("Alice")
    entries = [alice.works(61, rate=4730).pk for _ in range(3)]
    lines = post_earnings(entries=entries, at=LATER)
    for n in range(4):
        waiting(alice, 61, rate=4730, start=WEEK + timedelta(days=3, hours=n))
    week = week_of(alice)
    assert week.approved_minor == sum(line.amount_minor for line in lines)
    assert week.amount_minor == 561
    assert sum(day.amount_minor for day in week.days) == week.amount_minor


def test_held_disputed_and_draft_time_promises_no_money():
    alice = tutor("Alice")
    for n, state in enumerate((TimeState.HELD, TimeState.DISPUTED, TimeState.DRAFT)):
        waiting(alice, 600, rate=6000, start=WEEK + timedelta(hours=n), state=state)
    waiting(alice, 600, rate=6000, start=WEEK + timedelta(hours=9), state=TimeState.DECLINED)
    week = week_of(alice)
    assert (week.amount_minor, week.seconds, week.apart_seconds) == (0, 0, 1_800)
    assert week.used_seconds == 1_800


def test_days_are_days_of_the_contracts_zone():
    kiri = tutor("Kiri", zone="Pacific/Auckland")
    monday_there = datetime(2026, 11, 8, 12, 30, tzinfo=UTC)
    waiting(kiri, 3_600, rate=6000, start=monday_there)
    week = week_of(kiri, at=monday_there)
    assert (week.starts_on, week.ends_on) == (date(2026, 11, 9), date(2026, 11, 15))
    assert [day.amount_minor for day in week.days] == [6000, 0, 0, 0, 0, 0, 0]


def test_currencies_are_never_added_together():
    alice = tutor("Alice")
    alice.works(3_600, rate=6000, currency="EUR")
    alice.works(3_600, rate=4500)
    week = week_of(alice)
    assert (week.amount_minor, week.others_minor) == (4500, {"EUR": 6000})


def test_the_next_payout_follows_the_statement_else_the_week():
    alice = tutor("Alice")
    week = week_of(alice)
    assert next_payout(account_id=alice.account.pk, week=week, version_id=alice.version.pk) is None
    alice.earns(7_200)
    week = week_of(alice)
    coming = next_payout(account_id=alice.account.pk, week=week, version_id=alice.version.pk)
    assert coming is not None and coming.amount_minor is None
    assert coming.day > week.ends_on
    close_periods(until=LATER, contracts=None, reason="", actor=fay(), at=LATER)
    stated = next_payout(account_id=alice.account.pk, week=week, version_id=alice.version.pk)
    assert stated is not None and (stated.amount_minor, stated.currency) == (9000, "USD")
