"""Approved time becomes money: once, by difference, in the books."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import Balance, Bucket, Earning, Journal, Transfer
from payments.operations.earning import post_earnings
from payments.queries.earnings import receipt
from payments.rules.states import EarningKind
from tasks.models import TimeEntry
from tasks.rules.states import TimeKind, TimeState
from tests.payments.people import LATER, WEEK, Hired, tutor
from workforce.models import Event

pytestmark = pytest.mark.django_db


def owed(hired: Hired, currency: str = "USD") -> int:
    code = f"payable:tutor:E-{hired.tutor.pk}"
    balance = Balance.objects.get(account__code=code, account__currency=currency)
    return balance.credits_minor - balance.debits_minor


def post(hired: Hired) -> list[int]:
    return [e.amount_minor for e in post_earnings(entries=[e.pk for e in hired.entries], at=LATER)]


@pytest.mark.parametrize(
    ("currency", "rate", "seconds", "expected"),
    [
        ("USD", 4500, 4830, 6038),
        ("USD", 4500, 10, 13),
        ("USD", 10500, 25627, 74745),
        ("JPY", 4800, 4830, 6440),
        ("KWD", 14250, 4830, 19119),
    ],
)
def test_an_hour_is_worth_what_the_rate_says(
    currency: str, rate: int, seconds: int, expected: int
) -> None:
    alice = tutor("Alice", currency=currency)
    alice.works(seconds, rate=rate)
    assert post(alice) == [expected]
    assert owed(alice, currency) == expected


def test_seven_entries_of_one_bucket_are_rounded_once() -> None:
    alice = tutor("Alice")
    for _ in range(7):
        alice.works(61, rate=4730)
    assert post(alice) == [80, 80, 80, 81, 80, 80, 80]
    assert owed(alice) == 561
    bucket = Bucket.objects.get()
    assert (bucket.seconds, bucket.posted_minor) == (427, 561)


def test_they_give_the_same_when_approved_one_by_one() -> None:
    alice = tutor("Alice")
    for _ in range(7):
        alice.works(61, rate=4730)
    lines = [post_earnings(entries=[e.pk], at=LATER)[0].amount_minor for e in alice.entries]
    assert lines == [80, 80, 80, 81, 80, 80, 80]


def test_approving_twice_posts_nothing_more() -> None:
    alice = tutor("Alice")
    alice.works(4830)
    assert post(alice) == [6038]
    events = Event.objects.count()
    assert post(alice) == []
    assert owed(alice) == 6038
    assert Journal.objects.count() == Transfer.objects.count() == Earning.objects.count() == 1
    assert Event.objects.count() == events


def test_time_that_is_not_approved_is_not_priced() -> None:
    alice = tutor("Alice")
    entry = alice.works(4830)
    declined = TimeEntry.objects.create(
        tutor=alice.tutor, account=alice.account, contract_version=alice.version,
        state=TimeState.DECLINED, started_at=WEEK + timedelta(hours=5),
        ended_at=WEEK + timedelta(hours=6), seconds=3600, rate_minor_hourly=4500, currency="USD",
        rate_rule="contract",
    )  # fmt: skip
    made = post_earnings(entries=[entry.pk, declined.pk, 999_999], at=LATER)
    assert [e.time_entry_id for e in made] == [entry.pk]


def test_each_rate_kind_and_week_is_a_bucket_of_its_own() -> None:
    alice = tutor("Alice")
    alice.works(10)
    alice.works(10, rate=5000)
    alice.works(10, kind=TimeKind.REVIEW)
    alice.works(10, rule="project")
    alice.works(10, start=WEEK + timedelta(days=7))
    assert post(alice) == [13, 14, 13, 13, 13]
    assert Bucket.objects.count() == 5


def test_the_week_begins_where_the_contract_lives() -> None:
    bob = tutor("Bob", zone="Asia/Kolkata")
    sunday_evening_utc = datetime(2026, 11, 15, 18, 29, tzinfo=UTC)
    monday_in_kolkata = datetime(2026, 11, 15, 18, 30, tzinfo=UTC)
    bob.works(60, start=sunday_evening_utc)
    bob.works(60, start=monday_in_kolkata)
    post(bob)
    labels = [e.bucket.period.label for e in Earning.objects.order_by("pk") if e.bucket]
    assert labels == ["2026-W46", "2026-W47"]


def test_kinds_of_time_become_kinds_of_earning() -> None:
    alice = tutor("Alice")
    for kind in (TimeKind.TASK, TimeKind.REVIEW, TimeKind.ONBOARDING, TimeKind.ASSESSMENT):
        alice.works(60, kind=kind)
    post(alice)
    kinds = list(Earning.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        EarningKind.WAGE,
        EarningKind.WAGE,
        EarningKind.ONBOARDING,
        EarningKind.ASSESSMENT,
    ]


def test_a_second_too_little_for_a_minor_unit_is_a_line_of_nothing() -> None:
    alice = tutor("Alice", currency="JPY")
    alice.works(1, rate=1000)
    alice.works(1, rate=1000)
    assert post(alice) == [0, 1]
    assert Journal.objects.count() == 1


def test_a_receipt_explains_the_line_and_recomputes_it() -> None:
    alice = tutor("Alice")
    for _ in range(4):
        alice.works(61, rate=4730)
    post(alice)
    told = receipt(earning=Earning.objects.order_by("pk")[3])
    assert (told.contract, told.contract_version) == (alice.contract.public_id, 1)
    assert (told.rate_rule, told.rate_minor_hourly) == ("contract", 4730)
    assert told.seconds_by_kind == {"task": 61}
    assert (told.target_before_minor, told.target_after_minor) == (240, 321)
    assert (told.recomputed_minor, told.agrees) == (81, True)
    assert told.expected_on.isoformat() == "2026-11-23"


def test_pricing_many_costs_as_many_statements_as_pricing_few() -> None:
    alice, bob = tutor("Alice"), tutor("Bob")
    for _ in range(3):
        alice.works(61)
    for _ in range(60):
        bob.works(61)
    with CaptureQueriesContext(connection) as few:
        post(alice)
    with CaptureQueriesContext(connection) as many:
        post(bob)
    assert len(few) == len(many) <= 25
