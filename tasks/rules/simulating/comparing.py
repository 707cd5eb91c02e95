"""The same scene played by different routers, several times, told side by side."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import mean

from tasks.rules.simulating.clockwork import play
from tasks.rules.simulating.outcomes import Played, told
from tasks.rules.simulating.routers import Router
from tasks.rules.simulating.scenes import Scene

Progress = Callable[[float], None]
"""Told how far the whole has come, from 0 to 1; it may raise to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The means of some plays of one scene by one router. `late_least` and `late_most` are the
    best and the worst of them; `hours` is what waited at each hour's beginning.
    """

    tasks: int
    done: int
    waiting: int
    late: int
    late_least: int
    late_most: int
    wait_median: int
    wait_p95: int
    cost_minor: int
    offers: int
    cost_per_task: float
    cost_per_hour: float
    late_part: float
    gini: float
    hours: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "hours": list(self.hours)}


def play_all(
    scene: Scene,
    routers: Mapping[str, Router],
    *,
    runs: int,
    parts: Mapping[str, Collection[int]],
    progress: Progress,
) -> dict[str, dict[str, Side]]:
    """Sides by router, then by part of the pools. Each router plays the same `runs` stories."""
    total = len(routers) * runs
    found: dict[str, dict[str, Side]] = {}
    for number, (name, router) in enumerate(routers.items()):
        plays = []
        for turn in range(runs):
            before = number * runs + turn

            def hourly(hour: int, before: int = before) -> None:
                progress((before + hour * 60 / scene.minutes) / total)

            again = replace(scene, seed=scene.seed + turn)
            plays.append(play(again, router, hourly=hourly))
        found[name] = {part: _side(plays, pools) for part, pools in parts.items()}
    return found


def _side(plays: Sequence[Played], pools: Collection[int]) -> Side:
    outcomes = [told(each, pools=pools).as_json() for each in plays]
    means = {name: mean(each[name] for each in outcomes) for name in outcomes[0]}
    late = [int(each["late"]) for each in outcomes]
    hours = [each.waiting_by_hour(pools=pools) for each in plays]
    return Side(
        tasks=round(means["tasks"]),
        done=round(means["done"]),
        waiting=round(means["waiting"]),
        late=round(means["late"]),
        late_least=min(late),
        late_most=max(late),
        wait_median=round(means["wait_median"]),
        wait_p95=round(means["wait_p95"]),
        cost_minor=round(means["cost_minor"]),
        offers=round(means["offers"]),
        cost_per_task=means["cost_per_task"],
        cost_per_hour=means["cost_per_hour"],
        late_part=means["late_part"],
        gini=means["gini"],
        hours=tuple(round(mean(each)) for each in zip(*hours, strict=True)),
    )
