"""Budgets as people type them: text in, exact minor units out."""

import re
from decimal import Decimal

CURRENCIES = {"USD": 2, "EUR": 2, "GBP": 2, "CHF": 2, "CAD": 2, "AUD": 2, "JPY": 0}
"""Currencies that budgets are kept in → digits after the point."""

DIGITS_MAX = 15
_AMOUNT = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?", re.ASCII)


class NotAnAmount(ValueError):
    """The message says how to write it."""


def minor_units(text: str, *, currency: str) -> int:
    """`1,500.50` → 150050. Raises `NotAnAmount`; nothing is ever rounded."""
    typed = text.strip()
    if not _AMOUNT.fullmatch(typed) or len(typed) > DIGITS_MAX:
        raise NotAnAmount(f"{typed[:40]} is not an amount. Use 1500.00.")
    digits = CURRENCIES[currency]
    minor = Decimal(typed.replace(",", "")).scaleb(digits)
    if minor != minor.to_integral_value():
        raise NotAnAmount(f"{currency} has {digits} digits after the point.")
    return int(minor)
