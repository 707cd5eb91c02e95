"""Handing work in, and taking it back within seconds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from tasks.events import CannotTwice, Submitted, TakenBack
from tasks.models import Claim, Submission
from tasks.operations.clocking import move_clock
from tasks.operations.ending import Ended, end_with_fence
from tasks.operations.finishing import finish_task
from tasks.operations.offering import hold_waiting
from tasks.operations.working import ClaimOver, over_message
from tasks.queries.claims import ClaimSheet, sheet
from tasks.queries.handing_in import InHand
from tasks.queries.hands import too_full
from tasks.queries.plans import row_of
from tasks.rules import reviewing
from tasks.rules.clocks import TAKE_BACK_SECONDS
from tasks.rules.states import ClaimState, Unreviewed, WorkRole
from tasks.types import TaskType, by_field, task_type
from tutors.operations.facts import hold
from workforce.models import Account
from workforce.operations import record
from workforce.operations.transacting import verb
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, Invalid, NotFound


class CannotSubmit(Invalid):
    """The answer does not follow the task type's rules; `errors` says where."""

    code = "answer_not_valid"
    title = "The answer needs another look"


class NotAnAttempt(Conflict):
    code = "not_an_attempt"
    title = "This claim is a review"


class FenceLost(Conflict):
    """Somebody else's claim came after this one, or this one is over."""

    code = "fence_lost"
    title = "This claim is not yours to hand in any more"


class CannotTakeBack(Conflict):
    code = "cannot_take_back"
    title = "This cannot be taken back any more"


class HandsFull(CannotTakeBack):
    """She took something else meanwhile, and has no hand free for what she would take back."""

    code = "capacity_full"
    title = "Your hands are full"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """An answer that was kept. `reviewed` says whether somebody will look at it."""

    submission: Submission
    claim_id: int
    seconds_worked: int
    reviewed: bool

    @property
    def public_id(self) -> str:
        return self.submission.public_id


@verb
def submit(*, account: Account, own: InHand, fence: int, answer: Any, at: datetime) -> HandedIn:
    """Hand an answer (or a `cannot`) in: the clock stops, the review slot opens at once.

    `own` is the account's claim, from `queries.handing_in.in_hand`.

    `CannotSubmit` with errors by field, `FenceLost` when the claim is over or not the newest of
    its slot: the message says where the draft is. A refused submit changes nothing.
    """
    if own.role is not WorkRole.ATTEMPT:
        raise NotAnAttempt(_("A review is handed in with POST /api/v1/submissions/{id}/review/."))
    kind = task_type(own.task_type)
    answer = kind.normalise_answer(answer)
    _check(kind, own, answer)
    ended = end_with_fence(
        claim_id=own.claim_id, tutor_id=own.tutor_id, fence=fence, state=ClaimState.SUBMITTED
    )
    if ended is None:
        raise FenceLost(_lost(account, own.claim_id))
    return _keep(account=account, own=own, ended=ended, answer=answer, kind=kind, at=at)


def _check(kind: TaskType, own: InHand, answer: Any) -> None:
    problems = kind.check_answer(input=own.input, answer=answer)
    if problems:
        errors = {f"answer.{path}".rstrip("."): say for path, say in by_field(problems).items()}
        raise CannotSubmit(_("Some parts of the answer are not right yet."), errors=errors)


def _lost(account: Account, claim_id: int) -> str:
    found = sheet(claim_id=claim_id, account_id=account.pk)
    if found is None:
        raise NotFound
    return over_message(found)


def _keep(
    *, account: Account, own: InHand, ended: Ended, answer: Any, kind: TaskType, at: datetime
) -> HandedIn:
    wanted = reviewing.wanted(
        policy=own.policy, percent=own.percent, task_type=kind.slug, claim_id=own.claim_id
    )
    pool_id = own.review_pool_id if wanted else None
    submission = Submission(
        claim_id=own.claim_id,
        task_id=own.task_id,
        tutor_id=own.tutor_id,
        guide_id=own.guide_id,
        answer=answer,
        cannot=kind.is_cannot(answer),
        seconds_worked=ended.seconds_worked,
        unreviewed=None if pool_id else Unreviewed.NOT_SAMPLED.value,
    )
    _insert(submission, own, pool_id=pool_id)
    done = False
    if pool_id is None:
        done = finish_task(accepted_claim_id=own.claim_id, task_id=own.task_id)
    event = Submitted(
        subject=submission.public_id,
        claim=public_id("CL", own.claim_id),
        task=public_id("T", own.task_id),
        project=public_id("P", own.project_id),
        tutor=public_id("E", own.tutor_id),
        queue=own.queue,
        seconds_worked=ended.seconds_worked,
        cannot=submission.cannot,
        review_pool=public_id("PL", pool_id) if pool_id else None,
        task_done=done,
    )
    record(event=event, actor=account, at=at)
    if submission.cannot:
        _tell_manager(own, at=at)
    return HandedIn(
        submission=submission,
        claim_id=own.claim_id,
        seconds_worked=ended.seconds_worked,
        reviewed=pool_id is not None,
    )


