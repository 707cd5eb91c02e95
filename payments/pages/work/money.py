"""My pay: the week by stage, each line's receipt, statements, and where the money goes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from payments.doors import paper, words
from payments.doors.bars import week_chart
from payments.providers.statementpaper import as_csv, as_pdf
from payments.queries import earnings as lines
from payments.queries import outlook, payouts, statements, weeks
from payments.queries.weeks import Week, WeekLine
from payments.rules.bankreasons import is_the_payees
from payments.rules.money import decimal_text
from payments.rules.stages import Stage
from payments.rules.states import PayoutState
from payments.rules.weeks import DAYS_A_WEEK, Span, days_between
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

PAID_PEOPLE = frozenset({Role.TUTOR, Role.REVIEWER})
BAR_CSS = {
    Stage.PAID: "paid",
    Stage.STATED: "stated",
    Stage.APPROVED: "approved",
    Stage.SUBMITTED: "submitted",
    Stage.RECORDED: "recorded",
    Stage.HELD: "held",
}
HEADER = (
    "day", "from", "until", "kind", "project", "seconds", "hours", "rate", "currency", "amount",
    "state", "pay line", "time entry", "note",
)  # fmt: skip


@page(roles=PAID_PEOPLE)
def earnings(visit: Visit) -> HttpResponseBase:
    """The pay week asked for (`?week=2026-11-16`), its stages, and what comes next."""
    contracts = weeks.contracts_of(account=visit.account)
    zone = contracts[0].zone if contracts else visit.account.time_zone
    monday = _monday(visit.query.get("week", ""))
    week = weeks.week_at(account=visit.account, zone=zone, monday=monday, at=visit.at)
    if visit.query.get("format") == "csv":
        return csv_file(f"time {week.label}", HEADER, _rows(week))
    return visit.render("payments/work/earnings.html", _earnings(visit, week, contracts))


def _monday(text: str) -> date | None:
    """A day of the wanted week; anything else is this week."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rows(week: Week) -> Iterator[tuple[object, ...]]:
    for line in week.lines:
        rate, amount = line.rate_minor_hourly, line.amount_minor
        yield (
            line.day.isoformat(),
            line.at.isoformat(timespec="seconds"),
            line.until.isoformat(timespec="seconds") if line.until else "",
            line.kind,
            line.project_name,
            line.seconds,
            f"{line.seconds / 3600:.4f}",
            "" if rate is None else decimal_text(amount_minor=rate, currency=line.currency),
            line.currency,
            decimal_text(amount_minor=amount, currency=line.currency),
            line.stage.value,
            line.earning,
            line.entry,
            line.reason,
        )


def _earnings(visit: Visit, week: Week, contracts: list[Any]) -> dict[str, Any]:
    running = week.span.holds(visit.at)
    first, last = week.days
    main = contracts[0].currency if contracts else "USD"
    currencies = sorted({main, *week.amounts}, key=lambda c: (c != main, c))
    statement = outlook.statements_of(account=visit.account).order_by("-pk").first()
    bars = outlook.bars(account=visit.account, week=week, currency=main)
    any_bar = any(minor for _, minor in bars)
    coming = outlook.coming(account=visit.account)
    chart = week_chart(bars, currency=main, running=running) if any_bar else None
    return {
        "week": week,
        "running": running,
        "shown_days": words.days(first, last),
        "before": (first - timedelta(days=DAYS_A_WEEK)).isoformat(),
        "after": None if running else (last + timedelta(days=1)).isoformat(),
        "sums": [_sum(week, currency) for currency in currencies],
        "days": week.by_day(),
        "coming": coming,
        "expected_on": None if coming else _expected_on(week, contracts, running=running),
        "details": payouts.details_of(account=visit.account),
        "paid": outlook.paid_in(account=visit.account, year=visit.at.year),
        "year": visit.at.year,
        "chart": chart,
        "statement": statement,
        "card": _card(visit, statement) if statement else None,
        "contract": contracts[0] if contracts else None,
        "is_new": not week.lines and statement is None and not any_bar,
        "asks": _asks(week),
    }


def _expected_on(week: Week, contracts: list[Any], *, running: bool) -> date | None:
    """The day on which this week's work is paid, before there is a statement of it."""
    if not running or not contracts or not any(week.amounts.values()):
        return None
    return outlook.expected_on(contract=contracts[0], ends_on=week.days[1])


def _sum(week: Week, currency: str) -> dict[str, Any]:
    """The week's stages in one currency, as a bar and as words."""
    stages = week.stages(currency)
    order = [s for s in BAR_CSS if stages[s] > 0]
    legend = [(BAR_CSS[s], words.STAGES[s][1], stages[s]) for s in order]
    return {
        "currency": currency,
        "total_minor": week.amounts.get(currency, 0),
        "parts": [(stages[s], BAR_CSS[s]) for s in order],
        "legend": legend,
        "label": ", ".join(
            f"{word} {decimal_text(amount_minor=minor, currency=currency)}"
            for _css, word, minor in legend
        )
        or _("Nothing yet"),
    }


