"""How far two timelines agree: segments of one track, by label and shared time."""

from tasks.types.matching import agreement
from tasks.types.places import Document
from tasks.types.shapes import time_overlap


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """Twice the shared time of matched segments over all segments.

    Where neither marked a segment, the share of claims judged alike; None without claims either.
    """
    segments = left.get("segments", []), right.get("segments", [])
    if any(segments):
        return agreement(*segments, value=_value)
    mine, yours = _verdicts(left), _verdicts(right)
    names = mine.keys() | yours.keys()
    if not names:
        return None
    return sum(mine.get(name) == yours.get(name) for name in names) / len(names)


def _value(left: Document, right: Document) -> float:
    same = (left["track"], left["label"]) == (right["track"], right["label"])
    return time_overlap(left, right) if same else 0.0


def _verdicts(answer: Document) -> dict[str, str]:
    return {claim["id"]: claim["verdict"] for claim in answer.get("claims", ())}
