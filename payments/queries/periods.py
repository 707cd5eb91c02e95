"""Which pay weeks are open, what waits in them, and what a close would do."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum

from payments.models import Bucket, Earning, Period
from payments.rules.states import PeriodState
from tasks.models import TimeEntry
from tasks.rules.states import TimeState
from tutors.models import Contract
from workforce.models import Event

WEEKS_MAX = 30
UNDECIDED = (TimeState.RUNNING, TimeState.SUBMITTED, TimeState.HELD, TimeState.DISPUTED)


@dataclass(slots=True, kw_only=True)
class OpenWeek:
    """Open periods of one ISO week, over all contracts and zones."""

    label: str
    starts_at: datetime
    ends_at: datetime
    contracts: int
    seconds: int = 0
    amounts: dict[str, int] = field(default_factory=dict)


def open_weeks() -> list[OpenWeek]:
    """The oldest first. Amounts are what is priced so far."""
    is_open = Period.objects.filter(state=PeriodState.OPEN).order_by()
    rows = is_open.values_list("label").annotate(
        first=Min("starts_at"), last=Max("ends_at"), n=Count("contract", distinct=True)
    )
    weeks = {
        label: OpenWeek(label=label, starts_at=first, ends_at=last, contracts=n)
        for label, first, last, n in rows.order_by("label")[:WEEKS_MAX]
    }
    priced = Bucket.objects.filter(period__state=PeriodState.OPEN).order_by()
    for label, currency, seconds, minor in priced.values_list("period__label", "currency").annotate(
        seconds=Sum("seconds"), minor=Sum("posted_minor")
    ):
        if week := weeks.get(label):
            week.seconds += int(seconds)
            week.amounts[currency] = week.amounts.get(currency, 0) + int(minor)
    return list(weeks.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Time that no close states yet: undecided by state, and approved but not priced."""

    undecided: dict[str, tuple[int, int]]
    unpriced: int
    by_hand: dict[str, tuple[int, int]]


def waiting() -> Waiting:
    rows = TimeEntry.objects.filter(state__in=UNDECIDED).order_by().values_list("state")
    found = {s: (n, int(sec)) for s, n, sec in rows.annotate(n=Count("pk"), sec=Sum("seconds"))}
    lines = Earning.objects.filter(bucket__isnull=True, statement_line__isnull=True).order_by()
    by_hand = lines.values_list("currency").annotate(n=Count("pk"), minor=Sum("amount_minor"))
    return Waiting(
        undecided={s: found.get(s, (0, 0)) for s in UNDECIDED},
        unpriced=_unpriced().count(),
        by_hand={currency: (n, int(minor)) for currency, n, minor in by_hand},
    )


def _unpriced() -> QuerySet[TimeEntry]:
    priced = Earning.objects.filter(time_entry=OuterRef("pk"))
    return TimeEntry.objects.filter(~Exists(priced), state=TimeState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a close up to `until` would state; nothing is written."""

    until: datetime
    contracts: int
    lines: int
    statements: int
    periods: int
    cut: int
    totals: dict[str, tuple[int, int, int]]
    undecided: int
    unpriced: int


def preview_close(*, until: datetime) -> Preview:
    """`totals`: by currency the lines, seconds and amount. Unpriced time is priced by the close."""
    lines = Earning.objects.filter(statement_line__isnull=True, worked_from__lt=until).order_by()
    sums = lines.values_list("currency").annotate(
        n=Count("pk"), seconds=Sum("seconds"), minor=Sum("amount_minor")
    )
    totals = {c: (n, int(seconds), int(minor)) for c, n, seconds, minor in sums}
    touched = Period.objects.filter(state=PeriodState.OPEN, starts_at__lt=until)
    stated = set(lines.values_list("contract_id", "currency").distinct())
    over = Period.objects.filter(state=PeriodState.OPEN, ends_at__lte=until).values("contract")
    with_lines = {contract for contract, _ in stated}
    closing = touched.filter(contract__in=with_lines) | touched.filter(contract__in=over)
    waits = TimeEntry.objects.filter(state__in=UNDECIDED, started_at__lt=until)
    return Preview(
        until=until,
        contracts=len(with_lines),
        lines=sum(n for n, _, _ in totals.values()),
        statements=_statements(until),
        periods=closing.count(),
        cut=closing.filter(ends_at__gt=until).count(),
        totals=totals,
        undecided=waits.count(),
        unpriced=_unpriced().filter(started_at__lt=until).count(),
    )


def _statements(until: datetime) -> int:
    """One per period and currency; late lines join the first period that closes."""
    rows = Earning.objects.filter(statement_line__isnull=True, worked_from__lt=until)
    places: dict[tuple[int, str], set[Any]] = defaultdict(set)
    for contract, currency, period, state in rows.values_list(
        "contract_id", "currency", "bucket__period_id", "bucket__period__state"
    ).distinct():
        places[contract, currency].add(period if state == PeriodState.OPEN else None)
    return sum(max(1, len(found - {None})) for found in places.values())


def closes() -> QuerySet[Event]:
    """What was closed before, the latest first."""
    return Event.objects.filter(kind="payments.periods_closed").select_related("actor")


def contract_for_pay(*, id: int) -> Contract | None:
    """A contract with the tutor's name, for a line by hand."""
    return Contract.objects.select_related("tutor__account").filter(pk=id).first()
