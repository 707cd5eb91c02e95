"""The official samples told against payouts of the same ids: D15, with money in the books."""

from typing import Any

import pytest

from payments.models import Balance, Payout, PayoutBatch
from payments.operations.handing import hand_over_file
from payments.operations.paying import approve_batch, build_batch, send_batch
from payments.operations.settling import import_bank_message
from payments.operations.stating import close_periods
from payments.queries.invariants import checks
from tests.payments.people import LATER, Hired, fay, finn, tutor
from tests.payments.real_data import sample

pytestmark = pytest.mark.usefixtures("own_database")
AMOUNTS = {"Alice": 36225, "Bob": 60375, "Charlie": 120}


@pytest.fixture
def tutors(settings: Any) -> list[Hired]:
    """A fresh database: the first batch of the week, its payouts 1 to 3, sent."""
    sample("bank_camt.053.001.08_return.xml")
    settings.PAYER = {"name": "Lectern", "iban": "DE89370400440532013000", "bic": ""}
    people = [tutor(name, currency="EUR") for name in AMOUNTS]
    for hired, minor in zip(people, AMOUNTS.values(), strict=True):
        hired.earns(minor, rate=3600)
    close_periods(until=LATER, contracts=None, reason="", actor=fay(), at=LATER)
    batch = build_batch(pay_on=None, statements=None, actor=fay(), at=LATER)
    approve_batch(batch=batch, content_hash=None, actor=finn(), at=LATER)
    sent = send_batch(batch=batch, actor=fay(), at=LATER)
    assert sent.message_id == "PB-2026-W47-0001"
    assert b"<CtrlSum>967.20</CtrlSum>" in hand_over_file(batch=sent, actor=fay(), at=LATER)
    return people


def tell(name: str) -> dict[str, Any]:
    return import_bank_message(content=sample(name), actor=fay(), at=LATER).result


def kept(code: str) -> int:
    balance = Balance.objects.get(account__code=code)
    return balance.credits_minor - balance.debits_minor


def states() -> list[str]:
    return list(Payout.objects.order_by("pk").values_list("state", flat=True))


def owed(hired: Hired) -> int:
    return kept(f"payable:tutor:{hired.tutor.public_id}")


def sound() -> bool:
    return not any(list(check.problems) for check in checks(at=LATER))


def test_d15_the_returned_payment_is_payable_again(tutors: list[Hired]) -> None:
    for _ in range(2):
        told = tell("bank_camt.053.001.08_return.xml")
        assert (told["matched"], told["fees"], told["suspense"]) == (4, 1, 0)
        assert told["returned"] == ["PO-2"]
        assert states() == ["settled", "returned", "settled"]
        assert [owed(w) for w in tutors] == [0, 60375, 0]
        assert kept("fees") == -200
        assert 5000000 - kept("bank:DE89370400440532013000") == 4963455
        assert kept("clearing:payout:PB-1") == 0
        assert sound()
    again = build_batch(pay_on=None, statements=None, actor=fay(), at=LATER)
    assert again.totals_minor == {"EUR": 60375}


def test_a_partial_report_settles_refuses_and_waits(tutors: list[Hired]) -> None:
    told = tell("bank_pain.002.001.10_partial.xml")
    assert (told["settled"], told["failed"]) == (["PO-1"], ["PO-2"])
    assert states() == ["settled", "failed", "sent"]
    assert [owed(w) for w in tutors] == [0, 60375, 120]
    assert PayoutBatch.objects.get().state == "sent"
    assert sound()


def test_report_and_statement_in_either_order_come_to_the_same(tutors: list[Hired]) -> None:
    for name in ("bank_camt.053.001.08_return.xml", "bank_pain.002.001.10_partial.xml"):
        tell(name)
    assert states() == ["settled", "returned", "settled"]
    assert [owed(w) for w in tutors] == [0, 60375, 0]
    assert PayoutBatch.objects.get().state == "settled"
    assert sound()


def test_the_other_order(tutors: list[Hired]) -> None:
    for name in ("bank_pain.002.001.10_partial.xml", "bank_camt.053.001.08_return.xml"):
        tell(name)
    assert states() == ["settled", "failed", "settled"]
    assert [owed(w) for w in tutors] == [0, 60375, 0]
    assert kept("clearing:payout:PB-1") == 0
    assert sound()


def test_strangers_on_the_statement_wait_in_suspense(tutors: list[Hired]) -> None:
    told = tell("genkgo_camt053.v2.multi.statement.xml")
    assert (told["matched"], told["suspense"]) == (0, 2)
    assert kept("suspense") == 185
    assert states() == ["sent", "sent", "sent"]
    assert sound()
