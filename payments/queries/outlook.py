"""What comes to a tutor next, what came this year, and how each statement got there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncWeek

from payments.models import Earning, Payout, PayoutPart, Statement, StatementLine
from payments.queries.statements import LINES_MAX
from payments.queries.weeks import Week, WeekSoFar
from payments.rules.states import PayoutState
from payments.rules.weeks import DAYS_A_WEEK, bank_day_after, midnight
from tutors.models import Contract, ContractVersion
from tutors.rules.states import VersionState
from workforce.models import Account

BARS = 12
"""Weeks in the bar chart, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Money of one currency that is on its way, and the first day on which some of it comes."""

    currency: str
    amount_minor: int
    on: date
    statements: int
    in_batch: bool


def statements_of(*, account: Account) -> QuerySet[Statement]:
    """The account's own statements, each with the state, id, day and reason of its payout."""
    latest = PayoutPart.objects.filter(statement=OuterRef("pk")).order_by("-live", "-pk")
    return (
        Statement.objects.filter(account=account)
        .select_related("period")
        .annotate(
            payout_state=Subquery(latest.values("payout__state")[:1]),
            payout_id=Subquery(latest.values("payout_id")[:1]),
            payout_reason=Subquery(latest.values("payout__reason")[:1]),
            pay_on=Subquery(latest.values("payout__batch__pay_on")[:1]),
            settled_at=Subquery(latest.values("payout__settled_at")[:1]),
        )
    )


def coming(*, account: Account) -> list[Next]:
    """Statements that are not paid, by currency. Without a live payout the day is the promise."""
    live = PayoutPart.objects.filter(statement=OuterRef("pk"), live=True)
    rows = Statement.objects.filter(account=account).annotate(
        state=Subquery(live.values("payout__state")[:1]),
        pay_on=Subquery(live.values("payout__batch__pay_on")[:1]),
    )
    unpaid = rows.filter(Q(state__isnull=True) | ~Q(state=PayoutState.SETTLED))
    found: dict[str, list[tuple[date, bool, int]]] = {}
    for currency, minor, due, pay_on in unpaid.values_list(
        "currency", "total_minor", "due_on", "pay_on"
    ):
        found.setdefault(currency, []).append((pay_on or due, pay_on is not None, minor))
    return [_next(currency, lines) for currency, lines in sorted(found.items())]


def _next(currency: str, lines: list[tuple[date, bool, int]]) -> Next:
    day = min(on for on, _, _ in lines)
    first = [line for line in lines if line[0] == day]
    return Next(
        currency=currency,
        amount_minor=sum(minor for _, _, minor in first),
        on=day,
        statements=len(first),
        in_batch=any(in_batch for _, in_batch, _ in first),
    )


@dataclass(frozen=True, slots=True)
class NextPayout:
    """When money comes next. `amount_minor` is known once a statement exists."""

    day: date
    amount_minor: int | None = None
    currency: str = ""


_NEXT_PAYOUT = """
SELECT coalesce(batch.pay_on, s.due_on) AS day, s.currency, sum(s.total_minor)::bigint
  FROM payments_statement s
  LEFT JOIN payments_payoutpart part ON part.statement_id = s.id AND part.live
  LEFT JOIN payments_payout payout ON payout.id = part.payout_id
  LEFT JOIN payments_payoutbatch batch ON batch.id = payout.batch_id
 WHERE s.account_id = %s AND s.total_minor > 0
   AND (payout.id IS NULL OR payout.state IN ('accrued', 'approved', 'locked', 'sent'))
 GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1
"""


