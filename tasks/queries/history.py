"""A tutor's claims that are over, and one of them with what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from tasks.models import Claim, Project
from tasks.queries.plans import decoded, row_of
from tasks.rules import clocks
from tasks.rules.states import OPEN_CLAIMS, ReviewDecision, WorkRole

PROJECTS_OFFERED_MAX = 100
"""Projects in the filter's list: those of her newest claims."""

CLAIMS_LOOKED_AT = 1_000


def ended_claims(
    *,
    account_id: int,
    state: str = "",
    project_id: int | None = None,
    task_type: str = "",
    role: str = "",
) -> QuerySet[Claim]:
    """Claims that are not in hand any more, each with its project, for a paged list."""
    wanted: dict[str, Any] = {
        "state": state,
        "project_id": project_id,
        "project__task_type": task_type,
        "role": role,
    }
    rows = Claim.objects.filter(tutor__account_id=account_id)
    if not state:
        rows = rows.exclude(state__in=[s.value for s in OPEN_CLAIMS])
    return (
        rows.filter(**{k: v for k, v in wanted.items() if v})
        .select_related("project__domain", "review")
        .annotate(task_type=F("project__task_type"))
        .defer("project__requirements", "project__review_requirements")
    )


def own_projects(*, account_id: int) -> list[Project]:
    """The projects of her newest claims, for a filter."""
    newest = Claim.objects.filter(tutor__account_id=account_id).order_by("-id")
    ids = newest.values("project_id")[:CLAIMS_LOOKED_AT]
    found = Project.objects.filter(pk__in=ids).only("id", "name").order_by("name", "id")
    return list(found[:PROJECTS_OFFERED_MAX])


def worth_minor(claim: Claim) -> int:
    """What the claim's time is worth at its locked rate; pay lines round once a week."""
    return clocks.cost_minor(
        seconds=claim.seconds_worked, rate_minor_hourly=claim.rate_minor_hourly
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was handed in under a claim, and what was said about it."""

    submission_id: int | None
    answer: Any
    cannot: bool
    submitted_at: datetime | None
    taking_back_seconds: int
    decision: ReviewDecision | None
    category: str
    note: str
    decided_at: datetime | None
    fix_offer_id: int | None
    unreviewed: str


_OUTCOME = f"""
SELECT s.id, s.answer, s.cannot, s.submitted_at,
       CASE WHEN c.state IN ('submitted', 'accepted') AND c.role = 'attempt'
             AND (slot.id IS NULL AND s.unreviewed = 'not_sampled'
                  OR slot.state IN ('open', 'offered'))
            THEN greatest(0, ceil({clocks.TAKE_BACK_SECONDS} - extract(epoch FROM
                 statement_timestamp() - s.submitted_at)))::int ELSE 0 END,
       review.decision, review.category, review.note, review.decided_at, offer.id,
       coalesce(s.unreviewed, '')
  FROM tasks_claim c
  JOIN tutors_tutor t ON t.id = c.tutor_id
  LEFT JOIN tasks_submission s ON s.claim_id = c.id AND s.withdrawn_at IS NULL
  LEFT JOIN tasks_review review ON review.submission_id = s.id
                                OR (c.role <> 'attempt' AND review.claim_id = c.id)
  LEFT JOIN tasks_slot slot ON slot.task_id = s.task_id AND slot.role = 'review'
                           AND slot.ordinal = s.id
  LEFT JOIN tasks_offer offer ON offer.revises_id = s.id AND offer.tutor_id = c.tutor_id
                             AND offer.state = 'offered'
                             AND offer.expires_at > statement_timestamp()
 WHERE c.id = %(claim)s AND t.account_id = %(account)s
"""  # noqa: S608


def outcome(*, claim_id: int, account_id: int) -> Outcome | None:
    """None for a foreign or missing claim."""
    row = row_of(_OUTCOME, {"claim": claim_id, "account": account_id})
    if row is None:
        return None
    return Outcome(
        submission_id=row[0],
        answer=decoded(row[1]),
        cannot=bool(row[2]),
        submitted_at=row[3],
        taking_back_seconds=row[4] or 0,
        decision=ReviewDecision(row[5]) if row[5] else None,
        category=row[6] or "",
        note=row[7] or "",
        decided_at=row[8],
        fix_offer_id=row[9],
        unreviewed=row[10],
    )


def one_claim(*, claim_id: int, account_id: int) -> Claim | None:
    """One of the account's own claims with its project and task."""
    rows = Claim.objects.filter(pk=claim_id, tutor__account_id=account_id)
    return rows.select_related("project__domain", "task").first()


def is_review(claim: Claim) -> bool:
    return WorkRole(claim.role) is not WorkRole.ATTEMPT
