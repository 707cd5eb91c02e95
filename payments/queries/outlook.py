"""What comes to a tutor next, what came this year, and how each statement got there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Sum

from payments.models import Payout, PayoutPart, Statement, StatementLine
from payments.queries.statements import LINES_MAX
from payments.rules.states import PayoutState
from workforce.models import Account


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
