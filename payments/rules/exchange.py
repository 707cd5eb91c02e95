"""Foreign exchange: only by a stored quote, exact until the one rounding at the end."""

import re
from dataclasses import dataclass

from payments.rules.currencies import exponent
from payments.rules.money import half_up

_RATE = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,12}))?", re.ASCII)


class NotARate(ValueError):
    """The text is not a positive decimal rate."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One unit of `base` buys `rate` units of `counter`; the rate is the text as quoted."""

    base: str
    counter: str
    rate: str

    def fraction(self) -> tuple[int, int]:
        """The rate as numerator and power of ten."""
        match = _RATE.fullmatch(self.rate)
        if match is None or not (numerator := int(match[1] + (match[2] or ""))):
            raise NotARate(self.rate)
        return numerator, 10 ** len(match[2] or "")


def convert(*, amount_minor: int, quote: Quote) -> int:
    """Minor units of the base into minor units of the counter currency, half-up."""
    numerator, scale = quote.fraction()
    up = numerator * 10 ** exponent(quote.counter)
    return half_up(numerator=amount_minor * up, denominator=scale * 10 ** exponent(quote.base))