def _asks(week: Week) -> list[WeekLine]:
    """Lines on which the tutor may want to act."""
    return [line for line in week.lines if line.stage in (Stage.HELD, Stage.DECLINED)]


def _own_line(visit: Visit, id: str) -> Any:
    """A foreign line is a missing one, for staff with a contract as well."""
    rows = lines.visible_to(visit.account).filter(account=visit.account)
    found = rows.filter(pk=key_of("EA", id)).select_related(
        "bucket__period", "statement_line__statement", "project__domain", "time_entry"
    )
    if (row := found.first()) is None:
        raise NotFound
    return row


@page(roles=PAID_PEOPLE)
def receipt(visit: Visit, *, id: str) -> HttpResponse:
    """How a pay line came about, to the second."""
    line = _own_line(visit, id)
    told = lines.receipt(earning=line)
    entry = line.time_entry
    return visit.render(
        "payments/work/receipt.html",
        {
            "line": line,
            "told": told,
            "kind": line.bucket.time_kind if line.bucket else line.kind,
            "claim": f"CL-{entry.claim_id}" if entry is not None and entry.claim_id else "",
            "entry": entry,
        },
    )


@page(roles=PAID_PEOPLE)
def statement_list(visit: Visit) -> HttpResponseBase:
    rows = outlook.statements_of(account=visit.account)
    if visit.query.get("format") == "csv":
        header = ("statement", "first day", "last day", "currency", "total", "seconds", "state",
                  "due", "payout")  # fmt: skip
        return csv_file("statements", header, map(_statement_row, rows.order_by("-pk").iterator()))
    found = listing(visit, rows)
    for row in found.rows:
        row.first_day, row.last_day = _days(row)
        row.shown_days = words.days(row.first_day, row.last_day)
    return visit.render(
        "payments/work/statements.html",
        {
            "listing": found,
            "paid": outlook.paid_in(account=visit.account, year=visit.at.year),
            "year": visit.at.year,
        },
    )


def _days(row: Any) -> tuple[date, date]:
    span = Span(starts_at=row.period.starts_at, ends_at=row.period.ends_at)
    return days_between(span=span, zone=row.period.zone)


def _statement_row(row: Any) -> tuple[object, ...]:
    first, last = _days(row)
    total = decimal_text(amount_minor=row.total_minor, currency=row.currency)
    payout = f"PO-{row.payout_id}" if row.payout_id else ""
    return (row.public_id, first, last, row.currency, total, row.seconds,
            row.payout_state or "accrued", row.due_on, payout)  # fmt: skip


def _own_statement(visit: Visit, id: str) -> Any:
    rows = outlook.statements_of(account=visit.account)
    if (row := rows.filter(pk=key_of("ST", id)).first()) is None:
        raise NotFound
    return row


def _card(visit: Visit, statement: Any) -> dict[str, Any]:
    """A statement as its paper shows it, with its way to the bank."""
    first, last = _days(statement)
    before, after = outlook.neighbours(statement=statement)
    tries = outlook.payouts_of(statement=statement)
    failed = statement.payout_state in (PayoutState.FAILED, PayoutState.RETURNED)
    sheet = outlook.sheet_of(statement=statement)
    return {
        "statement": statement,
        "shown_days": words.days(first, last),
        "year": last.year,
        "sheet": sheet,
        "tries": tries,
        "payout": tries[-1] if tries else None,
        "failed": failed,
        "fix": failed and is_the_payees(statement.payout_reason or ""),
        "before": f"ST-{before}" if before else "",
        "after": f"ST-{after}" if after else "",
        "until_now": outlook.stated_until(statement=statement),
        "adjustments": sum(s.amount_minor for s in sheet if s.rate_minor_hourly is None),
    }


@page(roles=PAID_PEOPLE)
def statement(visit: Visit, *, id: str) -> HttpResponse:
    row = _own_statement(visit, id)
    rows = statements.lines_of(statement=row)
    return visit.render(
        "payments/work/statement.html",
        {
            "card": _card(visit, row),
            "statement": row,
            "lines": list(rows[:LINES_SHOWN_MAX]),
            "cut": row.lines_count > LINES_SHOWN_MAX,
            "details": payouts.details_of(account=visit.account),
        },
    )


LINES_SHOWN_MAX = 300
"""Single lines on the page; the CSV has them all."""


@page(roles=PAID_PEOPLE)
def statement_pdf(visit: Visit, *, id: str) -> HttpResponse:
    row = _own_statement(visit, id)
    content = as_pdf(statements.paper_of(statement=row))
    return paper(content, media="application/pdf", name=f"{row.public_id}.pdf")


@page(roles=PAID_PEOPLE)
def statement_csv(visit: Visit, *, id: str) -> HttpResponse:
    row = _own_statement(visit, id)
    content = as_csv(statements.paper_of(statement=row))
    return paper(content, media="text/csv; charset=utf-8", name=f"{row.public_id}.csv")
