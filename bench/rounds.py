"""Rounds of the router in one crowded queue: CPU, memory, and how near the optimum it comes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import databases, world
from bench.figures import median

CROWD = "bench_crowd"
SIZES = ((10_000, 1_000), (1_000_000, 50_000))
"""(tasks, people): see docs/benchmarks.md."""

READ_A_ROUND = 10_000
"""People whose facts one round reads; a crowd is known after so many rounds."""

WARM = 3


@dataclass(frozen=True, kw_only=True)
class Plan:
    sizes: Sequence[tuple[int, int]] = SIZES
    heavy: bool = False


def measure(plan: Plan) -> dict[str, Any]:
    return {"worlds": [_world(*size, heavy=plan.heavy) for size in plan.sizes]}


def _world(tasks: int, people: int, *, heavy: bool) -> dict[str, Any]:
    name = ready(tasks, people)
    databases.clone(name, to=databases.RUN)
    rounds = people // READ_A_ROUND + 1 + WARM
    world.say(f"{rounds} rounds over {tasks:,} tasks and {people:,} people")
    asked = [str(rounds), *(["heavy"] if heavy else [])]
    told = json.loads(world.run("bench.routing", *asked, database=databases.RUN).splitlines()[-1])
    databases.drop(databases.RUN)
    warm = told["rounds"][-WARM:]
    middle = {key: median([each[key] for each in warm]) for key in ("cpu", "database", "offers")}
    return {
        "tasks": tasks,
        "people": people,
        "first_cpu": told["rounds"][0]["cpu"],
        **middle,
        "megabytes": max(each["megabytes"] for each in told["rounds"]),
        "classes": f"{warm[-1]['works']} × {warm[-1]['crews']}, {warm[-1]['ties']:,} pairs",
        "solver": warm[-1]["solver"],
        **told["matcher"],
        "runs": told["rounds"],
    }


def ready(tasks: int, people: int) -> str:
    """The template with such a crowd, made if need be; its name."""
    name, mark = (
        f"{CROWD}_{tasks}_{people}",
        world.fingerprint((*world.SHAPED_BY, "bench/crowding.py")),
    )
    if databases.mark_of(name) != mark:
        world.say(f"making a crowd of {people:,} people before {tasks:,} tasks, once")
        databases.clone(world.ready(0), to=name)
        world.run("bench.crowding", str(people), str(tasks), database=name)
        databases.settle(name)
        databases.keep(name, mark=mark)
    return name


def rows(found: dict[str, Any]) -> Sequence[tuple[str, ...]]:
    """The figures as lines of a table."""
    head = (
        "tasks", "people", "offers", "cpu s", "database s", "first cpu s", "MB", "classes",
        "solver", "best first ÷ exact", "exchanged ÷ exact", "exact cpu s",
    )  # fmt: skip
    return [
        head,
        *(
            (
                f"{each['tasks']:,}", f"{each['people']:,}", f"{each['offers']:,.0f}",
                f"{each['cpu']:.2f}", f"{each['database']:.2f}", f"{each['first_cpu']:.1f}",
                f"{each['megabytes']:.0f}", each["classes"], each["solver"],
                f"{each['greedy']:.5f}", f"{each['exchanged']:.5f}", f"{each['exact_cpu']:.2f}",
            )
            for each in found["worlds"]
        ),
    ]  # fmt: skip
