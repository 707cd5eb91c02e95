"""Statements: who may see them, how they stand, and how they look on paper."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from payments.models import PayoutPart, Statement, StatementLine
from payments.rules.money import decimal_text
from payments.rules.paper import Paper, PaperLine
from payments.rules.weeks import Span, days_between
from workforce.models import Account
from workforce.rules.roles import STAFF

LINES_MAX = 20_000
"""Lines that one statement shows; a week of one person is far below."""


def visible_to(account: Account) -> QuerySet[Statement]:
    """Staff see all statements; anybody else her own."""
    rows = Statement.objects.select_related("period")
    return rows if account.roles & STAFF else rows.filter(account=account)


def statements(
    *,
    account: Account,
    contract: int | None = None,
    tutor: int | None = None,
    currency: str | None = None,
) -> QuerySet[Statement]:
    """The statements that the account may see, each with `payout_state` and `payout_id`."""
    wanted = {"contract_id": contract, "tutor_id": tutor, "currency": currency}
    latest = PayoutPart.objects.filter(statement=OuterRef("pk")).order_by("-live", "-pk")
    return (
        visible_to(account)
        .filter(**{k: v for k, v in wanted.items() if v is not None})
        .annotate(
            payout_state=Subquery(latest.values("payout__state")[:1]),
            payout_id=Subquery(latest.values("payout_id")[:1]),
        )
    )


def lines_of(*, statement: Statement) -> QuerySet[StatementLine]:
    """The statement's lines in their order, ready for reading."""
    rows = statement.lines.select_related(
        "earning__bucket__period", "earning__contract_version", "earning__project"
    )
    return rows.order_by("position")[:LINES_MAX]


def paper_of(*, statement: Statement) -> Paper:
    """The statement on paper, from frozen rows only: the same each time."""
    lines = list(lines_of(statement=statement))
    period = statement.period
    span = Span(starts_at=period.starts_at, ends_at=period.ends_at)
    first, last = days_between(span=span, zone=period.zone)
    versions = sorted({line.earning.contract_version.number for line in lines})
    numbers = ", ".join(map(str, versions))
    total = decimal_text(amount_minor=statement.total_minor, currency=statement.currency)
    return Paper(
        title=f"Statement {statement.public_id}",
        payer=statement.payer_name,
        payee=statement.payee_name,
        contract=f"K-{statement.contract_id}, version {numbers}",
        period=f"{_day(first)} to {_day(last)}, {period.zone} ({period.label})",
        issued=_day(statement.issued_at.date()),
        currency=statement.currency,
        total=total,
        hours=clock(statement.seconds),
        due=_day(statement.due_on),
        issued_at=statement.issued_at,
        lines=[_paper_line(line, zone=period.zone) for line in lines],
    )


def _paper_line(line: StatementLine, *, zone: str) -> PaperLine:
    earning = line.earning
    bucket, currency = earning.bucket, earning.currency
    rate = ""
    if bucket is not None:
        hourly = decimal_text(amount_minor=bucket.rate_minor_hourly, currency=currency)
        rate = f"{hourly}/h"
    project = f" {earning.project.public_id}" if earning.project else ""
    return PaperLine(
        reference=earning.public_id,
        worked=_day(earning.worked_from.astimezone(ZoneInfo(zone)).date()),
        kind=(bucket.time_kind if bucket else earning.kind) + project,
        rate=rate,
        seconds=earning.seconds,
        hours=clock(earning.seconds),
        amount=decimal_text(amount_minor=earning.amount_minor, currency=currency),
        note=_note(line),
    )


def _note(line: StatementLine) -> str:
    """Late lines say where they belong; lines by hand say why."""
    notes = [line.earning.reason] if line.earning.reason else []
    if line.late:
        bucket = line.earning.bucket
        week = f" ({bucket.period.label})" if bucket else ""
        notes.append(f"Approved after its period was closed{week}")
    return "; ".join(notes)


def clock(seconds: int) -> str:
    """4830 → `1:20:30`."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
