"""Work that is done: the list, and one piece of it as it was handed in."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.doors.answers import lines_of
from tasks.doors.words import CLAIMS, DECISIONS, kind_of_work, title_of
from tasks.operations.submitting import CannotTakeBack, take_back
from tasks.queries import history as queries
from tasks.rules.states import OPEN_CLAIMS, ClaimState, ReviewDecision, WorkRole
from tasks.types import all_types
from workforce.doors.desk import key_of
from workforce.doors.listing import CSV_ROWS_MAX, csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views
from workforce.rules.ids import NotAnId, internal_id, public_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})
OVER = [state for state in ClaimState if state not in OPEN_CLAIMS]


class HistoryFilter(forms.Form):
    state = forms.ChoiceField(required=False, label=lazy("State"))
    project = forms.ChoiceField(required=False, label=lazy("Project"))
    type = forms.ChoiceField(required=False, label=lazy("Kind of work"))

    def __init__(self, data: Any, *, projects: Any) -> None:
        super().__init__(data)
        anything = [("", _("Any"))]
        fields: Any = self.fields
        fields["state"].choices = anything + [(s.value, CLAIMS[s].word) for s in OVER]
        fields["project"].choices = anything + [(p.public_id, p.name) for p in projects]
        kinds = [(t.slug, kind_of_work(t.slug)) for t in all_types()]
        fields["type"].choices = anything + kinds


@page(roles=HANDS)
def history(visit: Visit) -> HttpResponseBase:
    """What she has done, newest first; the filters are in the address."""
    form = HistoryFilter(visit.query, projects=queries.own_projects(account_id=visit.account.pk))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.ended_claims(
        account_id=visit.account.pk,
        state=wanted.get("state", ""),
        project_id=_project(wanted.get("project", "")),
        task_type=wanted.get("type", ""),
    )
    if visit.query.get("format") == "csv":
        return _csv(rows.order_by("-id")[:CSV_ROWS_MAX])
    found = listing(visit, rows)
    return visit.render(
        "tasks/work/history.html",
        {
            "form": form,
            "filters": sum(bool(value) for value in wanted.values()),
            "listing": found,
            "lines": [(claim, *_shown(claim)) for claim in found.rows],
            "csv": _csv_address(visit),
            "views": saved_views(visit, page="work-history"),
        },
    )


def _project(text: str) -> int | None:
    try:
        return internal_id("P", text) if text else None
    except NotAnId:
        return None


def _shown(claim: Any) -> tuple[str, Any, Any, int]:
    """Title, the state's pill, the decision of a review she wrote, and what her time is worth."""
    review = getattr(claim, "review", None) if claim.role != WorkRole.ATTEMPT else None
    decision = DECISIONS[ReviewDecision(review.decision)] if review else None
    return (
        _title(claim),
        CLAIMS[ClaimState(claim.state)],
        decision,
        queries.worth_minor(claim),
    )


def _title(claim: Any) -> str:
    return title_of(
        task_type=claim.project.task_type,
        domain=claim.project.domain.slug,
        role=WorkRole(claim.role),
        revision=claim.revises_id is not None,
    )


def _csv_address(visit: Visit) -> str:
    query = visit.query.copy()
    query.pop("cursor", None)
    query["format"] = "csv"
    return f"?{query.urlencode()}"


_HEADER = (
    "claim", "task", "project", "kind", "role", "state", "taken_at", "ended_at", "seconds",
    "rate_minor_hourly", "worth_minor", "currency",
)  # fmt: skip


def _csv(rows: Any) -> HttpResponseBase:
    lines = (
        (
            claim.public_id, public_id("T", claim.task_id), claim.project.name,
            claim.project.task_type, claim.role, claim.state, claim.claimed_at.isoformat(),
            claim.ended_at.isoformat() if claim.ended_at else "", claim.seconds_worked,
            claim.rate_minor_hourly, queries.worth_minor(claim), claim.currency,
        )
        for claim in rows.iterator()
    )  # fmt: skip
    return csv_file("history", _HEADER, lines)


@page(roles=HANDS)
def history_item(visit: Visit, *, id: str) -> HttpResponse:
    """One claim: what was handed in, what was said, and what can still be done about it."""
    claim_id = key_of("CL", id)
    claim = queries.one_claim(claim_id=claim_id, account_id=visit.account.pk)
    if claim is None:
        raise NotFound
    if claim.state in OPEN_CLAIMS:
        return visit.go("work-task", claim.public_id)
    outcome = queries.outcome(claim_id=claim_id, account_id=visit.account.pk)
    assert outcome is not None
    return visit.render(
        "tasks/work/history_item.html",
        {
            "claim": claim,
            "task": public_id("T", claim.task_id),
            "title": _title(claim),
            "status": CLAIMS[ClaimState(claim.state)],
            "is_review": queries.is_review(claim),
            "worth": queries.worth_minor(claim),
            "outcome": outcome,
            "decision": DECISIONS[outcome.decision] if outcome.decision else None,
            "fix": public_id("O", outcome.fix_offer_id) if outcome.fix_offer_id else "",
            "submission": public_id("S", outcome.submission_id) if outcome.submission_id else "",
            "answer": lines_of(outcome.answer) if outcome.submission_id else [],
        },
    )


@page(roles=HANDS)
def take_back_claim(visit: Visit, *, id: str) -> HttpResponse:
    """Undo a submit within its seconds; the answer is the draft again."""
    claim_id = key_of("CL", id)
    if not visit.posted:
        return visit.go("work-history-item", id)
    try:
        taken = take_back(account=visit.account, claim_id=claim_id, at=visit.at)
    except CannotTakeBack as refusal:
        visit.say(refusal.detail, bad=True)
        return visit.go("work-history-item", id)
    return visit.go("work-task", taken.public_id, say=_("Taken back. Your answer is the draft."))