def next_payout(*, account_id: int, week: WeekSoFar, version_id: int | None) -> NextPayout | None:
    """The day of the next money: of what is stated and unpaid, else of this week's work."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_PAYOUT, [account_id])
        row = cursor.fetchone()
    if row is not None:
        return NextPayout(day=row[0], currency=row[1], amount_minor=row[2])
    if version_id is None or not week.amount_minor:
        return None
    day = _promised(ContractVersion.objects.filter(pk=version_id), ends_on=week.ends_on)
    return NextPayout(day=day) if day else None


def expected_on(*, contract: Contract, ends_on: date) -> date | None:
    """When the work of the week that ends then is paid, by the version in force."""
    versions = ContractVersion.objects.filter(contract=contract, state=VersionState.IN_FORCE)
    return _promised(versions.order_by("-number"), ends_on=ends_on)


def _promised(versions: QuerySet[ContractVersion], *, ends_on: date) -> date | None:
    days = versions.values_list("payment_due_days", flat=True).first()
    return None if days is None else bank_day_after(day=ends_on, days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    currency: str
    amount_minor: int
    seconds: int


def paid_in(*, account: Account, year: int) -> list[Paid]:
    """What the bank paid in a year (by the day it settled, UTC), per currency."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    rows = (
        PayoutPart.objects.filter(
            payout__account=account, payout__state=PayoutState.SETTLED, live=True,
            payout__settled_at__gte=start, payout__settled_at__lt=end,
        )
        .order_by()
        .values_list("payout__currency")
        .annotate(minor=Sum("amount_minor"), seconds=Sum("statement__seconds"))
    )  # fmt: skip
    return [
        Paid(currency=currency, amount_minor=int(minor), seconds=int(seconds))
        for currency, minor, seconds in sorted(rows)
    ]


def bars(*, account: Account, week: Week, currency: str) -> list[tuple[date, int]]:
    """What was earned in each of the last `BARS` weeks up to this one, empty weeks as 0."""
    zone = ZoneInfo(week.zone)
    first, _ = week.days
    mondays = [first - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(BARS))]
    since = midnight(day=mondays[0], zone=week.zone)
    rows = (
        Earning.objects.filter(
            account=account, currency=currency,
            worked_from__gte=since, worked_from__lt=week.span.starts_at,
        )
        .order_by()
        .annotate(monday=TruncWeek("worked_from", tzinfo=zone))
        .values_list("monday")
        .annotate(minor=Sum("amount_minor"))
    )  # fmt: skip
    found = {monday.date(): int(minor) for monday, minor in rows}
    found[first] = week.amounts.get(currency, 0)
    return [(monday, found.get(monday, 0)) for monday in mondays]


def stated_until(*, statement: Statement) -> int:
    """What this contract's statements of the same year and currency add up to, this one included.

    The same whenever it is asked: statements never change.
    """
    since = datetime(statement.issued_at.astimezone(UTC).year, 1, 1, tzinfo=UTC)
    rows = Statement.objects.filter(
        contract_id=statement.contract_id, currency=statement.currency,
        issued_at__gte=since, issued_at__lte=statement.issued_at, pk__lte=statement.pk,
    )  # fmt: skip
    return int(rows.aggregate(minor=Sum("total_minor"))["minor"] or 0)


def payouts_of(*, statement: Statement) -> list[Payout]:
    """Every try to pay the statement, the first one first."""
    parts = PayoutPart.objects.filter(statement=statement).order_by("pk")
    rows = Payout.objects.filter(pk__in=parts.values("payout")).select_related("batch", "details")
    return list(rows.order_by("pk"))


def neighbours(*, statement: Statement) -> tuple[int | None, int | None]:
    """The keys of the account's statements before and after this one."""
    own = Statement.objects.filter(account_id=statement.account_id)
    before = own.filter(pk__lt=statement.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = own.filter(pk__gt=statement.pk).aggregate(pk=Min("pk"))["pk"]
    return before, after


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Lines of a statement that look the same, as its paper groups them for people."""

    kind: str
    project_name: str
    domain: str
    rate_minor_hourly: int | None
    reason: str
    late: bool
    seconds: int = 0
    amount_minor: int = 0
    lines: int = 0
    earning: str = ""


def sheet_of(*, statement: Statement) -> list[Sheet]:
    """The statement's lines by project, kind and rate; lines by hand stay alone."""
    rows = StatementLine.objects.filter(statement=statement).select_related(
        "earning__bucket", "earning__project__domain"
    )
    groups: dict[tuple[object, ...], Sheet] = {}
    for line in rows.order_by("position")[:LINES_MAX]:
        earning = line.earning
        bucket, project = earning.bucket, earning.project
        rate = bucket.rate_minor_hourly if bucket else None
        kind = bucket.time_kind if bucket else earning.kind
        key = (kind, earning.project_id, rate, line.late, None if bucket else earning.pk)
        group = groups.setdefault(
            key,
            Sheet(
                kind=kind, project_name=project.name if project else "",
                domain=project.domain.slug if project else "", rate_minor_hourly=rate,
                reason=earning.reason, late=line.late, earning=earning.public_id,
            ),
        )  # fmt: skip
        group.seconds += earning.seconds
        group.amount_minor += earning.amount_minor
        group.lines += 1
    return list(groups.values())
