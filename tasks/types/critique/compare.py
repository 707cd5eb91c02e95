"""How far two critiques agree: their points, matched by where and what."""

from tasks.types.matching import agreement
from tasks.types.places import Document

SAME_PLACE_OTHER_KIND = 0.5
"""What two points are worth that meet in the text and name different faults."""


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """Twice the matched worth over all points; a pair counts 1 when the kind is the same too."""
    return agreement(left["points"], right["points"], value=_value)


def _value(left: Document, right: Document) -> float:
    if not _meet(_stretch(left), _stretch(right)):
        return 0.0
    return 1.0 if left["kind"] == right["kind"] else SAME_PLACE_OTHER_KIND


def _stretch(point: Document) -> tuple[str, int, int]:
    """Where the point stands; a place between two characters is one character wide."""
    if "span" in point:
        return point["span"]["in"], point["span"]["start"], point["span"]["end"]
    return point["at"]["in"], point["at"]["offset"], point["at"]["offset"] + 1


def _meet(left: tuple[str, int, int], right: tuple[str, int, int]) -> bool:
    return left[0] == right[0] and left[1] < right[2] and right[1] < left[2]