_INSERT = """
WITH kept AS (
    INSERT INTO tasks_submission (claim_id, task_id, tutor_id, guide_id, answer, cannot,
                                  seconds_worked, unreviewed, submitted_at)
    VALUES (%(claim)s, %(task)s, %(tutor)s, %(guide)s, %(answer)s, %(cannot)s,
            %(seconds)s, %(unreviewed)s, statement_timestamp())
    RETURNING id, submitted_at),
review AS (
    INSERT INTO tasks_slot (task_id, pool_id, submission_id, ordinal, opened_at, fence, priority,
                            complexity, rejects, role, state)
    SELECT %(task)s, %(pool)s, kept.id, kept.id, kept.submitted_at, 0, %(priority)s,
           %(complexity)s, 0, 'review', 'open'
      FROM kept WHERE %(pool)s::bigint IS NOT NULL
    RETURNING pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, arrived) SELECT pool_id, 1, 1 FROM review)
SELECT id, submitted_at FROM kept
"""


def _insert(submission: Submission, own: InHand, *, pool_id: int | None) -> None:
    """Keep the answer and, with a pool, open the slot of its review; one statement."""
    parameters = {
        "claim": own.claim_id,
        "task": own.task_id,
        "tutor": own.tutor_id,
        "guide": own.guide_id,
        "answer": Jsonb(submission.answer),
        "cannot": submission.cannot,
        "seconds": submission.seconds_worked,
        "unreviewed": submission.unreviewed,
        "pool": pool_id,
        "priority": own.priority,
        "complexity": own.complexity,
    }
    row = row_of(_INSERT, parameters)
    assert row is not None
    submission.pk, submission.submitted_at = row


def _tell_manager(own: InHand, *, at: datetime) -> None:
    """Two people who could not do a task say something about the task."""
    said = Submission.objects.filter(task_id=own.task_id, cannot=True, withdrawn_at__isnull=True)
    if said.values("tutor_id").distinct().count() == 2:
        event = CannotTwice(
            subject=public_id("T", own.task_id), project=public_id("P", own.project_id)
        )
        record(event=event, actor=None, at=at)


# --- Taking back ----------------------------------------------------------------------------

