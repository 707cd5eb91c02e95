"""Pair the marks of two answers so that the pairs are worth most together.

Values are whole numbers (`EXACT` stands for a perfect pair), so the total does not depend on which
answer is called left.
"""

from collections.abc import Callable, Sequence
from typing import Any

EXACT = 1_000_000
"""What a perfect pair is worth."""


def agreement(
    left: Sequence[Any], right: Sequence[Any], *, value: Callable[[Any, Any], float]
) -> float:
    """Twice the worth of the best pairing over all marks: 1 when every mark has its like.

    `value` gives 0 to 1 for a pair. Two answers without marks agree.
    """
    if not left or not right:
        return float(not left and not right)
    worth = [[round(EXACT * value(a, b)) for b in right] for a in left]
    return 2 * best_total(worth) / (EXACT * (len(left) + len(right)))


def best_total(worth: Sequence[Sequence[int]]) -> int:
    """The largest sum of entries with no two in one row or column (the Hungarian method)."""
    if len(worth) > len(worth[0]):
        worth = [list(column) for column in zip(*worth, strict=True)]
    width = len(worth[0])
    rows, columns = [0] * (len(worth) + 1), [0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, len(worth) + 1):
        owner[0] = row
        _place(worth, rows=rows, columns=columns, owner=owner)
    return sum(worth[owner[j] - 1][j - 1] for j in range(1, width + 1) if owner[j])


def _place(
    worth: Sequence[Sequence[int]], *, rows: list[int], columns: list[int], owner: list[int]
) -> None:
    """Find a column for the row in ``owner[0]``, moving earlier rows where that pays."""
    width = len(columns)
    slack: list[float] = [float("inf")] * width
    back, done = [0] * width, [False] * width
    here = 0
    while owner[here]:
        done[here] = True
        row, step, there = owner[here], float("inf"), 0
        for j in range(1, width):
            if done[j]:
                continue
            cost = -worth[row - 1][j - 1] - rows[row] - columns[j]
            if cost < slack[j]:
                slack[j], back[j] = cost, here
            if slack[j] < step:
                step, there = slack[j], j
        for j in range(width):
            if done[j]:
                rows[owner[j]] += int(step)
                columns[j] -= int(step)
            else:
                slack[j] -= step
        here = there
    while here:
        owner[here] = owner[back[here]]
        here = back[here]
