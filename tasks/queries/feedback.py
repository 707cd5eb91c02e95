"""What reviewers said about a tutor's work, and whether a paid fix is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from tasks.models import GuideVersion, Offer, Review, Submission
from tasks.queries.plans import row_of
from tasks.rules.states import OfferKind, OfferState, ReviewDecision
from workforce.models.fields import database_now
from workforce.rules.ids import public_id

LATEST_LOOKED_AT = 50
"""Her newest judged answers, of which the latest word is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The latest decision about her work. `offer_id`: the paid fix that waits for her."""

    submission_id: int
    decision: ReviewDecision
    note: str
    decided_at: datetime
    task_type: str
    domain: str
    offer_id: int | None
    to_fix: int

    @property
    def public_id(self) -> str:
        return public_id("S", self.submission_id)

    @property
    def offer(self) -> str:
        return public_id("O", self.offer_id) if self.offer_id else ""


_LATEST = f"""
WITH mine AS MATERIALIZED (
    SELECT s.id, s.tutor_id, c.project_id, r.decision, r.note, r.decided_at
      FROM tutors_tutor t
      JOIN tasks_submission s ON s.tutor_id = t.id AND s.withdrawn_at IS NULL
      JOIN tasks_review r ON r.submission_id = s.id
      JOIN tasks_claim c ON c.id = s.claim_id
     WHERE t.account_id = %(account)s ORDER BY s.id DESC LIMIT {LATEST_LOOKED_AT}),
fixes AS MATERIALIZED (
    SELECT o.id, o.revises_id FROM tutors_tutor t JOIN tasks_offer o ON o.tutor_id = t.id
     WHERE t.account_id = %(account)s AND o.state = 'offered' AND o.kind = 'revision'
       AND o.expires_at > statement_timestamp())
SELECT mine.id, mine.decision, mine.note, mine.decided_at, project.task_type, domain.slug,
       fixes.id, (SELECT count(*) FROM fixes)::int
  FROM mine
  JOIN tasks_project project ON project.id = mine.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  LEFT JOIN fixes ON fixes.revises_id = mine.id
 ORDER BY (fixes.id IS NOT NULL) DESC, (mine.note <> '') DESC, mine.decided_at DESC, mine.id DESC
 LIMIT 1
"""  # noqa: S608


def latest_word(*, account_id: int) -> Word | None:
    """What to show first: a fix that waits, else the newest word with a note, else the newest."""
    row = row_of(_LATEST, {"account": account_id})
    return _word(row) if row else None


def _word(row: Sequence[Any]) -> Word:
    values = dict(zip(Word.__dataclass_fields__, row, strict=True))
    return Word(**{**values, "decision": ReviewDecision(row[1])})


def reviews_of_own_work(
    *, account_id: int, with_note: bool = False, to_fix: bool = False
) -> QuerySet[Review]:
    """Every decision about her answers, each with `fix_offer_id` and the guide it was under.

    Who reviewed stays unsaid.
    """
    fix = Offer.objects.filter(
        revises=OuterRef("submission_id"),
        kind=OfferKind.REVISION,
        state=OfferState.OFFERED,
        expires_at__gt=database_now(),
        tutor=OuterRef("author_id"),
    )
    newest = GuideVersion.objects.filter(project=OuterRef("submission__claim__project_id"))
    rows = (
        Review.objects.filter(submission__tutor__account_id=account_id)
        .select_related(
            "submission__guide", "submission__claim__project__domain", "submission__claim__task"
        )
        .defer("submission__claim__project__requirements")
        .annotate(
            fix_offer_id=Subquery(fix.values("pk")[:1]),
            guide_now=Subquery(newest.order_by("-n").values("n")[:1]),
        )
    )
    if with_note:
        rows = rows.exclude(note="")
    return rows.filter(fix_offer_id__isnull=False) if to_fix else rows


def own_submission(*, account_id: int, submission_id: int) -> int | None:
    """The claim behind an answer of the account's tutor."""
    own = Submission.objects.filter(pk=submission_id, tutor__account_id=account_id)
    return own.values_list("claim_id", flat=True).first()


def guide_text(*, guide_id: int | None) -> str:
    """The guide as it stood when the answer was written."""
    if guide_id is None:
        return ""
    found = GuideVersion.objects.filter(pk=guide_id).values_list("text", flat=True).first()
    return found or ""


def scores_of(review: Review) -> Mapping[str, Any]:
    return review.scores or {}
