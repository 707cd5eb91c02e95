"""A round's slots and people folded into classes, and a flow of classes told out in pairs."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import NamedTuple, TypeVar

from tasks.rules.assigning import Bands, Flow, Folded, bands_of
from tasks.rules.limits import COMPLEXITIES

CREWS_MAX = 4_000
"""More kinds of people than this fold without their preferences, which then count on telling
the pairs only."""

APART_MAX = 300
"""Slots, or people, that history keeps apart get classes of their own up to this number; beyond
it, pairs that may not be are passed over on telling."""

KINDS_MAX = 500
WORTH_STEP_MINUTES = 10
"""With more kinds of people than that, who differ by some minutes are of one kind."""

LOOK_MAX = 20
"""People of a crew that are compared for a slot: those given least so far."""


class OpenSlot(NamedTuple):
    """A waiting slot; `urgency` is its own part of the score.

    `level`: the least that may have it by now, while the policy keeps it for specialists.
    """

    slot: int
    task: int
    pool: int
    complexity: int
    urgency: int
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody with a free hand. `kind` has the same suits as everybody of it.

    `reach`: work expected to take more seconds does not fit into her week; None: no cap.
    `liked`: minutes that pools gain with her; `barred`: pools she is not offered. `person`: the
    same for linked accounts, who count as one before a task; 0: she alone.
    """

    tutor: int
    kind: str
    room: int
    given: int
    reach: int | None = None
    liked: Mapping[int, int] = field(default_factory=dict)
    barred: frozenset[int] = frozenset()
    person: int = 0


Suits = Callable[[str, int, int, int], int | None]
"""(kind, pool, complexity, least level) → what the pair is worth, or None where a verdict stands in
the way."""


Worths = tuple[int, ...]
"""What a pool is worth to somebody by complexity, beside the slot's own urgency; then, where the
policy gives specialists a head start, her level, else 0."""

Suited = tuple[Worths | None, ...]
"""Worths of each pool; None where a verdict stands in the way."""

LEVEL = len(COMPLEXITIES)


Key = TypeVar("Key", str, int)


def of_few_kinds(suited: Mapping[Key, Suited]) -> dict[Key, Suited]:
    """As given; where there would be more than `KINDS_MAX` kinds of people, those of one step
    of the simplest work have the worths of the least among them.
    """
    different = set(suited.values())
    if len(different) <= KINDS_MAX:
        return dict(suited)
    least: dict[tuple[int, int, Worths], Worths] = {}
    for each in different:
        for pool, worths in enumerate(each):
            if worths is not None:
                step = _step(pool, worths)
                least[step] = min(worths, least.get(step, worths))
    rounded = {
        each: tuple(
            None if worths is None else least[_step(pool, worths)]
            for pool, worths in enumerate(each)
        )
        for each in different
    }
    return {key: rounded[each] for key, each in suited.items()}


def _step(pool: int, worths: Worths) -> tuple[int, int, Worths]:
    return pool, worths[0] // WORTH_STEP_MINUTES, worths[LEVEL:]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a round looks at. `apart` has the (slot, tutor) that may not meet, `seconds` what a
    pool's work is expected to take, `fairness` the minutes that a match already given costs, and
    `given_most` how many of them count.
    """

    slots: Sequence[OpenSlot]
    people: Sequence[Candidate]
    seconds: Mapping[int, int]
    fairness: int
    given_most: int
    apart: frozenset[tuple[int, int]] = frozenset()


WorkKey = tuple[int, int, int, tuple[int, ...]]
CrewKey = tuple[str, tuple[tuple[int, int], ...], tuple[int, ...], int | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Classes and who is in them, in the order of the classes."""

    folded: Folded
    work: tuple[tuple[WorkKey, tuple[OpenSlot, ...]], ...]
    crews: tuple[tuple[CrewKey, tuple[Candidate, ...]], ...]
    alike: bool
    """Whether everybody of a crew likes the same pools."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the classes: the same digest is solved the same way."""
        f = self.folded
        text = repr((f.work, f.crews, sorted(f.worth.items())))
        return hashlib.sha256(text.encode()).hexdigest()


