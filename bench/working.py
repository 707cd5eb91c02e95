"""`python -m bench.working N`: a past of N tasks for a world, by the operations.

The demonstration's people and the bench's take tasks and hand them in; a third are reviewed;
older time is approved, priced, stated and paid, the newest waits for a manager. Worked time is
moved into the last weeks by SQL, ten minutes a task, so that it adds up to something.
"""

import itertools
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from bench.house import enter

SHARE_OF_ALICE = 10
"""Every tenth task is hers: somebody's pages must have a long past."""

ALICE = "alice.novak@example.org"
REVIEWED = 3
WORKED_SECONDS = 600
DAYS = 25
WAITING_DAYS = 3
APPROVED_AT_ONCE = 100
AGE = """
UPDATE tasks_timeentry SET started_at = started_at - make_interval(secs => %s)
 WHERE claim_id = %s AND state = 'running'
"""
CLEAR = """
UPDATE tasks_timeentry SET started_at = started_at - make_interval(days => %s),
       ended_at = ended_at - make_interval(days => %s)
 WHERE state = 'submitted' AND started_at > now() - interval '1 hour'
"""
MOVE = """
UPDATE tasks_timeentry own
   SET started_at = free.at, ended_at = free.at + make_interval(secs => own.seconds)
  FROM (SELECT place AS at
          FROM generate_series(%(at)s::timestamptz, %(at)s::timestamptz + interval '3 days',
                               interval '20 minutes') place
         WHERE NOT EXISTS (
               SELECT 1 FROM tasks_timeentry other
                WHERE other.claim_id IS DISTINCT FROM %(claim)s
                  AND other.tutor_id = (SELECT tutor_id FROM tasks_claim WHERE id = %(claim)s)
                  AND tstzrange(other.started_at, coalesce(other.ended_at, 'infinity'))
                      && tstzrange(place, place + interval '1 hour'))
         ORDER BY place LIMIT 1) free
 WHERE own.claim_id = %(claim)s
"""
"""To the first hour from a moment on in which the tutor has no other time."""


def main() -> None:
    enter()
    wanted = int(sys.argv[1])
    _let_in()
    _run(CLEAR, [DAYS + 1, DAYS + 1])
    people = _people()
    done = reviewed = 0
    for number in range(wanted):
        done += _work(next(people), number)
        if number % REVIEWED == 0:
            reviewed += _judge(number)
    _pay()
    _seal()
    print(f"{done} tasks, {reviewed} reviews")


def _let_in() -> None:
    """The demonstration's people sign papers with the bench's clients, so all pools are theirs."""
    from config.demonstration.loading import experts
    from tasks.models import Client
    from tutors.models import Tutor
    from tutors.operations.agreeing import offer_agreement, sign_agreement
    from tutors.rules.signing import Signature
    from tutors.rules.states import AgreementKind
    from workforce.doors import now
    from workforce.models import Account

    recruiter = Account.objects.get(email="ruth@example.org")
    clients = list(Client.objects.filter(name__startswith="Client "))
    emails = [each.email for each in experts()]
    for tutor in Tutor.objects.filter(account__email__in=emails).select_related("account"):
        for client in clients:
            at = now()
            party = f"client:{client.public_id}"
            agreement = offer_agreement(
                tutor=tutor, kind=AgreementKind.NDA, party=party, actor=recruiter, at=at
            )
            hand = Signature(typed_name=tutor.account.name, viewed_at=at)
            sign_agreement(agreement=agreement, signature=hand, account=tutor.account, at=at)


def _people() -> Iterator[Any]:
    """Alice every tenth time, otherwise one tutor of the bench after the other."""
    from tutors.models import Tutor

    tutors = Tutor.objects.select_related("account").filter(account__email__startswith="tutor-")
    tutors = tutors.order_by("id")
    alice = Tutor.objects.select_related("account").get(account__email=ALICE).account
    others = itertools.cycle([tutor.account for tutor in tutors])
    for number in itertools.count():
        yield alice if number % SHARE_OF_ALICE == 0 else next(others)


