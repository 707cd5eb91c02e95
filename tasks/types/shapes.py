"""Boxes and polygons in pixels, stretches of time in milliseconds: what fits, what overlaps."""

from collections.abc import Iterator, Sequence
from math import fsum
from typing import Any

from tasks.types.problems import Code, Problem

ROWS = 32
"""In how many rows a polygon is measured; the error of an overlap is about one part in `ROWS`."""

Point = Sequence[int]
Outline = Sequence[Point]


def box_problems(box: Sequence[int], *, path: str, medium: dict[str, Any]) -> Iterator[Problem]:
    """A box needs an area and must lie inside the stored picture."""
    x, y, width, height = box
    if not width or not height:
        yield Problem(path, Code.SHAPE_FLAT, "A box is at least one pixel wide and high.")
    elif x + width > medium["width"] or y + height > medium["height"]:
        yield _outside(path, medium)


def polygon_problems(outline: Outline, *, path: str, medium: dict[str, Any]) -> Iterator[Problem]:
    """A polygon needs an area, no crossing sides, and every corner inside the picture."""
    for number, (x, y) in enumerate(outline):
        if x > medium["width"] or y > medium["height"]:
            yield _outside(f"{path}[{number}]", medium)
            return
    if not _doubled_area(outline):
        yield Problem(path, Code.SHAPE_FLAT, "The corners lie on one line; draw an area.")
    elif _crosses(outline):
        yield Problem(path, Code.SHAPE_CROSSES, "The outline crosses itself; draw it in order.")


def _outside(path: str, medium: dict[str, Any]) -> Problem:
    return Problem(
        path,
        Code.OUTSIDE_PICTURE,
        f"The picture is {medium['width']} × {medium['height']} pixels; stay inside.",
    )


def time_problems(stretch: dict[str, Any], *, path: str, duration_ms: int) -> Iterator[Problem]:
    """A stretch of time is half-open, not empty, and inside the clip."""
    if stretch["start_ms"] >= stretch["end_ms"]:
        yield Problem(f"{path}.end_ms", Code.TIME_EMPTY, "The end must come after the start.")
    elif stretch["end_ms"] > duration_ms:
        yield Problem(
            f"{path}.end_ms", Code.OUTSIDE_CLIP, f"The clip lasts {duration_ms} milliseconds."
        )


def time_overlap(left: dict[str, Any], right: dict[str, Any]) -> float:
    """Shared time over joint time: 1 for the same stretch, 0 for no moment in common."""
    shared = min(left["end_ms"], right["end_ms"]) - max(left["start_ms"], right["start_ms"])
    joint = max(left["end_ms"], right["end_ms"]) - min(left["start_ms"], right["start_ms"])
    return float(max(0, shared) / joint)


def area_overlap(left: Outline, right: Outline) -> float:
    """Shared area over joint area of two outlines; exact for upright boxes."""
    if _is_box(left) and _is_box(right):
        return _box_overlap(left, right)
    mine, yours = _frame(left), _frame(right)
    if _apart(mine, yours):
        return 0.0
    top, bottom = min(mine[1], yours[1]), max(mine[3], yours[3])
    shared = joint = 0.0
    for row in range(ROWS):
        y = top + (bottom - top) * (row + 0.5) / ROWS
        ours, theirs = _crossings(left, y), _crossings(right, y)
        both = _shared_length(ours, theirs)
        shared += both
        joint += _length(ours) + _length(theirs) - both
    return shared / joint if joint else float(left == right)


def corners(box: Sequence[int]) -> Outline:
    """The outline of a box ``[x, y, width, height]``."""
    x, y, width, height = box
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def _is_box(outline: Outline) -> bool:
    return (
        len(outline) == 4
        and len({x for x, _ in outline}) == len({y for _, y in outline}) == 2
        and bool(_doubled_area(outline))
    )


def _frame(outline: Outline) -> tuple[int, int, int, int]:
    """The left, top, right and bottom of an outline."""
    across, down = zip(*outline, strict=True)
    return min(across), min(down), max(across), max(down)


def _apart(left: Sequence[int], right: Sequence[int]) -> bool:
    (ax, ay, au, av), (bx, by, bu, bv) = left, right
    return au <= bx or bu <= ax or av <= by or bv <= ay


def _box_overlap(left: Outline, right: Outline) -> float:
    (ax, ay, au, av), (bx, by, bu, bv) = _frame(left), _frame(right)
    shared = max(0, min(au, bu) - max(ax, bx)) * max(0, min(av, bv) - max(ay, by))
    return shared / ((au - ax) * (av - ay) + (bu - bx) * (bv - by) - shared)


def _sides(outline: Outline) -> Iterator[tuple[Point, Point]]:
    yield from zip(outline, (*outline[1:], outline[0]), strict=True)


def _doubled_area(outline: Outline) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(outline))


def _crosses(outline: Outline) -> bool:
    sides = list(_sides(outline))
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (j + 1) % len(sides) != i
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _crossings(outline: Outline, y: float) -> list[float]:
    """Where the row at height `y` enters and leaves the outline, from left to right."""
    return sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in _sides(outline)
        if (a[1] <= y) != (b[1] <= y)
    )


def _length(crossings: Sequence[float]) -> float:
    return sum(crossings[1::2]) - sum(crossings[0::2])


def _shared_length(left: Sequence[float], right: Sequence[float]) -> float:
    return fsum(
        max(0.0, min(left[i + 1], right[j + 1]) - max(left[i], right[j]))
        for i in range(0, len(left) - 1, 2)
        for j in range(0, len(right) - 1, 2)
    )