def fold(world: World, suits: Suits) -> Fold:
    """Slots of one pool, complexity and least level are one work; people whom everything suits
    alike are a crew.
    """
    apart_people = {tutor for _, tutor in world.apart}
    keep_apart = len(apart_people) <= APART_MAX and len(world.apart) <= APART_MAX
    work = _works(world, keep_apart=keep_apart)
    singles = apart_people if keep_apart else set()
    crews = _crews(world, singles=singles, liked=True)
    alike = len(crews) <= CREWS_MAX
    if not alike:
        crews = _crews(world, singles=singles, liked=False)
    works = tuple((key, tuple(work[key])) for key in sorted(work))
    people = tuple((key, tuple(crews[key])) for key in sorted(crews, key=repr))
    folded = Folded(
        work=tuple(bands_of([slot.urgency for slot in slots]) for _, slots in works),
        crews=tuple(_hands(crew, world) for _, crew in people),
        worth=dict(_worth(works, people, suits, world)),
    )
    return Fold(folded=folded, work=works, crews=people, alike=alike)


def _works(world: World, *, keep_apart: bool) -> dict[WorkKey, list[OpenSlot]]:
    strangers: dict[int, list[int]] = {}
    for slot_id, tutor in sorted(world.apart) if keep_apart else ():
        strangers.setdefault(slot_id, []).append(tutor)
    works: dict[WorkKey, list[OpenSlot]] = {}
    for slot in sorted(world.slots, key=lambda s: (-s.urgency, s.slot)):
        key = (slot.pool, slot.complexity, slot.level, tuple(strangers.get(slot.slot, ())))
        works.setdefault(key, []).append(slot)
    return works


def _crews(world: World, *, singles: set[int], liked: bool) -> dict[CrewKey, list[Candidate]]:
    spans = sorted(set(world.seconds.values()))
    crews: dict[CrewKey, list[Candidate]] = {}
    for person in sorted(world.people, key=attrgetter("tutor")):
        key = (
            person.kind,
            tuple(sorted(person.liked.items())) if liked and person.liked else (),
            _in_order(person.barred) if person.barred else (),
            _longest(person.reach, spans),
            person.tutor if person.tutor in singles else 0,
        )
        crews.setdefault(key, []).append(person)
    return crews


@lru_cache(maxsize=CREWS_MAX)
def _in_order(pools: frozenset[int]) -> tuple[int, ...]:
    """Once for all who share the set."""
    return tuple(sorted(pools))


def _longest(reach: int | None, spans: Sequence[int]) -> int | None:
    """The longest of the spans that is within reach; None where all are."""
    if reach is None:
        return None
    within = bisect_right(spans, reach)
    if within == len(spans):
        return None if spans else 0
    return spans[within - 1] if within else 0


def _hands(crew: Sequence[Candidate], world: World) -> Bands:
    """What the free hands of a crew gain: less for those who were given more."""
    gains: Counter[int] = Counter()
    for (given, room), people in Counter((p.given, p.room) for p in crew).items():
        for turn in range(room):
            gains[-world.fairness * min(given + turn, world.given_most)] += people
    return tuple(sorted(gains.items(), reverse=True))


def _worth(
    works: Sequence[tuple[WorkKey, tuple[OpenSlot, ...]]],
    crews: Sequence[tuple[CrewKey, tuple[Candidate, ...]]],
    suits: Suits,
    world: World,
) -> Iterator[tuple[tuple[int, int], int]]:
    of_pool: dict[int, list[tuple[int, WorkKey]]] = {}
    for w, (key, _) in enumerate(works):
        of_pool.setdefault(key[0], []).append((w, key))
    of_kind: dict[str, list[tuple[int, int]]] = {}
    for c, ((kind, liked, barred, reach, single), _) in enumerate(crews):
        if kind not in of_kind:
            of_kind[kind] = _suited(kind, of_pool, suits)
        gains = dict(liked)
        for w, worth in of_kind[kind]:
            pool, _, _, strangers = works[w][0]
            if pool in barred or (single and single in strangers):
                continue
            if reach is None or world.seconds[pool] <= reach:
                yield (w, c), worth + gains.get(pool, 0)


