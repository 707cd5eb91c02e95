"""Finance's pages: a close after a look, four eyes on a batch, bank files read once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import BankMessage, Earning, Payout, PayoutBatch, PayoutHold, Statement
from payments.operations.handing import file_of
from payments.operations.paying import approve_batch, build_batch
from payments.providers.demobank import answer
from payments.rules.states import BatchState, PayoutState
from tests.payments.people import fay, finn, tutor
from tests.payments.real_data import sample
from tests.payments.visits import PAYER, confirmed, page, sent, signed_in, stated, worked
from tests.people import person
from workforce.doors import now
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def payer(settings: Any) -> None:
    settings.PAYER = PAYER


def stepped_up(account: Account) -> Any:
    return confirmed(account, method="mfa")


def built(*amounts: int, maker: Account | None = None) -> PayoutBatch:
    """A batch of one tutor for each amount (in seconds at 36.00 an hour: cents)."""
    for number, minor in enumerate(amounts):
        stated(tutor(f"Tutor {number}", currency="EUR"), minor, rate=3600)
    return build_batch(pay_on=None, statements=None, actor=maker or fay(), at=now())


def approval(batch: PayoutBatch, **fields: str) -> dict[str, str]:
    return {
        "act": "approve",
        "content_hash": batch.content_hash,
        "total_EUR": "967.20",
        **fields,
    }


def path_of(batch: PayoutBatch) -> str:
    return f"/ops/payouts/{batch.public_id}/"


def test_a_close_shows_what_it_would_do_and_does_just_that():
    maker = fay()
    alice, bob = tutor("Alice"), tutor("Bob", currency="EUR")
    worked(alice, 4830)
    worked(bob, 3600)
    fields = {"act": "close", "until": (now() - timedelta(days=1)).date().isoformat(),
              "reason": "Pay day"}  # fmt: skip
    shown = signed_in(maker).post("/ops/periods/", {**fields, "step": "look"}).content.decode()
    for told in ("$60.38", "€45.00", "Close, 2 statements"):
        assert told in shown, told
    assert Statement.objects.count() == 0
    done = signed_in(maker).post("/ops/periods/", {**fields, "step": "close"})
    assert done.status_code == 303
    assert sorted(Statement.objects.values_list("total_minor", flat=True)) == [4500, 6038]
    text = page(maker, "/ops/periods/")
    assert "Pay day" in text
    assert "$60.38" in text


def test_a_day_ahead_is_refused_and_a_manager_may_only_read():
    worked(tutor("Alice"), 3600)
    ahead = {"act": "close", "until": (now() + timedelta(days=2)).date().isoformat(),
             "reason": "x", "step": "close"}  # fmt: skip
    assert signed_in(fay()).post("/ops/periods/", ahead).status_code == 422
    miriam = person("Miriam", Role.MANAGER)
    assert "Closing periods is for finance" in page(miriam, "/ops/periods/")
    assert signed_in(miriam).post("/ops/periods/", ahead).status_code == 403
    assert Statement.objects.count() == 0


def test_a_line_by_hand_is_shown_back_and_posted_once():
    alice = tutor("Alice")
    client = signed_in(fay())
    fields = {"act": "adjust", "contract": alice.contract.public_id, "kind": "bonus",
              "amount": "25.00", "reason": "Quality bonus", "_key": "k1"}  # fmt: skip
    shown = client.post("/ops/periods/", {**fields, "_key": "k0"}).content.decode()
    assert "$25.00" in shown
    assert not Earning.objects.exists()
    for _ in range(2):
        assert client.post("/ops/periods/", {**fields, "step": "post"}).status_code == 303
    assert [e.amount_minor for e in Earning.objects.all()] == [2500]
    wrong = client.post("/ops/periods/", {**fields, "amount": "1,2,x", "_key": "k2"})
    assert wrong.status_code == 422


def test_what_is_ready_and_what_would_be_left_out_is_said_with_reasons():
    stated(tutor("Alice", currency="EUR"), 3600)
    stated(tutor("Bob", currency="EUR", paid_to=None), 1800)
    text = page(fay(), "/ops/payouts/")
    for told in ("€45.00", "1 left out, €22.50", "No bank account yet", "Bob"):
        assert told in text, told


def test_building_leads_to_the_batch_and_nothing_to_pay_is_said():
    client = signed_in(fay())
    assert client.post("/ops/payouts/", {"act": "build"}).status_code == 422
    stated(tutor("Alice", currency="EUR"), 3600)
    done = client.post("/ops/payouts/", {"act": "build", "pay_on": ""})
    batch = PayoutBatch.objects.get()
    assert (done.status_code, done["Location"]) == (303, path_of(batch))


def test_the_batch_shows_total_checks_lines_and_hash():
    batch = built(36225, 60375, 120)
    text = page(finn(), path_of(batch))
    for told in ("€967.20", "€362.25", "€1.20", "First payments", "3 to read", "3 of 3",
                 batch.content_hash[:6], "Your turn", "second factor"):  # fmt: skip
        assert told in text, told


def test_the_maker_has_no_button_and_cannot_approve_by_hand():
    maker = fay()
    batch = built(36225, 60375, 120, maker=maker)
    text = stepped_up(maker).get(path_of(batch)).content.decode()
    assert "You built this batch" in text
    assert 'value="approve"' not in text
    assert stepped_up(maker).post(path_of(batch), approval(batch)).status_code == 403
    assert not batch.approvals.exists()


def test_a_manager_reads_and_is_told_why_she_cannot_press():
    batch = built(36225)
    miriam = person("Miriam", Role.MANAGER)
    text = page(miriam, path_of(batch))
    assert "Approving and sending is for finance" in text
    assert signed_in(miriam).post(path_of(batch), approval(batch)).status_code == 403


@pytest.mark.parametrize("total", ["967.21", "", "96720", "967,2", "abc", "-967.20"])
def test_a_wrong_total_is_refused_and_changes_nothing(total: str):
    batch = built(36225, 60375, 120)
    got = stepped_up(finn()).post(path_of(batch), approval(batch, total_EUR=total))
    assert got.status_code == 422
    assert "Nothing was changed" in got.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.approvals.count()) == (BatchState.BUILT, 0)


@pytest.mark.parametrize("total", ["967.20", "€967.20", " 967.2 "])
def test_the_right_total_with_a_second_factor_approves(total: str):
    batch = built(36225, 60375, 120)
    got = stepped_up(finn()).post(path_of(batch), approval(batch, total_EUR=total))
    assert got.status_code == 303
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED


def test_without_a_fresh_second_factor_nothing_moves():
    batch = built(36225, 60375, 120)
    checker = finn()
    for client in (signed_in(checker), confirmed(checker)):
        assert client.post(path_of(batch), approval(batch)).status_code == 403
    approve_batch(batch=batch, content_hash=None, actor=checker, at=now())
    assert signed_in(checker).post(path_of(batch), {"act": "send"}).status_code == 403
    batch.refresh_from_db()
    assert batch.state == BatchState.APPROVED


def test_a_stale_hash_is_a_conflict():
    batch = built(36225, 60375, 120)
    got = stepped_up(finn()).post(path_of(batch), approval(batch, content_hash="0" * 64))
    assert got.status_code == 409
    assert not batch.approvals.exists()


def test_holding_a_line_leaves_the_rest_and_voids_what_was_approved():
    maker = fay()
    batch = built(36225, 60375, 120, maker=maker)
    PayoutBatch.objects.filter(pk=batch.pk).update(checkers_needed=2)
    approve_batch(batch=batch, content_hash=None, actor=finn(), at=now())
    line = batch.payouts.get(amount_minor=60375)
    got = signed_in(maker).post(
        path_of(batch),
        {"act": "hold", "payout": line.public_id, "reason": "Name in doubt",
         "until": (now() + timedelta(days=9)).date().isoformat()},
    )  # fmt: skip
    assert got.status_code == 303
    old = batch.content_hash
    batch.refresh_from_db()
    line.refresh_from_db()
    assert (batch.totals_minor, batch.payouts_count) == ({"EUR": 36345}, 2)
    assert batch.content_hash != old
    assert (batch.approvals.count(), line.state) == (0, PayoutState.VOID)
    text = page(maker, f"{path_of(batch)}?view=held")
    assert "Name in doubt" in text
    again = stepped_up(finn()).post(path_of(batch), approval(batch, total_EUR="363.45"))
    assert again.status_code == 303
    hold = PayoutHold.objects.get()
    assert "Tutor 1" in page(maker, "/ops/payouts/")
    release = {"act": "release", "hold": str(hold.pk)}
    assert signed_in(maker).post("/ops/payouts/", release).status_code == 303
    assert "Ready to pay" in page(maker, "/ops/payouts/")
    assert Event.objects.filter(kind="payments.batch_line_held").count() == 1


def test_a_hold_needs_a_reason_and_a_cancel_too():
    maker = fay()
    batch = built(36225, maker=maker)
    line = batch.payouts.get()
    client = signed_in(maker)
    for fields in (
        {"act": "hold", "payout": line.public_id, "reason": "", "until": "2031-01-01"},
        {"act": "hold", "payout": line.public_id, "reason": "x", "until": "2020-01-01"},
        {"act": "cancel", "reason": " "},
    ):
        assert client.post(path_of(batch), fields).status_code == 422
    assert not PayoutHold.objects.exists()
    assert client.post(path_of(batch), {"act": "cancel", "reason": "Wrong week"}).status_code == 303
    assert "Wrong week" in page(maker, path_of(batch))
    assert Payout.objects.get().state == PayoutState.VOID


def test_sending_gives_the_file_to_finance_only_and_the_bank_is_read_once():
    maker, checker = fay(), finn()
    batch = built(36225, 60375, 120, maker=maker)
    approve_batch(batch=batch, content_hash=None, actor=checker, at=now())
    assert stepped_up(checker).post(path_of(batch), {"act": "send"}).status_code == 303
    batch.refresh_from_db()
    file = signed_in(maker).get(f"{path_of(batch)}file/")
    assert file.content == file_of(batch=batch)
    assert (
        signed_in(person("Miriam", Role.MANAGER)).get(f"{path_of(batch)}file/").status_code == 403
    )
    status, *_rest = answer(file=bytes(file.content), at=now())
    client = signed_in(maker)
    for said in ("3 payments settled", "was read before"):
        upload = SimpleUploadedFile("status.xml", status, "application/xml")
        got = client.post("/ops/bank/", {"file": upload})
        assert got.status_code == 303
        assert said in client.get("/ops/bank/").content.decode(), said
    assert BankMessage.objects.count() == 1
    text = page(maker, path_of(batch))
    assert "Settled" in text
    assert "Paid" in text


def test_what_is_no_bank_file_is_said_in_words_and_changes_nothing():
    client = signed_in(fay())
    for content in (b"hello", b"<a/>", sample("genkgo_camt053.v2.wrong.xml")):
        got = client.post("/ops/bank/", {"file": SimpleUploadedFile("x.xml", content)})
        assert got.status_code == 422
        assert "Bank file:" in got.content.decode()
    assert BankMessage.objects.count() == 0
    assert client.post("/ops/bank/", {}).status_code == 422


def test_a_statement_of_a_stranger_goes_to_suspense_and_is_listed():
    client = signed_in(fay())
    content = sample("bank_camt.053.001.08_return.xml")
    assert (
        client.post("/ops/bank/", {"file": SimpleUploadedFile("r.xml", content)}).status_code == 303
    )
    text = client.get("/ops/bank/").content.decode()
    assert "not explained" in text
    assert "Not explained" in text


def test_the_lines_come_as_csv():
    batch = built(36225, 120)
    got = signed_in(finn()).get(f"{path_of(batch)}lines.csv")
    rows = b"".join(got).decode().splitlines()
    assert len(rows) == 3
    assert ",EUR,362.25,accrued," in rows[1]


def test_batches_are_narrowed_by_state_on_the_page_and_in_the_csv():
    batch = built(36225)
    client = signed_in(finn())
    for query, shown in (("built", [batch]), ("settled", []), ("nonsense", [batch])):
        got = client.get(f"/ops/payouts/?state={query}")
        assert got.context["listing"].rows == shown
        csv = b"".join(client.get(f"/ops/payouts/?state={query}&format=csv")).decode()
        assert len(csv.splitlines()) == 1 + len(shown)
    assert "No batch is in this state" in page(finn(), "/ops/payouts/?state=settled")


def test_pages_of_money_take_the_same_number_of_statements_whatever_their_size():
    counts = []
    for amounts in ((36225,), (100, 200, 300, 400, 500, 600)):
        batch = built(*amounts)
        client = signed_in(finn())
        for path in (path_of(batch), f"{path_of(batch)}?view=all", "/ops/payouts/", "/ops/bank/",
                     "/ops/periods/"):  # fmt: skip
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            counts.append((path.partition("PB")[0] + path.partition("?")[2], len(seen)))
    # The second batch has one before it to compare with.
    for (path, few), (_same, many) in zip(counts[:5], counts[5:], strict=True):
        assert many <= few + 1, (path, few, many)
    assert max(n for _, n in counts) <= 40


def test_the_next_batch_is_compared_with_the_one_before():
    maker = fay()
    stated(tutor("Alice", currency="EUR"), 3600)
    sent(maker=maker)
    stated(tutor("Bob", currency="EUR"), 7200)
    batch = build_batch(pay_on=None, statements=None, actor=maker, at=now())
    text = page(finn(), path_of(batch))
    assert "+100.0%" in text
    assert "1 new payee (€90.00)" in text
