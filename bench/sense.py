"""Does the router make sense: four simulated weeks beside the usual longest idle, and a bound."""

from collections.abc import Sequence
from typing import Any

from bench.world import say
from tasks.rules.simulating import Crowd, LongestIdle, Ours, Scene, run, scene

SEED = 1
LOADS = (0.75, 0.85)
SLAS = (480, 1_440, 2_880)
WORKERS = 150
DAYS = 28
DAYS_QUICK = 4


def measure(*, quick: bool) -> dict[str, Any]:
    found = []
    for load in LOADS:
        crowd = Crowd(
            days=DAYS_QUICK if quick else DAYS, workers=WORKERS, load=load, sla_minutes=SLAS
        )
        say(f"{crowd.days} simulated days at a load of {load}")
        played = scene(seed=SEED, crowd=crowd)
        found.append(
            {
                "load": load,
                "days": crowd.days,
                "idle": run(played, LongestIdle()).as_json(),
                "ours": run(played, Ours()).as_json(),
                "unavoidable": unavoidable(played),
            }
        )
    return {"sense": found}


def unavoidable(played: Scene) -> int:
    """Tasks that even somebody who knows the future ends late: nobody who may do them is there
    for long enough before their time is over. More are late where those people are busy, so the
    true optimum lies between this and what a router did.
    """
    late = 0
    for arrival in played.arrivals:
        sla = played.pools[arrival.pool].sla_minutes
        if sla is None:
            continue
        latest = arrival.minute + sla
        late += not any(
            start <= latest - round(arrival.minutes_of_work * each.pace) - each.answer_minutes
            and until > arrival.minute
            for each in played.workers
            if arrival.pool in each.levels
            for start, until in each.shifts
        )
    return late


def rows(found: dict[str, Any]) -> Sequence[tuple[str, ...]]:
    """The figures as lines of a table."""
    head = ("load", "router", "tasks", "late", "bound", "wait p50", "p95", "cost an hour", "gini")
    lines = [head]
    for each in found["sense"]:
        for name in ("idle", "ours"):
            came = each[name]
            lines.append(
                (
                    f"{each['load']}", name, f"{came['tasks']:,}", f"{came['late']:,}",
                    f"{each['unavoidable']:,}", f"{came['wait_median']}", f"{came['wait_p95']}",
                    f"{came['cost_per_hour'] / 100:.2f}", f"{came['gini']:.3f}",
                )
            )  # fmt: skip
    return lines
