"""Money in whole minor units. No float anywhere; rounding is half-up and said out loud."""

import re
from collections.abc import Sequence

from payments.rules.currencies import exponent

MINOR_MAX = 2**63 - 1
"""The largest amount that a BIGINT column holds."""

_DECIMAL = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,17}))?", re.ASCII)


class NotAnAmount(ValueError):
    """The text is not a non-negative amount that the currency's minor unit can express."""


def half_up(*, numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, a half going up. Neither may be negative, the divisor not 0."""
    if numerator < 0 or denominator <= 0:
        raise ValueError("half_up takes a non-negative numerator and a positive denominator")
    return (2 * numerator + denominator) // (2 * denominator)


def decimal_text(*, amount_minor: int, currency: str) -> str:
    """6038, USD → `60.38`; 6440, JPY → `6440`. Digits and a point only, for files and people."""
    digits = exponent(currency)
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def parse_decimal(*, text: str, currency: str) -> int:
    """`60.38`, USD → 6038. More digits than the currency has must be zeros: nothing is lost."""
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        raise NotAnAmount(text)
    digits = exponent(currency)
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > digits:
        raise NotAnAmount(text)
    amount = int(str(match[1]) + fraction.ljust(digits, "0"))
    if amount > MINOR_MAX:
        raise NotAnAmount(text)
    return amount


def allocate(*, amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Shares that sum to the amount exactly: largest remainder, ties to the earlier line."""
    total = sum(weights)
    if amount_minor < 0 or total <= 0 or min(weights) < 0:
        raise ValueError("allocate takes a non-negative amount and weights with a positive sum")
    shares = [amount_minor * w // total for w in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: (-(amount_minor * weights[i] % total), i)
    )
    for i in by_remainder[: amount_minor - sum(shares)]:
        shares[i] += 1
    return shares
