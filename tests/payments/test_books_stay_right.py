"""Any sequence of what people and banks do leaves the books in order (a stateful test)."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from payments.models import Balance, Earning, Payout, PayoutBatch
from payments.operations.adjusting import adjust
from payments.operations.earning import post_earnings
from payments.operations.handing import hand_over_file
from payments.operations.paying import (
    CannotApprove,
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
from payments.rules.states import EarningKind
from tests.payments.people import LATER, fay, finn, tutor

pytestmark = pytest.mark.django_db


FATES = st.lists(st.sampled_from(["pay", "refuse", "return", "late"]), min_size=2, max_size=2)


class Books(RuleBasedStateMachine):
    """Alice is paid in dollars, Bob in yen, by Fay and Finn, through a bank of changing mood."""

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.maker, self.checker = fay(), finn()
        self.tutors = [tutor("Alice"), tutor("Bob", currency="JPY")]
        self.at = LATER
        self.rate = 4730
        self.files: list[bytes] = []
        self.told: list[bytes] = []
        self.keys = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    def later(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    @rule(who=st.integers(0, 1), seconds=st.integers(1, 9_000))
    def work(self, who: int, seconds: int) -> None:
        self.work_of(who, seconds)

    def work_of(self, who: int, seconds: int) -> None:
        self.tutors[who].earns(seconds, rate=self.rate, at=self.later())

    @rule()
    def price_everything_again(self) -> None:
        entries = [e.pk for hired in self.tutors for e in hired.entries]
        assert post_earnings(entries=entries, at=self.later()) == []

    @rule(more=st.integers(1, 500))
    def raise_the_rate(self, more: int) -> None:
        self.rate += more

    @rule(
        who=st.integers(0, 1),
        amount=st.integers(1, 3_000),
        kind=st.sampled_from([EarningKind.BONUS, EarningKind.ADJUSTMENT]),
    )
    def adjust_by_hand(self, who: int, amount: int, kind: EarningKind) -> None:
        hired = self.tutors[who]
        self.keys += 1
        adjust(
            contract=hired.contract,
            kind=kind,
            amount_minor=amount if kind is EarningKind.BONUS else -amount,
            currency=hired.version.currency,
            reason="as agreed",
            key=str(self.keys),
            actor=self.maker,
            at=self.later(),
        )

    @rule(back=st.integers(0, 120))
    def close(self, back: int) -> None:
        at = self.later()
        until = at - timedelta(hours=back)
        close_periods(until=until, contracts=None, reason="", actor=self.maker, at=at)

    def build(self) -> None:
        with contextlib.suppress(NothingToPay):
            build_batch(pay_on=None, statements=None, actor=self.maker, at=self.later())

    @rule(seconds=st.integers(1, 9_000), steps=st.integers(2, 6), really=st.booleans())
    def pay_day(self, seconds: int, steps: int, really: bool) -> None:
        """Work, a close, and as many steps towards the bank as the day allows."""
        for who in (0, 1):
            self.work_of(who, seconds)
        close_periods(until=self.later(), contracts=None, reason="", actor=self.maker, at=self.at)
        if not self.batch("built"):
            self.build()
        if steps > 2 and self.batch("built"):
            self.approve_it()
        if steps > 3 and self.batch("approved"):
            self.send_it(really or steps > 4)
        if steps > 4 and self.files:
            self.bank_answers_with(["pay", "return"], twice=False, mixed=not really)

    def batch(self, state: str) -> PayoutBatch | None:
        return PayoutBatch.objects.filter(state=state).order_by("pk").first()

    @precondition(lambda self: self.batch("built"))
    @rule()
    def approve(self) -> None:
        self.approve_it()

    def approve_it(self) -> None:
        """Refused where a correction has taken the money meanwhile; then the batch is given up."""
        batch = self.batch("built")
        assert batch is not None
        try:
            with transaction.atomic():
                approve_batch(batch=batch, content_hash=None, actor=self.checker, at=self.later())
        except Exception as refusal:
            assert getattr(refusal, "code", "") in {"balance_too_low", CannotApprove.code}
            cancel_batch(batch=batch, reason="stale", actor=self.maker, at=self.later())

    @precondition(lambda self: self.batch("approved"))
    @rule(really=st.booleans())
    def send_or_cancel(self, really: bool) -> None:
        self.send_it(really)

    def send_it(self, really: bool) -> None:
        batch = self.batch("approved")
        assert batch is not None
        if not really:
            cancel_batch(batch=batch, reason="", actor=self.maker, at=self.later())
            return
        sent = send_batch(batch=batch, actor=self.maker, at=self.later())
        self.files.append(hand_over_file(batch=sent, actor=self.maker, at=self.at))

    @precondition(lambda self: self.files)
    @rule(fates=FATES, twice=st.booleans(), mixed=st.booleans())
    def bank_answers(self, fates: list[str], twice: bool, mixed: bool) -> None:
        self.bank_answers_with(fates, twice=twice, mixed=mixed)

    def bank_answers_with(self, fates: list[str], *, twice: bool, mixed: bool) -> None:
        file = self.files.pop(0)
        names = [p.end_to_end_id or "" for p in Payout.objects.filter(state="sent")]
        fate = dict(zip(names, fates, strict=False))
        mood = Mood(
            refuses={n: "AC01" for n, f in fate.items() if f == "refuse"},
            returns={n: "AC04" for n, f in fate.items() if f == "return"},
            fails_late={n: "MS03" for n, f in fate.items() if f == "late"},
            fee_minor=25,
            says_twice=twice,
            out_of_order=mixed,
        )
        for message in answer(file=file, at=self.later(), mood=mood):
            self.told.append(message)
            import_bank_message(content=message, actor=self.maker, at=self.at)

    @precondition(lambda self: self.told)
    @rule(which=st.integers(0, 50))
    def bank_repeats_itself(self, which: int) -> None:
        message = self.told[which % len(self.told)]
        again = import_bank_message(content=message, actor=self.maker, at=self.later())
        assert again.duplicate

    @invariant()
    def every_rule_holds(self) -> None:
        assert {c.name: list(c.problems) for c in checks(at=self.at) if list(c.problems)} == {}

    @invariant()
    def what_is_owed_is_what_was_earned_and_not_paid(self) -> None:
        for hired in self.tutors:
            lines = Earning.objects.filter(tutor=hired.tutor)
            earned = sum(lines.values_list("amount_minor", flat=True))
            done = Payout.objects.filter(tutor=hired.tutor, state="settled")
            paid = sum(done.values_list("amount_minor", flat=True))
            ours = Balance.objects.filter(
                account__code__in=[
                    f"payable:tutor:{hired.tutor.public_id}",
                    f"receivable:tutor:{hired.tutor.public_id}",
                ]
            )
            assert earned - paid == sum(b.credits_minor - b.debits_minor for b in ours)


def test_the_books_stay_right_whatever_happens(settings: Any) -> None:
    settings.PAYER = {"name": "Lectern", "iban": "DE89370400440532013000", "bic": ""}
    run_state_machine_as_test(Books, settings=EXAMPLES)


EXAMPLES = settings(
    max_examples=15,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
