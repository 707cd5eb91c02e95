"""Pay periods: which weeks are open, what waits in them, closing them, and lines by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.doors import paper, words
from payments.doors.typed import typed_minor
from payments.operations.adjusting import BY_HAND, CannotAdjust, adjust
from payments.operations.stating import CannotClosePeriods, close_periods
from payments.providers.statementpaper import as_pdf
from payments.queries import periods, statements
from payments.rules.money import NotAnAmount, decimal_text
from payments.rules.states import EarningKind
from payments.rules.weeks import Span, days_between
from workforce.access import require_role
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import FORM_KEY, Visit, page, put_errors
from workforce.rules import shown
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

WATCHERS = frozenset({Role.FINANCE, Role.MANAGER, Role.ADMIN})
CLOSES_SHOWN = 6
WEEK = 7


class CloseForm(forms.Form):
    until = forms.DateField(
        label=lazy("Up to and with"),
        help_text=lazy(
            "A day in UTC. Weeks that go on after it are cut there; the rest stays open."
        ),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=500,
        help_text=lazy("Such as: regular pay day. It stays in the audit trail."),
    )


class AdjustForm(forms.Form):
    contract = forms.CharField(
        label=lazy("Contract"), max_length=24, help_text=lazy("Such as K-12.")
    )
    kind = forms.ChoiceField(
        label=lazy("Kind"),
        choices=[(k.value, words.kind(k.value)) for k in EarningKind if k in BY_HAND],
    )
    amount = forms.CharField(
        label=lazy("Amount"),
        max_length=32,
        help_text=lazy("In the contract's currency. With a minus in front it takes money back."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=500,
        help_text=lazy("It stands on the tutor's statement."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@page(roles=WATCHERS)
def period_list(visit: Visit) -> HttpResponseBase:
    if visit.posted:
        require_role(account=visit.account, roles={Role.FINANCE})
        act = _ACTS.get(visit.request.POST.get("act", ""))
        if act is None:
            raise NotFound
        return act(visit)
    if visit.query.get("format") == "csv":
        rows = statements.statements(account=visit.account).order_by("-pk")
        return csv_file("statements", HEADER, map(_row, rows.iterator(chunk_size=1_000)))
    return _show(visit)


HEADER = (
    "statement", "tutor", "name", "contract", "week", "first day", "last day", "currency",
    "total", "seconds", "lines", "due", "state",
)  # fmt: skip


def _row(s: Any) -> tuple[object, ...]:
    first, last = _days(s)
    return (
        s.public_id, f"E-{s.tutor_id}", s.payee_name, f"K-{s.contract_id}", s.period.label, first,
        last, s.currency, decimal_text(amount_minor=s.total_minor, currency=s.currency),
        s.seconds, s.lines_count, s.due_on, s.payout_state or "accrued",
    )  # fmt: skip


def _days(statement: Any) -> tuple[date, date]:
    period = statement.period
    span = Span(starts_at=period.starts_at, ends_at=period.ends_at)
    return days_between(span=span, zone=period.zone)


def _show(
    visit: Visit,
    *,
    form: CloseForm | None = None,
    preview: periods.Preview | None = None,
    adjust_form: AdjustForm | None = None,
    shown_back: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = listing(visit, statements.statements(account=visit.account))
    for row in found.rows:
        row.shown_days = words.days(*_days(row))
    return visit.render(
        "payments/operations/periods.html",
        {
            "weeks": periods.open_weeks(),
            "waiting": periods.waiting(),
            "closes": [_told(e) for e in periods.closes().order_by("-pk")[:CLOSES_SHOWN]],
            "listing": found,
            "acts": Role.FINANCE in visit.account.roles,
            "form": form or CloseForm(initial={"until": _last_sunday(visit.at)}),
            "preview": preview,
            "adjust_form": adjust_form or AdjustForm(),
            "shown_back": shown_back,
            "adjust_open": adjust_form is not None,
        },
        status=status,
    )


def _told(event: Any) -> dict[str, Any]:
    return {
        "event": event,
        "statements": event.body.get("statements", 0),
        "periods": event.body.get("periods", 0),
        "until": datetime.fromisoformat(event.body["until"]),
        "reason": event.body.get("reason", ""),
    }


def _last_sunday(at: datetime) -> date:
    today = at.astimezone(UTC).date()
    return today - timedelta(days=today.weekday() + 1)


def _instant(day: date, *, at: datetime) -> datetime:
    """The end of the day in UTC; for today, now: nothing is closed ahead of time."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return min(end, at) if day == at.astimezone(UTC).date() else end