def _work(account: Any, number: int) -> int:
    from tasks.operations.claiming import claim
    from tasks.operations.submitting import submit
    from tasks.queries.handing_in import in_hand
    from tasks.rules.states import WorkRole
    from tasks.types import task_type
    from workforce.doors import now

    # The sample answers fit the bench's tasks; the demonstration's own ask for other ones.
    project = _project() if account.email == ALICE else None
    taken = claim(account=account, role=WorkRole.ATTEMPT, project_id=project, at=now())
    if taken is None:
        return 0
    _run(AGE, [WORKED_SECONDS, taken.claim_id])
    own = in_hand(claim_id=taken.claim_id, account_id=account.pk)
    if own is None:
        raise SystemExit(f"bench: {taken.public_id} is not in hand")
    answer = task_type(taken.task_type).sample_answer
    submit(account=account, own=own, fence=taken.fence, answer=answer, at=now())
    _move(taken.claim_id, number)
    return 1


@cache
def _project() -> int:
    from tasks.models import Project

    return Project.objects.filter(name="Bench stem.mathematics from level 2").get().pk


def _judge(number: int) -> int:
    from tasks.models import Claim
    from tasks.operations.claiming import claim
    from tasks.operations.reviewing import Judgement, decide, open_for_review
    from tasks.rules.states import ReviewDecision, WorkRole
    from workforce.doors import now
    from workforce.queries.accounts import by_email

    reviewers = ("yara.nasser", "anna.bergman", "clara.moreau", "elif.demir")
    account = by_email(email=f"{reviewers[number // REVIEWED % 4]}@example.org")
    assert account is not None
    taken = claim(account=account, role=WorkRole.REVIEW, project_id=None, at=now())
    if taken is None or taken.judged is None:
        return 0
    _run(AGE, [WORKED_SECONDS // 4, taken.claim_id])
    seen = open_for_review(account=account, submission_id=taken.judged.submission_id)
    decisions = (ReviewDecision.ACCEPT, ReviewDecision.ACCEPT, ReviewDecision.REJECT)
    decision = decisions[number // REVIEWED % 3]
    category = "accuracy" if decision is ReviewDecision.REJECT else ""
    judgement = Judgement(decision=decision, category=category, note="As the guide says.")
    decide(account=account, seen=seen, judgement=judgement, at=now())
    _move(taken.claim_id, number)
    return Claim.objects.filter(pk=taken.claim_id).exclude(state="claimed").count()


def _move(claim_id: int, number: int) -> None:
    """Into the last weeks, each task at a time of its own."""
    from workforce.doors import now

    place = timedelta(seconds=(number * 2 * WORKED_SECONDS) % (DAYS * 24 * 3600))
    began = (now() - timedelta(days=DAYS, hours=1) + place).replace(microsecond=0)
    _run(MOVE, {"at": began, "claim": claim_id})


def _pay() -> None:
    """What is older than three days is approved, priced, stated, sent and settled."""
    from config.demonstration.story.people import FINANCE, MANAGERS
    from payments.operations.earning import post_earnings
    from payments.operations.paying import approve_batch, build_batch, send_batch
    from payments.operations.stating import close_periods
    from tasks.models import TimeEntry
    from tasks.operations.approving import approve
    from workforce.doors import now
    from workforce.queries.accounts import by_email

    manager = by_email(email=MANAGERS[0].email)
    maker, checker = (by_email(email=person.email) for person in FINANCE)
    assert manager and maker and checker
    until = now() - timedelta(days=WAITING_DAYS)
    waiting = TimeEntry.objects.filter(state="submitted", started_at__lt=until)
    keys = list(waiting.order_by("id").values_list("id", flat=True))
    for start in range(0, len(keys), APPROVED_AT_ONCE):
        approve(entry_ids=keys[start : start + APPROVED_AT_ONCE], actor=manager, at=now())
        post_earnings(entries=keys[start : start + APPROVED_AT_ONCE], at=now())
    close_periods(until=until, contracts=None, reason="The bench's past.", actor=maker, at=now())
    batch = build_batch(pay_on=None, statements=None, actor=maker, at=now())
    batch = approve_batch(batch=batch, content_hash=None, actor=checker, at=now())
    send_batch(batch=batch, actor=checker, at=now())


def _seal() -> None:
    """The relay's half without its jobs: the events are sealed, nothing follows."""
    from workforce.operations.relaying import relay

    while relay(reactions={}):
        pass


def _run(statement: str, parameters: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


if __name__ == "__main__":
    main()
