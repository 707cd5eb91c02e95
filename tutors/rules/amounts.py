"""Amounts as people type them: text in, minor units out, never a float."""

import re
from decimal import Decimal

AMOUNT_MAX = Decimal(100_000)
DECIMALS = {"JPY": 0}
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_HOURS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?", re.ASCII)


def minor_units(text: str, *, currency: str) -> int:
    """`66.50` in USD as 6650; `ValueError` says how to write it. Commas between thousands pass."""
    clean = text.strip().removeprefix("$").removeprefix("€").removeprefix("£").strip()
    grouped = re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?", clean, re.ASCII)
    clean = clean.replace(",", "") if grouped else clean
    if not _AMOUNT.fullmatch(clean):
        raise ValueError(f"{text.strip()[:20]} is not an amount. Write it like 66.50.")
    amount, decimals = Decimal(clean), DECIMALS.get(currency, 2)
    minor = amount * 10**decimals
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency} has no part smaller than {Decimal(10) ** -decimals}.")
    if not 0 < amount <= AMOUNT_MAX:
        raise ValueError(f"An amount above 0, at most {AMOUNT_MAX:,}.")
    return int(minor)


def typed(minor: int, *, currency: str) -> str:
    """Minor units as they are typed: 6650 in USD is `66.50`."""
    decimals = DECIMALS.get(currency, 2)
    return str(Decimal(minor).scaleb(-decimals))


def seconds_of(hours: str) -> int:
    """`20` or `37.5` hours in seconds; `ValueError` says how to write it."""
    clean = hours.strip()
    if not _HOURS.fullmatch(clean):
        raise ValueError("Hours like 20 or 37.5.")
    return int(Decimal(clean) * 3600)


def is_currency(text: str) -> bool:
    return _CURRENCY.fullmatch(text) is not None
