"""What reviewers said: the list, and one word with the answer and the guide of its time."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tasks.doors.answers import lines_of
from tasks.doors.markdown import as_html
from tasks.doors.words import DECISIONS, domain_name, kind_of_work, title_of
from tasks.queries.feedback import (
    guide_text,
    own_submission,
    reviews_of_own_work,
    scores_of,
)
from tasks.queries.home import first_time_by_type, together
from tasks.queries.records import own_record
from tasks.rules.states import ReviewDecision, WorkRole
from tutors.rules.standing import lower_bound
from workforce.doors.desk import key_of
from workforce.doors.listing import listing
from workforce.doors.pages import Visit, page
from workforce.rules.ids import public_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})
VIEWS = ("all", "notes", "fix")


@page(roles=HANDS)
def feedback(visit: Visit) -> HttpResponse:
    """Every decision about her work, the newest answers first."""
    view = visit.query.get("view", "all")
    rows = reviews_of_own_work(
        account_id=visit.account.pk, with_note=view == "notes", to_fix=view == "fix"
    )
    found = listing(visit, rows)
    return visit.render(
        "tasks/work/feedback.html",
        {
            "listing": found,
            "lines": [_line(review) for review in found.rows],
            "view": view if view in VIEWS else "all",
            "standing": [_standing(each) for each in own_record(account_id=visit.account.pk)],
            "record": together(first_time_by_type(account_id=visit.account.pk)),
        },
    )


def _standing(record: Any) -> dict[str, Any]:
    """What was judged of one kind of work, and how good it is at least: rounded down."""
    bound = lower_bound(accepted=record.accepted, judged=record.judged)
    return {
        "kind": kind_of_work(record.task_type),
        "field": domain_name(record.speciality),
        "slug": record.speciality,
        "judged": record.judged,
        "accepted": record.accepted,
        "percent": int(bound * 100),
        "one_sided": 2 * record.most_by_one > record.judged,
    }


def _line(review: Any) -> dict[str, Any]:
    claim = review.submission.claim
    guide = review.submission.guide
    return {
        "review": review,
        "decision": DECISIONS[ReviewDecision(review.decision)],
        "title": title_of(
            task_type=claim.project.task_type,
            domain=claim.project.domain.slug,
            role=WorkRole.ATTEMPT,
            revision=claim.revises_id is not None,
        ),
        "claim": claim,
        "submission": public_id("S", review.submission_id),
        "fix": public_id("O", review.fix_offer_id) if review.fix_offer_id else "",
        "guide": guide.n if guide else None,
        "guide_changed": bool(guide and review.guide_now and review.guide_now > guide.n),
        "guide_now": review.guide_now,
    }


@page(roles=HANDS)
def feedback_item(visit: Visit, *, id: str) -> HttpResponse:
    """One decision, beside the answer that it is about."""
    rows = reviews_of_own_work(account_id=visit.account.pk)
    review = rows.filter(submission_id=key_of("S", id)).first()
    if review is None:
        return _not_judged(visit, submission_id=key_of("S", id))
    return visit.render(
        "tasks/work/feedback_item.html",
        {
            **_line(review),
            "answer": lines_of(review.submission.answer),
            "scores": [(name.replace("_", " "), n) for name, n in scores_of(review).items()],
            "guide_text": as_html(guide_text(guide_id=review.submission.guide_id)),
        },
    )


def _not_judged(visit: Visit, *, submission_id: int) -> HttpResponse:
    """Her own answer without a word so far stands in her history; anything else is not there."""
    claim_id = own_submission(account_id=visit.account.pk, submission_id=submission_id)
    if claim_id is None:
        raise NotFound(_("No feedback has this id, or it is not about your work."))
    return visit.go("work-history-item", public_id("CL", claim_id))
