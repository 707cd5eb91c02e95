"""Whom a tutor can have a tie to: a client, an organisation, or a kind of organisation."""

import re

_WORD = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
_WORDS = re.compile(_WORD, re.ASCII)
_PARTY = re.compile(rf"client:(C-[1-9][0-9]{{0,18}})|(?:org|tag):({_WORD})", re.ASCII)

WORD_MAX = 60
TAGS_MAX = 12
"""Kinds that one organisation may be of."""


def is_word(text: str) -> bool:
    return len(text) <= WORD_MAX and is_slug(text)


def is_slug(text: str) -> bool:
    """A lower-case word, with dots, dashes or underscores within."""
    return _WORDS.fullmatch(text) is not None


def is_party(text: str) -> bool:
    """`client:C-12`, `org:harbour-hospital` or `tag:ai-lab`."""
    kind, _colon, word = text.partition(":")
    return _PARTY.fullmatch(text) is not None and (kind == "client" or is_word(word))


def is_wanted(text: str) -> bool:
    """What a set may name: an organisation or a kind of them; clients are meant by `client`."""
    return is_party(text) and not text.startswith("client:")


def names_of(*, tag: str, word: str, client: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Every name that a tie answers to, whichever of them a set asks for.

    A tie to an organisation is one to the client that it is, and to each kind it is of. A tie to
    a kind alone (an unnamed laboratory) answers to that kind only.
    """
    if tag:
        return (f"tag:{tag}",)
    own = [f"org:{word}", *([f"client:{client}"] if client else [])]
    return (*own, *(f"tag:{each}" for each in sorted(tags)))
