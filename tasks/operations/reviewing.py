"""Judging a submission, under a claim of one's own."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from tasks.events import Reviewed
from tasks.models import Review
from tasks.operations.ending import Ended, end_with_fence
from tasks.operations.finishing import accept_claim, finish_tasks
from tasks.queries.handing_in import ToJudge, to_judge
from tasks.rules.clocks import REVISION_KEPT_FOR
from tasks.rules.reviewing import (
    NOTE_CHARS_MAX,
    REJECTS_PER_SLOT_MAX,
    REVISIONS_MAX,
    USUAL_CATEGORIES,
)
from tasks.rules.states import OPEN_CLAIMS, ClaimState, ReviewDecision, TaskState
from tutors.operations.facts import raise_version
from workforce.models import Account
from workforce.operations import record
from workforce.operations.transacting import verb
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, Invalid, NotAllowed, NotFound


class CannotReview(Invalid):
    """The decision lacks something; `errors` says what."""

    code = "review_not_valid"
    title = "The decision needs another look"


class NotTheReviewer(NotAllowed):
    """The submission is known to the caller, the review claim is not hers."""

    code = "not_the_reviewer"
    title = "This review is not yours to write"


class ReviewOver(Conflict):
    code = "review_over"
    title = "This review is over"


class TooManyRevisions(Conflict):
    code = "too_many_revisions"
    title = "This answer came back often enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer says. A reject names a category, a revision has a note."""

    decision: ReviewDecision
    category: str = ""
    note: str = ""
    scores: dict[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        errors: dict[str, list[str]] = {}
        if self.decision is ReviewDecision.REJECT and not self.category.strip():
            usual = ", ".join(USUAL_CATEGORIES)
            errors["category"] = [
                _("A reject names a category, such as %(usual)s.") % {"usual": usual}
            ]
        if self.decision is ReviewDecision.REQUEST_REVISION and not self.note.strip():
            errors["note"] = [_("Say what should change; the author reads it.")]
        if len(self.note) > NOTE_CHARS_MAX:
            errors["note"] = [_("At most %(n)d characters.") % {"n": NOTE_CHARS_MAX}]
        if errors:
            raise CannotReview(_("The decision is not complete yet."), errors=errors)


@verb
def decide(*, account: Account, seen: ToJudge, judgement: Judgement, at: datetime) -> Review:
    """Accept, ask for a revision, or reject; ends the caller's review claim, whose time is paid.

    `seen` comes from `open_for_review`, which raises `NotTheReviewer` without a review claim.
    `CannotReview` for an incomplete decision, `TooManyRevisions`, `ReviewOver` when the claim
    ended meanwhile. A refused decision changes nothing.
    """
    judgement.check()
    if judgement.decision is ReviewDecision.REQUEST_REVISION and seen.revisions >= REVISIONS_MAX:
        raise TooManyRevisions(
            _("It came back %(n)d times. Accept it or reject it.") % {"n": REVISIONS_MAX}
        )
    _count(seen, judgement)
    ended = _end_own_claim(seen)
    review = _keep(seen, judgement, ended)
    pool, offer, done = _follow(seen, judgement)
    event = Reviewed(
        subject=public_id("S", seen.submission_id),
        review=review.public_id,
        task=public_id("T", seen.task_id),
        project=public_id("P", seen.project_id),
        author=public_id("E", seen.author_id),
        reviewer=public_id("E", review.reviewer_id),
        decision=judgement.decision.value,
        category=judgement.category,
        queue=seen.queue,
        pool=pool,
        offer=offer,
        task_done=done,
    )
    record(event=event, actor=account, at=at)
    return review


def open_for_review(*, account: Account, submission_id: int) -> ToJudge:
    """The submission as the account's reviewer sees it.

    Known to its author (`NotTheReviewer`: nobody reviews her own work) and to whoever held its
    review; to everybody else it does not exist (`NotFound`).
    """
    seen = to_judge(submission_id=submission_id, account_id=account.pk)
    if seen is None:
        raise NotFound
    if account.pk == seen.author_account_id:
        raise NotTheReviewer(_("Nobody reviews her own work."))
    if seen.review_claim_id is None:
        raise NotFound
    return seen


def _end_own_claim(seen: ToJudge) -> Ended:
    ended = None
    if seen.review_state in OPEN_CLAIMS and not seen.withdrawn:
        assert seen.review_claim_id and seen.reviewer_id and seen.review_fence
        ended = end_with_fence(
            claim_id=seen.review_claim_id,
            tutor_id=seen.reviewer_id,
            fence=seen.review_fence,
            state=ClaimState.ACCEPTED,
        )
    if ended is None:
        raise ReviewOver(_("Your review claim of this answer has ended. Its time is kept."))
    return ended


_COUNT = """
INSERT INTO tasks_reviewrecord AS k (author_id, domain_id, task_type, reviewer_id, judged, accepted)
SELECT %(author)s, j.domain_id, j.task_type, %(reviewer)s, 1, %(accepted)s
  FROM tasks_project j WHERE j.id = %(project)s
   AND NOT EXISTS (SELECT 1 FROM tasks_goldcheck g
                    WHERE g.submission_id = %(submission)s AND g.counts)
    ON CONFLICT (author_id, domain_id, task_type, reviewer_id) DO UPDATE
   SET judged = k.judged + 1, accepted = k.accepted + excluded.accepted
"""


def _count(seen: ToJudge, judgement: Judgement) -> None:
    """Add to the author's record, unless the answer was compared with a known one, which counts
    already. It comes first: her row is held before claim, slot and budget,
    as in a claim of hers, which waits for the decision or is waited for.
    """
    raise_version(tutor_id=seen.author_id)
    parameters = {
        "author": seen.author_id,
        "reviewer": seen.reviewer_id,
        "project": seen.project_id,
        "submission": seen.submission_id,
        "accepted": int(judgement.decision is ReviewDecision.ACCEPT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)


def _keep(seen: ToJudge, judgement: Judgement, ended: Ended) -> Review:
    return Review.objects.create(
        submission_id=seen.submission_id,
        claim_id=ended.claim_id,
        author_id=seen.author_id,
        reviewer_id=ended.tutor_id,
        decision=judgement.decision,
        category=judgement.category,
        note=judgement.note,
        scores=judgement.scores,
        seconds_worked=ended.seconds_worked,
    )


def _follow(seen: ToJudge, judgement: Judgement) -> tuple[str | None, str | None, bool]:
    """What a decision leads to: the pool that waits again, the author's offer, the task done."""
    if judgement.decision is ReviewDecision.ACCEPT:
        accept_claim(claim_id=seen.author_claim_id)
        return None, None, bool(finish_tasks(task_ids=[seen.task_id]))
    if judgement.decision is ReviewDecision.REJECT:
        return _reject(seen)
    return None, _send_back(seen, judgement), False


_REJECT = """
WITH rejected AS (
    UPDATE tasks_claim c SET state = 'rejected'
     WHERE c.id = %(claim)s AND c.state = 'submitted' RETURNING c.slot_id, c.pool_id),
slot AS (
    UPDATE tasks_slot s
       SET rejects = s.rejects + 1, state = CASE WHEN %(again)s THEN 'open' ELSE 'done' END
      FROM rejected r WHERE s.id = r.slot_id AND s.state = 'done'
    RETURNING s.pool_id)
INSERT INTO tasks_counterchange (pool_id, rejected, waiting)
SELECT pool_id, 1, CASE WHEN %(again)s THEN 1 ELSE 0 END FROM slot RETURNING 1
"""


def _reject(seen: ToJudge) -> tuple[str | None, str | None, bool]:
    """Somebody else answers, with the slot's age; after a few rejects the manager decides."""
    again = (
        seen.slot_rejects + 1 < REJECTS_PER_SLOT_MAX and seen.task_state is not TaskState.CANCELLED
    )
    with connection.cursor() as cursor:
        cursor.execute(_REJECT, {"claim": seen.author_claim_id, "again": again})
    if again:
        return public_id("PL", seen.pool_id), None, False
    return None, None, bool(finish_tasks(task_ids=[seen.task_id]))


_SEND_BACK = """
WITH sent AS (
    UPDATE tasks_claim c SET state = 'revision_requested'
     WHERE c.id = %(claim)s AND c.state = 'submitted'
    RETURNING c.slot_id, c.pool_id, c.tutor_id, c.task_id, c.role),
slot AS (
    UPDATE tasks_slot s SET state = 'offered' FROM sent
     WHERE s.id = sent.slot_id AND s.state = 'done' RETURNING s.id),
offer AS (
    INSERT INTO tasks_offer (slot_id, task_id, pool_id, tutor_id, role, kind, state, why,
           rate_minor_hourly, currency, revises_id, expires_at, reason)
    SELECT sent.slot_id, sent.task_id, sent.pool_id, sent.tutor_id, sent.role, 'revision',
           'offered', %(why)s, %(rate)s, %(currency)s, %(submission)s,
           statement_timestamp() + %(lasts)s, ''
      FROM sent JOIN slot ON slot.id = sent.slot_id
    RETURNING id, pool_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, offered, revised) SELECT pool_id, 1, 1 FROM offer)
SELECT id FROM offer
"""


def _send_back(seen: ToJudge, judgement: Judgement) -> str | None:
    """The slot is kept for its author for two days; then anybody eligible may go on."""
    if seen.task_state is TaskState.CANCELLED:
        return None
    parameters: dict[str, Any] = {
        "claim": seen.author_claim_id,
        "submission": seen.submission_id,
        "why": Jsonb({"revision": {"note": judgement.note, "category": judgement.category}}),
        "rate": seen.rate_minor_hourly,
        "currency": seen.currency,
        "lasts": REVISION_KEPT_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEND_BACK, parameters)
        row = cursor.fetchone()
    return public_id("O", row[0]) if row else None
