"""What single requests cost, what a herd on one domain sees, and advice in a crowd."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import claims, databases, rounds, world
from bench.figures import median, middle, probe
from bench.web import serving

HERD = 32
FIELDS = 4
"""The world's tutors are of one field after the other."""

TIMES = 120
ADVISED = 40
"""Tutors whose advice is asked for."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    tasks: Sequence[int] = (10_000, 1_000_000)
    crowd: tuple[int, int] = rounds.SIZES[1]
    rounds: int = 3
    times: int = TIMES


def measure(plan: Plan) -> dict[str, Any]:
    """Worlds change places with each other from round to round; the middle of the rounds."""
    runs: list[dict[str, Any]] = []
    for number in range(plan.rounds):
        for tasks in plan.tasks:
            world.say(f"requests, round {number + 1} of {plan.rounds}: {tasks:,} open tasks")
            runs.append({"tasks": tasks, "million_ms": 1_000 * probe(), **_work(plan, tasks)})
    return {
        "work": {tasks: _middle(runs, tasks) for tasks in plan.tasks},
        "herd": _herd(min(plan.tasks)),
        "advice": _advice(plan),
        "runs": runs,
    }


def _middle(runs: Sequence[dict[str, Any]], tasks: int) -> dict[str, Any]:
    chosen = [run["costs"] for run in runs if run["tasks"] == tasks]
    return {what: middle([each[what] for each in chosen]) for what in chosen[0]}


def _work(plan: Plan, tasks: int) -> dict[str, Any]:
    databases.clone(world.ready(tasks), to=databases.RUN)
    opened = world.run("bench.opening", database=databases.RUN)
    told = claims.child(
        "bench.knocking", "work", str(plan.times), given=opened, database=databases.RUN
    )
    databases.drop(databases.RUN)
    return {"costs": json.loads(told)}


def _herd(tasks: int) -> dict[str, Any]:
    """A herd in each field; the first one warms the server."""
    databases.clone(world.ready(tasks), to=databases.RUN)
    opened = json.loads(world.run("bench.opening", database=databases.RUN))
    with serving(databases.RUN) as web:
        herds = [opened["tokens"][field::FIELDS][:HERD] for field in range(FIELDS)]
        given = json.dumps({"port": web.port, "herds": herds})
        told = json.loads(claims.child("bench.herding", given=given, database=databases.RUN))
    databases.drop(databases.RUN)
    tasks_given = [task for each in told for task in each["given"]]
    return {
        "people": HERD,
        "seconds": [each["seconds"] for each in told[1:]],
        "median": median([each["seconds"] for each in told[1:]]),
        "given": len(tasks_given),
        "double": len(tasks_given) - len(set(tasks_given)),
        "problems": [problem for each in told for problem in each["problems"]],
    }


def _advice(plan: Plan) -> dict[str, Any]:
    tasks, people = plan.crowd
    databases.clone(rounds.ready(tasks, people), to=databases.RUN)
    opened = world.run("bench.opening", str(ADVISED), database=databases.RUN)
    world.say(f"advice in a crowd of {people:,} people before {tasks:,} tasks")
    found = []
    for _ in range(plan.rounds):
        told = claims.child(
            "bench.knocking", "advice", str(plan.times), given=opened, database=databases.RUN
        )
        found.append(json.loads(told)["advice"])
    databases.drop(databases.RUN)
    return middle(found)


def rows(found: dict[str, Any]) -> Sequence[tuple[str, ...]]:
    """The figures as lines of a table."""
    lines: list[tuple[str, ...]] = [
        ("request", "open tasks", "statements", "web ms", "database ms", "CPU ms", "÷ nothing")
    ]
    for tasks, each in found["work"].items():
        least = each["nothing"]["web_ms"] + each["nothing"]["database_ms"]
        lines += [_line(what, f"{tasks:,}", cost, least) for what, cost in each.items()]
    lines.append(_line("advice in a crowd", "", found["advice"], 0.0))
    herd = found["herd"]
    seconds = f"{herd['median']:.2f} s"
    lines.append((f"herd of {herd['people']}", seconds, f"{herd['double']} double", *[""] * 4))
    return lines


def _line(what: str, tasks: str, cost: dict[str, Any], least: float) -> tuple[str, ...]:
    both = cost["web_ms"] + cost["database_ms"]
    return (
        what, tasks, f"{cost['statements']:.0f}", f"{cost['web_ms']:.2f}",
        f"{cost['database_ms']:.2f}", f"{both:.2f}", f"{both / least:.2f}" if least else "",
    )  # fmt: skip
