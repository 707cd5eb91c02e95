"""Seconds into money: once per bucket, by difference, so that splitting time changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from payments.rules.money import half_up

SECONDS_AN_HOUR = 3600


def amount_for(*, seconds: int, rate_minor_hourly: int) -> int:
    """What a bucket of `seconds` is worth, in minor units, rounded half-up once."""
    return half_up(numerator=seconds * rate_minor_hourly, denominator=SECONDS_AN_HOUR)


def difference(*, seconds_before: int, seconds: int, rate_minor_hourly: int) -> int:
    """What a line of `seconds` adds to a bucket that already holds `seconds_before`.

    Target less what is posted. Seven lines of 61 s at 47.30 give 80 80 80 81 80 80 80.
    Negative seconds (a correction) give a negative difference; the bucket never falls below 0.
    """
    after = seconds_before + seconds
    target = amount_for(seconds=after, rate_minor_hourly=rate_minor_hourly)
    return target - amount_for(seconds=seconds_before, rate_minor_hourly=rate_minor_hourly)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of worked time [starts_at, ends_at) under one rate."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> int:
        """Whole seconds that passed, whatever the clocks on the wall did."""
        return int((self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)).total_seconds())


def split_at(*, piece: Piece, instants: Sequence[datetime]) -> list[Piece]:
    """The piece cut at each instant that lies inside it; empty pieces do not arise."""
    inside = sorted({i for i in instants if piece.starts_at < i < piece.ends_at})
    edges = [piece.starts_at, *inside, piece.ends_at]
    return [Piece(starts_at=a, ends_at=b) for a, b in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Capped:
    payable_seconds: int
    held_seconds: int


def within_cap(*, used_seconds: int, seconds: int, cap_seconds: int) -> Capped:
    """What of `seconds` fits under a cap of which `used_seconds` are gone; the rest is held."""
    payable = max(0, min(seconds, cap_seconds - used_seconds))
    return Capped(payable_seconds=payable, held_seconds=seconds - payable)


def guarantee_top_up(
    *, guaranteed_seconds: int, worked_seconds: int, worked_minor: int, rate_minor_hourly: int
) -> int:
    """What is missing to the guaranteed hours' pay, in minor units; 0 when they were worked."""
    if worked_seconds >= guaranteed_seconds:
        return 0
    promised = amount_for(seconds=guaranteed_seconds, rate_minor_hourly=rate_minor_hourly)
    return max(0, promised - worked_minor)


@dataclass(frozen=True, slots=True)
class Margin:
    billed_minor: int
    paid_minor: int

    @property
    def margin_minor(self) -> int:
        return self.billed_minor - self.paid_minor


def margin(*, seconds: int, bill_minor_hourly: int, pay_minor_hourly: int) -> Margin:
    """What the client is billed, what the tutor is paid; both in one currency, each rounded."""
    return Margin(
        billed_minor=amount_for(seconds=seconds, rate_minor_hourly=bill_minor_hourly),
        paid_minor=amount_for(seconds=seconds, rate_minor_hourly=pay_minor_hourly),
    )
