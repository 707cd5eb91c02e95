"""Amounts that people type: read exactly, or not at all."""

from payments.rules.money import NotAnAmount, decimal_text, parse_decimal
from workforce.rules import shown

_NOISE = str.maketrans("", "", ", \u00a0\u2009'")


def typed_minor(text: str, *, currency: str) -> int:
    """`$1,842.50`, `1842.5` or `−60` in minor units; `NotAnAmount` for anything else."""
    plain = text.strip().replace(shown.MINUS, "-").translate(_NOISE)
    negative = plain.startswith("-")
    plain = plain.removeprefix("-")
    symbol = shown.SYMBOLS.get(currency, "").strip()
    for mark in (symbol, currency):
        if mark:
            plain = plain.removeprefix(mark).removesuffix(mark)
    minor = parse_decimal(text=plain, currency=currency)
    return -minor if negative else minor


def is_total(text: str, *, minor: int, currency: str) -> bool:
    """Whether somebody typed exactly this amount."""
    try:
        return typed_minor(text, currency=currency) == minor
    except NotAnAmount:
        return False


def example(*, minor: int, currency: str) -> str:
    """How the amount looks when it is typed: `486,212.40`."""
    whole, point, rest = decimal_text(amount_minor=minor, currency=currency).partition(".")
    return f"{int(whole):,}{point}{rest}"
