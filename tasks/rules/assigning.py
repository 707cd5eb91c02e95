"""Who gets what, solved on classes: a transportation problem with falling gains on both sides.

Waiting slots that differ in urgency only are one class of work; people whom every class of work
suits alike are one crew. A unit carried from work to crew gains the urgency of the slot, the
worth of the pair, and what the crew's next free hand is worth (0 or less). Minutes throughout.
Both sides list their units as bands of falling gain, so taking the best first is always right
within a class, and the whole is a network whose optimum is integral.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

Bands = tuple[tuple[int, int], ...]
"""(gain, units), gains strictly falling, units above 0."""

Flow = dict[tuple[int, int], int]
"""Units carried, by (work, crew); never 0."""

MATCHED_MINUTES = 100_000
"""What a match is worth by being made: more than any term lessens a score, so no slot waits
while somebody fit for it has a hand free."""

IMPROVE_STEPS_MAX = 500_000
"""Possible exchanges that `improve` looks at before it stops: about 0.3 s of CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A world folded into classes. `worth` has the pairs that every verdict lets pass."""

    work: tuple[Bands, ...]
    crews: tuple[Bands, ...]
    worth: Mapping[tuple[int, int], int]


def bands_of(gains: Sequence[int]) -> Bands:
    """The bands of single units with these gains, in any order."""
    counted: dict[int, int] = {}
    for gain in gains:
        counted[gain] = counted.get(gain, 0) + 1
    return tuple(sorted(counted.items(), reverse=True))


def total(folded: Folded, flow: Flow) -> int:
    """What a flow gains, `MATCHED_MINUTES` for each match included."""
    sent = [0] * len(folded.work)
    taken = [0] * len(folded.crews)
    gained = 0
    for (work, crew), units in flow.items():
        gained += units * (folded.worth[work, crew] + MATCHED_MINUTES)
        sent[work] += units
        taken[crew] += units
    return (
        gained
        + sum(_gain_of(bands, units) for bands, units in zip(folded.work, sent, strict=True))
        + sum(_gain_of(bands, units) for bands, units in zip(folded.crews, taken, strict=True))
    )


def _gain_of(bands: Bands, units: int) -> int:
    gained = 0
    for gain, count in bands:
        some = min(count, units)
        gained += some * gain
        units -= some
    if units:
        raise ValueError(f"{units} units more than there are")
    return gained


def assign(folded: Folded) -> Flow:
    """The best pair first, then whatever exchange still gains; deterministic.

    Small worlds come out exact; in large ones `improve` stops at its limit.
    """
    return improve(folded, greedy(folded))


class _Side:
    """Where the units of a class stand: how many went, and what the next or last one gains."""

    __slots__ = ("band", "bands", "in_band")

    def __init__(self, bands: Bands) -> None:
        self.bands = bands
        self.band = 0
        self.in_band = 0

    def next(self) -> tuple[int, int] | None:
        """Gain of the next unit, and how many have the same; None when nothing is left."""
        if self.band == len(self.bands):
            return None
        gain, count = self.bands[self.band]
        return gain, count - self.in_band

    def last(self) -> tuple[int, int] | None:
        """Gain of the unit that went last, and how many have the same; None when none went."""
        if self.in_band:
            return self.bands[self.band][0], self.in_band
        return self.bands[self.band - 1] if self.band else None

    def move(self, units: int) -> None:
        """Send units, or with a negative number take them back, within one band."""
        if units < 0 and not self.in_band:
            self.band -= 1
            self.in_band = self.bands[self.band][1]
        self.in_band += units
        if self.band < len(self.bands) and self.in_band == self.bands[self.band][1]:
            self.band += 1
            self.in_band = 0


def greedy(folded: Folded) -> Flow:
    """The pair that gains most, as many units of it as gain alike, and so on to the end.

    A heap of the works by their best pair, and in each work a heap of its crews; entries are
    brought up to date when they come to the top, for gains only fall.
    """
    work = [_Side(bands) for bands in folded.work]
    crews = [_Side(bands) for bands in folded.crews]
    suited = _suited(folded, crews)
    first = {w: _gain(work[w], suited[w], crews, folded.worth, w) for w in suited}
    heap = [(-gain, w) for w, gain in first.items() if gain is not None]
    heapify(heap)
    flow: Flow = {}
    while heap:
        stored, w = heap[0]
        gain = _gain(work[w], suited[w], crews, folded.worth, w)
        if gain is None:
            heappop(heap)
        elif gain < -stored:
            heapreplace(heap, (-gain, w))
        else:
            crew = suited[w][0][1]
            units = min(_left(work[w]), _left(crews[crew]))
            flow[w, crew] = flow.get((w, crew), 0) + units
            work[w].move(units)
            crews[crew].move(units)
    return flow


def _left(side: _Side) -> int:
    ahead = side.next()
    return ahead[1] if ahead else 0


def _suited(folded: Folded, crews: Sequence[_Side]) -> dict[int, list[tuple[int, int]]]:
    """For each work a heap of (-gain of the pair, crew)."""
    heaps: dict[int, list[tuple[int, int]]] = {}
    for (w, crew), worth in folded.worth.items():
        ahead = crews[crew].next()
        if ahead is not None:
            heaps.setdefault(w, []).append((-worth - ahead[0], crew))
    for heap in heaps.values():
        heapify(heap)
    return heaps


def _gain(
    work: _Side,
    heap: list[tuple[int, int]],
    crews: Sequence[_Side],
    worth: Mapping[tuple[int, int], int],
    w: int,
) -> int | None:
    """What the next unit of a work gains with its best crew, which is then on top of its heap."""
    ahead = work.next()
    while ahead and heap:
        stored, crew = heap[0]
        hands = crews[crew].next()
        if hands is None:
            heappop(heap)
            continue
        now = worth[w, crew] + hands[0]
        if now == -stored:
            return ahead[0] + now
        heapreplace(heap, (-now, crew))
    return None


def improve(folded: Folded, flow: Flow, *, steps_max: int = IMPROVE_STEPS_MAX) -> Flow:
    """Exchange along cycles that gain, until none is left or `steps_max` steps were looked at.

    A cycle passes through crews that hand a unit on and, at most once, through the outside:
    a unit more, one less, or one for another. Without one the flow is optimal.
    """
    residual = _Residual(folded, flow)
    while steps_max > 0:
        cycle, used = residual.gaining_cycle(steps_max)
        steps_max -= used
        if cycle is None:
            break
        residual.turn(cycle)
    return residual.flow


_OUTSIDE = 0
Step = tuple[int, int]


class _Residual:
    """What may still be exchanged. Nodes: 0 outside, then the works, then the crews."""

    def __init__(self, folded: Folded, flow: Flow) -> None:
        self.worth = folded.worth
        self.flow = dict(flow)
        self.work = [_Side(bands) for bands in folded.work]
        self.crews = [_Side(bands) for bands in folded.crews]
        self.crews_from = 1 + len(folded.work)
        self.nodes = self.crews_from + len(folded.crews)
        self.suits: list[list[int]] = [[] for _ in folded.work]
        self.given: list[set[int]] = [set() for _ in folded.crews]
        for w, crew in folded.worth:
            self.suits[w].append(crew)
        for (w, crew), units in flow.items():
            _send(self.work[w], units)
            _send(self.crews[crew], units)
            self.given[crew].add(w)

    def steps(self, node: int) -> Iterator[tuple[int, int]]:
        """(next node, gain of one unit) of every exchange that is open from a node."""
        if node == _OUTSIDE:
            for w, side in enumerate(self.work):
                if (ahead := side.next()) is not None:
                    yield 1 + w, ahead[0] + MATCHED_MINUTES
            for crew, side in enumerate(self.crews):
                if (behind := side.last()) is not None:
                    yield self.crews_from + crew, -behind[0]
        elif node < self.crews_from:
            w = node - 1
            if (behind := self.work[w].last()) is not None:
                yield _OUTSIDE, -behind[0] - MATCHED_MINUTES
            for crew in self.suits[w]:
                yield self.crews_from + crew, self.worth[w, crew]
        else:
            crew = node - self.crews_from
            if (ahead := self.crews[crew].next()) is not None:
                yield _OUTSIDE, ahead[0]
            for w in sorted(self.given[crew]):
                yield 1 + w, -self.worth[w, crew]

    def gaining_cycle(self, steps_max: int) -> tuple[list[Step] | None, int]:
        """A cycle with a gain above 0, as steps, and how many steps it took to find out.

        Longest walks from everywhere at once (Bellman and Ford): where a walk comes back to its
        own path there is a cycle, and it gains. Looked for once a pass.
        """
        best = [0] * self.nodes
        before = [-1] * self.nodes
        waiting = list(range(self.nodes))
        used = 0
        while waiting:
            later: set[int] = set()
            for node in waiting:
                for ahead, gain in self.steps(node):
                    used += 1
                    if best[node] + gain > best[ahead]:
                        best[ahead] = best[node] + gain
                        before[ahead] = node
                        later.add(ahead)
                if used >= steps_max:
                    return None, used
            cycle = _cycle_in(before)
            if cycle is not None:
                return cycle, used
            waiting = sorted(later)
        return None, used

    def turn(self, cycle: Sequence[Step]) -> None:
        """Exchange as many units along a cycle as each of its steps has at this gain."""
        units = min(self._open(step) for step in cycle)
        for source, target in cycle:
            if _OUTSIDE in (source, target):
                node = source or target
                side = self._side(node)
                outward = (source == _OUTSIDE) == (node < self.crews_from)
                side.move(units if outward else -units)
            elif source < self.crews_from:
                self._carry(source - 1, target - self.crews_from, units)
            else:
                self._carry(target - 1, source - self.crews_from, -units)

    def _side(self, node: int) -> _Side:
        inner = node < self.crews_from
        return self.work[node - 1] if inner else self.crews[node - self.crews_from]

    def _open(self, step: Step) -> int:
        source, target = step
        if _OUTSIDE in step:
            node = source or target
            side = self._side(node)
            forward = (source == _OUTSIDE) == (node < self.crews_from)
            some = side.next() if forward else side.last()
            return some[1] if some else 0
        if source < self.crews_from:
            return 1 << 60
        return self.flow[target - 1, source - self.crews_from]

    def _carry(self, w: int, crew: int, units: int) -> None:
        now = self.flow.get((w, crew), 0) + units
        if now:
            self.flow[w, crew] = now
            self.given[crew].add(w)
        else:
            self.flow.pop((w, crew), None)
            self.given[crew].discard(w)


def _send(side: _Side, units: int) -> None:
    while units:
        some = min(units, _left(side))
        side.move(some)
        units -= some


def _cycle_in(before: Sequence[int]) -> list[Step] | None:
    """The steps of a cycle that the labels' sources close, if they close one."""
    seen = [-1] * len(before)
    for start in range(len(before)):
        node = start
        while node >= 0 and seen[node] < 0:
            seen[node] = start
            node = before[node]
        if node >= 0 and seen[node] == start:
            return _around(node, before)
    return None


def _around(node: int, before: Sequence[int]) -> list[Step]:
    steps = [(before[node], node)]
    while steps[-1][0] != node:
        at = steps[-1][0]
        steps.append((before[at], at))
    return steps
