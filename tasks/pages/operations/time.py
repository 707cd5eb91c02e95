"""Time approvals: what looks odd first, evidence beside it; many at once, or a reasoned no."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from tasks.operations.approving import approve
from tasks.operations.timekeeping import decline
from tasks.pages.operations.parts import READING, STEERING, may_steer, reason_of
from tasks.queries import approvals, visible
from tasks.queries.deciding import time_waiting
from tasks.queries.time import entries_for
from tasks.rules.limits import BULK_APPROVE_MAX
from tasks.rules.states import TimeKind, TimeState
from workforce.doors.desk import key_of
from workforce.doors.listing import Listing, csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid, NotAllowed, Refusal

FLAGS = {
    "disputed": ("bad", "scale", lazy("Disputed")),
    "held": ("warn", "clock-pause", lazy("Held")),
    "over_cap": ("bad", "alert-triangle", lazy("Over the cap")),
    "far_over": ("warn", "clock-exclamation", lazy("Far over expected")),
    "by_hand": ("warn", "pencil", lazy("Written by hand")),
}
KINDS = {
    TimeKind.TASK: lazy("Task"),
    TimeKind.REVIEW: lazy("Review"),
    TimeKind.REWORK: lazy("Rework"),
    TimeKind.ONBOARDING: lazy("Onboarding"),
    TimeKind.ASSESSMENT: lazy("Assessment"),
    TimeKind.MEETING: lazy("Meeting"),
    TimeKind.WAIT: lazy("Waiting time"),
}
TABS = {
    "": lazy("Outliers first"),
    "all": lazy("All waiting"),
    "disputed": lazy("Disputes"),
    "decided": lazy("Decided"),
}


@page(roles=READING)
def time(visit: Visit) -> HttpResponseBase:
    """GET: the view asked for. POST: approve the entries named by `ids`, all of them or none."""
    if visit.posted:
        return _approve(visit)
    if visit.query.get("format") == "csv":
        return _csv(_rows(_view(visit)))
    return visit.render("tasks/operations/time.html", _context(visit))


def _view(visit: Visit) -> str:
    view = visit.query.get("view", "")
    return view if view in TABS else ""


def _rows(view: str) -> Any:
    if view == "decided":
        decided = [TimeState.APPROVED, TimeState.DECLINED, TimeState.LOCKED]
        return approvals.in_states([s.value for s in decided])
    return approvals.waiting(state="disputed" if view == "disputed" else "")


def _listed(visit: Visit, view: str) -> tuple[Listing, bool]:
    """The page, and whether it stands for all that waits because nothing looked odd."""
    if view:
        return listing(visit, _rows(view)), False
    found = approvals.outliers()
    if found:
        return Listing(rows=found, next=None, previous=None), False
    return listing(visit, _rows("all")), True


def _context(visit: Visit, **more: Any) -> dict[str, Any]:
    view = _view(visit)
    found, nothing_odd = _listed(visit, view)
    evidence = approvals.evidence(found.rows)
    for entry in found.rows:
        _dress(entry, evidence[entry.pk], visit)
    return {
        "listing": found,
        "view": view,
        "tabs": list(TABS.items()),
        "views": saved_views(visit, page="ops-time"),
        "waiting": time_waiting(),
        "nothing_odd": nothing_odd,
        "is_decided": view == "decided",
        "may_steer": may_steer(visit) and view != "decided",
        "bulk_max": BULK_APPROVE_MAX,
        "ticked": (),
        "window_max": approvals.WINDOW_MAX,
        **more,
    }


def _dress(entry: Any, evidence: approvals.Evidence, visit: Visit) -> None:
    """Put on the row what its line shows."""
    entry.evidence = evidence
    entry.kind_word = KINDS[TimeKind(entry.kind)]
    entry.flags_shown = [FLAGS[name] for name in evidence.flags]
    against = evidence.expected_seconds
    entry.percent = entry.seconds * 100 // against if against else None
    entry.is_own = entry.account_id == visit.account.pk
    entry.task_id = f"T-{evidence.task_id}" if evidence.task_id else ""
    entry.submission = f"S-{evidence.submission_id}" if evidence.submission_id else ""


def _approve(visit: Visit) -> HttpResponseBase:
    if not may_steer(visit):
        raise NotAllowed(_("Managers approve time."))
    ids = visit.request.POST.getlist("ids")[: BULK_APPROVE_MAX + 1]
    try:
        if not ids:
            raise Invalid(_("Select the entries first."))
        approve(entry_ids=[_key(each) for each in ids], actor=visit.account, at=visit.at)
    except Refusal as refusal:
        context = _context(visit, refusal=refusal, ticked=tuple(ids), conflict=_named(refusal, ids))
        return visit.render("tasks/operations/time.html", context, status=422)
    said = ngettext("%(n)d entry approved.", "%(n)d entries approved.", len(ids))
    return visit.go(visit.request.get_full_path(), say=said % {"n": len(ids)})


def _key(text: str) -> int:
    try:
        return internal_id("TE", text)
    except NotAnId:
        raise Invalid(_("%(id)s is no time entry.") % {"id": text[:24]}) from None


def _named(refusal: Refusal, ids: list[str]) -> str:
    """Which of the entries the refusal is about."""
    words = refusal.detail.replace(",", " ").split()
    return next((each for each in ids if each in words), "")


@page(roles=STEERING)
def time_decline(visit: Visit, *, id: str) -> HttpResponseBase:
    """With a reason, which the tutor reads and may dispute."""
    held = visible.one(entries_for(account=visit.account), key_of("TE", id))
    if not visit.posted:
        return visit.go("ops-time")
    decline(entry=held, reason=reason_of(visit), actor=visit.account, at=visit.at)
    said = _("%(id)s is declined. The tutor reads your reason and may disagree.")
    return visit.go("ops-time", say=said % {"id": held.public_id})


def _csv(rows: Any) -> HttpResponseBase:
    header = (
        "id", "tutor", "name", "kind", "state", "project", "claim", "started_at", "ended_at",
        "seconds", "rate_minor_hourly", "currency", "reason", "decision_reason", "decided_by",
    )  # fmt: skip
    lines = (
        (
            e.public_id, f"E-{e.tutor_id}", e.tutor.account.name, e.kind, e.state,
            f"P-{e.project_id}" if e.project_id else "", f"CL-{e.claim_id}" if e.claim_id else "",
            e.started_at.isoformat(), e.ended_at.isoformat() if e.ended_at else "", e.seconds,
            e.rate_minor_hourly, e.currency, e.reason, e.decision_reason,
            e.decided_by.name if e.decided_by else "",
        )
        for e in rows.order_by("-id").iterator(chunk_size=1000)
    )  # fmt: skip
    return csv_file("time-entries", header, lines)
