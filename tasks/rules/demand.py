"""How much work a pool brings, and how much of it falls to one of those who may take it.

A pool's work of a week, in paid seconds, is what comes in and what waits:

    rate     = slots new to it in the last four weeks / weeks looked at (at least one)
    work     = rate x handle time                       (each week)
    backlog  = slots waiting x handle time / 4          (spread over four weeks)
    share    = (work + backlog) / people                (all who may take it and took work lately)

The handle time is the median of what was handed in last, or the project's expectation where too
little was. Everybody counts whole in every pool that she may take from, so a share is rather too
low than too high where people can do other work as well.

The range holds what the true rate is in nine of ten cases. Arrivals are counted like a Poisson
process of lumps: clients hand in batches, so the spread of the daily counts (variance / mean, at
least 1) says how many slots come at once, and n slots in lumps of that size are as telling as
n / size single ones. What waits is known and has no range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from tasks.rules.clocks import DAYS_A_WEEK
from tasks.rules.spans import NOTHING, Span

WINDOW_DAYS = 28
WINDOW_DAYS_MIN = 7
"""A younger pool is looked at as if it were a week old: its first batch is no weekly rhythm."""

BACKLOG_WEEKS = 4
NINE_OF_TEN = 1.645
"""The normal quantile of a two-sided interval of 90 %."""

RHYTHM_MIN = 3
"""So many lumps must have come before anything is said about the next."""

HANDLED_MIN = 5
"""So many answers before their median counts more than the project's expectation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What was measured of a pool. `squares`: the daily counts, squared and added up.

    `people`: those who may take its work and took any lately, whoever is away at the moment.
    """

    measured_at: datetime
    days: int
    arrived: int
    squares: int
    last_at: datetime | None
    handled: int
    handle_seconds: int | None
    people: int

    @property
    def lump(self) -> float:
        """How many slots come at once: variance of the daily counts over their mean, at least 1."""
        if self.arrived <= 0:
            return 1.0
        if self.days < 2:
            return float(self.arrived)
        mean = self.arrived / self.days
        variance = (self.squares / self.days - mean * mean) * self.days / (self.days - 1)
        return min(float(self.arrived), max(1.0, variance / mean))

    @property
    def lumps(self) -> float:
        return self.arrived / self.lump

    @property
    def per_week(self) -> Span:
        """Slots new to the pool in a week."""
        weeks = self.days / DAYS_A_WEEK
        low = max(0.0, sqrt(self.lumps) - NINE_OF_TEN / 2) ** 2
        high = (sqrt(self.lumps + 1) + NINE_OF_TEN / 2) ** 2
        return Span(
            low=low * self.lump / weeks,
            mid=self.arrived / weeks,
            high=high * self.lump / weeks,
        )

    def seconds_each(self, *, expected_seconds: int) -> int:
        if self.handle_seconds is None or self.handled < HANDLED_MIN:
            return expected_seconds
        return self.handle_seconds

    def next_at(self, *, at: datetime) -> datetime | None:
        """When work is due again by its rhythm; None where too little came to have one.

        From the last arrival on, or from now where the usual gap has passed already.
        """
        if self.last_at is None or self.lumps < RHYTHM_MIN:
            return None
        gap = timedelta(days=self.days / self.lumps)
        due = self.last_at + gap
        return due if due > at else at + gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A pool as one step of a queue. `counted`: she is one of the people measured there."""

    outlook: Outlook
    waiting: int
    expected_seconds: int
    counted: bool = False

    @property
    def seconds_each(self) -> int:
        return self.outlook.seconds_each(expected_seconds=self.expected_seconds)

    @property
    def people(self) -> int:
        """Those who share, herself included."""
        return max(1, self.outlook.people if self.counted else self.outlook.people + 1)


def share_of(steps: Sequence[Step]) -> Span:
    """Her part, in paid seconds a week, of a queue that she enters at the first of these steps.

    What comes in there is shared by those who may enter there; it goes on to the softer steps if
    nobody takes it, so their arrivals are not counted again. What waits at each step is shared by
    those who may take it there.
    """
    if not steps:
        return NOTHING
    first = steps[0]
    found = first.outlook.per_week.times(first.seconds_each / first.people)
    for step in steps:
        waits = max(0, step.waiting) * step.seconds_each / BACKLOG_WEEKS / step.people
        found += Span(low=waits, mid=waits, high=waits)
    return found
