"""What must hold for any numbers, dates and names."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules.approvals import Instruction, checkers_needed, content_hash
from payments.rules.banktext import NOT_WRITABLE, fold
from payments.rules.currencies import EXPONENTS, UnknownCurrency, exponent
from payments.rules.exchange import NotARate, Quote, convert
from payments.rules.money import NotAnAmount, allocate, decimal_text, half_up, parse_decimal
from payments.rules.pricing import Piece, amount_for, difference, split_at
from payments.rules.references import NotAReference, checked, end_to_end_id, message_id
from payments.rules.states import BATCH_MOVES, PAYOUT_MOVES, BatchState, PayoutState, sources
from payments.rules.weeks import bank_day_after, days_between, week_label, week_of
from tests.payments.real_data import real

SECONDS = st.integers(0, 10_000_000)
RATES = st.integers(1, 10_000_000)
ZONES = st.sampled_from(
    ["UTC", "Asia/Kolkata", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe",
     "America/Havana", "Pacific/Apia", "Asia/Kathmandu", "Asia/Beirut"]
)  # fmt: skip
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 365 * 86_400).map(lambda s: EPOCH + timedelta(seconds=s))


@given(numerator=st.integers(0, 10**30), denominator=st.integers(1, 10**12))
def test_half_up_is_the_nearest_and_a_half_goes_up(numerator: int, denominator: int) -> None:
    distance = half_up(numerator=numerator, denominator=denominator) - Fraction(
        numerator, denominator
    )
    assert Fraction(-1, 2) < distance <= Fraction(1, 2)


@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=12), RATES, st.randoms())
def test_splitting_and_reordering_time_leaves_the_pay(parts: list[int], rate: int, dice) -> None:  # type: ignore[no-untyped-def]
    dice.shuffle(parts)
    posted, before = 0, 0
    for seconds in parts:
        posted += difference(seconds_before=before, seconds=seconds, rate_minor_hourly=rate)
        before += seconds
    assert posted == amount_for(seconds=sum(parts), rate_minor_hourly=rate)


@given(SECONDS, RATES, st.integers(1, 100_000))
def test_a_raise_never_lowers_pay(seconds: int, rate: int, more: int) -> None:
    before = amount_for(seconds=seconds, rate_minor_hourly=rate)
    assert amount_for(seconds=seconds, rate_minor_hourly=rate + more) >= before


@given(SECONDS, st.integers(0, 86_400), RATES)
def test_a_correction_takes_back_exactly_what_was_posted(
    before: int, seconds: int, rate: int
) -> None:
    there = difference(seconds_before=before, seconds=seconds, rate_minor_hourly=rate)
    back = difference(seconds_before=before + seconds, seconds=-seconds, rate_minor_hourly=rate)
    assert there + back == 0


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(sum))
def test_allocation_gives_everything_and_nobody_more_than_one_unit_off(
    amount: int, weights: list[int]
) -> None:
    shares = allocate(amount_minor=amount, weights=weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(amount * weight, sum(weights))) < 1


@given(st.integers(0, 10**15), st.sampled_from(sorted(EXPONENTS)))
def test_decimals_and_minor_units_are_the_same_money(amount: int, currency: str) -> None:
    text = decimal_text(amount_minor=amount, currency=currency)
    assert parse_decimal(text=text, currency=currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("18.150", "EUR", 1815), ("5", "EUR", 500), ("1.20000", "KWD", 1200), ("12.0", "JPY", 12)],
)
def test_zeros_beyond_the_minor_unit_are_harmless(text: str, currency: str, minor: int) -> None:
    assert parse_decimal(text=text, currency=currency) == minor


@pytest.mark.parametrize(
    "text", ["1.234", "-1", "1e3", "", "1,20", "NaN", "٣", "1.", ".5", "9" * 19]
)
def test_other_texts_are_no_amounts(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_decimal(text=text, currency="EUR")


def test_exponents_agree_with_the_maintenance_agency() -> None:
    import csv

    with real("iso4217/iso4217_codes-all.csv").open(encoding="utf-8") as file:
        official = {
            row["AlphabeticCode"]: int(row["MinorUnit"])
            for row in csv.DictReader(file)
            if row["AlphabeticCode"] and not row["WithdrawalDate"] and row["MinorUnit"] != "-"
        }
    assert official == EXPONENTS


@pytest.mark.parametrize("code", ["XAU", "usd", "DEM", "", "US"])
def test_unknown_currencies_are_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        exponent(code)


@pytest.mark.parametrize("rate", ["0", "-1", "0.0", "1e2", "", "abc"])
def test_a_quote_needs_a_positive_decimal(rate: str) -> None:
    with pytest.raises(NotARate):
        convert(amount_minor=1, quote=Quote("USD", "EUR", rate))


@given(MOMENTS, ZONES)
def test_weeks_tile_time(instant: datetime, zone: str) -> None:
    week = week_of(instant=instant, zone=zone)
    assert week.holds(instant)
    assert week_of(instant=week.ends_at, zone=zone).starts_at == week.ends_at
    assert week_of(instant=week.ends_at - timedelta(seconds=1), zone=zone) == week
    first, last = days_between(span=week, zone=zone)
    assert (first.weekday(), last - first) == (0, timedelta(days=6))


def test_week_labels_are_local() -> None:
    sunday_evening = datetime(2026, 11, 15, 20, tzinfo=UTC)
    assert week_label(starts_at=sunday_evening, zone="UTC") == "2026-W46"
    assert week_label(starts_at=sunday_evening, zone="Asia/Kolkata") == "2026-W47"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 18), date(2026, 11, 23)),  # Wednesday + 5 = Monday
        (date(2026, 11, 16), date(2026, 11, 23)),  # Saturday moves to Monday
        (date(2026, 11, 17), date(2026, 11, 23)),  # Sunday moves to Monday
        (date(2026, 11, 20), date(2026, 11, 25)),
    ],
)
def test_banks_work_monday_to_friday(day: date, expected: date) -> None:
    assert bank_day_after(day=day, days=5) == expected


@given(MOMENTS, st.lists(st.integers(0, 9000), max_size=5))
def test_pieces_keep_every_second(start: datetime, offsets: list[int]) -> None:
    piece = Piece(starts_at=start, ends_at=start + timedelta(seconds=7200))
    cuts = [start + timedelta(seconds=o) for o in offsets]
    pieces = split_at(piece=piece, instants=cuts)
    assert sum(p.seconds for p in pieces) == 7200
    assert all(p.seconds > 0 for p in pieces)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Zoë Müller-Straße", "Zoe Muller-Strasse"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Юлія Щербак", "Iuliia Shcherbak"),
        ("Siobhán O’Brien & Co", "Siobhan O'Brien + Co"),
        ("Nguyễn Thị Ánh", "Nguyen Thi Anh"),
        ("//a//b//", "a/b"),
        ("a\n\tb", "a b"),
        ("王伟", NOT_WRITABLE),
        ("", NOT_WRITABLE),
    ],
)
def test_names_are_folded_for_banks(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=200))
def test_any_name_folds_to_bank_characters(name: str) -> None:
    folded = fold(name)
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert set(folded) <= allowed
    assert 1 <= len(folded) <= 70
    assert "//" not in folded
    assert folded.strip("/ ") == folded
    assert fold(folded) == folded


def test_references_fit_the_schema() -> None:
    assert end_to_end_id(number=2) == "PO-00000002"
    assert message_id(number=1, week="2026-W47") == "PB-2026-W47-0001"
    for wrong in ("", "x" * 36, "PO/1", "é"):
        with pytest.raises(NotAReference):
            checked(wrong)


ALICE = Instruction("PO-1", "Alice", 36225, "EUR", "f1", ("ST-1",))
BOB = Instruction("PO-2", "Bob", 60375, "EUR", "f2", ("ST-2", "ST-3"))


def signed(*lines: Instruction, batch: str = "PB-1", pay_on: str = "2026-11-27") -> str:
    return content_hash(batch=batch, pay_on=pay_on, instructions=lines)


def test_the_content_hash_ignores_order_and_sees_every_edit() -> None:
    agreed = signed(ALICE, BOB)
    assert signed(BOB, ALICE) == agreed
    edits = [
        signed(ALICE),
        signed(ALICE, BOB, batch="PB-2"),
        signed(ALICE, BOB, pay_on="2026-11-28"),
        signed(ALICE, Instruction("PO-2", "Bob", 60376, "EUR", "f2", ("ST-2", "ST-3"))),
        signed(ALICE, Instruction("PO-2", "Bob", 60375, "USD", "f2", ("ST-2", "ST-3"))),
        signed(ALICE, Instruction("PO-2", "Bob", 60375, "EUR", "f9", ("ST-2", "ST-3"))),
        signed(ALICE, Instruction("PO-2", "Bob", 60375, "EUR", "f2", ("ST-2",))),
    ]
    assert len({agreed, *edits}) == len(edits) + 1


def test_large_batches_need_two_checkers() -> None:
    assert checkers_needed(largest_total_minor=25_000_000) == 1
    assert checkers_needed(largest_total_minor=25_000_001) == 2


def test_the_tables_of_moves_are_whole() -> None:
    assert set(BATCH_MOVES) == set(BatchState)
    assert set(PAYOUT_MOVES) == set(PayoutState)
    late = sources(moves=PAYOUT_MOVES, target=PayoutState.FAILED)
    assert late == {PayoutState.SENT, PayoutState.SETTLED}
