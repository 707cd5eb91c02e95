"""A figure with its range, as far as it is known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A figure with its range."""

    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Span") -> "Span":
        return Span(low=self.low + other.low, mid=self.mid + other.mid, high=self.high + other.high)

    def over(self, other: "Span") -> "Span":
        """How much more it is than another, never less than nothing."""
        return Span(
            low=max(0.0, self.low - other.low),
            mid=max(0.0, self.mid - other.mid),
            high=max(0.0, self.high - other.high),
        )

    def times(self, factor: float) -> "Span":
        return Span(low=self.low * factor, mid=self.mid * factor, high=self.high * factor)

    def up_to(self, most: float) -> "Span":
        return Span(low=min(self.low, most), mid=min(self.mid, most), high=min(self.high, most))


NOTHING = Span()
