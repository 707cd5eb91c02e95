"""A bound for every router: how many tasks are late at least, whoever decides and knows what.

A linear program takes people for fluid and lets them know the future. Minutes of work flow from
people's hours into pools; a task is in time as far as its minutes are worked between its arrival
and the end of its SLA. Within a pool all SLAs are equally long, so who came first is due first, and
it is enough that by the end of each hour no more was worked than had arrived, and no less than was
due. What the program lets happen includes everything that a router can do, so at least so many
tasks are late as it leaves.

- Minutes are those of somebody of middling speed: an hour of a fast person holds more of them, and
  a task takes what it takes the person of its pool whom it costs least, the answer included.
- What somebody holds when a shift ends may go on after it, so each shift ends as many tasks as she
  has hands, at no cost; who has several answers while she works, so that her answers take no time.
- Nobody declines, no week has a cap, and nothing is known of pay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tasks.rules.simulating.scenes import Arrival, Scene, SimPool, Worker

HOUR = 60

Column = tuple[int, float, tuple[tuple[int, float], ...]]
"""Gain of a unit, the most units, and what a unit brings to some rows; each row adds up to 0."""

Hands = tuple[frozenset[int], int]
"""The pools that some people may do, and the hour."""

FREELY = float("inf")
INEXACT = 1e-3


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A program whose greatest gain is the most tasks that are in time.

    `counted`: tasks whose SLA ends within the scene. `unseen`: those that nobody calls late, in
    hand at the scene's end, are no more than this.
    """

    columns: Sequence[Column]
    rows: int
    counted: int
    unseen: int

    def late(self, in_time: float) -> int:
        """How many are late at least, where at most so many are in time."""
        return max(0, ceil(self.counted - in_time - self.unseen - INEXACT))


def foresee(scene: Scene) -> Foreseen:
    """The program of a scene."""
    return _Program(scene).foreseen()


class _Program:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.hours = -(-scene.minutes // HOUR)
        self._rows: dict[tuple[object, ...], int] = {}
        self._columns: list[Column] = []
        self._counted = 0

    def foreseen(self) -> Foreseen:
        for n, (cohort, tasks) in enumerate(sorted(self._cohorts().items())):
            self._wanted(n, *cohort, tasks)
        for pool in self.scene.pools:
            for hour in range(self.hours - 1):
                for what in ("came", "due", "last came", "last due"):
                    self._pass_on(what, pool, hour)
        self._work(self._minutes(), "came", "due")
        self._work(self._ends(), "last came", "last due")
        return Foreseen(
            columns=self._columns,
            rows=len(self._rows),
            counted=self._counted,
            unseen=sum(self._may_hold_at_end(each) for each in self.scene.workers),
        )

    def _row(self, *key: object) -> int:
        return self._rows.setdefault(key, len(self._rows))

    def _column(self, gain: int, most: float, *entries: tuple[int, float]) -> None:
        self._columns.append((gain, most, entries))

    def _cohorts(self) -> Counter[tuple[int, int, int, float]]:
        """Tasks by pool, hour of arrival, last hour in which they are in time, and cost."""
        costs: dict[tuple[int, int], float | None] = {}
        able: dict[int, list[Worker]] = defaultdict(list)
        for worker in self.scene.workers:
            for pool in worker.levels:
                able[pool].append(worker)
        cohorts: Counter[tuple[int, int, int, float]] = Counter()
        for arrival in self.scene.arrivals:
            due = _due(arrival, self.scene.pools[arrival.pool])
            if due is None or due >= self.scene.minutes:
                continue
            self._counted += 1
            key = (arrival.pool, arrival.minutes_of_work)
            if key not in costs:
                costs[key] = min((_cost(who, key[1]) for who in able[arrival.pool]), default=None)
            cost = costs[key]
            if cost is not None and due > 0:
                came = max(0, arrival.minute) // HOUR
                cohorts[arrival.pool, came, (due - 1) // HOUR, cost] += 1
        return cohorts

    def _wanted(self, n: int, pool: int, came: int, due: int, cost: float, tasks: int) -> None:
        """Each task of a cohort gains 1, worked within a shift or as somebody's last of one."""
        some = self._row("cohort", n)
        self._column(1, tasks, (some, 1.0))
        self._column(
            0, FREELY, (some, -1.0),
            (self._row("came", pool, came), cost), (self._row("due", pool, due), -cost),
        )  # fmt: skip
        self._column(
            0, FREELY, (some, -1.0),
            (self._row("last came", pool, came), 1.0), (self._row("last due", pool, due), -1.0),
        )  # fmt: skip

    def _pass_on(self, what: str, pool: int, hour: int) -> None:
        """What came and was not worked, or was worked before it was due, counts an hour later."""
        now, then = self._row(what, pool, hour), self._row(what, pool, hour + 1)
        self._column(0, FREELY, (now, -1.0), (then, 1.0))

    def _work(self, units: Mapping[Hands, float], came: str, due: str) -> None:
        """People's units of an hour go to the pools that they may do."""
        for (pools, hour), most in sorted(units.items(), key=repr):
            hands = self._row(came, "hands", pools, hour)
            self._column(0, most, (hands, 1.0))
            for pool in sorted(pools):
                self._column(
                    0, FREELY, (hands, -1.0),
                    (self._row(came, pool, hour), -1.0), (self._row(due, pool, hour), 1.0),
                )  # fmt: skip

    def _minutes(self) -> Mapping[Hands, float]:
        """Minutes of middling speed that the people who may do the same have in each hour."""
        found: dict[Hands, float] = defaultdict(float)
        for worker in self.scene.workers:
            for start, until in self._shifts(worker):
                for hour in range(start // HOUR, -(-until // HOUR)):
                    there = min(until, HOUR * (hour + 1)) - max(start, HOUR * hour)
                    found[self._pools(worker), hour] += there / worker.pace
        return found

    def _ends(self) -> Mapping[Hands, float]:
        """How many hands a shift's end finds in each hour: what they hold may go on."""
        found: dict[Hands, float] = defaultdict(float)
        for worker in self.scene.workers:
            for _, until in self._shifts(worker):
                found[self._pools(worker), min(until // HOUR, self.hours - 1)] += worker.hands
        return found

    def _shifts(self, worker: Worker) -> Iterator[tuple[int, int]]:
        for start, until in worker.shifts:
            if max(0, start) < min(until, self.scene.minutes):
                yield max(0, start), min(until, self.scene.minutes)

    def _pools(self, worker: Worker) -> frozenset[int]:
        return frozenset(worker.levels.keys() & self.scene.pools.keys())

    def _may_hold_at_end(self, worker: Worker) -> int:
        """How much of hers can be in hand when the scene ends."""
        pools = self._pools(worker)
        longest = max(
            (each.minutes_of_work for each in self.scene.arrivals if each.pool in pools), default=0
        )
        offered = max((self.scene.pools[pool].offer_minutes for pool in pools), default=0)
        works = worker.hands * _minutes(worker, longest)
        holds = max(offered, worker.answer_minutes + works)
        may = any(until + holds > self.scene.minutes for _, until in self._shifts(worker))
        return worker.hands * may


def _due(arrival: Arrival, pool: SimPool) -> int | None:
    return None if pool.sla_minutes is None else arrival.minute + pool.sla_minutes


def _minutes(worker: Worker, work: int) -> int:
    return max(1, round(work * worker.pace))


def _cost(worker: Worker, work: int) -> float:
    """Minutes of middling speed that a task takes her, from the offer on if she has one hand."""
    answer = worker.answer_minutes if worker.hands == 1 else 0
    return (answer + _minutes(worker, work)) / worker.pace
