"""Payout batches: what is ready, who is held, what was built; and building the next one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.doors.words import BATCHES
from payments.operations.payees import (
    CannotHoldPayouts,
    CannotReleaseHold,
    hold_payouts,
    release_hold,
)
from payments.operations.paying import CannotBuild, NothingToPay, build_batch
from payments.queries import payouts, ready
from payments.queries.payees import tutor_for_pay
from payments.rules.money import decimal_text
from workforce.access import require_role
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page, put_errors
from workforce.doors.views import saved_views
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

WATCHERS = frozenset({Role.FINANCE, Role.MANAGER, Role.ADMIN})
HOLD_DAYS = 7


class BuildForm(forms.Form):
    pay_on = forms.DateField(
        label=lazy("Pay day"),
        required=False,
        help_text=lazy("Left empty: the next bank day. A weekend moves to Monday."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class HoldForm(forms.Form):
    """Somebody's payouts are kept back until a day, for a reason that she is told."""

    tutor = forms.CharField(label=lazy("Tutor"), max_length=24, help_text=lazy("Such as E-12."))
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=500,
        help_text=lazy("The tutor reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(
        label=lazy("Release on"), widget=forms.DateInput(attrs={"type": "date"})
    )


def moment_of(day: date) -> datetime:
    """The first instant of a day in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)


@page(roles=WATCHERS)
def batch_list(visit: Visit) -> HttpResponseBase:
    if visit.posted:
        return _ACTS.get(visit.request.POST.get("act", ""), _unknown)(visit)
    if visit.query.get("format") == "csv":
        rows = payouts.batches(state=_state(visit)).order_by("-pk")
        return csv_file("payout batches", HEADER, map(_row, rows))
    return _show(visit)


def _state(visit: Visit) -> str:
    """The filter; a word that names no state narrows nothing."""
    state = visit.query.get("state", "")
    return state if state in BATCHES else ""


HEADER = (
    "batch", "state", "pay day", "payouts", "totals", "left out", "built by", "built at",
    "approvals", "approvals needed", "sent at",
)  # fmt: skip


def _row(batch: Any) -> tuple[object, ...]:
    totals = "; ".join(
        f"{currency} {decimal_text(amount_minor=minor, currency=currency)}"
        for currency, minor in sorted(batch.totals_minor.items())
    )
    return (
        batch.public_id, batch.state, batch.pay_on, batch.payouts_count, totals,
        len(batch.left_out.all()), batch.built_by.name, batch.built_at.isoformat(),
        len(batch.approvals.all()), batch.checkers_needed,
        batch.sent_at.isoformat() if batch.sent_at else "",
    )  # fmt: skip


def _show(
    visit: Visit,
    *,
    form: BuildForm | None = None,
    hold: HoldForm | None = None,
    status: int = 200,
) -> HttpResponse:
    acts = Role.FINANCE in visit.account.roles
    day = (visit.at + timedelta(days=HOLD_DAYS)).date()
    sums = ready.ready_to_pay(at=visit.at)
    state = _state(visit)
    return visit.render(
        "payments/operations/payouts.html",
        {
            "listing": listing(visit, payouts.batches(state=state)),
            "state": state,
            "states": [(value, word) for value, (_tone, word, _icon) in BATCHES.items()],
            "views": saved_views(visit, page="ops-payouts"),
            "ready": sums,
            "payees": sum(r.payees for r in sums),
            "left": ready.would_be_left_out(at=visit.at),
            "holds": list(ready.holds(at=visit.at)[: ready.HOLDS_MAX]),
            "acts": acts,
            "form": form or BuildForm(),
            "hold_form": hold or HoldForm(initial={"until": day}),
            "hold_open": hold is not None,
        },
        status=status,
    )


def _unknown(visit: Visit) -> HttpResponse:
    raise NotFound


def _only_finance(visit: Visit) -> None:
    """Reading is for managers as well; acting is finance's."""
    require_role(account=visit.account, roles={Role.FINANCE})


def _build(visit: Visit) -> HttpResponse:
    _only_finance(visit)
    form = BuildForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form=form, status=422)
    try:
        batch = build_batch(
            pay_on=form.cleaned_data["pay_on"], statements=None, actor=visit.account, at=visit.at
        )
    except (CannotBuild, NothingToPay) as refusal:
        put_errors(form, refusal)
        return _show(visit, form=form, status=422)
    return visit.go("ops-payout", batch.public_id, say=_("Built. A colleague has to approve it."))


def _hold(visit: Visit) -> HttpResponse:
    _only_finance(visit)
    form = HoldForm(visit.request.POST)
    tutor = None
    if form.is_valid():
        tutor = tutor_for_pay(text=form.cleaned_data["tutor"])
        if tutor is None:
            form.add_error("tutor", _("There is no such tutor. Use an id such as E-12."))
    if tutor is None:
        return _show(visit, hold=form, status=422)
    try:
        hold_payouts(
            tutor=tutor, reason=form.cleaned_data["reason"],
            release_at=moment_of(form.cleaned_data["until"]), actor=visit.account, at=visit.at,
        )  # fmt: skip
    except CannotHoldPayouts as refusal:
        put_errors(form, refusal)
        return _show(visit, hold=form, status=422)
    said = _("Held. Nothing is paid to %(name)s until then.") % {"name": tutor.account.name}
    return visit.go("ops-payouts", say=said)


def _release(visit: Visit) -> HttpResponse:
    _only_finance(visit)
    wanted = visit.request.POST.get("hold", "")
    found = ready.holds(at=visit.at).filter(pk=wanted) if wanted.isdecimal() else None
    hold = found.first() if found is not None else None
    if hold is None:
        raise CannotReleaseHold(_("The hold was released or has run out."))
    release_hold(hold=hold, actor=visit.account, at=visit.at)
    said = _("Released. %(name)s is paid with the next batch.") % {"name": hold.tutor.account.name}
    return visit.go("ops-payouts", say=said)


_ACTS = {"build": _build, "hold": _hold, "release": _release}


@page(roles=WATCHERS)
def lines_csv(visit: Visit, *, id: str) -> HttpResponseBase:
    """Every line of a batch, as the page lists them."""
    batch = payouts.batches().filter(pk=key_of("PB", id)).first()
    if batch is None:
        raise NotFound
    header = (
        "payout", "tutor", "name", "currency", "amount", "state", "account", "end-to-end id",
        "statements", "bank's reason",
    )  # fmt: skip
    return csv_file(f"{batch.public_id} lines", header, _lines(batch))


def _lines(batch: Any) -> Iterator[tuple[object, ...]]:
    rows = payouts.payouts_of(batch=batch).select_related("details", "account").order_by("pk")
    for p in rows.iterator(chunk_size=1_000):
        yield (
            p.public_id, f"E-{p.tutor_id}", p.account.name, p.currency,
            decimal_text(amount_minor=p.amount_minor, currency=p.currency), p.state,
            p.details.iban_masked, p.end_to_end_id or "",
            " ".join(f"ST-{part.statement_id}" for part in p.parts.all()), p.reason,
        )  # fmt: skip
