"""Checks of bank account numbers: length, country shape and check digits."""

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK "
    "MT NL NO PL PT RO RS SE SI SK SM VA"
)
SEPA_COUNTRIES = frozenset(_SEPA.split())
"""Countries that a euro credit transfer with service level SEPA reaches."""


class NotAnAccount(ValueError):
    """The IBAN or BIC does not hold; the text says why, without repeating the number."""


def checked_iban(text: str) -> str:
    """The IBAN without blanks, if its length, shape and check digits hold."""
    try:
        return str(IBAN("".join(text.split()).upper()).compact)
    except (SchwiftyException, ValueError) as problem:
        raise NotAnAccount(f"This is not a valid IBAN: {type(problem).__name__}.") from None


def checked_bic(text: str) -> str:
    """The BIC (8 or 11 characters), if its shape and country hold; empty stays empty."""
    if not text.strip():
        return ""
    try:
        return str(BIC(text.strip().upper()).compact)
    except (SchwiftyException, ValueError) as problem:
        raise NotAnAccount(f"This is not a valid BIC: {type(problem).__name__}.") from None


def masked(iban: str) -> str:
    """Country and the last four characters, for people to recognise their own account."""
    return f"{iban[:2]}•• •••• {iban[-4:]}"


def reaches_by_sepa(iban: str) -> bool:
    return iban[:2] in SEPA_COUNTRIES
