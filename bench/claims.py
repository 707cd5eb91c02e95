"""Claim and submit through HTTP, at so many open tasks, by so many people at once.

Each round clones each world anew and measures every number of people on it, the bare SQL
beside it; worlds and people change places from round to round, so that what else the machine
does meanwhile falls on all of them alike. Figures are medians of the rounds.
"""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench import databases, limits, world
from bench.cpu import Meter, Spent
from bench.figures import median, middle, percentile, probe
from bench.web import Web, serving
from config.launch.places import ROOT

BARE = "bench_bare_run"
WARM_PEOPLE = 8
WARM_SECONDS = 3
WARM_PAIRS = 400
"""Each connection plans a statement anew for its first few runs; that is over after these."""

WARM_TRIES_MAX = 10


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to measure, and how long."""

    tasks: Sequence[int] = (10_000, 100_000, 1_000_000)
    people: Sequence[int] = (1, 8, 32)
    rounds: int = 3
    seconds: int = 10
    bare_rows: int = limits.ROWS
    bare_seconds: int = 5
    leases: Sequence[int] = (0, 150)


def measure(plan: Plan) -> dict[str, Any]:
    """All figures of claiming; what is missing for them is made first."""
    for tasks in plan.tasks:
        world.ready(tasks)
    limits.ready(plan.bare_rows)
    statements = count_statements(plan)
    chance = random.Random(2026)
    runs: list[dict[str, Any]] = []
    bare: list[dict[str, Any]] = []
    for number in range(plan.rounds):
        for tasks in chance.sample(list(plan.tasks), len(plan.tasks)):
            order = chance.sample(list(plan.people), len(plan.people))
            world.say(f"round {number + 1} of {plan.rounds}: {tasks:,} open tasks")
            runs += _in_world(plan, tasks=tasks, order=order, number=number)
            bare += _bare(plan, order=order)
    return {
        "statements": statements,
        "runs": runs,
        "bare_runs": bare,
        "cells": cells(runs),
        "bare": _bare_cells(bare),
        "growth": growth(runs),
    }


def count_statements(plan: Plan) -> list[dict[str, Any]]:
    """Statements of a claim and a submit, with few and with many leases open."""
    found = []
    for leases in plan.leases:
        databases.clone(world.ready(min(plan.tasks)), to=databases.RUN)
        opened = world.run("bench.opening", database=databases.RUN)
        told = child("bench.statements", str(leases), given=opened, database=databases.RUN)
        found.append(json.loads(told))
    return found


def _in_world(plan: Plan, *, tasks: int, order: Sequence[int], number: int) -> list[dict[str, Any]]:
    databases.clone(world.ready(tasks), to=databases.RUN)
    opened = json.loads(world.run("bench.opening", database=databases.RUN))
    with serving(databases.RUN) as web:
        _warm(web, opened)
        found = [
            {
                "tasks": tasks,
                "round": number,
                "million_additions_ms": 1_000 * probe(),
                **_burst(web, opened, people=people, seconds=plan.seconds),
            }
            for people in order
        ]
    databases.drop(databases.RUN)
    return found


def _warm(web: Web, opened: dict[str, Any]) -> None:
    done = 0
    for _ in range(WARM_TRIES_MAX):
        seen = _visit(web, opened, people=WARM_PEOPLE, seconds=WARM_SECONDS)
        done += len(seen["submits"])
        if done >= WARM_PAIRS:
            return


def _burst(web: Web, opened: dict[str, Any], *, people: int, seconds: int) -> dict[str, Any]:
    """One short run: what people saw, and what it cost the servers."""
    with databases.connect(databases.RUN) as connection:
        meter = Meter(web=web.pid, backend=connection.info.backend_pid, database=databases.RUN)
        meter.start()
        seen = _visit(web, opened, people=people, seconds=seconds)
        spent = meter.stop()
    pairs = len(seen["submits"])
    if not pairs:
        raise SystemExit(f"bench: nobody got any work done: {seen['problems']}")
    return {
        "people": people,
        "pairs": pairs,
        "pairs_a_second": pairs / seen["seconds"],
        "claim": _latencies(seen["claims"]),
        "submit": _latencies(seen["submits"]),
        **_costs(spent, pairs=pairs),
        "problems": seen["problems"],
    }


def _costs(spent: Spent, *, pairs: int) -> dict[str, float]:
    """Milliseconds of CPU a pair of claim and submit."""
    return {
        "web_ms": 1_000 * spent.web / pairs,
        "database_ms": 1_000 * spent.database / pairs,
        "housekeeping_ms": 1_000 * spent.housekeeping / pairs,
        "cpu_ms": 1_000 * (spent.web + spent.database) / pairs,
    }


def _latencies(seconds: Sequence[float]) -> dict[str, float]:
    return {f"p{part}": 1_000 * percentile(seconds, part) for part in (50, 95, 99)}


def _visit(web: Web, opened: dict[str, Any], *, people: int, seconds: int) -> dict[str, Any]:
    asked = {"port": web.port, "people": people, "seconds": seconds, **opened}
    told = child("bench.visitors", given=json.dumps(asked), database=databases.RUN)
    seen: dict[str, Any] = json.loads(told)
    return seen


def child(module: str, *arguments: str, given: str, database: str) -> str:
    """Run one of our modules with a line on its stdin; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=databases.environment(database),
        cwd=ROOT,
        input=given.strip() + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: {module} failed, see above.\n{done.stdout}")
    return done.stdout


def _bare(plan: Plan, *, order: Sequence[int]) -> list[dict[str, Any]]:
    databases.clone(limits.ready(plan.bare_rows), to=BARE)
    found = [
        asdict(limits.claim_bare(database=BARE, people=people, seconds=plan.bare_seconds))
        for people in order
    ]
    databases.drop(BARE)
    return found


def cells(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The median of the rounds for each number of tasks and of people."""
    keys = sorted({(run["tasks"], run["people"]) for run in runs})
    return [middle([run for run in runs if (run["tasks"], run["people"]) == key]) for key in keys]


def _bare_cells(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    people = sorted({run["people"] for run in runs})
    return [middle([run for run in runs if run["people"] == each]) for each in people]


def growth(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest world divided by the smallest, in the same round with as many people.

    The median of the rounds for each number of people, and over all of them.
    """
    sizes = {run["tasks"] for run in runs}
    least, most = min(sizes), max(sizes)
    found = {(run["tasks"], run["round"], run["people"]): run for run in runs}
    pairs = [
        (run, found[most, run["round"], run["people"]]) for run in runs if run["tasks"] == least
    ]
    people = sorted({small["people"] for small, _large in pairs})
    rows = [
        {"people": str(each), **_ratios([pair for pair in pairs if pair[0]["people"] == each])}
        for each in people
    ]
    return [*rows, {"people": "all", **_ratios(pairs)}]


def _ratios(pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, float]:
    return {
        "cpu": median([large["cpu_ms"] / small["cpu_ms"] for small, large in pairs]),
        "database": median([large["database_ms"] / small["database_ms"] for small, large in pairs]),
        "claim_p99": median(
            [large["claim"]["p99"] / small["claim"]["p99"] for small, large in pairs]
        ),
        "submit_p99": median(
            [large["submit"]["p99"] / small["submit"]["p99"] for small, large in pairs]
        ),
    }
