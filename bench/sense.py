"""Does the router make sense: four simulated weeks beside the usual longest idle, and a bound."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.world import say
from tasks.providers.solving import greatest
from tasks.rules.simulating import (
    Crowd,
    LongestIdle,
    Ours,
    Router,
    Scene,
    foresee,
    play,
    scene,
    told,
)

SEEDS = (1, 2, 3, 4, 5)
LOADS = (0.75, 0.85)
SLAS = (480, 1_440, 2_880)
WORKERS = 150
DAYS = 28
DAYS_QUICK = 4
MINUTES_A_DAY = 24 * 60


def measure(*, quick: bool) -> dict[str, Any]:
    """Every load with every seed; quick: few days of the first."""
    found = []
    for load in LOADS:
        crowd = Crowd(
            days=DAYS_QUICK if quick else DAYS, workers=WORKERS, load=load, sla_minutes=SLAS
        )
        for seed in SEEDS[:1] if quick else SEEDS:
            say(f"{crowd.days} simulated days at a load of {load} from seed {seed}")
            played = scene(seed=seed, crowd=crowd)
            found.append(
                {
                    "load": load,
                    "seed": seed,
                    "days": crowd.days,
                    "idle": outcome(played, LongestIdle()),
                    "ours": outcome(played, Ours()),
                    "bound": bound(played),
                }
            )
    return {"sense": found}


def outcome(played: Scene, router: Router) -> dict[str, float]:
    """What a router came to; `longest`: the longest wait in minutes, of what still waits, too."""
    came = play(played, router)
    waits = [done.taken - done.arrival.minute for done in came.done]
    waits += [played.minutes - each.minute for each in came.waiting]
    return {**told(came).as_json(), "longest": max(waits, default=0)}


def bound(played: Scene) -> int | None:
    """Tasks that even somebody who knows the future ends late; None without the solver."""
    foreseen = foresee(played)
    in_time = greatest(foreseen.columns, rows=foreseen.rows)
    return None if in_time is None else foreseen.late(in_time)


def rows(found: dict[str, Any]) -> Sequence[tuple[str, ...]]:
    """The figures as lines of a table, and below each load the median of its parts of misses."""
    lines = [
        (
            "load", "seed", "router", "tasks", "late", "bound", "wait p50", "p95", "longest, days",
            "cost an hour", "gini", "first offer",
        )
    ]  # fmt: skip
    for load in sorted({each["load"] for each in found["sense"]}):
        worlds = [each for each in found["sense"] if each["load"] == load]
        lines += [_line(each, name) for each in worlds for name in ("idle", "ours")]
        parts = sorted(each["ours"]["late"] / max(1, each["idle"]["late"]) for each in worlds)
        costs = sorted(_cost(each) for each in worlds)
        lines.append(
            (
                f"{load}", "all", "ours ÷ idle", "", _spread(parts), "", "", "", "",
                _spread(costs), "", "",
            )
        )  # fmt: skip
    return lines


def _line(each: dict[str, Any], name: str) -> tuple[str, ...]:
    came, least = each[name], each["bound"]
    return (
        f"{each['load']}", f"{each['seed']}", name, f"{came['tasks']:,}", f"{came['late']:,}",
        "-" if least is None else f"{least:,}", f"{came['wait_median']}", f"{came['wait_p95']}",
        f"{came['longest'] / MINUTES_A_DAY:.1f}", f"{came['cost_per_hour'] / 100:.2f}",
        f"{came['gini']:.3f}", f"{came['first_offer']}",
    )  # fmt: skip


def _cost(each: dict[str, Any]) -> float:
    return float(each["ours"]["cost_per_hour"] / max(1.0, each["idle"]["cost_per_hour"]))


def _spread(parts: Sequence[float]) -> str:
    return f"{median(parts):.3f} ({parts[0]:.3f} to {parts[-1]:.3f})"
