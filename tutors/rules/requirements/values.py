"""Readers of single values: each gives the clean value or raises `ValueError` with a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | tuple[str, ...]
Reader = Callable[[object], Value]

WORDS_MAX = 60
"""Entries in one list of a leaf."""

TEXT_MAX = 120

_PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of a leaf; left out it takes `default`, or stays absent."""

    read: Reader
    required: bool = False
    default: Value | None = None


def text(*, fits: Callable[[str], bool] | None = None, like: str = "a short text") -> Reader:
    """A line of text; `fits` decides, `like` says what was wanted."""

    def reader(value: object) -> str:
        if not isinstance(value, str) or not _PLAIN.fullmatch(value) or len(value) > TEXT_MAX:
            raise ValueError(f"This must be {like}.")
        if fits is not None and not fits(value):
            raise ValueError(f"This must be {like}, not “{value}”.")
        return value

    return reader


def one_of(words: type[StrEnum]) -> Reader:
    known = [w.value for w in words]
    return text(fits=lambda v: v in known, like=f"one of {', '.join(known)}")


def whole(*, least: int, most: int) -> Reader:
    def reader(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"This must be a whole number from {least} to {most}.")
        return value

    return reader


def share(value: object) -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("This must be a number from 0 to 1.")
    return float(value)


def words(*, fits: Callable[[str], bool] | None = None, like: str = "a short text") -> Reader:
    """A list of 1 to 60 different texts, given back sorted."""
    single = text(fits=fits, like=like)

    def reader(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= WORDS_MAX:
            raise ValueError(f"This must be a list of 1 to {WORDS_MAX} entries.")
        for entry in value:
            try:
                single(entry)
            except ValueError:
                shown = f", not “{entry}”" if isinstance(entry, str) else ""
                raise ValueError(f"Each entry must be {like}{shown}.") from None
        return tuple(sorted(set(value)))

    return reader


def several_of(kinds: type[StrEnum]) -> Reader:
    known = [w.value for w in kinds]
    return words(fits=lambda v: v in known, like=f"one of {', '.join(known)}")
