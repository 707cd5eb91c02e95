"""The minutes of a simulation: arrivals, offers, answers, work, ends of shifts."""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from tasks.rules.simulating.outcomes import Outcome, told
from tasks.rules.simulating.routers import Free, Router, Waiting
from tasks.rules.simulating.scenes import MINUTES_A_DAY, Arrival, Scene, Worker

COOL_DOWN_MINUTES = 30
IGNORED_AFTER_MINUTES = 10


@dataclass(slots=True)
class _Person:
    worker: Worker
    since: int = 0
    until: int = 0
    busy: bool = False
    given: deque[int] = field(default_factory=deque)
    lately: dict[int, int] = field(default_factory=dict)
    minutes_paid: int = 0
    done: int = 0
    passed: int = 0


@dataclass(slots=True)
class Done:
    """A finished task: when it came, was begun and handed in, by whom, and what it cost."""

    arrival: Arrival
    worker: int
    begun: int
    ended: int
    cost_minor: int


def run(scene: Scene, router: Router) -> Outcome:
    """Play a scene to its end; what still waits then counts as waiting."""
    play = _Play(scene, router)
    for minute in range(scene.minutes):
        play.tick(minute)
    return told(
        scene,
        done=play.done,
        waiting=[waiting.arrival for waiting in play.waiting.values()],
        minutes={n: person.minutes_paid for n, person in play.people.items()},
        offers=play.offers,
        longest_idle=max((person.passed for person in play.people.values()), default=0),
    )


class _Play:
    def __init__(self, scene: Scene, router: Router) -> None:
        self.scene = scene
        self.router = router
        self.people = {each.worker: _Person(each) for each in scene.workers}
        self.waiting: dict[int, Waiting] = {}
        self._held: dict[int, Waiting] = {}
        self.done: list[Done] = []
        self.offers = 0
        self._arrivals = deque(scene.arrivals)
        self._free: set[int] = set()
        self._due: list[tuple[int, int, str, int, int]] = []
        self._turn = 0
        self._changed = False
        starts = sorted((s, e, w.worker) for w in scene.workers for s, e in w.shifts)
        self._shifts = deque(starts)

    def tick(self, minute: int) -> None:
        while self._shifts and self._shifts[0][0] <= minute:
            _, until, number = self._shifts.popleft()
            self._come(number, minute, until)
        while self._due and self._due[0][0] <= minute:
            _, _, what, number, slot = heappop(self._due)
            getattr(self, f"_{what}")(minute, number, slot)
        while self._arrivals and self._arrivals[0].minute <= minute:
            arrival = self._arrivals.popleft()
            self.waiting[arrival.slot] = Waiting(arrival, frozenset())
            self._changed = True
        due = self._changed or self.router.by_the_clock
        if due and self.waiting and self._free:
            self._offer(minute)

    def _at(self, minute: int, what: str, number: int, slot: int = 0) -> None:
        self._turn += 1
        heappush(self._due, (minute, self._turn, what, number, slot))

    def _come(self, number: int, minute: int, until: int) -> None:
        person = self.people[number]
        person.since, person.until = minute, until
        if not person.busy:
            self._free.add(number)
            self._changed = True
        self._at(until, "leave", number)

    def _leave(self, minute: int, number: int, _: int) -> None:
        if minute >= self.people[number].until:
            self._free.discard(number)

    def _offer(self, minute: int) -> None:
        free = [self._look(self.people[number], minute) for number in sorted(self._free)]
        waiting = list(self.waiting.values())
        pairs = self.router.match(minute=minute, waiting=waiting, free=free, pools=self.scene.pools)
        for slot, number in pairs:
            self._make(minute, slot, number)
        self._changed = False
        self._count_passed({each.arrival.pool for each in self.waiting.values()})

    def _count_passed(self, wanted: set[int]) -> None:
        for number in self._free:
            person = self.people[number]
            person.passed = person.passed + 1 if wanted & person.worker.levels.keys() else 0

    def _look(self, person: _Person, minute: int) -> Free:
        while person.given and person.given[0] <= minute - MINUTES_A_DAY:
            person.given.popleft()
        return Free(person.worker, person.since, len(person.given), person.lately)

    def _make(self, minute: int, slot: int, number: int) -> None:
        """An offer; whether and when it is answered hangs on who and what alone, so that two
        routers meet the same people.
        """
        waiting = self.waiting.pop(slot)
        self._held[slot] = waiting
        person = self.people[number]
        person.busy, person.passed = True, 0
        self._free.discard(number)
        self.offers += 1
        chance = Random(f"{self.scene.seed} {slot} {number}").random()  # noqa: S311 - a story
        worker = person.worker
        if chance < worker.says_yes:
            self._at(minute + worker.answer_minutes, "accept", number, slot)
        elif chance < worker.says_yes + worker.ignores:
            self._at(minute + IGNORED_AFTER_MINUTES, "refuse", number, slot)
        else:
            self._at(minute + worker.answer_minutes, "refuse", number, slot)

    def _accept(self, minute: int, number: int, slot: int) -> None:
        person, arrival = self.people[number], self._held[slot].arrival
        person.given.append(minute)
        minutes = max(1, round(arrival.minutes_of_work * person.worker.pace))
        self._at(minute + minutes, "finish", number, slot)

    def _refuse(self, minute: int, number: int, slot: int) -> None:
        before = self._held.pop(slot)
        self.waiting[slot] = Waiting(before.arrival, before.refused | {number})
        self._free_again(minute, number)

    def _finish(self, minute: int, number: int, slot: int) -> None:
        person, arrival = self.people[number], self._held.pop(slot).arrival
        minutes = max(1, round(arrival.minutes_of_work * person.worker.pace))
        person.minutes_paid += minutes
        person.done += 1
        person.lately[arrival.pool] = minute
        self.done.append(
            Done(
                arrival=arrival,
                worker=number,
                begun=minute - minutes,
                ended=minute,
                cost_minor=minutes * person.worker.rate_minor_hourly // 60,
            )
        )
        self._free_again(minute, number)

    def _free_again(self, minute: int, number: int) -> None:
        person = self.people[number]
        person.busy, person.since = False, minute
        if minute < person.until:
            self._free.add(number)
            self._changed = True
