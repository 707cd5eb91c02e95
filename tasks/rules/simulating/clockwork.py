"""The minutes of a simulation: arrivals, offers, answers, work, ends of shifts."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from random import Random

from tasks.rules.clocks import MINUTES_A_DAY, MINUTES_AN_HOUR
from tasks.rules.policies import CONCENTRATION_DAYS
from tasks.rules.simulating.outcomes import Done, Outcome, Played, told
from tasks.rules.simulating.routers import Board, Free, Router, Waiting, may
from tasks.rules.simulating.scenes import (
    MINUTES_A_WEEK,
    Arrival,
    Earlier,
    Scene,
    SimPool,
    Worker,
)


@dataclass(slots=True)
class _Person:
    worker: Worker
    since: int = 0
    until: int = 0
    rests_until: int = 0
    held: dict[int, SimPool] = field(default_factory=dict)
    offers: int = 0
    todo: deque[int] = field(default_factory=deque)
    given: deque[int] = field(default_factory=deque)
    lately: dict[int, int] = field(default_factory=dict)
    cooling: dict[int, int] = field(default_factory=dict)
    attempts: Counter[int] = field(default_factory=Counter)
    week: int = 0
    week_minutes: int = 0
    minutes_paid: int = 0
    passed: int = 0
    asked: bool = False
    hoping: int | None = None


def run(scene: Scene, router: Router) -> Outcome:
    """Play a scene to its end; what still waits then counts as waiting."""
    return told(play(scene, router))


def play(scene: Scene, router: Router, *, hourly: Callable[[int], object] | None = None) -> Played:
    """Play a scene to its end. `hourly` is called with each hour's number: it may raise to stop."""
    played = _Play(scene, router)
    for minute in range(scene.minutes):
        if minute % MINUTES_AN_HOUR == 0:
            played.note_hour()
            if hourly:
                hourly(minute // MINUTES_AN_HOUR)
        played.tick(minute)
    return Played(
        scene=scene,
        done=played.done,
        waiting=[waiting.arrival for waiting in played.waiting.values()],
        minutes={n: person.minutes_paid for n, person in played.people.items()},
        offers=played.offers,
        passed_over=max((person.passed for person in played.people.values()), default=0),
        first_offer=played.first_offer,
        hours=played.hours,
    )


class _Play:
    def __init__(self, scene: Scene, router: Router) -> None:
        self.scene = scene
        self.router = router
        self.people = {each.worker: _Person(each) for each in scene.workers}
        self.waiting: dict[int, Waiting] = {}
        self._held: dict[int, Waiting] = {}
        self._taken: dict[int, int] = {}
        self.done: list[Done] = []
        self.offers = 0
        self.first_offer = 0
        self.hours: list[dict[int, int]] = []
        self._attempted: Counter[int] = Counter()
        self._counted: deque[Earlier] = deque()
        self._arrivals = deque(scene.arrivals)
        self._nth_slot = {each.slot: n for n, each in enumerate(scene.arrivals, start=1)}
        self._nth_worker = {each.worker: n for n, each in enumerate(scene.workers, start=1)}
        self._free: set[int] = set()
        self._due: list[tuple[int, int, str, int, int]] = []
        self._turn = 0
        self._changed = False
        starts = sorted((s, e, w.worker) for w in scene.workers for s, e in w.shifts)
        self._shifts = deque(starts)
        for each in scene.earlier:
            self._count(each)

    def note_hour(self) -> None:
        """How much waits in each pool."""
        self.hours.append(Counter(each.arrival.pool for each in self.waiting.values()))

    def tick(self, minute: int) -> None:
        while self._shifts and self._shifts[0][0] <= minute:
            _, until, number = self._shifts.popleft()
            self._come(number, minute, until)
        while self._due and self._due[0][0] <= minute:
            _, _, what, number, slot = heappop(self._due)
            getattr(self, f"_{what}")(minute, number, slot)
        while self._arrivals and self._arrivals[0].minute <= minute:
            arrival = self._arrivals.popleft()
            self.waiting[arrival.slot] = Waiting(arrival)
            self._changed = True
        due = self._changed or self.router.by_the_clock
        if due and self.waiting and self._free:
            self._offer(minute)

    def _day(self, minute: int) -> int:
        """The UTC day, from the Monday of the week in which the scene begins."""
        return (minute + self.scene.into_week) // MINUTES_A_DAY

    def _at(self, minute: int, what: str, number: int, slot: int = 0) -> None:
        self._turn += 1
        heappush(self._due, (minute, self._turn, what, number, slot))

    def _pool(self, arrival: Arrival) -> SimPool:
        return self.scene.pools[arrival.pool]

    def _come(self, number: int, minute: int, until: int) -> None:
        person = self.people[number]
        person.since, person.until = minute, max(until, person.until)
        person.asked = bool(person.held)
        self._settle(number, minute)
        self._at(until, "leave", number)

    def _leave(self, minute: int, number: int, _: int) -> None:
        person = self.people[number]
        if minute >= person.until:
            self._free.discard(number)
            self._stop_hoping(person, minute)

    def _settle(self, number: int, minute: int) -> None:
        """Whether she may be offered something; the router hears of it when she may."""
        person = self.people[number]
        rests = minute < person.rests_until
        if minute < person.until and not rests and self._free_hands(person) > 0:
            self._free.add(number)
            self._changed = True
        else:
            self._free.discard(number)

    def _free_hands(self, person: _Person) -> int:
        """An offer that waits for an answer fills hands as well."""
        return person.worker.hands - sum(map(self.router.weight, person.held.values()))

    def _rested(self, minute: int, number: int, _: int) -> None:
        self._settle(number, minute)

    def _offer(self, minute: int) -> None:
        self._forget_attempts(minute)
        free = [self._look(self.people[number], minute) for number in sorted(self._free)]
        board = Board(
            minute=minute,
            waiting=list(self.waiting.values()),
            free=free,
            pools=self.scene.pools,
            attempted=self._attempted,
        )
        self._changed = False
        for slot, number in self.router.match(board):
            if self._fits(self.people[number], self._pool(self.waiting[slot].arrival)):
                self._make(minute, slot, number)
            else:  # with what she was given just now: the next round sees what is left of her
                self._changed = True
        self._count_passed({each.arrival.pool for each in self.waiting.values()})
        self._count_hoping(minute)

    def _count_passed(self, wanted: set[int]) -> None:
        for number in self._free:
            person = self.people[number]
            passed = not person.held and wanted & person.worker.levels.keys()
            person.passed = person.passed + 1 if passed else 0

    def _count_hoping(self, minute: int) -> None:
        """Who had no offer yet of this shift, and still sees work that she may be offered."""
        for number in self._free:
            person = self.people[number]
            if person.asked:
                continue
            own = self._look(person, minute)
            if any(may(own, w, self._pool(w.arrival)) for w in self.waiting.values()):
                person.hoping = minute if person.hoping is None else person.hoping
            else:
                self._stop_hoping(person, minute)

    def _stop_hoping(self, person: _Person, minute: int) -> None:
        if person.hoping is not None:
            self.first_offer = max(self.first_offer, minute - person.hoping)
        person.hoping = None

    def _fits(self, person: _Person, pool: SimPool) -> bool:
        left = self._minutes_left(person)
        return (
            self.router.weight(pool) <= self._free_hands(person)
            and (left is None or pool.expected_minutes <= left)
            and self.router.within_share(
                pool,
                own=person.attempts[pool.project],
                everybody=self._attempted[pool.project],
            )
        )

    def _minutes_left(self, person: _Person) -> int | None:
        most = person.worker.week_minutes
        promised = sum(pool.expected_minutes for pool in person.held.values())
        return None if most is None else most - person.week_minutes - promised

    def _look(self, person: _Person, minute: int) -> Free:
        while person.given and person.given[0] <= minute - MINUTES_A_DAY:
            person.given.popleft()
        self._turn_week(person, minute)
        return Free(
            worker=person.worker,
            since=person.since,
            given_today=len(person.given),
            lately=person.lately,
            minutes_left=self._minutes_left(person),
            cooling={pool for pool, until in person.cooling.items() if until > minute},
            attempts=person.attempts,
            hands=self._free_hands(person),
            offers=person.offers,
        )

    def _turn_week(self, person: _Person, minute: int) -> None:
        week = (minute + self.scene.into_week) // MINUTES_A_WEEK
        if week != person.week:
            person.week, person.week_minutes = week, 0

    def _make(self, minute: int, slot: int, number: int) -> None:
        """An offer. Whether and when it is answered hangs on who is asked about what, and how
        often before, by their places in the scene: two routers meet the same people, and the same
        story under other ids goes the same way.
        """
        waiting = self.waiting.pop(slot)
        self._held[slot] = waiting
        person, pool = self.people[number], self._pool(waiting.arrival)
        person.held[slot] = pool
        person.offers += 1
        person.attempts[pool.project] += pool.attempts
        person.asked, person.passed = True, 0
        self._stop_hoping(person, minute)
        if self._free_hands(person) <= 0:
            self._free.discard(number)
        self.offers += 1
        places = f"{self._nth_slot[slot]} {self._nth_worker[number]} {waiting.ignored}"
        asked = f"{self.scene.seed} {places}"
        chance = Random(asked).random()  # noqa: S311 - a story
        worker = person.worker
        if chance < worker.says_yes:
            self._at(minute + worker.answer_minutes, "accept", number, slot)
        elif chance < worker.says_yes + worker.ignores:
            self._at(minute + self.router.offer_minutes(pool), "ignore", number, slot)
        else:
            self._at(minute + worker.answer_minutes, "refuse", number, slot)

    def _accept(self, minute: int, number: int, slot: int) -> None:
        person, arrival = self.people[number], self._held[slot].arrival
        person.given.append(minute)
        person.offers -= 1
        self._changed |= number in self._free  # one offer less waits for her answer
        self._taken[slot] = minute
        pool = self._pool(arrival)
        self._attempted[pool.project] += pool.attempts
        person.todo.append(slot)
        if len(person.todo) == 1:
            self._begin(minute, number)

    def _begin(self, minute: int, number: int) -> None:
        """On the first thing that she has in hand."""
        person = self.people[number]
        slot = person.todo[0]
        self._at(minute + _minutes(person, self._held[slot].arrival), "finish", number, slot)

    def _forget_attempts(self, minute: int) -> None:
        """Those handed in before the days in which shares are counted."""
        while self._counted and self._counted[0].day <= self._day(minute) - CONCENTRATION_DAYS:
            past = self._counted.popleft()
            self._attempted[past.project] -= past.attempts
            if past.worker in self.people:
                self.people[past.worker].attempts[past.project] -= past.attempts

    def _count(self, past: Earlier) -> None:
        """What was handed in before the scene began."""
        self._counted.append(past)
        self._attempted[past.project] += past.attempts
        if past.worker in self.people:
            self.people[past.worker].attempts[past.project] += past.attempts

    def _ignore(self, minute: int, number: int, slot: int) -> None:
        """Nobody answered: no mark on the task, but the pool leaves her alone for a while."""
        before = self._held.pop(slot)
        self.waiting[slot] = replace(before, ignored=before.ignored + 1)
        pool = self._pool(before.arrival)
        self.people[number].cooling[pool.pool] = minute + self.router.cool_down(pool)
        self._take_back(number, pool)
        self._lay_down(minute, number, slot)

    def _refuse(self, minute: int, number: int, slot: int) -> None:
        before = self._held.pop(slot)
        self.waiting[slot] = replace(before, refused=before.refused | {number})
        pool = self._pool(before.arrival)
        self._at(minute + self.router.decline_minutes(pool), "ask_again", number, slot)
        self._take_back(number, pool)
        self._lay_down(minute, number, slot)

    def _take_back(self, number: int, pool: SimPool) -> None:
        """An offer that came to nothing fills nobody's share."""
        self.people[number].offers -= 1
        self.people[number].attempts[pool.project] -= pool.attempts

    def _ask_again(self, _: int, number: int, slot: int) -> None:
        for some in (self.waiting, self._held):
            if slot in some:
                some[slot] = replace(some[slot], refused=some[slot].refused - {number})
                self._changed = True

    def _finish(self, minute: int, number: int, slot: int) -> None:
        person, arrival = self.people[number], self._held.pop(slot).arrival
        pool, minutes = self._pool(arrival), _minutes(person, arrival)
        self._turn_week(person, minute)
        person.minutes_paid += minutes
        person.week_minutes += minutes
        person.lately[arrival.pool] = minute
        if pool.attempts:
            self._counted.append(Earlier(self._day(minute), pool.project, number, 1))
        self.done.append(
            Done(
                arrival=arrival,
                worker=number,
                taken=self._taken.pop(slot),
                ended=minute,
                cost_minor=minutes * person.worker.rate(arrival.pool) // MINUTES_AN_HOUR,
            )
        )
        person.todo.popleft()
        if person.todo:
            self._begin(minute, number)
        rest = self.router.wrap_up_minutes(pool)
        if rest:
            person.rests_until = max(person.rests_until, minute + rest)
            self._at(minute + rest, "rested", number)
        self._lay_down(minute, number, slot)

    def _lay_down(self, minute: int, number: int, slot: int) -> None:
        person = self.people[number]
        del person.held[slot]
        person.since = minute
        self._settle(number, minute)


def _minutes(person: _Person, arrival: Arrival) -> int:
    return max(1, round(arrival.minutes_of_work * person.worker.pace))
