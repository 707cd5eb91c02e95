"""A past for the small demonstration: answers and reviews, hours, a statement and a payout each.

All of it by operations, in the order of the road, so that every page has something to show.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.demonstration import known_answers
from config.demonstration.acts import account_of, hand_in, take
from config.demonstration.answers import AnswerBook
from config.demonstration.answers.marks import scripted_text
from config.demonstration.story.people import FINANCE, MANAGERS, Expert, Part
from payments.operations.handing import hand_over_file
from payments.operations.paying import approve_batch, build_batch, send_batch
from payments.operations.settling import import_bank_message
from payments.operations.stating import close_periods
from payments.providers.demobank import answer as bank_answer
from tasks.operations.approving import approve
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.timekeeping import Stretch, submit_entry, write_down
from tasks.rules.states import ReviewDecision, TimeKind, WorkRole
from tutors.operations.presence import set_presence
from tutors.queries.people import tutor_of
from tutors.rules.states import Presence
from workforce.models import Account

WORKED_SECONDS = 2.0
JUDGED_SECONDS = 1.2
HOURS_AGO = {TimeKind.ONBOARDING: 8 * 24, TimeKind.MEETING: 7 * 24, TimeKind.ASSESSMENT: 30}
"""Hours written by hand, by how long ago; what is younger than two days waits for a manager."""

WAITS_UNDER = timedelta(days=2)
LENGTH = timedelta(minutes=95)
THERE_DAYS = 7
"""Days before this one on which everybody took work for a while."""


@dataclass(kw_only=True)
class Past:
    """What came of it, for the line that the command prints."""

    answers: int = 0
    compared: int = 0
    reviews: int = 0
    payouts: int = 0


def live(*, experts: Sequence[Expert], book: AnswerBook, now: Callable[[], datetime]) -> Past:
    """Answers from everybody who attempts, one review from every reviewer, a paid last week."""
    past = Past()
    past.answers = known_answers.meet(experts=experts, book=book, now=now)
    past.answers += _attempt(_accounts(experts, "attempt"), book, now)
    past.compared = known_answers.compare(now=now)
    past.reviews = _review(_accounts(experts, "review"), now)
    people = [account_of(expert.email) for expert in experts]
    _write_hours(people, at=now())
    _were_there(people, at=now())
    past.payouts = _pay(at=now())
    return past


def _accounts(experts: Sequence[Expert], part: Part) -> list[Account]:
    return [account_of(expert.email) for expert in experts if expert.part == part]


def _attempt(people: Sequence[Account], book: AnswerBook, now: Callable[[], datetime]) -> int:
    taken = [(each, take(each, role=WorkRole.ATTEMPT, at=now())) for each in people]
    time.sleep(WORKED_SECONDS)
    held = [(person, sheet) for person, sheet in taken if sheet is not None]
    for person, sheet in held:
        hand_in(person, sheet, book=book, at=now())
    return len(held)


def _review(people: Sequence[Account], now: Callable[[], datetime]) -> int:
    taken = [(each, take(each, role=WorkRole.REVIEW, at=now())) for each in people]
    time.sleep(JUDGED_SECONDS)
    held = [(person, sheet) for person, sheet in taken if sheet is not None]
    for person, sheet in held:
        assert sheet.judged is not None, f"{sheet.public_id} has nothing to judge"
        seen = open_for_review(account=person, submission_id=sheet.judged.submission_id)
        note = scripted_text("as the guide asks.")
        judgement = Judgement(decision=ReviewDecision.ACCEPT, note=note)
        decide(account=person, seen=seen, judgement=judgement, at=now())
    return len(held)


def _write_hours(people: Sequence[Account], *, at: datetime) -> None:
    """Last week's hours are approved, yesterday's wait."""
    settled = []
    for person in people:
        tutor = tutor_of(account=person)
        assert tutor is not None, f"{person.email} is no tutor"
        for kind, hours in HOURS_AGO.items():
            began = at - timedelta(hours=hours)
            reason = scripted_text("before this instance was there.")
            stretch = Stretch(kind=kind, started_at=began, ended_at=began + LENGTH, reason=reason)
            entry = write_down(tutor=tutor, stretch=stretch, actor=person, at=at)
            submit_entry(entry=entry, actor=person, at=at)
            if at - began > WAITS_UNDER:
                settled.append(entry.pk)
    approve(entry_ids=settled, actor=account_of(MANAGERS[0].email), at=at)


def _were_there(people: Sequence[Account], *, at: datetime) -> None:
    """Some hours of taking work on each of the last days, and again now: what quotes rest on."""
    for number, person in enumerate(people):
        tutor = tutor_of(account=person)
        assert tutor is not None, f"{person.email} is no tutor"
        shift = timedelta(hours=2 + number % 4)
        for days in range(THERE_DAYS, 0, -1):
            since = at - timedelta(days=days, hours=number % 3)
            set_presence(
                tutor=tutor,
                state=Presence.TAKING_WORK,
                actor=person,
                at=since,
                until=since + shift,
            )
        set_presence(tutor=tutor, state=Presence.TAKING_WORK, actor=person, at=at)


def _pay(*, at: datetime) -> int:
    """Statements up to two days ago, paid and settled by the demonstration's bank."""
    maker, checker = (account_of(person.email) for person in FINANCE)
    reason = scripted_text("the week before this instance was there.")
    close_periods(until=at - WAITS_UNDER, contracts=None, reason=reason, actor=maker, at=at)
    batch = build_batch(pay_on=None, statements=None, actor=maker, at=at)
    batch = approve_batch(batch=batch, content_hash=None, actor=checker, at=at)
    batch = send_batch(batch=batch, actor=checker, at=at)
    file = hand_over_file(batch=batch, actor=maker, at=at)
    for message in bank_answer(file=file, at=at):
        import_bank_message(content=message, actor=maker, at=at)
    return batch.payouts.count()
