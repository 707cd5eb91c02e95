"""How far two rankings agree."""

from itertools import combinations

from tasks.types.places import Document


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """The mean over all pairs of responses: 1 same order, 0.5 tied in one of them, 0 reversed."""
    mine, yours = _ranks(left), _ranks(right)
    pairs = list(combinations(sorted(mine), 2))
    return sum(_pair(mine[a] - mine[b], yours[a] - yours[b]) for a, b in pairs) / len(pairs)


def _ranks(answer: Document) -> dict[str, int]:
    return {name: rank for rank, group in enumerate(answer["ranking"]) for name in group}


def _pair(mine: int, yours: int) -> float:
    if mine == 0 or yours == 0:
        return 1.0 if mine == yours else 0.5
    return float((mine < 0) == (yours < 0))
