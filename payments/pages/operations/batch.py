"""One payout batch under four eyes: checked, approved, sent, answered by the bank."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.doors import paper
from payments.doors.sheets import checks_of, left_out_said, money_of, steps_of, why_of
from payments.doors.typed import example, is_total
from payments.doors.words import EVENTS
from payments.operations.handing import hand_over_file
from payments.operations.payees import CannotHoldPayouts
from payments.operations.paying import approve_batch, cancel_batch, send_batch
from payments.operations.sparing import hold_line
from payments.pages.operations.batches import HOLD_DAYS, WATCHERS, moment_of
from payments.queries import checking, payouts
from payments.queries.instructions import content_hash_of
from payments.rules.states import BatchState
from workforce.access import require_role, stepped_up
from workforce.doors.desk import key_of
from workforce.doors.listing import listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.queries.accounts import has_second_factor
from workforce.queries.events import events
from workforce.rules.problems import NotAllowed, NotFound
from workforce.rules.roles import Role

FEED_MAX = 40
CONTENT_SECONDS = 3600


class HoldLineForm(forms.Form):
    payout = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=500,
        help_text=lazy("The tutor reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(
        label=lazy("Release on"), widget=forms.DateInput(attrs={"type": "date"})
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def _batch(id: str) -> Any:
    if (row := payouts.batches().filter(pk=key_of("PB", id)).first()) is None:
        raise NotFound
    return row


@page(roles=WATCHERS)
def batch(visit: Visit, *, id: str) -> HttpResponse:
    found = _batch(id)
    if not visit.posted:
        return _show(visit, found)
    require_role(account=visit.account, roles={Role.FINANCE})
    act = _ACTS.get(visit.request.POST.get("act", ""))
    if act is None:
        raise NotFound
    return act(visit, found)


@page(roles={Role.FINANCE})
def batch_file(visit: Visit, *, id: str) -> HttpResponse:
    """The bank file; each reading is recorded, because it holds account numbers."""
    found = _batch(id)
    content = hand_over_file(batch=found, actor=visit.account, at=visit.at)
    return paper(content, media="application/xml", name=f"{found.message_id}.xml")


# --- What is shown ----------------------------------------------------------------------------


def _show(
    visit: Visit,
    batch: Any,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    hold: HoldLineForm | None = None,
    cancel: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    content = _content(batch)
    flags = checking.flags_of(batch=batch, at=visit.at)
    before = checking.batch_before(batch=batch)
    changes = checking.change_of(batch=batch, before=before) if before else []
    unchanged = content_hash_of(batch=batch) == batch.content_hash
    checks = checks_of(batch, content=content, flags=flags, changes=changes, unchanged=unchanged)
    outcomes = checking.outcomes_of(batch=batch)
    day = (visit.at + timedelta(days=HOLD_DAYS)).date()
    return visit.render(
        "payments/operations/payout.html",
        {
            "batch": batch,
            "steps": steps_of(batch),
            "money": money_of(batch, content, checking.routes_of(batch=batch)),
            "content": content,
            "checks": checks,
            "tally": Counter(check.tone for check in checks),
            "changes": changes,
            "before": before,
            "outcomes": sorted(outcomes.items()),
            "panel": _panel(visit, batch, unchanged=unchanged),
            "totals": _totals(batch, typed or {}, wrong or {}),
            "wrong": wrong,
            "hold_form": hold or HoldLineForm(initial={"until": day}),
            "hold_open": hold is not None,
            "cancel_form": cancel or CancelForm(),
            "cancel_open": cancel is not None,
            "feed": _feed(batch),
            **_lines(visit, batch, flags),
        },
        status=status,
    )


def _content(batch: Any) -> checking.Content:
    """Kept for a while under the batch's hash: what the hash covers does not change."""
    key = f"payments:content:{batch.pk}:{batch.content_hash}"
    found: checking.Content | None = cache.get(key)
    if found is None:
        found = checking.content_of(batch=batch)
        cache.set(key, found, CONTENT_SECONDS)
    return found


def _feed(batch: Any) -> list[Any]:
    """What happened to the batch, the latest first, each with its words."""
    rows: list[Any] = list(events(subject=batch.public_id).order_by("-pk")[:FEED_MAX])
    for row in rows:
        row.words = EVENTS.get(row.kind, ("", row.kind, "point"))
    return rows


def _lines(visit: Visit, batch: Any, flags: dict[int, checking.Flag]) -> dict[str, Any]:
    """The lines asked for: worth a look, held out, or all of them."""
    view = visit.query.get("view", "look" if flags else "all")
    left = list(batch.left_out.select_related("tutor__account").order_by("pk"))
    rows = payouts.payouts_of(batch=batch).select_related("details", "account")
    if view == "look":
        rows = rows.filter(pk__in=list(flags)[: checking.FLAGS_MAX])
    found = listing(visit, rows, order="id") if view != "held" else None
    facts = checking.facts_of(payouts=[p.pk for p in found.rows]) if found else {}
    lines = [
        {"payout": p, "facts": facts.get(p.pk), "why": why_of(flags.get(p.pk), p)}
        for p in (found.rows if found else [])
    ]
    return {
        "view": view,
        "lines": lines,
        "listing": found,
        "left": left,
        "left_said": left_out_said(len(left), _left_sums(left)),
        "flags": len(flags),
    }


