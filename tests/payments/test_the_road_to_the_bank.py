"""The pay road through the API: from approved time to a settled payout, and back again."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from payments.models import Balance, Payout, PayoutBatch, PayoutDetails, Statement
from payments.operations.adjusting import adjust
from payments.operations.earning import post_earnings
from payments.operations.payees import hold_payouts, release_hold
from payments.providers.demobank import Mood, answer
from payments.rules.states import EarningKind
from tests.payments.people import Hired, fay, finn, tutor
from tests.payments.real_data import faults
from tests.people import knock, person
from workforce.doors import now
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

LAST_WEEK = (now() - timedelta(days=9)).replace(microsecond=0)
EUR = "EUR"


@pytest.fixture(autouse=True)
def payer(settings: Any) -> None:
    settings.PAYER = {
        "name": "Lectern Operations",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
    }


def works(hired: Hired, *amounts_minor: int) -> None:
    """Hours at 36.00, one cent a second: the amounts are the seconds."""
    start = max(hired.clock, LAST_WEEK) if hired.entries else LAST_WEEK
    for minor in amounts_minor:
        entry = hired.works(minor, rate=3600, start=start)
        start = entry.ended_at or start
        post_earnings(entries=[entry.pk], at=now())


def close(maker: Account) -> list[str]:
    answer = knock(maker).post("/api/v1/periods/close/", {}, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()["statements"]  # type: ignore[no-any-return]


def build(maker: Account) -> dict[str, Any]:
    made = knock(maker).post("/api/v1/payout-batches/", {}, format="json")
    assert made.status_code == 201, made.json()
    return made.json()  # type: ignore[no-any-return]


def act(who: Account, batch: dict[str, Any], verb: str, **body: Any) -> Any:
    client = knock(who, release_payouts=True)
    return client.post(f"/api/v1/payout-batches/{batch['id']}/{verb}/", body, format="json")


def file_of(who: Account, batch: dict[str, Any]) -> bytes:
    answer = knock(who).get(f"/api/v1/payout-batches/{batch['id']}/file/")
    assert answer.status_code == 200
    return bytes(answer.content)


def tell(who: Account, content: bytes) -> Any:
    client = knock(who)
    return client.post("/api/v1/bank-statements/", content, content_type="application/xml")


def balances() -> dict[str, int]:
    rows = Balance.objects.select_related("account")
    return {b.account.code: b.credits_minor - b.debits_minor for b in rows}


def sent_batch(maker: Account, checker: Account, *workers: Hired) -> dict[str, Any]:
    close(maker)
    batch = build(maker)
    assert act(checker, batch, "approve").status_code == 200
    assert act(maker, batch, "send").status_code == 200
    return batch


def test_the_whole_road() -> None:
    maker, checker = fay(), finn()
    alice, bob, charlie = (tutor(n, currency=EUR) for n in ("Alice", "Bob", "Charlie"))
    works(alice, 36225)
    works(bob, 60375)
    works(charlie, 120)
    assert len(close(maker)) == 3
    batch = build(maker)
    assert batch["totals"] == [{"amount_minor": 96720, "currency": "EUR"}]
    assert (batch["state"], batch["payouts_count"]) == ("built", 3)
    approved = act(checker, batch, "approve", content_hash=batch["content_hash"])
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    sent = act(maker, batch, "send")
    assert (sent.status_code, sent.json()["state"]) == (200, "sent")
    file = file_of(maker, batch)
    assert faults(file, schema="pain.001.001.09") == []
    told = {e.tag.rpartition("}")[2]: e.text for e in etree.fromstring(file).iter()}
    assert (told["CtrlSum"], told["NbOfTxs"]) == ("967.20", "3")
    assert file_of(checker, batch) == file
    status, booked = answer(file=file, at=now(), mood=Mood(fee_minor=200))
    assert len(tell(maker, status).json()["settled"]) == 3
    entries = tell(maker, booked).json()
    assert (entries["matched"], entries["fees"], entries["suspense"]) == (3, 1, 0)
    assert PayoutBatch.objects.get().state == "settled"
    kept = balances()
    assert {v for k, v in kept.items() if k.startswith(("payable", "clearing"))} == {0}
    assert kept["bank:DE89370400440532013000"] == 96920
    assert kept["fees"] == -200
    assert sum(kept.values()) == 0


def test_a_return_makes_the_money_payable_again_once() -> None:
    maker, checker = fay(), finn()
    bob = tutor("Bob", currency=EUR)
    works(bob, 60375)
    batch = sent_batch(maker, checker, bob)
    file = file_of(maker, batch)
    first = Payout.objects.get().end_to_end_id or ""
    _, booked = answer(file=file, at=now(), mood=Mood(returns={first: "AC04"}))
    assert tell(maker, booked).json()["returned"] == ["PO-" + str(Payout.objects.get().pk)]
    again = booked.replace(b"-1-M<", b"-1-N<").replace(b"-1-T<", b"-1-U<")
    assert again != booked
    for content in (booked, again):
        repeated = tell(maker, content).json()
        assert repeated["suspense"] == 0
    assert balances()[f"payable:tutor:{bob.tutor.public_id}"] == 60375
    second = build(maker)
    assert second["totals"] == [{"amount_minor": 60375, "currency": "EUR"}]
    assert act(checker, second, "approve").status_code == 200
    assert act(maker, second, "send").status_code == 200
    assert first not in file_of(maker, second).decode()
    refused = knock(maker).post("/api/v1/payout-batches/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_pay")


def test_a_bank_at_its_worst_still_pays_each_once() -> None:
    maker, checker = fay(), finn()
    people = [tutor(n, currency=EUR) for n in ("Alice", "Bob", "Charlie", "Dora")]
    for number, somebody in enumerate(people, start=1):
        works(somebody, 1000 * number)
    batch = sent_batch(maker, checker)
    ids = list(Payout.objects.order_by("amount_minor").values_list("end_to_end_id", flat=True))
    mood = Mood(
        refuses={ids[0] or "": "AC01"},
        returns={ids[1] or "": "AC04"},
        fails_late={ids[2] or "": "MS03"},
        says_twice=True,
        out_of_order=True,
    )
    for message in answer(file=file_of(maker, batch), at=now(), mood=mood):
        assert tell(maker, message).status_code == 200
    states = list(Payout.objects.order_by("amount_minor").values_list("state", flat=True))
    assert states == ["failed", "returned", "failed", "settled"]
    kept = balances()
    owed = [kept[f"payable:tutor:{p.tutor.public_id}"] for p in people]
    assert owed == [1000, 2000, 3000, 0]
    assert kept[f"clearing:payout:{batch['id']}"] == 0
    assert kept["bank:DE89370400440532013000"] == 4000


def test_the_maker_cannot_approve_and_nothing_changes() -> None:
    maker = fay()
    works(tutor("Alice"), 6038)
    close(maker)
    batch = build(maker)
    events = Event.objects.filter(kind__startswith="payments.").count()
    refused = act(maker, batch, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "maker_is_not_checker")
    assert PayoutBatch.objects.get().state == "built"
    assert Event.objects.filter(kind__startswith="payments.").count() == events


def test_money_powers_need_their_scope() -> None:
    maker, checker = fay(), finn()
    works(tutor("Alice"), 6038)
    close(maker)
    batch = build(maker)
    for verb in ("approve", "send"):
        refused = knock(checker).post(f"/api/v1/payout-batches/{batch['id']}/{verb}/")
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_steps_in_the_wrong_order_are_conflicts() -> None:
    maker, checker = fay(), finn()
    works(tutor("Alice"), 6038)
    close(maker)
    batch = build(maker)
    assert act(maker, batch, "send").status_code == 409
    assert knock(maker).get(f"/api/v1/payout-batches/{batch['id']}/file/").status_code == 409
    assert act(checker, batch, "approve", content_hash="0" * 64).status_code == 409
    assert act(checker, batch, "approve").status_code == 200
    assert act(checker, batch, "approve").status_code == 409
    assert act(maker, batch, "send").status_code == 200
    assert act(maker, batch, "send").status_code == 409
    assert act(maker, batch, "cancel").status_code == 409


def test_a_cancelled_batch_frees_its_money() -> None:
    maker, checker = fay(), finn()
    alice = tutor("Alice")
    works(alice, 6038)
    close(maker)
    batch = build(maker)
    assert act(checker, batch, "approve").status_code == 200
    assert act(maker, batch, "cancel", reason="wrong day").json()["state"] == "cancelled"
    assert balances()[f"payable:tutor:{alice.tutor.public_id}"] == 6038
    assert build(maker)["totals"] == [{"amount_minor": 6038, "currency": "USD"}]


def test_what_cannot_be_paid_is_left_out_with_a_reason() -> None:
    maker = fay()
    alice, dora = tutor("Alice"), tutor("Dora", paid_to=None)
    works(alice, 100)
    works(dora, 200)
    close(maker)
    batch = build(maker)
    assert batch["totals"] == [{"amount_minor": 100, "currency": "USD"}]
    (left,) = batch["left_out"]
    assert (left["tutor"], left["code"]) == (dora.tutor.public_id, "details_missing")
    assert left["amount"] == {"amount_minor": 200, "currency": "USD"}


def test_a_changed_account_waits_three_days() -> None:
    maker = fay()
    alice = tutor("Alice", paid_to="DE89370400440532013000")
    works(alice, 100)
    close(maker)
    client = knock(alice.account)
    body = {"holder_name": "Alice", "iban": "NL91 ABNA 0417 1643 00"}
    changed = client.put("/api/v1/work/payout-details/", body, format="json").json()
    assert changed["iban"] == "NL•• •••• 4300"
    assert changed["hold_until"] is not None
    refused = knock(maker).post("/api/v1/payout-batches/", {}, format="json")
    assert refused.status_code == 409
    assert "was changed" in str(refused.json()["errors"])


def test_an_account_changed_after_the_build_stops_the_batch() -> None:
    maker, checker = fay(), finn()
    alice = tutor("Alice", paid_to="DE89370400440532013000")
    works(alice, 100)
    close(maker)
    batch = build(maker)
    body = {"holder_name": "Alice", "iban": "NL91ABNA0417164300"}
    knock(alice.account).put("/api/v1/work/payout-details/", body, format="json")
    refused = act(checker, batch, "approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "batch_is_stale")


def test_wrong_account_numbers_are_refused_by_field() -> None:
    alice = tutor("Alice", paid_to=None)
    client = knock(alice.account)
    assert client.get("/api/v1/work/payout-details/").status_code == 204
    body = {"holder_name": "王伟", "iban": "DE89370400440532013001", "bic": "X"}
    refused = client.put("/api/v1/work/payout-details/", body, format="json")
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"holder_name", "iban", "bic"}
    assert client.get("/api/v1/work/payout-details/").status_code == 204


def test_the_number_is_nowhere_in_clear() -> None:
    iban = "DE89370400440532013000"
    alice = tutor("Alice", paid_to=iban)
    shown = knock(alice.account).get("/api/v1/work/payout-details/").content.decode()
    row = PayoutDetails.objects.filter(tutor=alice.tutor).values().get()
    assert iban not in shown
    assert iban not in str(row)


def test_earnings_receipts_and_statements_are_for_their_tutor_and_staff() -> None:
    maker = fay()
    alice, charlie = tutor("Alice"), tutor("Charlie")
    works(alice, 61, 61)
    close(maker)
    mine = knock(alice.account).get("/api/v1/earnings/").json()["results"]
    assert [line["amount"]["amount_minor"] for line in mine] == [61, 61]
    receipt = knock(alice.account).get(f"/api/v1/earnings/{mine[0]['id']}/receipt/").json()
    assert receipt["agrees"] is True
    assert receipt["seconds_by_kind"] == {"task": 61}
    assert receipt["recomputed"] == receipt["amount"] == {"amount_minor": 61, "currency": "USD"}
    (statement,) = knock(alice.account).get("/api/v1/statements/").json()["results"]
    assert statement["total"] == {"amount_minor": 122, "currency": "USD"}
    foreign = [
        f"/api/v1/earnings/{mine[0]['id']}/receipt/",
        f"/api/v1/statements/{statement['id']}/",
        f"/api/v1/statements/{statement['id']}.pdf",
        f"/api/v1/statements/{statement['id']}.csv",
    ]
    for path in foreign:
        assert knock(charlie.account).get(path).status_code == 404
        assert knock(maker).get(path).status_code == 200
        assert knock(person("Carl", Role.CLIENT)).get(path).status_code == 403
        assert knock(None).get(path).status_code == 401
    assert knock(charlie.account).get("/api/v1/earnings/").json()["results"] == []
    assert knock(charlie.account).get("/api/v1/statements/").json()["results"] == []


def test_a_statement_is_the_same_bytes_for_ever() -> None:
    maker = fay()
    alice = tutor("Alice")
    works(alice, 4830)
    (statement,) = close(maker)
    client = knock(alice.account)
    before = [client.get(f"/api/v1/statements/{statement}{x}").content for x in (".pdf", ".csv")]
    alice.account.name = "Alice Smith"
    alice.account.save(update_fields=["name"])
    works(alice, 500)
    close(maker)
    after = [client.get(f"/api/v1/statements/{statement}{x}").content for x in (".pdf", ".csv")]
    assert before == after
    rows = list(csv.DictReader(io.StringIO(before[1].decode())))
    assert [row["amount"] for row in rows] == ["48.30", "48.30"]
    accept = client.get(f"/api/v1/statements/{statement}.pdf", HTTP_ACCEPT="application/pdf")
    assert accept["Content-Type"] == "application/pdf"


def test_late_approvals_go_to_the_next_statement_and_say_so() -> None:
    maker = fay()
    alice = tutor("Alice")
    works(alice, 61)
    (first,) = close(maker)
    works(alice, 61)
    (second,) = close(maker)
    assert first != second
    lines = knock(alice.account).get(f"/api/v1/earnings/?statement={second}").json()["results"]
    receipt = knock(alice.account).get(f"/api/v1/earnings/{lines[0]['id']}/receipt/").json()
    assert receipt["late"] is True
    paper = knock(alice.account).get(f"/api/v1/statements/{second}.csv").content.decode()
    assert "Approved after its period was closed" in paper
    assert close(maker) == []


def test_a_period_is_never_closed_ahead() -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    refused = knock(fay()).post("/api/v1/periods/close/", {"until": tomorrow}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "periods_cannot_close")
    assert Statement.objects.count() == 0


def test_the_summary_follows_the_money() -> None:
    maker, checker = fay(), finn()
    alice = tutor("Alice")
    works(alice, 6038)
    path = "/api/v1/ops/payouts/summary/"
    (usd,) = knock(maker).get(path).json()["currencies"]
    assert (usd["currency"], usd["accrued_minor"], usd["stages"]) == ("USD", 6038, [])
    sent_batch(maker, checker)
    (usd,) = knock(maker).get(path).json()["currencies"]
    assert usd["accrued_minor"] == 0
    stages = {s["state"]: s["amount_minor"] for s in usd["stages"] if s["payouts_count"]}
    assert stages == {"sent": 6038}


@pytest.mark.parametrize("content", [b"", b"nonsense", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_what_is_no_bank_message_is_refused(content: bytes) -> None:
    refused = tell(fay(), content)
    assert (refused.status_code, "file" in refused.json()["errors"]) == (400, True)


def test_a_statement_that_does_not_add_up_changes_nothing() -> None:
    maker, checker = fay(), finn()
    works(tutor("Alice"), 6038)
    batch = sent_batch(maker, checker)
    _, booked = answer(file=file_of(maker, batch), at=now())
    events = Event.objects.filter(kind__startswith="payments.").count()
    refused = tell(maker, booked.replace(b">60.38</Amt>", b">60.39</Amt>", 1))
    assert (refused.status_code, refused.json()["code"]) == (400, "bank_message_not_valid")
    assert "does not add up" in refused.json()["detail"]
    assert Payout.objects.get().state == "sent"
    assert Event.objects.filter(kind__startswith="payments.").count() == events


def test_a_file_may_come_as_an_upload() -> None:
    maker, checker = fay(), finn()
    works(tutor("Alice"), 6038)
    batch = sent_batch(maker, checker)
    status, _ = answer(file=file_of(maker, batch), at=now())
    upload = SimpleUploadedFile("status.xml", status, content_type="application/xml")
    done = knock(maker).post("/api/v1/bank-statements/", {"file": upload}, format="multipart")
    assert (done.status_code, len(done.json()["settled"])) == (200, 1)


def test_repeating_a_request_with_its_key_gives_the_first_answer() -> None:
    maker = fay()
    works(tutor("Alice"), 6038)
    close(maker)
    client = knock(maker)
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = client.post("/api/v1/payout-batches/", {}, format="json", **key)
    again = client.post("/api/v1/payout-batches/", {}, format="json", **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert PayoutBatch.objects.count() == 1


def test_a_large_batch_needs_two_checkers() -> None:
    maker, first, second = fay(), finn(), finn()
    alice = tutor("Alice")
    works(alice, 10_000)
    contract, reason = alice.contract, "a prize"
    for number in range(3):
        adjust(
            contract=contract, kind=EarningKind.BONUS, amount_minor=10_000_000, currency="USD",
            reason=reason, key=f"prize-{number}", actor=maker, at=now(),
        )  # fmt: skip
    close(maker)
    batch = build(maker)
    assert batch["checkers_needed"] == 2
    assert act(first, batch, "approve").json()["state"] == "built"
    again = act(first, batch, "approve")
    assert (again.status_code, again.json()["code"]) == (409, "batch_cannot_be_approved")
    assert act(second, batch, "approve").json()["state"] == "approved"


def test_a_held_tutor_is_left_out_until_the_hold_is_released() -> None:
    maker = fay()
    alice = tutor("Alice")
    works(alice, 100)
    close(maker)
    hold = hold_payouts(
        tutor=alice.tutor, reason="sanctions list to be checked",
        release_at=now() + timedelta(days=3), actor=maker, at=now(),
    )  # fmt: skip
    refused = knock(maker).post("/api/v1/payout-batches/", {}, format="json")
    assert "sanctions list" in str(refused.json()["errors"])
    release_hold(hold=hold, actor=maker, at=now())
    assert build(maker)["payouts_count"] == 1


def test_a_page_of_lines_costs_the_same_for_few_and_many() -> None:
    maker = fay()
    alice, bob = tutor("Alice"), tutor("Bob")
    works(alice, *[61] * 3)
    works(bob, *[61] * 30)
    close(maker)
    for path in ("earnings", "statements"):
        counts = []
        for hired in (alice, bob):
            client = knock(hired.account)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/api/v1/{path}/").status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 6


def test_unknown_fields_and_filters_are_refused() -> None:
    client = knock(fay())
    assert client.get("/api/v1/earnings/?account__email=x").status_code == 400
    body = {"built_by": "A-1", "state": "approved"}
    refused = client.post("/api/v1/payout-batches/", body, format="json")
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"built_by", "state"})
    wrong = client.post("/api/v1/payout-batches/", {"statements": ["K-1"]}, format="json")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"statements"})
