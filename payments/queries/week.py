"""One pay week of a tutor in money: each day, what is approved, what waits, and the next payout."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from payments.rules.pricing import difference
from payments.rules.weeks import DAYS_A_WEEK, bank_day_after, days_between, week_of
from tasks.rules.states import PAYABLE_TIME, TimeState
from tutors.models import ContractVersion

WEEK_ENTRIES_MAX = 2_000
"""Entries of one person in one week; ten seconds apart all week would not reach it."""

WAITING_TIME = frozenset({TimeState.RUNNING, TimeState.SUBMITTED})
APART_TIME = frozenset({TimeState.HELD, TimeState.DISPUTED, TimeState.DRAFT})
"""Time that somebody has to decide about, or that is not handed in: no money is promised."""


@dataclass(slots=True)
class Day:
    day: date
    amount_minor: int = 0
    seconds: int = 0


@dataclass(slots=True, kw_only=True)
class Week:
    """What a week's work is worth so far. `apart_seconds` is outside `seconds` and the money.

    `used_seconds` counts against the weekly cap: everything but declined time.
    """

    starts_on: date
    ends_on: date
    zone: str
    currency: str
    days: list[Day]
    approved_minor: int = 0
    waiting_minor: int = 0
    seconds: int = 0
    apart_seconds: int = 0
    used_seconds: int = 0
    others_minor: dict[str, int] = field(default_factory=dict)

    @property
    def amount_minor(self) -> int:
        return self.approved_minor + self.waiting_minor


_ENTRIES = f"""
SELECT e.kind, e.rate_rule, e.rate_minor_hourly, e.currency, e.state, e.started_at,
       CASE WHEN e.ended_at IS NULL
            THEN greatest(0, floor(extract(epoch FROM statement_timestamp() - e.started_at)))::int
            ELSE e.seconds END,
       line.amount_minor
  FROM tasks_timeentry e
  LEFT JOIN payments_earning line ON line.time_entry_id = e.id
 WHERE e.tutor_id = %s AND e.started_at >= %s AND e.started_at < %s AND e.state <> 'declined'
 ORDER BY e.started_at, e.id LIMIT {WEEK_ENTRIES_MAX}
"""  # noqa: S608


def week_of_work(*, tutor_id: int, zone: str, currency: str, at: datetime) -> Week:
    """The pay week that holds `at`, in the contract's zone, to the minor unit.

    Priced time counts as its pay line says. The rest is priced as a close would: rounded once
    over everything at one rate, so days add up to the total.
    """
    span = week_of(instant=at, zone=zone)
    first, last = days_between(span=span, zone=zone)
    days = [Day(first + timedelta(days=n)) for n in range(DAYS_A_WEEK)]
    week = Week(starts_on=first, ends_on=last, zone=zone, currency=currency, days=days)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [tutor_id, span.starts_at, span.ends_at])
        rows = cursor.fetchall()
    before: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in sorted(rows, key=lambda r: r[7] is None):
        _add(week, row, before)
    return week


def _add(week: Week, row: Sequence[Any], before: dict[tuple[Any, ...], int]) -> None:
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


@dataclass(frozen=True, slots=True)
class NextPayout:
    """When money comes next. `amount_minor` is known once a statement exists."""

    day: date
    amount_minor: int | None = None
    currency: str = ""


_NEXT = """
SELECT coalesce(batch.pay_on, s.due_on) AS day, s.currency, sum(s.total_minor)::bigint
  FROM payments_statement s
  LEFT JOIN payments_payoutpart part ON part.statement_id = s.id AND part.live
  LEFT JOIN payments_payout payout ON payout.id = part.payout_id
  LEFT JOIN payments_payoutbatch batch ON batch.id = payout.batch_id
 WHERE s.account_id = %s AND s.total_minor > 0
   AND (payout.id IS NULL OR payout.state IN ('accrued', 'approved', 'locked', 'sent'))
 GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1
"""


def next_payout(*, account_id: int, week: Week, version_id: int | None) -> NextPayout | None:
    """The day of the next money: of what is stated and unpaid, else of this week's work."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [account_id])
        row = cursor.fetchone()
    if row is not None:
        return NextPayout(day=row[0], currency=row[1], amount_minor=row[2])
    if version_id is None or not week.amount_minor:
        return None
    versions = ContractVersion.objects.filter(pk=version_id)
    days = versions.values_list("payment_due_days", flat=True).first()
    return None if days is None else NextPayout(day=bank_day_after(day=week.ends_on, days=days))
