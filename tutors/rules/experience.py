"""How many years somebody has worked in a field."""

from collections.abc import Iterable
from datetime import date

DAYS_A_YEAR = 365
"""Leap days are not held against anybody."""

YEARS_MAX = 70


def days_worked(*, spans: Iterable[tuple[date, date | None]], today: date) -> int:
    """Days covered by the spans up to today; a day counts once, however many posts it has.

    A span without an end lasts until today; days still ahead do not count.
    """
    days, reached = 0, date.min
    for starts, ends in sorted(spans, key=lambda span: span[0]):
        until = min(ends or today, today)
        begins = max(starts, reached)
        if until > begins:
            days += (until - begins).days
            reached = until
    return days


def years_worked(
    *, years: Iterable[int], spans: Iterable[tuple[date, date | None]], today: date
) -> int:
    """Whole years: the dated spans together, or the most that was stated without dates.

    The two are not added: a stated number may be about the same posts.
    """
    dated = days_worked(spans=spans, today=today) // DAYS_A_YEAR
    return max([dated, *years])
