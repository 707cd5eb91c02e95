"""How far two sets of findings agree: passages by kind, weighed by harm; omissions by line.

Each finding has a mass, its harm, spread evenly over the characters of its span, or for an omission
over the source lines it cites. Agreement is twice the shared mass over all mass.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import fsum

from tasks.types.places import Document

HARM = {"mild": 1.0, "moderate": 2.0, "severe": 4.0}
HARM_UNSAID = 1.0

Stretch = tuple[int, int, float]
"""Start, end, and mass for each character in between."""


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """1 when both mark the same things with the same harm; 1 too when both find nothing."""
    mine, yours = _marked(left), _marked(right)
    total = fsum([*_masses(mine), *_masses(yours)])
    if not total:
        return 1.0
    shared = fsum(_shared(mine[key], yours[key]) for key in mine.keys() & yours.keys())
    return min(1.0, 2 * shared / total)


def _marked(answer: Document) -> dict[tuple[str, ...], list[Stretch]]:
    marked: dict[tuple[str, ...], list[Stretch]] = {}
    for finding in answer["findings"]:
        for key, stretch in _stretches(finding):
            marked.setdefault(key, []).append(stretch)
    return marked


def _stretches(finding: Document) -> Iterator[tuple[tuple[str, ...], Stretch]]:
    mass = HARM.get(finding.get("harm", ""), HARM_UNSAID)
    if "span" in finding:
        start, end = finding["span"]["start"], finding["span"]["end"]
        yield (finding["kind"], finding["span"]["in"]), (start, end, mass / (end - start))
        return
    cited = {_cited(piece) for piece in finding.get("evidence", ())}
    if not cited:
        cited = {("at", finding["at"]["in"], str(finding["at"]["offset"]))}
    for line in cited:
        yield ("omission", *line), (0, 1, mass / len(cited))


def _cited(piece: Document) -> tuple[str, ...]:
    if "url" in piece:
        return "url", piece["url"]
    return "line", piece["in"], str(piece.get("line", piece.get("start")))


def _masses(marked: dict[tuple[str, ...], list[Stretch]]) -> Iterator[float]:
    for stretches in marked.values():
        yield from ((end - start) * density for start, end, density in stretches)


def _shared(mine: list[Stretch], yours: list[Stretch]) -> float:
    edges = sorted({edge for start, end, _ in (*mine, *yours) for edge in (start, end)})
    return fsum(
        (to - begin) * min(_density(mine, begin), _density(yours, begin))
        for begin, to in pairwise(edges)
    )


def _density(stretches: list[Stretch], place: int) -> float:
    return fsum(density for start, end, density in stretches if start <= place < end)
