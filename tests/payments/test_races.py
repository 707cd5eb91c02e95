"""Two at once, and killed in the middle: each thing still happens once."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections, transaction

from payments.models import (
    Balance,
    BankEntry,
    BatchApproval,
    Earning,
    Journal,
    Payout,
    PayoutBatch,
    PayoutPart,
    Statement,
    StatementLine,
)
from payments.operations.booking import CannotOverdraw, Posting, post
from payments.operations.earning import post_earnings
from payments.operations.handing import hand_over_file
from payments.operations.paying import (
    CannotApprove,
    CannotSend,
    NothingToPay,
    approve_batch,
    build_batch,
    cancel_batch,
    send_batch,
)
from payments.operations.settling import import_bank_message
from payments.operations.stating import close_periods
from payments.providers.demobank import Mood, answer
from payments.queries.invariants import checks
from payments.rules import pots
from payments.rules.pots import Move
from tests.payments.people import LATER, Hired, fay, finn, tutor

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]


@pytest.fixture(autouse=True)
def payer(settings: Any) -> None:
    settings.PAYER = {"name": "Lectern", "iban": "DE89370400440532013000", "bic": ""}


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same time, each on its own connection: results or what they raised."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            results[place] = act()
        except Exception as problem:  # a refusal is a result here
            results[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def broken() -> list[str]:
    return [c.name for c in checks(at=LATER) if list(c.problems)]


def stated(*amounts_minor: int) -> list[Hired]:
    """Tutors with one statement each, of these amounts."""
    tutors = [tutor(f"Tutor {n}") for n, _ in enumerate(amounts_minor)]
    for hired, minor in zip(tutors, amounts_minor, strict=True):
        hired.earns(minor, rate=3600)
    close_periods(until=LATER, contracts=None, reason="", actor=fay(), at=LATER)
    return tutors


def built(*amounts_minor: int) -> PayoutBatch:
    stated(*amounts_minor)
    return build_batch(pay_on=None, statements=None, actor=fay(), at=LATER)


def approved(*amounts_minor: int) -> PayoutBatch:
    batch = built(*amounts_minor)
    return approve_batch(batch=batch, content_hash=None, actor=finn(), at=LATER)


def kinds(results: Sequence[Any]) -> list[str]:
    return sorted(type(r).__name__ for r in results)


def test_eight_jobs_price_the_same_hours_once() -> None:
    alice = tutor("Alice")
    entries = [alice.works(61, rate=4730).pk for _ in range(7)]
    results = together(*[lambda: post_earnings(entries=entries, at=LATER)] * 8)
    assert sorted(len(r) for r in results) == [0] * 7 + [7]
    assert Earning.objects.count() == Journal.objects.count() == 7
    assert broken() == []


def test_jobs_that_share_a_bucket_still_sum_to_its_worth() -> None:
    alice = tutor("Alice")
    entries = [alice.works(61, rate=4730).pk for _ in range(7)]
    together(*[lambda e=e: post_earnings(entries=[e], at=LATER) for e in entries])
    amounts = sorted(Earning.objects.values_list("amount_minor", flat=True))
    assert amounts == [80, 80, 80, 80, 80, 80, 81]
    assert broken() == []


def test_two_closes_state_each_line_once() -> None:
    for name in ("Alice", "Bob", "Charlie"):
        tutor(name).earns(100)
    actor = fay()

    def close() -> Any:
        return close_periods(until=LATER, contracts=None, reason="", actor=actor, at=LATER)

    results = together(*[close] * 4)
    assert sorted(len(r.statements) for r in results) == [0, 0, 0, 3]
    assert Statement.objects.count() == StatementLine.objects.count() == 3
    assert broken() == []


def test_two_builds_take_each_statement_once() -> None:
    stated(100, 200, 300)
    makers = [fay() for _ in range(4)]
    results = together(
        *[lambda m=m: build_batch(pay_on=None, statements=None, actor=m, at=LATER) for m in makers]
    )
    assert kinds(results) == ["NothingToPay"] * 3 + ["PayoutBatch"]
    assert all(r.code == NothingToPay.code for r in results if not isinstance(r, PayoutBatch))
    assert PayoutPart.objects.count() == 3
    assert broken() == []


def test_approved_by_two_at_once_reserves_once() -> None:
    batch = built(100, 200)
    checkers = [finn() for _ in range(4)]
    results = together(
        *[
            lambda c=c: approve_batch(batch=batch, content_hash=None, actor=c, at=LATER)
            for c in checkers
        ]
    )
    assert kinds(results) == ["CannotApprove"] * 3 + ["PayoutBatch"]
    assert all(r.code == CannotApprove.code for r in results if not isinstance(r, PayoutBatch))
    assert BatchApproval.objects.count() == 1
    assert Journal.objects.filter(kind="payout_reserved").count() == 2
    assert broken() == []


def test_sent_twice_at_once_is_one_file() -> None:
    batch = approved(100, 200)
    senders = [fay() for _ in range(4)]
    results = together(*[lambda s=s: send_batch(batch=batch, actor=s, at=LATER) for s in senders])
    assert kinds(results) == ["CannotSend"] * 3 + ["PayoutBatch"]
    assert all(r.code == CannotSend.code for r in results if not isinstance(r, PayoutBatch))
    assert set(Payout.objects.values_list("state", flat=True)) == {"sent"}
    assert broken() == []


def test_sent_and_cancelled_at_once_is_one_of_both() -> None:
    batch = approved(100, 200)
    maker = fay()
    results = together(
        lambda: send_batch(batch=batch, actor=maker, at=LATER),
        lambda: cancel_batch(batch=batch, reason="", actor=maker, at=LATER),
    )
    assert sum(isinstance(r, PayoutBatch) for r in results) == 1
    states = set(Payout.objects.values_list("state", flat=True))
    assert states in ({"sent"}, {"void"})
    assert broken() == []


def test_the_same_bank_messages_at_once_settle_once() -> None:
    batch = send_batch(batch=approved(100, 200, 300), actor=fay(), at=LATER)
    reader = fay()
    file = hand_over_file(batch=batch, actor=reader, at=LATER)
    back = Payout.objects.get(amount_minor=300).end_to_end_id or ""
    messages = answer(file=file, at=LATER, mood=Mood(returns={back: "AC04"}, says_twice=True))
    together(
        *[lambda m=m: import_bank_message(content=m, actor=reader, at=LATER) for m in messages * 2]
    )
    assert sorted(Payout.objects.values_list("amount_minor", "state")) == [
        (100, "settled"),
        (200, "settled"),
        (300, "returned"),
    ]
    assert BankEntry.objects.count() == 4
    assert broken() == []


def test_a_payable_never_falls_below_nothing() -> None:
    alice = tutor("Alice")
    alice.earns(1000, rate=3600)
    owed = pots.payable(tutor=alice.tutor.public_id, currency="USD")
    move = Move(debit=owed, credit=pots.suspense(currency="USD"), amount_minor=300)

    def take(number: int) -> Any:
        with transaction.atomic():
            posting = Posting(key=f"take:{number}", kind="test", moves=(move,))
            return post(posting=posting, actor=None, at=LATER)

    results = together(*[lambda n=n: take(n) for n in range(8)])
    assert kinds(results) == ["CannotOverdraw"] * 5 + ["Journal"] * 3
    assert all(r.code == CannotOverdraw.code for r in results if not isinstance(r, Journal))
    balance = Balance.objects.get(account__code=owed.code)
    assert balance.credits_minor - balance.debits_minor == 100


class Killed(BaseException):
    """What a hired feels when it is taken away: nothing in its transaction happened."""


STEPS: dict[str, Callable[..., Any]] = {
    "close": lambda: close_periods(until=LATER, contracts=None, reason="", actor=fay(), at=LATER),
    "build": lambda: build_batch(pay_on=None, statements=None, actor=fay(), at=LATER),
    "approve": lambda: approve_batch(
        batch=PayoutBatch.objects.latest("pk"), content_hash=None, actor=finn(), at=LATER
    ),
    "send": lambda: send_batch(batch=PayoutBatch.objects.latest("pk"), actor=fay(), at=LATER),
    "bank": lambda: [
        import_bank_message(content=message, actor=fay(), at=LATER)
        for message in answer(
            file=hand_over_file(batch=PayoutBatch.objects.latest("pk"), actor=fay(), at=LATER),
            at=LATER,
        )
    ],
}


def killed_after(statements: int, act: Callable[[], Any]) -> bool:
    """Run the act and kill it before its n-th statement; whether it was still alive then."""
    seen = 0

    def guard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if seen == statements:
            raise Killed
        seen += 1
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(guard):
            act()
    except Killed:
        connection.close()
        return True
    return False


def test_killed_at_any_statement_each_instruction_is_paid_once() -> None:
    """The road, with every step killed at every one of its statements before it is let through."""
    for hired, minor in zip((tutor("Alice"), tutor("Bob")), (100, 200), strict=True):
        hired.earns(minor, rate=3600)
    kills = 0
    for step in STEPS.values():
        point = 0
        while killed_after(point, step):
            kills += 1
            point += 1
    assert kills > 60
    assert sorted(Payout.objects.values_list("amount_minor", "state")) == [
        (100, "settled"),
        (200, "settled"),
    ]
    assert PayoutBatch.objects.filter(state="settled").count() == 1
    assert PayoutBatch.objects.count() == 1
    paid = Balance.objects.get(account__code="bank:DE89370400440532013000")
    assert paid.credits_minor == 300
    assert broken() == []


def test_pricing_and_the_bank_never_wait_for_one_another() -> None:
    """Opposite orders on the same balances, again and again: no deadlock, nothing lost."""
    tutors = stated(*[100] * 12)
    batch = build_batch(pay_on=None, statements=None, actor=fay(), at=LATER)
    approve_batch(batch=batch, content_hash=None, actor=finn(), at=LATER)
    batch = send_batch(batch=batch, actor=fay(), at=LATER)
    reader = fay()
    file = hand_over_file(batch=batch, actor=reader, at=LATER)
    # Payouts the other way round, so that what the bank settles runs against the id order.
    messages = answer(file=file, at=LATER, mood=Mood(fee_minor=5, out_of_order=True))
    entries = [w.works(60, start=LATER).pk for w in reversed(tutors)]

    def bank() -> Any:
        return [import_bank_message(content=m, actor=reader, at=LATER) for m in messages]

    jobs = [lambda e=e: post_earnings(entries=e, at=LATER) for e in (entries[::2], entries[1::2])]
    results = together(bank, *jobs)
    assert not [r for r in results if isinstance(r, Exception)]
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}
    assert Earning.objects.count() == 24
    assert broken() == []