_TAKE_BACK = """
WITH held AS MATERIALIZED (
    SELECT c.id, c.slot_id, c.task_id, c.tutor_id, c.state, s.id AS submission_id, s.answer
      FROM tasks_claim c
      JOIN tutors_tutor t ON t.id = c.tutor_id
      JOIN tasks_submission s ON s.claim_id = c.id AND s.withdrawn_at IS NULL
      LEFT JOIN tasks_slot review ON review.task_id = s.task_id AND review.role = 'review'
                                 AND review.ordinal = s.id
     WHERE c.id = %(claim)s AND t.account_id = %(account)s
       AND c.state IN ('submitted', 'accepted') AND c.role = 'attempt'
       AND s.submitted_at > statement_timestamp() - make_interval(secs => %(seconds)s)
       AND ((review.id IS NULL AND s.unreviewed = 'not_sampled')
            OR review.state IN ('open', 'offered'))
     FOR UPDATE OF c),
waiting AS MATERIALIZED (
    SELECT o.id FROM held h JOIN tasks_slot r ON r.task_id = h.task_id AND r.role = 'review'
                                             AND r.ordinal = h.submission_id
      JOIN tasks_offer o ON o.slot_id = r.id AND o.state = 'offered' FOR UPDATE OF o),
reviews AS (
    UPDATE tasks_slot r SET state = 'cancelled'
      FROM held h
     WHERE (SELECT count(*) FROM waiting) >= 0 AND r.task_id = h.task_id
       AND r.role = 'review' AND r.ordinal = h.submission_id
       AND r.state IN ('open', 'offered')
    RETURNING r.id, r.pool_id),
offers AS (
    UPDATE tasks_offer o
       SET state = 'withdrawn', ended_at = statement_timestamp(), reason = 'taken back'
      FROM reviews r WHERE o.slot_id = r.id AND o.state = 'offered' RETURNING o.slot_id),
kept AS (
    SELECT h.* FROM held h
     WHERE EXISTS (SELECT 1 FROM reviews)
        OR NOT EXISTS (SELECT 1 FROM tasks_slot r WHERE r.task_id = h.task_id
                          AND r.role = 'review' AND r.ordinal = h.submission_id)),
claim AS (
    UPDATE tasks_claim c
       SET state = 'in_progress', ended_at = NULL, seen_at = statement_timestamp(),
           lease_until = statement_timestamp() + make_interval(secs => c.lease_seconds),
           hold_until = greatest(c.hold_until, statement_timestamp()
                                 + make_interval(secs => c.lease_seconds))
      FROM kept k WHERE c.id = k.id RETURNING c.id, c.pool_id),
slot AS (
    UPDATE tasks_slot s SET state = 'claimed' FROM kept k WHERE s.id = k.slot_id RETURNING s.id),
task AS (
    UPDATE tasks_task t SET state = 'open', done_at = NULL
      FROM kept k WHERE t.id = k.task_id AND t.state = 'done'),
submission AS (
    UPDATE tasks_submission s SET withdrawn_at = statement_timestamp()
      FROM kept k WHERE s.id = k.submission_id),
draft AS (
    INSERT INTO tasks_draft AS d (slot_id, tutor_id, version, answer)
    SELECT slot_id, tutor_id, 1, answer FROM kept
        ON CONFLICT (slot_id, tutor_id) DO UPDATE
       SET answer = excluded.answer, version = d.version + 1, saved_at = statement_timestamp()),
figures AS (
    INSERT INTO tasks_counterchange
           (pool_id, waiting, offered, arrived, in_hand, submitted, accepted)
    SELECT c.pool_id, 0, 0, 0, 1, -1, -(k.state = 'accepted')::int
      FROM claim c JOIN kept k ON k.id = c.id
     UNION ALL
    SELECT pool_id, -(NOT EXISTS (SELECT 1 FROM offers o WHERE o.slot_id = r.id))::int,
           -(EXISTS (SELECT 1 FROM offers o WHERE o.slot_id = r.id))::int, -1, 0, 0, 0
      FROM reviews r)
SELECT k.submission_id FROM kept k JOIN claim ON claim.id = k.id
"""


@transaction.atomic
def take_back(*, account: Account, claim_id: int, at: datetime) -> ClaimSheet:
    """Undo a submit within seconds, as long as nobody holds its review; the answer is the draft.

    `CannotTakeBack` afterwards, `HandsFull` when she holds as much as she may without it.
    """
    own = Claim.objects.filter(pk=claim_id, tutor__account_id=account.pk)
    held = own.values_list("tutor_id", "task_id").first()
    if held is None:
        raise NotFound
    tutor_id, task_id = held
    hold(tutor_ids=[tutor_id])
    hold_waiting(task_id=task_id)
    submission_id = _back_in_hand(account=account, claim_id=claim_id)
    if too_full(tutor_id=tutor_id):
        raise HandsFull(
            _("Your hands are full: hand in or return something first, then take this back.")
        )
    move_clock(claim_id=claim_id, tutor_id=tutor_id, account_id=account.pk)
    event = TakenBack(
        subject=public_id("S", submission_id),
        claim=public_id("CL", claim_id),
        task=public_id("T", task_id),
    )
    record(event=event, actor=account, at=at)
    taken = sheet(claim_id=claim_id)
    if taken is None:
        raise ClaimOver(_("This claim is gone."))
    return taken


def _back_in_hand(*, account: Account, claim_id: int) -> int:
    """The claim is open again and its submission, whose key this returns, withdrawn."""
    parameters = {"claim": claim_id, "account": account.pk, "seconds": TAKE_BACK_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, parameters)
        row = cursor.fetchone()
    if row is None:
        raise CannotTakeBack(
            _(
                "An answer can be taken back for %(n)d seconds and until somebody "
                "reviews it. If something is wrong, tell the manager."
            )
            % {"n": TAKE_BACK_SECONDS}
        )
    return int(row[0])
