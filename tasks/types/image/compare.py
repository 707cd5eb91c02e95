"""How far two readings of a picture agree: claims by kappa, regions by shared area."""

from collections import Counter

from tasks.types.matching import agreement
from tasks.types.places import Document
from tasks.types.shapes import Outline, area_overlap, corners

OVERLAP_MIN = 0.5
"""Two regions of one label are the same thing from this share of their joint area."""


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """The mean of what both can be compared in; None when neither judged or drew anything."""
    parts = []
    verdicts = _verdicts(left), _verdicts(right)
    if any(verdicts):
        parts.append(kappa(*verdicts))
    regions = left.get("regions", []), right.get("regions", [])
    if any(regions):
        parts.append(agreement(*regions, value=_same_region))
    return sum(parts) / len(parts) if parts else None


def kappa(left: dict[str, str], right: dict[str, str]) -> float:
    """Cohen's kappa over the claims of one task, not below 0; a claim one left out differs."""
    names = left.keys() | right.keys()
    observed = sum(left.get(name) == right.get(name) for name in names) / len(names)
    mine, yours = Counter(left.values()), Counter(right.values())
    chance = sum(mine[verdict] * yours[verdict] for verdict in mine) / len(names) ** 2
    if observed == 1:
        return 1.0
    return max(0.0, (observed - chance) / (1 - chance))


def _verdicts(answer: Document) -> dict[str, str]:
    return {claim["id"]: claim["verdict"] for claim in answer.get("claims", ())}


def _same_region(left: Document, right: Document) -> float:
    if (left["media"], left["label"]) != (right["media"], right["label"]):
        return 0.0
    return float(area_overlap(_outline(left), _outline(right)) >= OVERLAP_MIN)


def _outline(region: Document) -> Outline:
    outline: Outline = region["points"] if "points" in region else corners(region["box"])
    return outline
