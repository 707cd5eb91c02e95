"""A tutor's own pay pages: exact sums, receipts, statements, and nobody else's money."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import Earning, PayoutDetails
from payments.operations.adjusting import adjust
from payments.operations.earning import post_earnings
from payments.operations.payees import set_details
from payments.operations.stating import close_periods
from payments.providers.demobank import Mood
from payments.queries.outlook import next_payout
from payments.queries.weeks import week_of_work
from payments.rules.states import EarningKind
from tasks.models import TimeEntry
from tasks.rules.states import TimeKind, TimeState
from tests.payments.people import Hired, fay, tutor
from tests.payments.visits import (
    PAYER,
    answered,
    confirmed,
    last_week,
    page,
    sent,
    signed_in,
    stated,
    worked,
)
from workforce.doors import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def payer(settings: Any) -> None:
    settings.PAYER = PAYER


def week_of_last() -> str:
    return f"/work/earnings/?week={last_week().date().isoformat()}"


def test_a_new_tutor_reads_how_the_page_starts():
    alice = tutor("Alice")
    text = page(alice.account, "/work/earnings/")
    assert "Your first task starts this page" in text
    assert "No statement yet" in page(alice.account, "/work/statements/")


def test_the_week_adds_up_by_stage_to_the_cent():
    alice = tutor("Alice")
    worked(alice, 61, 61, 61, 61, 61, 61, 61, rate=4730)
    alice.works(4830, rate=4500)
    text = page(alice.account, week_of_last())
    assert "$5.61" in text
    assert "$60.38" in text
    assert "$65.99" in text
    assert "1 h 20 m 30 s" in text


def test_time_that_waits_is_an_estimate_and_says_what_it_waits_for():
    alice = tutor("Alice")
    worked(alice, 3600)
    start = alice.clock
    TimeEntry.objects.create(
        tutor=alice.tutor, account=alice.account, contract_version=alice.version,
        kind=TimeKind.TASK, state=TimeState.SUBMITTED, started_at=start,
        ended_at=start + timedelta(minutes=30), seconds=1800, rate_minor_hourly=4500,
        currency="USD", rate_rule="contract",
    )  # fmt: skip
    text = page(alice.account, week_of_last())
    assert "Waits for approval" in text
    assert "$67.50" in text
    assert "$22.50" in text


def test_the_day_of_this_weeks_pay_is_the_one_that_home_names():
    alice = tutor("Alice")
    at = now().replace(microsecond=0)
    TimeEntry.objects.create(
        tutor=alice.tutor, account=alice.account, contract_version=alice.version,
        kind=TimeKind.TASK, state=TimeState.SUBMITTED, started_at=at - timedelta(seconds=90),
        ended_at=at, seconds=90, rate_minor_hourly=4500, currency="USD", rate_rule="contract",
    )  # fmt: skip
    zone = alice.version.contract.zone
    week = week_of_work(tutor_id=alice.tutor.pk, zone=zone, currency="USD", at=at)
    home = next_payout(account_id=alice.account.pk, week=week, version_id=alice.version.pk)
    assert home is not None and home.amount_minor is None
    text = page(alice.account, "/work/earnings/")
    assert f"{home.day:%a} {home.day.day} {home.day:%b}" in text
    assert "once it is approved and the week is closed" in text


def test_two_currencies_stand_side_by_side_and_are_never_added():
    alice = tutor("Alice")
    worked(alice, 3600)
    alice.works(3600, rate=1000, currency="KWD")
    post_earnings(entries=[alice.entries[-1].pk], at=now())
    text = page(alice.account, week_of_last())
    assert "$45.00" in text
    assert "KWD 1.000" in text


def test_the_csv_holds_the_week_line_by_line():
    alice = tutor("Alice")
    (line,) = worked(alice, 4830)
    got = signed_in(alice.account).get(f"{week_of_last()}&format=csv")
    lines = b"".join(got).decode().splitlines()
    assert len(lines) == 2
    assert ",4830,1.3417,45.00,USD,60.38,approved,EA-" in lines[1]
    assert line.public_id in lines[1]


def test_a_receipt_explains_its_line_and_agrees():
    alice = tutor("Alice")
    entries = worked(alice, 61, 61, 61, 61, rate=4730)
    (line,) = [e for e in _earnings(alice) if e.time_entry_id == entries[3].pk]
    text = page(alice.account, f"/work/earnings/{line.public_id}/")
    for told in ("$0.81", "$3.21", "$2.40", "3 m 03 s", "Worked out anew", "version 1"):
        assert told in text, told


def _earnings(hired: Hired) -> list[Any]:
    return list(Earning.objects.filter(tutor=hired.tutor).order_by("pk"))


def test_a_foreign_line_and_statement_are_not_there():
    alice, bob = tutor("Alice"), tutor("Bob")
    statement = stated(alice, 3600)
    line = _earnings(alice)[0]
    for path in (
        f"/work/earnings/{line.public_id}/",
        f"/work/statements/{statement.public_id}/",
        f"/work/statements/{statement.public_id}.pdf",
        f"/work/statements/{statement.public_id}.csv",
    ):
        assert signed_in(bob.account).get(path).status_code == 404, path
        assert signed_in(alice.account).get(path).status_code == 200, path
        assert signed_in(fay()).get(path).status_code == 403, path


def test_the_statement_shows_its_lines_and_its_files_do_not_change():
    alice = tutor("Alice")
    statement = stated(alice, 4830, 10)
    path = f"/work/statements/{statement.public_id}"
    text = page(alice.account, f"{path}/")
    assert "$60.50" in text
    assert "Waits for the next payout batch" in text
    client = signed_in(alice.account)
    assert client.get(f"{path}.pdf").content == client.get(f"{path}.pdf").content
    assert client.get(f"{path}.pdf").content.startswith(b"%PDF-")
    assert b"60.50" in client.get(f"{path}.csv").content


def test_an_adjustment_stands_on_the_statement_with_its_reason():
    alice = tutor("Alice")
    worked(alice, 3600)
    adjust(
        contract=alice.contract, kind=EarningKind.BONUS, amount_minor=2500, currency="USD",
        reason="Quality bonus, week 46", key="b1", actor=fay(), at=now() - timedelta(seconds=5),
    )  # fmt: skip
    closed = close_periods(until=now(), contracts=None, reason="", actor=fay(), at=now())
    texts = [page(alice.account, f"/work/statements/{s.public_id}/") for s in closed.statements]
    (text,) = [t for t in texts if "Quality bonus, week 46" in t]
    assert "$25.00" in text


def test_a_paid_statement_says_paid_and_counts_into_the_year():
    alice = tutor("Alice", currency="EUR")
    statement = stated(alice, 3600)
    assert "€45.00" in page(alice.account, "/work/earnings/")
    answered(sent())
    text = page(alice.account, f"/work/statements/{statement.public_id}/")
    assert "Paid" in text
    home = page(alice.account, "/work/earnings/")
    assert f"Paid in {now().year}" in home
    assert "Every statement is paid" in home
    assert "Paid" in page(alice.account, week_of_last())


def test_a_returned_payment_gives_the_reason_and_the_way_to_fix_it():
    alice = tutor("Alice", currency="EUR")
    statement = stated(alice, 3600)
    batch = sent()
    reference = batch.payouts.get().end_to_end_id or ""
    answered(batch, mood=Mood(refuses={reference: "AC04"}))
    text = page(alice.account, f"/work/statements/{statement.public_id}/")
    assert "The account is closed." in text
    assert "Fix your payout details" in text


@pytest.mark.parametrize("path", ["/work/earnings/", "/work/statements/"])
def test_the_number_of_statements_does_not_depend_on_the_amount(path: str):
    counts = []
    for lines in (2, 12):
        alice = tutor(f"Alice{lines}", currency="EUR")
        statement = stated(alice, *[600] * lines)
        client = signed_in(alice.account)
        for address in (path, f"/work/statements/{statement.public_id}/", week_of_last()):
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(address)
            counts.append((address.partition("ST")[0].partition("?")[0], len(seen)))
    assert counts[:3] == counts[3:]
    assert max(n for _, n in counts) <= 30


def test_the_first_account_counts_at_once_after_it_was_shown_back():
    alice = tutor("Alice", paid_to=None)
    client = signed_in(alice.account)
    fields = {"holder_name": "Alice", "iban": "DE89 3704 0044 0532 0130 00", "bic": ""}
    shown = client.post("/work/payout-details/", fields)
    assert "DE89 3704 0044 0532 0130 00" in shown.content.decode()
    assert not PayoutDetails.objects.filter(tutor=alice.tutor).exists()
    saved = client.post("/work/payout-details/", {**fields, "step": "save"})
    assert saved.status_code == 303
    details = PayoutDetails.objects.get(tutor=alice.tutor)
    assert (details.iban_masked[-4:], details.hold_until) == ("3000", None)
    text = page(alice.account, "/work/payout-details/")
    assert "DE•• •••• 3000" in text
    assert "0532" not in text


def test_a_wrong_number_is_named_and_nothing_is_saved():
    alice = tutor("Alice", paid_to=None)
    fields = {"holder_name": "Alice", "iban": "DE89370400440532013001", "bic": "NOPE"}
    got = signed_in(alice.account).post("/work/payout-details/", {**fields, "step": "save"})
    assert got.status_code == 422
    assert "not a valid IBAN" in got.content.decode()
    assert "DE89370400440532013001" in got.content.decode()
    assert not PayoutDetails.objects.filter(tutor=alice.tutor).exists()


def test_a_change_needs_a_fresh_confirmation_and_holds_payouts():
    alice = tutor("Alice", paid_to=None)
    set_details(
        tutor=alice.tutor, holder_name="Alice", iban="DE89370400440532013000", bic="",
        actor=alice.account, at=now(),
    )  # fmt: skip
    fields = {"holder_name": "Alice", "iban": "NL91ABNA0417164300", "bic": "", "step": "save"}
    stale = signed_in(alice.account)
    assert "Confirm that it is you" in stale.get("/work/payout-details/?change=1").content.decode()
    assert stale.post("/work/payout-details/", fields).status_code == 422
    assert PayoutDetails.objects.filter(tutor=alice.tutor).count() == 1
    fresh = confirmed(alice.account)
    assert fresh.post("/work/payout-details/", fields).status_code == 303
    held = PayoutDetails.objects.get(tutor=alice.tutor, replaced_at=None)
    assert held.hold_until is not None
    assert held.hold_until > now() + timedelta(hours=71)
    assert "Payouts wait until" in page(alice.account, "/work/payout-details/")
