"""JSON as we keep it: no hidden characters, bounded in depth and size, one kind of line end."""

import math
import re
from collections.abc import Iterator
from typing import Any

from tasks.types.problems import Code, Problem, clip, path_of

DEPTH_MAX = 16
"""How deep lists and objects may nest; our deepest schema needs seven."""
VALUES_MAX = 20_000
"""How many values (numbers, texts, lists, objects) one document may hold."""
CHARACTERS_MAX = 1_000_000
"""How many characters all texts of one document may have together, keys included."""

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")

Steps = tuple[str | int, ...]


def normalise(value: Any) -> Any:
    """A copy with every line end as LF and whole numbers as integers (``5.0`` becomes ``5``).

    Anything nested deeper than `DEPTH_MAX` is returned as it came: checking refuses it.
    """
    return _normalise(value, DEPTH_MAX)


def _normalise(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _LINE_END.sub("\n", value) if "\r" in value else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if depth and isinstance(value, dict):
        return {key: _normalise(inner, depth - 1) for key, inner in value.items()}
    if depth and isinstance(value, list):
        return [_normalise(inner, depth - 1) for inner in value]
    return value


def plain_problems(value: Any) -> Iterator[Problem]:
    """What keeps a document from being stored at all, whatever its schema.

    A document that is too deep or too big is reported and looked at no further.
    """
    if not _is_plain(value):
        yield from _problems(value)


def _is_plain(value: Any) -> bool:
    """Surely nothing to report. False only says: look closely. Intake asks this of every row."""
    level, values, characters = [value], 1, 0
    for _ in range(DEPTH_MAX):
        deeper: list[Any] = []
        for here in level:
            kind = type(here)
            if kind is str:
                characters += len(here)
                if not (here.isprintable() or _fit(here)):
                    return False
            elif kind is dict:
                for key in here:
                    characters += len(key)
                    if not (key.isprintable() or _fit(key)):
                        return False
                deeper.extend(here.values())
            elif kind is list:
                deeper.extend(here)
            elif kind is float and not math.isfinite(here):
                return False
        values += len(deeper)
        if values > VALUES_MAX or characters > CHARACTERS_MAX:
            return False
        if not deeper:
            return True
        level = deeper
    return False


def _fit(text: str) -> bool:
    return not (_HIDDEN.search(text) or _HALF.search(text))


def _problems(value: Any) -> Iterator[Problem]:
    values = characters = 0
    waiting: list[tuple[Any, Steps]] = [(value, ())]
    while waiting:
        here, steps = waiting.pop()
        values += 1
        if isinstance(here, str):
            characters += len(here)
            yield from _text_problems(here, steps)
        elif isinstance(here, float) and not math.isfinite(here):
            yield Problem(path_of(steps), Code.NOT_A_NUMBER, "Give a finite number.")
        elif isinstance(here, dict | list):
            if len(steps) >= DEPTH_MAX:
                yield _too_deep(steps)
                return
            if isinstance(here, dict):
                characters += sum(map(len, here))
                yield from _key_problems(here, steps)
                waiting.extend((inner, (*steps, key)) for key, inner in here.items())
            else:
                waiting.extend((inner, (*steps, n)) for n, inner in enumerate(here))
        if values + len(waiting) > VALUES_MAX or characters > CHARACTERS_MAX:
            yield _too_big()
            return


def _text_problems(text: str, steps: Steps) -> Iterator[Problem]:
    if not text.isprintable():
        if hidden := _HIDDEN.search(text):
            yield Problem(path_of(steps), Code.CONTROL_CHARACTER, _hidden(hidden))
        if half := _HALF.search(text):
            yield Problem(
                path_of(steps),
                Code.BROKEN_TEXT,
                f"Character {half.start()} is half of a surrogate pair; send whole characters.",
            )


def _key_problems(here: dict[str, Any], steps: Steps) -> Iterator[Problem]:
    for key in here:
        if _HIDDEN.search(key) or _HALF.search(key):
            yield Problem(
                path_of(steps), Code.CONTROL_CHARACTER, "A field name holds a hidden character."
            )


def _hidden(found: re.Match[str]) -> str:
    number = f"U+{ord(found.group()):04X}"
    return f"Character {found.start()} is {number}, which cannot be shown; remove it."


def _too_deep(steps: Steps) -> Problem:
    path = clip(path_of(steps[:DEPTH_MAX]), 200)
    return Problem(path, Code.TOO_DEEP, f"Nested deeper than {DEPTH_MAX} levels.")


def _too_big() -> Problem:
    return Problem(
        "",
        Code.TOO_BIG,
        f"Too big: at most {VALUES_MAX} values and {CHARACTERS_MAX} characters in all.",
    )
