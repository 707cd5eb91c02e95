"""Pay weeks: Monday to Sunday in the contract's zone. Zones set boundaries, instants durations."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """[starts_at, ends_at) as instants in UTC."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at


def midnight(*, day: date, zone: str) -> datetime:
    """The instant (UTC) at which `day` begins in `zone`, even if midnight is skipped or doubled."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def week_of(*, instant: datetime, zone: str) -> Span:
    """The pay week that holds the instant. 167 or 169 hours long when the clocks change."""
    local = instant.astimezone(ZoneInfo(zone)).date()
    monday = local - timedelta(days=local.weekday())
    return Span(
        starts_at=midnight(day=monday, zone=zone),
        ends_at=midnight(day=monday + timedelta(days=DAYS_A_WEEK), zone=zone),
    )


def week_label(*, starts_at: datetime, zone: str) -> str:
    """The ISO week in the zone, as `2026-W47`."""
    year, week, _ = starts_at.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


def days_between(*, span: Span, zone: str) -> tuple[date, date]:
    """First and last local day of the span, both included, for people to read."""
    first = span.starts_at.astimezone(ZoneInfo(zone)).date()
    last = (span.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    return first, max(first, last)


def bank_day_after(*, day: date, days: int) -> date:
    """The first Monday to Friday at least `days` later. Bank holidays are the bank's to move."""
    due = day + timedelta(days=days)
    return due + timedelta(days=max(0, DAYS_A_WEEK - due.weekday()) if due.weekday() >= 5 else 0)
