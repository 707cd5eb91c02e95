"""What people had left over of the days on which they were taking work."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime]


def outside(shifts: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of these stretches, in order, without the times that were taken."""
    left = list(shifts)
    for begins, ends in taken:
        left = [
            piece
            for start, until in left
            for piece in ((start, min(until, begins)), (max(start, ends), until))
            if piece[0] < piece[1]
        ]
    return left


def minutes_by_day(shifts: Sequence[Span]) -> dict[date, int]:
    """Minutes of these stretches on each day of UTC."""
    found: dict[date, float] = defaultdict(float)
    for begins, ends in shifts:
        start = begins.astimezone(UTC)
        while start < ends:
            midnight = datetime.combine(start.date(), datetime.min.time(), UTC) + DAY
            until = min(ends, midnight)
            found[start.date()] += (until - start) / MINUTE
            start = until
    return {day: round(minutes) for day, minutes in found.items()}


def free_by_weekday(
    *,
    shifts: Sequence[Span],
    worked: Mapping[date, int],
    until: date,
    week_minutes: int | None,
) -> dict[int, list[int]]:
    """Free minutes of each like weekday (0: Monday) since she was first there, before `until`:
    there, less what she worked, and altogether no more than her weekly cap leaves.
    """
    there = minutes_by_day(shifts)
    if not there:
        return {}
    days = [min(there) + n * DAY for n in range((until - min(there)).days)]
    free = {day: max(0, there.get(day, 0) - worked.get(day, 0)) for day in days}
    part = _part_within_cap(free, worked, days, week_minutes)
    found: dict[int, list[int]] = defaultdict(list)
    for day in days:
        found[day.weekday()].append(round(free[day] * part))
    return dict(found)


def _part_within_cap(
    free: Mapping[date, int],
    worked: Mapping[date, int],
    days: Sequence[date],
    week_minutes: int | None,
) -> float:
    whole = sum(free.values())
    if week_minutes is None or not whole:
        return 1.0
    weeks = len(days) / 7
    left = week_minutes * weeks - sum(worked.get(day, 0) for day in days)
    return min(1.0, max(0.0, left) / whole)
