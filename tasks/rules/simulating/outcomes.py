"""What a simulation came to: waits, lateness, cost, and how evenly work was shared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from tasks.rules.simulating.scenes import Arrival, Scene

Number = TypeVar("Number", int, float)


@dataclass(slots=True)
class Done:
    """A finished task: when it came, was taken and handed in, by whom, and what it cost."""

    arrival: Arrival
    worker: int
    taken: int
    ended: int
    cost_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Everything that happened. `minutes`: paid ones by worker. `hours`: what waited in each pool
    at the beginning of each hour.
    """

    scene: Scene
    done: Sequence[Done]
    waiting: Sequence[Arrival]
    minutes: Mapping[int, int]
    offers: int
    passed_over: int
    first_offer: int
    hours: Sequence[Mapping[int, int]]

    def waiting_by_hour(self, *, pools: Collection[int]) -> list[int]:
        return [sum(hour.get(pool, 0) for pool in pools) for hour in self.hours]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`late` counts tasks that ended, or still wait, past their SLA. Waits are minutes from
    arrival until somebody took it. `cost_minor` is all pay, `cost_per_task` of a task that ended,
    `cost_per_hour` of an hour of work that ended, as somebody of middling speed takes it: routers
    leave different tasks undone, long ones and short ones.
    `gini` is of paid minutes; `passed_over` the most rounds in a row in which somebody free saw
    work that she may do go to nobody or to others; `first_offer` the most minutes that somebody
    waited for the first offer of her shift while work that she could be offered waited, too.
    """

    tasks: int
    done: int
    waiting: int
    late: int
    wait_median: int
    wait_p95: int
    cost_minor: int
    cost_per_task: float
    cost_per_hour: float
    offers: int
    gini: float
    passed_over: int
    first_offer: int

    @property
    def late_part(self) -> float:
        return self.late / self.tasks if self.tasks else 0.0

    def as_json(self) -> dict[str, float]:
        return {**asdict(self), "late_part": self.late_part}


def told(played: Played, *, pools: Collection[int] | None = None) -> Outcome:
    """What it came to; with `pools`, for their tasks alone. Offers, fairness and people passed
    over are always those of the whole scene, for people work across pools.
    """
    scene = played.scene
    done = [each for each in played.done if pools is None or each.arrival.pool in pools]
    waiting = [each for each in played.waiting if pools is None or each.pool in pools]
    arrivals = [each for each in scene.arrivals if pools is None or each.pool in pools]
    waits = sorted(each.taken - each.arrival.minute for each in done)
    late = sum(_late(scene, each.arrival, each.ended) for each in done)
    late += sum(_late(scene, arrival, scene.minutes) for arrival in waiting)
    cost = sum(each.cost_minor for each in done)
    worth = sum(each.arrival.minutes_of_work for each in done)
    return Outcome(
        tasks=len(arrivals),
        done=len(done),
        waiting=len(waiting),
        late=late,
        wait_median=part_of(waits, 0.5),
        wait_p95=part_of(waits, 0.95),
        cost_minor=cost,
        cost_per_task=cost / len(done) if done else 0.0,
        cost_per_hour=60 * cost / worth if worth else 0.0,
        offers=played.offers,
        gini=gini(list(played.minutes.values())),
        passed_over=played.passed_over,
        first_offer=played.first_offer,
    )


def _late(scene: Scene, arrival: Arrival, ended: int) -> bool:
    sla = scene.pools[arrival.pool].sla_minutes
    return sla is not None and ended - arrival.minute > sla


def part_of(ordered: Sequence[Number], part: float) -> Number | int:
    """The value below which this part of the ordered ones lies; 0 of none."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0


def gini(shares: Sequence[int]) -> float:
    """Gini's coefficient: 0 when everybody has the same, towards 1 when one has all.

    Half the relative mean absolute difference, by ranks: Σ (2i − n − 1) x_i / (n Σ x).
    """
    ordered = sorted(shares)
    n, whole = len(ordered), sum(ordered)
    if not whole:
        return 0.0
    ranked = sum((2 * rank - n - 1) * share for rank, share in enumerate(ordered, start=1))
    return ranked / (n * whole)
