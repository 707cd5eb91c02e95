"""What a new text says that the old one did not, line by line."""

import difflib
from dataclasses import dataclass
from typing import Literal

Mark = Literal["same", "added", "removed"]
CONTEXT_LINES = 1


@dataclass(frozen=True, slots=True)
class Line:
    mark: Mark
    text: str


def changes(*, old: str, new: str) -> list[Line]:
    """The changed lines, removed before added, with a line of context around them."""
    marked = [
        Line(_MARKS[line[:2]], line[2:])
        for line in difflib.ndiff(old.splitlines(), new.splitlines())
        if line[:2] in _MARKS
    ]
    changed = [n for n, line in enumerate(marked) if line.mark != "same"]
    near = {n + step for n in changed for step in range(-CONTEXT_LINES, CONTEXT_LINES + 1)}
    return [line for n, line in enumerate(marked) if n in near and (line.text or n in changed)]


_MARKS: dict[str, Mark] = {"  ": "same", "+ ": "added", "- ": "removed"}
