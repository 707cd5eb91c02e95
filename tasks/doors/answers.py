"""Any answer as lines of a page: labels and values by depth, whatever its shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LINES_MAX = 400
TEXT_CHARS_MAX = 4_000


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """`depth` counts from 0; a heading has no value."""

    depth: int
    label: str
    value: str

    @property
    def is_heading(self) -> bool:
        return not self.value


def lines_of(answer: Any) -> list[AnswerLine]:
    """The answer for reading, at most `LINES_MAX` lines."""
    found: list[AnswerLine] = []
    for line in _walk("", answer, depth=0):
        if len(found) == LINES_MAX:
            break
        found.append(line)
    return found


def _walk(label: str, value: Any, *, depth: int) -> Iterator[AnswerLine]:
    if isinstance(value, Mapping):
        if label:
            yield AnswerLine(depth, label, "")
        for key, each in value.items():
            yield from _walk(_words(str(key)), each, depth=depth + bool(label))
    elif isinstance(value, list | tuple):
        if all(not isinstance(each, Mapping | list) for each in value):
            yield AnswerLine(depth, label, ", ".join(map(_plain, value)) or "none")
            return
        for n, each in enumerate(value, start=1):
            yield from _walk(f"{label} {n}".strip(), each, depth=depth)
    else:
        yield AnswerLine(depth, label, _plain(value))


def _words(key: str) -> str:
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:TEXT_CHARS_MAX]
