"""What a tutor does with a task in hand, by form: it works without scripts too."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tasks.operations import reviewing, submitting, working
from tasks.pages.work.filling import read
from tasks.pages.work.sheets import Asked, questions
from tasks.pages.work.workspace import HANDS, HOME, own_sheet, show
from tasks.queries.claims import ClaimSheet
from tasks.queries.handing_in import in_hand
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import ReviewDecision, WorkRole
from tasks.types.places import places_of
from workforce.doors.pages import Visit, page
from workforce.rules.problems import Invalid, NotFound

SCORE_PREFIX = "score-"


@page(roles=HANDS)
def act(visit: Visit, *, id: str, act: str) -> HttpResponse:
    """One act on a claim; read back by its name in the address."""
    sheet = own_sheet(visit, id)
    if act not in ACTS:
        raise NotFound
    if not visit.posted:
        return visit.go("work-task", sheet.public_id)
    return ACTS[act](visit, sheet)


def _reason(visit: Visit) -> str:
    return visit.request.POST.get("reason", "").strip()[:REASON_CHARS_MAX]


def _skip(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    working.skip(account=visit.account, claim_id=sheet.claim_id, reason=_reason(visit), at=visit.at)
    return visit.go(HOME, say=_("Skipped. It is not scored."))


def _return(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    if not _reason(visit):
        raise Invalid(_("Say in a few words why you return it. It is not scored."))
    ended = working.hand_back(
        account=visit.account, claim_id=sheet.claim_id, reason=_reason(visit), at=visit.at
    )
    minutes = max(1, ended.seconds_worked // 60)
    return visit.go(HOME, say=_("Returned. Your %(n)d m are paid.") % {"n": minutes})


def _pause(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    working.pause(account=visit.account, claim_id=sheet.claim_id, reason="", at=visit.at)
    return visit.go("work-task", sheet.public_id, say=_("Paused. Paid time stands still."))


def _resume(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    working.resume(account=visit.account, claim_id=sheet.claim_id, at=visit.at)
    return visit.go("work-task", sheet.public_id)


def _extend(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    working.extend(
        account=visit.account, claim_id=sheet.claim_id, reason=_reason(visit), at=visit.at
    )
    return visit.go("work-task", sheet.public_id, say=_("You have more time for this task."))


def _take_back(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    submitting.take_back(account=visit.account, claim_id=sheet.claim_id, at=visit.at)
    return visit.go("work-task", sheet.public_id, say=_("Taken back. Your answer is the draft."))


def _cannot(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    said: dict[str, Any] = {"reason": visit.request.POST.get("why", "")}
    if note := visit.request.POST.get("note", "").strip():
        said["note"] = note
    return _hand_in(visit, sheet, {"cannot": said})


def _submit(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    answer = _answered(visit, sheet)
    if more := visit.request.POST.get("more"):
        return show(visit, sheet, asked=Asked(plain=True, answer=answer, more=more))
    if "save" in visit.request.POST:
        working.save_draft(
            account=visit.account, claim_id=sheet.claim_id, answer=answer, version=None, at=visit.at
        )
        return visit.go(f"{_address(sheet)}?plain", say=_("Draft saved."))
    return _hand_in(visit, sheet, answer)


def _address(sheet: ClaimSheet) -> str:
    return f"{HOME}task/{sheet.public_id}/"


def _answered(visit: Visit, sheet: ClaimSheet) -> dict[str, Any]:
    posted = {name: value for name, value in visit.request.POST.items() if isinstance(value, str)}
    return read(questions(sheet), posted, texts=places_of(sheet.input))


def _hand_in(visit: Visit, sheet: ClaimSheet, answer: Any) -> HttpResponse:
    own = in_hand(claim_id=sheet.claim_id, account_id=visit.account.pk)
    if own is None:
        raise NotFound
    try:
        submitting.submit(
            account=visit.account, own=own, fence=sheet.fence, answer=answer, at=visit.at
        )
    except submitting.CannotSubmit as refusal:
        errors = {k.removeprefix("answer").lstrip("."): v for k, v in refusal.errors.items()}
        asked = Asked(plain=True, answer=answer, errors=errors)
        return show(visit, sheet, asked=asked, status=422)
    return visit.go("work-task", sheet.public_id)


def _decide(visit: Visit, sheet: ClaimSheet) -> HttpResponse:
    if sheet.role is WorkRole.ATTEMPT or sheet.judged is None:
        raise NotFound
    judgement = _judgement(visit)
    seen = reviewing.open_for_review(
        account=visit.account, submission_id=sheet.judged.submission_id
    )
    try:
        if judgement["decision"] not in list(ReviewDecision):
            raise reviewing.CannotReview(
                _("Choose a decision."), errors={"decision": [_("Choose a decision.")]}
            )
        reviewing.decide(
            account=visit.account,
            seen=seen,
            judgement=reviewing.Judgement(
                **{**judgement, "decision": ReviewDecision(judgement["decision"])}
            ),
            at=visit.at,
        )
    except (reviewing.CannotReview, reviewing.TooManyRevisions) as refusal:
        errors = refusal.errors or {"decision": [refusal.detail]}
        return show(visit, sheet, asked=Asked(answer=judgement, errors=errors), status=422)
    return visit.go("work-task", sheet.public_id)


def _judgement(visit: Visit) -> dict[str, Any]:
    posted = visit.request.POST
    scores = {
        name.removeprefix(SCORE_PREFIX): int(value)
        for name, value in posted.items()
        if name.startswith(SCORE_PREFIX) and isinstance(value, str) and value in "12345" and value
    }
    return {
        "decision": posted.get("decision", ""),
        "category": posted.get("category", "").strip(),
        "note": posted.get("note", "").strip(),
        "scores": scores,
    }


ACTS: dict[str, Callable[[Visit, ClaimSheet], HttpResponse]] = {
    "skip": _skip,
    "return": _return,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "take-back": _take_back,
    "cannot": _cannot,
    "submit": _submit,
    "decide": _decide,
}