def _suited(
    kind: str, of_pool: Mapping[int, Sequence[tuple[int, WorkKey]]], suits: Suits
) -> list[tuple[int, int]]:
    """(work, worth) for people of a kind; a pool that suits them in no way is passed at once."""
    found = []
    for pool, works in of_pool.items():
        if suits(kind, pool, COMPLEXITIES[0], 0) is not None:
            found += [(w, suits(kind, *key[:3])) for w, key in works]
    return [(w, worth) for w, worth in found if worth is not None]


class Pair(NamedTuple):
    slot: OpenSlot
    tutor: int


def tell(fold: Fold, flow: Flow, world: World) -> list[Pair]:
    """The flow as pairs: the most urgent slots of each work, and of each crew those given least.

    A task's slots go to different people, and nobody meets a task that history keeps her from;
    what finds nobody for that reason is tried once more with everybody whom it suits.
    """
    table = _Table(fold, world)
    worth = fold.folded.worth
    shared: list[list[list[int]]] = [[] for _ in fold.work]
    for (w, crew), units in sorted(flow.items(), key=lambda item: (-worth[item[0]], item[0])):
        shared[w].append([crew, units])
    left = []
    for w, (_, slots) in enumerate(fold.work):
        shares = shared[w]
        sent = sum(units for _, units in shares)
        for slot in slots[:sent]:
            share = next((s for s in shares if s[1] and table.seat(slot, s[0])), None)
            if share is None:
                left.append((w, slot))
            else:
                share[1] -= 1
    for w, slot in sorted(left, key=lambda item: (-item[1].urgency, item[1].slot)):
        suited = [crew for crew in range(len(fold.crews)) if (w, crew) in worth]
        suited.sort(key=lambda crew: (-worth[w, crew], crew))
        any(table.seat(slot, crew) for crew in suited)
    return table.pairs


_Entry = tuple[int, int, int, Candidate]
"""(given so far, tutor, room left, who)."""


class _Table:
    """Who was given what so far."""

    def __init__(self, fold: Fold, world: World) -> None:
        self.pairs: list[Pair] = []
        self._apart = world.apart
        self._met: set[tuple[int, int]] = set()
        self._fairness = world.fairness
        self._alike = fold.alike
        self._crews = [
            [(person.given, person.tutor, person.room, person) for person in crew if person.room]
            for _, crew in fold.crews
        ]
        for heap in self._crews:
            heapify(heap)

    def seat(self, slot: OpenSlot, crew: int) -> bool:
        """Give a slot to the best of the first `LOOK_MAX` of a crew who may have it.

        In a crew whose people are all alike that is the first.
        """
        heap = self._crews[crew]
        looked: list[_Entry] = []
        best: _Entry | None = None
        while heap and len(looked) < LOOK_MAX:
            entry = heappop(heap)
            looked.append(entry)
            if not self._may(slot, entry[3]):
                continue
            if best is None or self._lost(entry, slot.pool) < self._lost(best, slot.pool):
                best = entry
            if self._alike:
                break
        for entry in looked:
            if entry is not best:
                heappush(heap, entry)
        if best is None:
            return False
        given, tutor, room, person = best
        if room > 1:
            heappush(heap, (given + 1, tutor, room - 1, person))
        self._met.add((slot.task, _who(person)))
        self.pairs.append(Pair(slot=slot, tutor=tutor))
        return True

    def _may(self, slot: OpenSlot, who: Candidate) -> bool:
        met, apart = (slot.task, _who(who)), (slot.slot, who.tutor)
        return met not in self._met and apart not in self._apart

    def _lost(self, entry: _Entry, pool: int) -> tuple[int, int]:
        given, tutor, _, person = entry
        return given * self._fairness - person.liked.get(pool, 0), tutor


def _who(candidate: Candidate) -> int:
    return candidate.person or candidate.tutor