def _left_sums(left: list[Any]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for row in left:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount_minor
    return sorted(sums.items())


def _totals(batch: Any, typed: dict[str, str], wrong: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "currency": currency,
            "minor": minor,
            "example": example(minor=minor, currency=currency),
            "typed": typed.get(currency, ""),
            "error": wrong.get(currency, ""),
        }
        for currency, minor in sorted(batch.totals_minor.items())
    ]


def _panel(visit: Visit, batch: Any, *, unchanged: bool) -> dict[str, Any]:
    """Who did what, whose turn it is, and why this person may not press the button."""
    approvals = [a for a in batch.approvals.all() if a.content_hash == batch.content_hash]
    finance = Role.FINANCE in visit.account.roles
    waiting = batch.state in (BatchState.BUILT, BatchState.APPROVED)
    blocked = _objection(visit, batch, approvals) if waiting else ""
    fresh = stepped_up(request=visit.request, account=visit.account, at=visit.at)
    return {
        "approvals": approvals,
        "missing": max(0, batch.checkers_needed - len(approvals)),
        "position": len(approvals) + 1,
        "finance": finance,
        "blocked": blocked,
        "may": waiting and not blocked,
        "unchanged": unchanged,
        "stepped_up": fresh,
        "factor": not fresh and has_second_factor(account=visit.account),
        "may_cancel": finance and waiting,
        "may_hold": finance and batch.state == BatchState.BUILT,
    }


def _objection(visit: Visit, batch: Any, approvals: list[Any]) -> Any:
    """In words; the database refuses the same."""
    if Role.FINANCE not in visit.account.roles:
        return _("Approving and sending is for finance. You may read everything here.")
    if batch.state != BatchState.BUILT:
        return ""
    if batch.built_by_id == visit.account.pk:
        return _("You built this batch, so a colleague has to check it. Four eyes.")
    if any(a.checker_id == visit.account.pk for a in approvals):
        return _("You approved it. It needs one more person from finance.")
    return ""


# --- What finance does ------------------------------------------------------------------------


def _require_step_up(visit: Visit) -> None:
    if not stepped_up(request=visit.request, account=visit.account, at=visit.at):
        raise NotAllowed(
            _(
                "Money moves only within five minutes of your second factor. Go back, confirm "
                "with your code or passkey, and do it again. Nothing was changed."
            )
        )


def _approve(visit: Visit, batch: Any) -> HttpResponse:
    _require_step_up(visit)
    posted = visit.request.POST
    typed = {currency: posted.get(f"total_{currency}", "") for currency in batch.totals_minor}
    wrong = {
        currency: _("This is not the total. Look at it again, then type it digit by digit.")
        for currency, minor in batch.totals_minor.items()
        if not is_total(typed[currency], minor=minor, currency=currency)
    }
    if wrong:
        return _show(visit, batch, typed=typed, wrong=wrong, status=422)
    done = approve_batch(
        batch=batch, content_hash=posted.get("content_hash", ""), actor=visit.account, at=visit.at
    )
    if done.state == BatchState.APPROVED:
        said = _("Approved, and the money is reserved. Now it can be sent.")
    else:
        said = _("Approved. It needs one more person.")
    return visit.go("ops-payout", batch.public_id, say=said)


def _send(visit: Visit, batch: Any) -> HttpResponse:
    _require_step_up(visit)
    send_batch(batch=batch, actor=visit.account, at=visit.at)
    said = _("Sent. Hand the bank file over, then import what the bank answers.")
    return visit.go("ops-payout", batch.public_id, say=said)


def _cancel(visit: Visit, batch: Any) -> HttpResponse:
    form = CancelForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, batch, cancel=form, status=422)
    cancel_batch(batch=batch, reason=form.cleaned_data["reason"], actor=visit.account, at=visit.at)
    said = _("Cancelled. Its statements are free for the next batch.")
    return visit.go("ops-payout", batch.public_id, say=said)


def _hold_line(visit: Visit, batch: Any) -> HttpResponse:
    form = HoldLineForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, batch, hold=form, status=422)
    try:
        hold_line(
            batch=batch, payout=key_of("PO", form.cleaned_data["payout"]),
            reason=form.cleaned_data["reason"], release_at=moment_of(form.cleaned_data["until"]),
            actor=visit.account, at=visit.at,
        )  # fmt: skip
    except CannotHoldPayouts as refusal:
        put_errors(form, refusal)
        return _show(visit, batch, hold=form, status=422)
    said = _("Held. The batch has a new total, and approvals start anew.")
    return visit.go("ops-payout", batch.public_id, say=said)


_ACTS: dict[str, Callable[[Visit, Any], HttpResponse]] = {
    "approve": _approve,
    "send": _send,
    "cancel": _cancel,
    "hold": _hold_line,
}
