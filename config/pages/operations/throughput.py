"""What was handed in today, hour by hour, beside the same day of last week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.queries.figures import throughput
from tasks.rules.figures import Bucket, By
from workforce.rules import shown

HOURS = 24
WEEK = timedelta(days=7)
MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class Series:
    """One domain's submissions by hour; hours to come are None."""

    domain: str
    name: str
    token: str
    values: tuple[int | None, ...]

    @property
    def total(self) -> int:
        return sum(v or 0 for v in self.values)


@dataclass(frozen=True, kw_only=True)
class Hour:
    """A row of the table behind the chart."""

    label: str
    is_now: bool
    values: tuple[int | None, ...]
    total: int | None
    last_week: int


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """`last_by_now` is last week's count at this time of day, the running hour in proportion."""

    series: tuple[Series, ...]
    hours: tuple[Hour, ...]
    total: int
    last_by_now: int
    last_total: int
    day: str
    seconds: int
    last_seconds_by_now: int

    @property
    def is_empty(self) -> bool:
        return not self.total and not self.last_total

    @property
    def reading(self) -> str:
        """The chart in one sentence, for those who do not see it."""
        if not self.total:
            return _("No submissions yet today; %(last)d by this time last %(day)s.") % {
                "last": self.last_by_now,
                "day": self.day,
            }
        by_domain = ", ".join(f"{s.name} {s.total:,}" for s in self.series if s.total)
        return _(
            "Submissions per hour today: %(total)s in all (%(domains)s); %(last)s by this time "
            "last %(day)s."
        ) % {
            "total": f"{self.total:,}",
            "domains": by_domain,
            "last": f"{self.last_by_now:,}",
            "day": self.day,
        }


def today(*, domain: str | None, at: datetime) -> Throughput:
    """Two statements, from the hours that are kept."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    now_lines = _lines(midnight, at + timedelta(seconds=1), domain)
    then_lines = _lines(midnight - WEEK, midnight - WEEK + timedelta(days=1), domain)
    last = _by_hour(then_lines, "submitted")
    last_seconds = _by_hour(then_lines, "seconds")
    series = tuple(_series(name, now_lines, at=at) for name in _names(now_lines))
    return Throughput(
        series=series,
        hours=_hours(series, last, at=at),
        total=sum(s.total for s in series),
        last_by_now=_by_now(last, at=at),
        last_total=sum(last),
        day=date_format(midnight - WEEK, "l"),
        seconds=sum(line["seconds"] for line in now_lines),
        last_seconds_by_now=_by_now(last_seconds, at=at),
    )


def _lines(from_at: datetime, until_at: datetime, domain: str | None) -> list[dict[str, Any]]:
    lines = throughput(by=By.DOMAIN, bucket=Bucket.HOUR, from_at=from_at, until_at=until_at)
    return [line for line in lines if domain in (None, line["domain"])]


def _names(lines: list[dict[str, Any]]) -> list[str]:
    """The four large domains in their usual order, then the others."""
    seen = {line["domain"] for line in lines if line["submitted"]}
    return [n for n in shown.TILES if n in seen] + sorted(seen - set(shown.TILES))


def _by_hour(lines: list[dict[str, Any]], column: str) -> list[int]:
    values = [0] * HOURS
    for line in lines:
        values[line["at"].hour] += line[column]
    return values


def _series(name: str, lines: list[dict[str, Any]], *, at: datetime) -> Series:
    values = _by_hour([line for line in lines if line["domain"] == name], "submitted")
    _letters, label, css = shown.tile(name)
    return Series(
        domain=name,
        name=label,
        token=css if css != "other" else "text-3",
        values=tuple(v if hour <= at.hour else None for hour, v in enumerate(values)),
    )


def _hours(series: tuple[Series, ...], last: list[int], *, at: datetime) -> tuple[Hour, ...]:
    return tuple(
        Hour(
            label=f"{hour:02}:00",
            is_now=hour == at.hour,
            values=tuple(s.values[hour] for s in series),
            total=sum(s.values[hour] or 0 for s in series) if hour <= at.hour else None,
            last_week=last[hour],
        )
        for hour in range(HOURS)
    )


def _by_now(values: list[int], *, at: datetime) -> int:
    return sum(values[: at.hour]) + values[at.hour] * at.minute // MINUTES
