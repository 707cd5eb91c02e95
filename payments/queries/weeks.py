"""One tutor's pay week: every line of it, how far it has come, and what it adds up to.

`week_at` reads the lines; `week_of_work` only sums them, in one statement, for the tutor's home.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from payments.models import Earning, PayoutPart
from payments.rules.pricing import difference
from payments.rules.stages import EARNED, Stage, stage_of
from payments.rules.states import PayoutState
from payments.rules.weeks import DAYS_A_WEEK, Span, days_between, midnight, week_label, week_of
from tasks.models import Project, TimeEntry
from tasks.rules.states import PAYABLE_TIME, TimeState
from tutors.models import Contract
from tutors.rules.states import ContractState
from workforce.models import Account

LINES_A_WEEK_MAX = 5_000
"""Time entries of one person and week that are read; nobody comes near."""

ENTRIES_SO_FAR_MAX = 2_000
"""Entries of one person in one week; ten seconds apart all week would not reach it."""

WAITING_TIME = frozenset({TimeState.RUNNING, TimeState.SUBMITTED})
APART_TIME = frozenset({TimeState.HELD, TimeState.DISPUTED, TimeState.DRAFT})
"""Time that somebody has to decide about, or that is not handed in: no money is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """One time entry or one line by hand. `earning` is None while the amount is an estimate."""

    at: datetime
    until: datetime | None
    day: date
    kind: str
    project: str
    project_name: str
    domain: str
    seconds: int
    rate_minor_hourly: int | None
    currency: str
    amount_minor: int
    stage: Stage
    earning: str
    entry: str
    claim: str
    reason: str

    @property
    def group(self) -> tuple[Any, ...]:
        own = self.earning if self.rate_minor_hourly is None else ""
        return (
            self.day, self.project, self.kind, self.rate_minor_hourly, self.currency,
            self.stage, own,
        )  # fmt: skip


@dataclass(slots=True)
class Group:
    """Lines of one day that look the same: project, kind, rate and stage."""

    lines: list[WeekLine]

    @property
    def head(self) -> WeekLine:
        return self.lines[0]

    @property
    def seconds(self) -> int:
        return sum(line.seconds for line in self.lines)

    @property
    def amount_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)

    @property
    def claims(self) -> int:
        return len({line.claim for line in self.lines if line.claim})


