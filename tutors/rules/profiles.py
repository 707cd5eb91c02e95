"""The shape of a tutor's profile: one reader for the API and for CSV."""

import re
from functools import cache
from zoneinfo import available_timezones

from tutors.rules import fields, languages, places
from tutors.rules.languages import Level

NAME_MAX = 200
EMAIL_MAX = 254
HEADLINE_MAX = 500
DOMAINS_MAX = 20
LANGUAGES_MAX = 20
CAPACITY_DEFAULT = 1
CAPACITY_MAX = 20

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def name(text: str) -> str:
    """A person's name on one line; `ValueError` says what is wrong. Markup stays text."""
    clean = " ".join(text.split())
    if not clean or len(clean) > NAME_MAX or _CONTROL.search(clean):
        raise ValueError(f"A name of 1 to {NAME_MAX} characters on one line.")
    return clean


def email(text: str) -> str:
    clean = text.strip()
    if len(clean) > EMAIL_MAX or not _EMAIL.fullmatch(clean):
        raise ValueError("This is not an e-mail address.")
    return clean


def zone(text: str) -> str:
    """An IANA time zone such as Europe/Berlin."""
    if text not in _zones():
        raise ValueError("This is not a time zone such as Europe/Berlin.")
    return text


def country(text: str) -> str:
    """An ISO 3166-1 code of two letters; small letters are lifted."""
    code = text.strip().upper() if text.isascii() else ""
    if not places.is_country(code):
        raise ValueError("This is not a country code of two letters, such as DE.")
    return code


def region(text: str, *, country: str) -> str:
    """The part of the country, such as NY; `US-NY` is understood too. Empty when not known."""
    code = text.strip().upper().removeprefix(f"{country}-")
    if code and not text.isascii():
        code = "?"
    if code and not places.is_place(f"{country}-{code}"):
        raise ValueError("This is not a part of the country, such as NY.")
    return code


def speciality(text: str) -> str:
    slug = text.strip()
    if not fields.is_slug(slug):
        raise ValueError(f"“{slug[:120]}” is not a domain such as medicine.psychiatry.")
    return slug


def language(tag: str, level: str) -> tuple[str, Level]:
    """A language tag and a level from A1 to C2, or native."""
    clean, wanted = tag.strip(), level.strip()
    if not languages.is_tag(clean):
        raise ValueError(f"“{clean[:40]}” is not a language tag such as en or pt-BR.")
    for known in Level:
        if known.value.casefold() == wanted.casefold():
            return clean, known
    raise ValueError(f"“{wanted[:40]}” is not a level: A1, A2, B1, B2, C1, C2 or native.")


def capacity(value: int) -> int:
    if not 1 <= value <= CAPACITY_MAX:
        raise ValueError(f"From 1 to {CAPACITY_MAX} tasks at a time.")
    return value


@cache
def _zones() -> frozenset[str]:
    """Every zone there is; read once, as the list comes from files."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}