def _close(visit: Visit) -> HttpResponse:
    """First what it would do, then, with the same day sent again, doing it."""
    form = CloseForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form=form, status=422)
    until = _instant(form.cleaned_data["until"], at=visit.at)
    if until > visit.at:
        form.add_error("until", _("This day has not ended yet. A period is closed up to now."))
        return _show(visit, form=form, status=422)
    if visit.request.POST.get("step") != "close":
        return _show(visit, form=form, preview=periods.preview_close(until=until))
    try:
        closed = close_periods(
            until=until, contracts=None, reason=form.cleaned_data["reason"], actor=visit.account,
            at=visit.at,
        )  # fmt: skip
    except CannotClosePeriods as refusal:
        put_errors(form, refusal)
        return _show(visit, form=form, status=422)
    said = _("%(p)d periods closed, %(s)d statements made.") % {
        "p": closed.periods,
        "s": len(closed.statements),
    }
    if closed.remaining:
        said += " " + _("%(n)d contracts are left: close again.") % {"n": closed.remaining}
    return visit.go("ops-periods", say=said)


def _adjust(visit: Visit) -> HttpResponse:
    """A line by hand: checked and shown back, then posted once."""
    form = AdjustForm(visit.request.POST)
    contract, minor = _read(form) if form.is_valid() else (None, None)
    if contract is None or minor is None:
        return _show(visit, adjust_form=form, status=422)
    if visit.request.POST.get("step") != "post":
        back = {"contract": contract, "minor": minor, "currency": contract.currency,
                "kind": form.cleaned_data["kind"]}  # fmt: skip
        return _show(visit, adjust_form=form, shown_back=back)
    try:
        line = adjust(
            contract=contract, kind=EarningKind(form.cleaned_data["kind"]), amount_minor=minor,
            currency=contract.currency, reason=form.cleaned_data["reason"],
            key=f"page:{visit.account.pk}:{visit.request.POST.get(FORM_KEY, '')}"[:100],
            actor=visit.account, at=visit.at,
        )  # fmt: skip
    except CannotAdjust as refusal:
        put_errors(form, refusal)
        return _show(visit, adjust_form=form, status=422)
    amount = shown.money(line.amount_minor, line.currency)
    said = _("%(id)s posted: %(amount)s. It stands on the next statement.")
    return visit.go("ops-periods", say=said % {"id": line.public_id, "amount": amount})


def _read(form: AdjustForm) -> tuple[Any, int | None]:
    """The contract and the amount that were typed; what cannot be read is said at its field."""
    contract = minor = None
    try:
        key = internal_id("K", form.cleaned_data["contract"].strip().upper())
        contract = periods.contract_for_pay(id=key)
    except NotAnId:
        pass
    if contract is None:
        form.add_error("contract", _("There is no such contract. Use an id such as K-12."))
        return None, None
    try:
        minor = typed_minor(form.cleaned_data["amount"], currency=contract.currency)
    except NotAnAmount:
        text = _("%(c)s: write it as 25.00, or −25.00 to take back.")
        form.add_error("amount", text % {"c": contract.currency})
    return contract, minor


_ACTS = {"close": _close, "adjust": _adjust}


@page(roles=WATCHERS)
def statement_pdf(visit: Visit, *, id: str) -> HttpResponse:
    """A tutor's statement, as she has it."""
    rows = statements.statements(account=visit.account)
    if (row := rows.filter(pk=key_of("ST", id)).first()) is None:
        raise NotFound
    content = as_pdf(statements.paper_of(statement=row))
    return paper(content, media="application/pdf", name=f"{row.public_id}.pdf")
