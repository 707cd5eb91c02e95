"""Change one thing in a document, by the path that a problem would name."""

import copy
import re
from typing import Any

GONE = object()
"""As a new value: take the field or entry out."""

_STEP = re.compile(r"([A-Za-z0-9_-]+)|\[(\d+)\]")


def steps_of(path: str) -> list[str | int]:
    return [name or int(number) for name, number in _STEP.findall(path)]


def changed(document: Any, changes: dict[str, Any]) -> Any:
    """A copy with every path set to its new value; ``[9]`` past the end appends."""
    copied = copy.deepcopy(document)
    for path, value in changes.items():
        *way, last = steps_of(path)
        here = copied
        for step in way:
            here = here[step]
        if value is GONE:
            del here[last]
        elif isinstance(last, int) and last >= len(here):
            here.append(value)
        else:
            here[last] = value
    return copied


def places_in(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The steps to every value in a document."""
    found = [path]
    if isinstance(document, dict):
        for key, value in document.items():
            found += places_in(value, (*path, key))
    if isinstance(document, list):
        for number, value in enumerate(document):
            found += places_in(value, (*path, number))
    return found


def replaced(document: Any, steps: tuple[str | int, ...], value: Any) -> Any:
    """A copy with the value at `steps` replaced."""
    if not steps:
        return value
    copied = copy.deepcopy(document)
    here = copied
    for step in steps[:-1]:
        here = here[step]
    here[steps[-1]] = value
    return copied
