"""Stretches of taking work, from the changes of one person's presence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

PRESENCE_HOURS = 12
"""Taking work lasts this long unless the tutor says otherwise."""

PRESENCE_DAYS_MAX = 7

Shift = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `at` she takes work until `until`, unless she says otherwise; None: she does not."""

    at: datetime
    until: datetime | None


def shifts(*, changes: Sequence[Change], since: datetime, until: datetime) -> list[Shift]:
    """When she was taking work within the period, in order, never overlapping, never touching.

    `changes` in order of time.
    """
    found: list[Shift] = []
    for n, change in enumerate(changes):
        if change.until is None:
            continue
        following = changes[n + 1].at if n + 1 < len(changes) else until
        begins, ends = max(change.at, since), min(change.until, following, until)
        if begins >= ends:
            continue
        if found and found[-1][1] >= begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found
