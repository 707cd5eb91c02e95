"""What a simulation came to: waits, lateness, cost, and how evenly work was shared."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tasks.rules.simulating.scenes import Arrival, Scene

if TYPE_CHECKING:
    from tasks.rules.simulating.clockwork import Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`late` counts tasks that ended, or still wait, past their SLA. Waits are minutes from
    arrival to the start of work. `cost_minor` is all pay, `cost_per_task` of a task that ended.
    `gini` is of paid minutes; `passed_over` the most rounds in a row in which somebody free saw
    work that she may do go to nobody or to others.
    """

    tasks: int
    done: int
    waiting: int
    late: int
    wait_median: int
    wait_p95: int
    cost_minor: int
    cost_per_task: float
    offers: int
    gini: float
    passed_over: int

    @property
    def late_part(self) -> float:
        return self.late / self.tasks if self.tasks else 0.0

    def as_json(self) -> dict[str, float]:
        return {**asdict(self), "late_part": self.late_part}


def told(
    scene: Scene,
    *,
    done: Sequence["Done"],
    waiting: Sequence[Arrival],
    minutes: Mapping[int, int],
    offers: int,
    longest_idle: int,
) -> Outcome:
    waits = sorted(each.begun - each.arrival.minute for each in done)
    late = sum(_late(scene, each.arrival, each.ended) for each in done)
    late += sum(_late(scene, arrival, scene.minutes) for arrival in waiting)
    cost = sum(each.cost_minor for each in done)
    return Outcome(
        tasks=len(scene.arrivals),
        done=len(done),
        waiting=len(waiting),
        late=late,
        wait_median=_part_of(waits, 0.5),
        wait_p95=_part_of(waits, 0.95),
        cost_minor=cost,
        cost_per_task=cost / len(done) if done else 0.0,
        offers=offers,
        gini=gini(list(minutes.values())),
        passed_over=longest_idle,
    )


def _late(scene: Scene, arrival: Arrival, ended: int) -> bool:
    sla = scene.pools[arrival.pool].sla_minutes
    return sla is not None and ended - arrival.minute > sla


def _part_of(ordered: Sequence[int], part: float) -> int:
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
