"""The worked numbers of the pay rules, exact."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from payments.providers.accountstatement import read
from payments.providers.bankfile import Party, Payment, control_sum
from payments.rules.exchange import Quote, convert
from payments.rules.money import allocate
from payments.rules.pricing import (
    Capped,
    Piece,
    amount_for,
    difference,
    guarantee_top_up,
    margin,
    split_at,
    within_cap,
)
from payments.rules.weeks import midnight, week_of
from tests.payments.real_data import sample

HOUR = 3600


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [
        pytest.param(4500, 4830, 6038, id="D1"),
        pytest.param(4500, 10, 13, id="D2"),
        pytest.param(10500, 7 * HOUR + 7 * 60 + 7, 74745, id="D3"),
        pytest.param(4730, 7 * 61, 561, id="D4"),
        pytest.param(4800, 4830, 6440, id="D7 JPY"),
        pytest.param(14250, 4830, 19119, id="D7 KWD"),
        pytest.param(4500, 0, 0, id="nothing"),
        pytest.param(3600, 1, 1, id="one a second"),
        pytest.param(1800, 1, 1, id="a half goes up"),
        pytest.param(1799, 1, 0, id="less than a half goes down"),
    ],
)
def test_a_bucket_is_rounded_half_up_once(rate: int, seconds: int, expected: int) -> None:
    assert amount_for(seconds=seconds, rate_minor_hourly=rate) == expected


def test_d4_each_line_is_the_difference_that_it_posts() -> None:
    lines = [
        difference(seconds_before=61 * n, seconds=61, rate_minor_hourly=4730) for n in range(7)
    ]
    assert lines == [80, 80, 80, 81, 80, 80, 80]
    assert sum(lines) == 561
    assert 7 * amount_for(seconds=61, rate_minor_hourly=4730) == 560


def test_d5_an_entry_splits_where_the_rate_changes() -> None:
    entry = Piece(
        starts_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 1, 0, 45, tzinfo=UTC),
    )
    before, after = split_at(piece=entry, instants=[datetime(2026, 11, 1, tzinfo=UTC)])
    assert amount_for(seconds=before.seconds, rate_minor_hourly=4500) == 2250
    assert amount_for(seconds=after.seconds, rate_minor_hourly=5000) == 3750


def test_d6_the_cap_pays_what_fits_and_holds_the_rest() -> None:
    first = within_cap(used_seconds=0, seconds=19 * HOUR + 40 * 60, cap_seconds=20 * HOUR)
    then = within_cap(used_seconds=first.payable_seconds, seconds=70 * 60, cap_seconds=20 * HOUR)
    assert then == Capped(payable_seconds=1200, held_seconds=3000)
    paid = first.payable_seconds + then.payable_seconds
    assert amount_for(seconds=paid, rate_minor_hourly=6000) == 120000


@pytest.mark.parametrize(
    ("counter", "rate", "expected"),
    [("EUR", "0.92385", 114056), ("JPY", "151.234", 186709), ("KWD", "0.30715", 379198)],
)
def test_d8_exchange_by_quote(counter: str, rate: str, expected: int) -> None:
    assert convert(amount_minor=123457, quote=Quote("USD", counter, rate)) == expected


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [(10000, [1, 1, 1], [3334, 3333, 3333]), (10001, [50, 30, 20], [5001, 3000, 2000])],
)
def test_d9_allocation(amount: int, weights: list[int], expected: list[int]) -> None:
    assert allocate(amount_minor=amount, weights=weights) == expected


def test_d10_guarantee() -> None:
    worked = amount_for(seconds=6 * HOUR + 40 * 60, rate_minor_hourly=5000)
    assert worked == 33333
    top_up = guarantee_top_up(
        guaranteed_seconds=10 * HOUR,
        worked_seconds=6 * HOUR + 40 * 60,
        worked_minor=worked,
        rate_minor_hourly=5000,
    )
    assert top_up == 16667


def test_d11_the_hour_that_comes_twice_is_paid_twice() -> None:
    new_york = ZoneInfo("America/New_York")
    night = Piece(
        starts_at=datetime(2026, 11, 1, 0, 30, tzinfo=new_york),
        ends_at=datetime(2026, 11, 1, 3, 0, tzinfo=new_york),
    )
    assert amount_for(seconds=night.seconds, rate_minor_hourly=4500) == 15750


def test_d12_control_sum() -> None:
    alice = Party(name="Alice", iban="NL91ABNA0417164300")
    payments = [
        Payment(f"PO-{n}", minor, "EUR", date(2026, 11, 27), alice, "pay")
        for n, minor in enumerate((36225, 60375, 120))
    ]
    assert control_sum(payments) == "967.20"


def test_d13_margin() -> None:
    result = margin(seconds=4830, bill_minor_hourly=9500, pay_minor_hourly=4500)
    assert (result.billed_minor, result.paid_minor, result.margin_minor) == (12746, 6038, 6708)


def test_d14_a_day_begins_where_the_contract_lives() -> None:
    begins = midnight(day=date(2026, 11, 21), zone="Asia/Kolkata")
    assert begins == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


def test_d15_a_real_statement_with_a_return_adds_up() -> None:
    (statement,) = read(sample("bank_camt.053.001.08_return.xml"))
    batch, back, fee = statement.entries
    assert statement.opening_minor == 5000000
    assert statement.closing_minor == 4963455
    assert [line.amount_minor for line in batch.lines] == [-36225, -60375, -120]
    assert back.is_return
    assert (back.lines[0].end_to_end_id, back.amount_minor) == ("PO-00000002", 60375)
    assert back.lines[0].reason == "AC04"
    assert fee.is_fee
    assert fee.amount_minor == -200


@pytest.mark.parametrize(
    ("zone", "inside", "hours"),
    [
        ("America/New_York", datetime(2026, 11, 1, 12, tzinfo=UTC), 169),
        ("America/New_York", datetime(2026, 3, 8, 12, tzinfo=UTC), 167),
        ("Asia/Kolkata", datetime(2026, 11, 20, 18, 29, tzinfo=UTC), 168),
        ("Pacific/Auckland", datetime(2026, 9, 27, 0, tzinfo=UTC), 167),
    ],
)
def test_a_pay_week_is_seven_local_days(zone: str, inside: datetime, hours: int) -> None:
    week = week_of(instant=inside, zone=zone)
    assert (week.ends_at - week.starts_at).total_seconds() == hours * HOUR
    for edge in (week.starts_at, week.ends_at):
        local = edge.astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    assert week.holds(inside)
    assert not week.holds(week.ends_at)