@dataclass(slots=True)
class Day:
    day: date
    groups: list[Group]

    @property
    def seconds(self) -> int:
        return sum(g.seconds for g in self.groups if g.head.stage is not Stage.DECLINED)

    @property
    def amounts(self) -> dict[str, int]:
        return summed(line for g in self.groups for line in g.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    span: Span
    zone: str
    label: str
    lines: list[WeekLine] = field(default_factory=list)

    @property
    def days(self) -> tuple[date, date]:
        return days_between(span=self.span, zone=self.zone)

    @property
    def seconds(self) -> int:
        return sum(line.seconds for line in self.lines if line.stage is not Stage.DECLINED)

    @property
    def amounts(self) -> dict[str, int]:
        return summed(self.lines)

    def stages(self, currency: str) -> dict[Stage, int]:
        """What stands in each stage, in one currency; never across them."""
        found: dict[Stage, int] = dict.fromkeys(EARNED, 0)
        for line in self.lines:
            if line.currency == currency and line.stage in found:
                found[line.stage] += line.amount_minor
        return found

    def by_day(self) -> list[Day]:
        """Days with their groups, the latest day first."""
        days: dict[date, dict[tuple[Any, ...], Group]] = defaultdict(dict)
        for line in self.lines:
            days[line.day].setdefault(line.group, Group([])).lines.append(line)
        return [Day(day, list(days[day].values())) for day in sorted(days, reverse=True)]


def summed(lines: Iterable[WeekLine]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in lines:
        if line.stage is not Stage.DECLINED:
            totals[line.currency] = totals.get(line.currency, 0) + line.amount_minor
    return totals


def contracts_of(*, account: Account) -> list[Contract]:
    """The account's contracts, the one in force first, then the latest."""
    rows = list(Contract.objects.filter(tutor__account=account).order_by("-pk"))
    in_force = {ContractState.ACTIVE, ContractState.NOTICE}
    return sorted(rows, key=lambda c: c.state not in in_force)


def week_at(*, account: Account, zone: str, monday: date | None, at: datetime) -> Week:
    """The pay week that begins on `monday` in the contract's zone; left out: the one of now."""
    start = midnight(day=monday, zone=zone) if monday else at
    span = week_of(instant=start, zone=zone)
    entries = _entries(account, span)
    earnings = _earnings(account, span)
    priced = {line.time_entry_id: line for line in earnings if line.time_entry_id}
    payouts = _payouts_of({line.statement_line.statement_id for line in earnings if _stated(line)})
    estimates = _estimates([e for e in entries if e.pk not in priced], earnings, at=at)
    zone_info = ZoneInfo(zone)
    lines = [
        _time_line(e, priced.get(e.pk), payouts=payouts, estimate=estimates.get(e.pk), at=at,
                   zone=zone_info)
        for e in entries
    ]  # fmt: skip
    lines += [_hand_line(e, payouts=payouts, zone=zone_info) for e in earnings if not e.bucket_id]
    return Week(
        span=span,
        zone=zone,
        label=week_label(starts_at=span.starts_at, zone=zone),
        lines=sorted(lines, key=lambda line: line.at, reverse=True),
    )


def _entries(account: Account, span: Span) -> list[TimeEntry]:
    rows = TimeEntry.objects.filter(
        account=account, started_at__gte=span.starts_at, started_at__lt=span.ends_at
    )
    found = rows.select_related("project__domain", "contract_version").order_by("started_at")
    return list(found[:LINES_A_WEEK_MAX])


def _earnings(account: Account, span: Span) -> list[Earning]:
    rows = Earning.objects.filter(
        account=account, worked_from__gte=span.starts_at, worked_from__lt=span.ends_at
    )
    found = rows.select_related("bucket", "project__domain", "statement_line").order_by("pk")
    return list(found[:LINES_A_WEEK_MAX])


def _stated(line: Earning) -> bool:
    return getattr(line, "statement_line", None) is not None


def _payouts_of(statements: set[int]) -> dict[int, PayoutState]:
    """The state of the live payout of each statement."""
    rows = PayoutPart.objects.filter(statement__in=statements, live=True)
    return {s: PayoutState(state) for s, state in rows.values_list("statement", "payout__state")}


def _stage(line: Earning | None, *, time: TimeState | None, payouts: dict[int, Any]) -> Stage:
    if line is None or not _stated(line):
        return stage_of(time=time, stated=False, payout=None)
    return stage_of(time=time, stated=True, payout=payouts.get(line.statement_line.statement_id))


def _estimates(
    entries: list[TimeEntry], earnings: list[Earning], *, at: datetime
) -> dict[int, int]:
    """What time that is not priced yet would add to its bucket, in the order it was worked."""
    held: dict[tuple[Any, ...], int] = defaultdict(int)
    for line in earnings:
        if bucket := line.bucket:
            key = (line.contract_id, bucket.time_kind, bucket.rate_rule, bucket.rate_minor_hourly)
            held[key] += line.seconds
    found: dict[int, int] = {}
    for entry in entries:
        rate = entry.rate_minor_hourly
        key = (entry.contract_version.contract_id, entry.kind, entry.rate_rule, rate)
        seconds = _seconds(entry, at=at)
        found[entry.pk] = difference(
            seconds_before=held[key], seconds=seconds, rate_minor_hourly=rate
        )
        if entry.state != TimeState.DECLINED:
            held[key] += seconds
    return found


def _seconds(entry: TimeEntry, *, at: datetime) -> int:
    if entry.ended_at is not None:
        return entry.seconds
    return max(0, int((at - entry.started_at).total_seconds()))


def _whose(project: Project | None) -> dict[str, str]:
    if project is None:
        return {"project": "", "project_name": "", "domain": ""}
    slug = project.domain.slug
    return {"project": project.public_id, "project_name": project.name, "domain": slug}


def _time_line(
    entry: TimeEntry,
    line: Earning | None,
    *,
    payouts: dict[int, Any],
    estimate: int | None,
    at: datetime,
    zone: ZoneInfo,
) -> WeekLine:
    return WeekLine(
        at=entry.started_at,
        until=entry.ended_at,
        day=entry.started_at.astimezone(zone).date(),
        kind=entry.kind,
        **_whose(entry.project),
        seconds=_seconds(entry, at=at),
        rate_minor_hourly=entry.rate_minor_hourly,
        currency=entry.currency,
        amount_minor=line.amount_minor if line else (estimate or 0),
        stage=_stage(line, time=TimeState(entry.state), payouts=payouts),
        earning=line.public_id if line else "",
        entry=entry.public_id,
        claim=f"CL-{entry.claim_id}" if entry.claim_id else "",
        reason=entry.decision_reason or entry.reason,
    )


def _hand_line(line: Earning, *, payouts: dict[int, Any], zone: ZoneInfo) -> WeekLine:
    return WeekLine(
        at=line.worked_from,
        until=None,
        day=line.worked_from.astimezone(zone).date(),
        kind=line.kind,
        **_whose(line.project),
        seconds=0,
        rate_minor_hourly=None,
        currency=line.currency,
        amount_minor=line.amount_minor,
        stage=_stage(line, time=None, payouts=payouts),
        earning=line.public_id,
        entry="",
        claim="",
        reason=line.reason,
    )


@dataclass(slots=True)
class DaySoFar:
    day: date
    amount_minor: int = 0
    seconds: int = 0


@dataclass(slots=True, kw_only=True)
class WeekSoFar:
    """What a week's work is worth so far. `apart_seconds` is outside `seconds` and the money.

    `used_seconds` counts against the weekly cap: everything but declined time.
    """

    starts_on: date
    ends_on: date
    zone: str
    currency: str
    days: list[DaySoFar]
    approved_minor: int = 0
    waiting_minor: int = 0
    seconds: int = 0
    apart_seconds: int = 0
    used_seconds: int = 0
    others_minor: dict[str, int] = field(default_factory=dict)

    @property
    def amount_minor(self) -> int:
        return self.approved_minor + self.waiting_minor


_SO_FAR = """
SELECT e.kind, e.rate_rule, e.rate_minor_hourly, e.currency, e.state, e.started_at,
       CASE WHEN e.ended_at IS NULL
            THEN greatest(0, floor(extract(epoch FROM statement_timestamp() - e.started_at)))::int
            ELSE e.seconds END,
       line.amount_minor
  FROM tasks_timeentry e
  LEFT JOIN payments_earning line ON line.time_entry_id = e.id
 WHERE e.tutor_id = %s AND e.started_at >= %s AND e.started_at < %s AND e.state <> 'declined'
 ORDER BY e.started_at, e.id LIMIT %s
"""


def week_of_work(*, tutor_id: int, zone: str, currency: str, at: datetime) -> WeekSoFar:
    """The pay week that holds `at`, in the contract's zone, to the minor unit.

    Priced time counts as its pay line says. The rest is priced as a close would: rounded once
    over everything at one rate, so days add up to the total.
    """
    span = week_of(instant=at, zone=zone)
    first, last = days_between(span=span, zone=zone)
    days = [DaySoFar(first + timedelta(days=n)) for n in range(DAYS_A_WEEK)]
    week = WeekSoFar(starts_on=first, ends_on=last, zone=zone, currency=currency, days=days)
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, [tutor_id, span.starts_at, span.ends_at, ENTRIES_SO_FAR_MAX])
        rows = cursor.fetchall()
    before: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in sorted(rows, key=lambda r: r[7] is None):
        _add(week, row, before)
    return week


def _add(week: WeekSoFar, row: Sequence[Any], before: dict[tuple[Any, ...], int]) -> None:
    """Count one entry; priced ones come first, since the others round on top of them."""
    state, started_at, seconds, priced = TimeState(row[4]), row[5], row[6], row[7]
    week.used_seconds += seconds
    if state in APART_TIME:
        week.apart_seconds += seconds
        return
    bucket, rate, currency = tuple(row[:4]), row[2], row[3]
    amount = priced
    if amount is None:
        amount = difference(seconds_before=before[bucket], seconds=seconds, rate_minor_hourly=rate)
    before[bucket] += seconds
    week.seconds += seconds
    if currency != week.currency:
        week.others_minor[currency] = week.others_minor.get(currency, 0) + amount
        return
    if state in PAYABLE_TIME:
        week.approved_minor += amount
    else:
        week.waiting_minor += amount
    day = week.days[started_at.astimezone(ZoneInfo(week.zone)).date().weekday()]
    day.amount_minor += amount
    day.seconds += seconds
