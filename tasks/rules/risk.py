"""How a waiting line stands against its promise: late, at risk, on time, empty."""

from dataclasses import dataclass
from enum import StrEnum

from tasks.rules.clocks import SECONDS_A_MINUTE

AT_RISK_PERCENT = 80
"""From this share of the promised time on, a person should look."""

BUDGET_WARN_PERCENT = 80
BUDGET_FULL_PERCENT = 95


class Risk(StrEnum):
    LATE = "late"  # its oldest waits longer than promised
    AT_RISK = "at_risk"  # soon, or it will not clear in time at this pace
    ON_TIME = "on_time"  # within the promise
    UNPROMISED = "unpromised"  # something waits, nothing was promised
    EMPTY = "empty"  # nothing waits
    PAUSED = "paused"  # the project gives nothing out


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What waits of one project in one role. `oldest_seconds` None: nothing waits."""

    waiting: int
    offered: int
    in_hand: int
    oldest_seconds: int | None
    sla_minutes: int | None
    expected_seconds: int
    paused: bool

    @property
    def used_percent(self) -> int | None:
        """How much of the promised time the oldest has used; None without promise or wait."""
        if self.sla_minutes is None or self.oldest_seconds is None:
            return None
        return self.oldest_seconds * 100 // (self.sla_minutes * SECONDS_A_MINUTE)

    @property
    def clears_in_seconds(self) -> int | None:
        """At the pace of those at work now; None when nobody is, 0 when nothing waits."""
        if not self.waiting:
            return 0
        if not self.in_hand:
            return None
        return self.waiting * self.expected_seconds // self.in_hand

    @property
    def risk(self) -> Risk:
        if self.paused:
            return Risk.PAUSED
        if not self.waiting:
            return Risk.EMPTY
        used = self.used_percent
        if used is None:
            return Risk.UNPROMISED
        if used >= 100:
            return Risk.LATE
        return Risk.AT_RISK if used >= AT_RISK_PERCENT else Risk.ON_TIME


def share_percent(part: int, whole: int) -> int | None:
    """The part in whole percent, rounded down; None of nothing."""
    return part * 100 // whole if whole else None
