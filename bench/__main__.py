"""`./lectern bench`: take the figures of docs/benchmarks.md, print them, keep them as JSON."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import (
    claims,
    databases,
    intake,
    jobs,
    limits,
    pages,
    report,
    requests,
    rounds,
    scaling,
    sense,
    start,
    world,
)
from bench.figures import machine

PARTS = ("claims", "requests", "operations", "routing", "jobs", "sense", "intake", "start", "pages")
Measured = tuple[dict[str, Any], str]


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="./lectern bench",
        description="Measure claims and submits (through HTTP, and by the operations alone), what "
        "single requests cost and a herd on one domain sees, rounds of the router, small jobs, its "
        "sense in a simulation, intake, the start, and every page of the portals. The first run "
        "makes the databases to measure in (a few minutes, about 8 GB for all sizes).",
        epilog="Results: a table here, everything in var/bench/results.json.",
        add_help=False,
    )
    whole.add_argument("--help-all", action="help", help="show this")
    whole.add_argument("part", nargs="?", choices=(*PARTS, "all"), default="all")
    whole.add_argument("--quick", action="store_true", help="small sizes and short runs")
    whole.add_argument(
        "--heavy", action="store_true", help="routing: half of the projects' work fills two hands"
    )
    whole.add_argument("--tasks", type=int, nargs="+", metavar="N", help="open tasks")
    whole.add_argument("--people", type=int, nargs="+", metavar="N", help="people at once")
    whole.add_argument("--rows", type=int, metavar="N", help="rows of the intake's file")
    whole.add_argument("--rounds", type=int, metavar="N", help="repetitions (3; 1 when quick)")
    whole.add_argument("--seconds", type=int, metavar="N", help="length of one run (10; 4)")
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    measures: dict[str, Callable[[argparse.Namespace], Measured]] = {
        "claims": _claims,
        "requests": _requests,
        "operations": _operations,
        "routing": _routing,
        "jobs": _jobs,
        "sense": _sense,
        "intake": _intake,
        "start": _start,
        "pages": _pages,
    }
    for part in PARTS if asked.part == "all" else (asked.part,):
        before = machine(world.log_file("probe").parent)
        found, shown = measures[part](asked)
        _keep(part, {"machine": before, **found})
        print(f"\n{shown}\n", flush=True)
    print(f"machine: {before}\nall of it: {_results()}")
    return 0


def _claims(asked: argparse.Namespace) -> Measured:
    usual = claims.Plan()
    if asked.quick:
        usual = claims.Plan(
            tasks=(10_000,), people=(1, 8), rounds=1, seconds=4,
            bare_rows=limits.ROWS_QUICK, bare_seconds=3,
        )  # fmt: skip
    found = claims.measure(
        claims.Plan(
            tasks=asked.tasks or usual.tasks,
            people=asked.people or usual.people,
            rounds=asked.rounds or usual.rounds,
            seconds=asked.seconds or usual.seconds,
            bare_rows=usual.bare_rows,
            bare_seconds=usual.bare_seconds,
            leases=usual.leases,
        )
    )
    return found, report.claims(found)


def _requests(asked: argparse.Namespace) -> Measured:
    plan = requests.Plan(rounds=_rounds(asked))
    if asked.quick:
        plan = requests.Plan(tasks=(10_000,), crowd=rounds.SIZES[0], rounds=1)
    if asked.tasks:
        plan = replace(plan, tasks=asked.tasks)
    found = requests.measure(plan)
    return found, report.table(requests.rows(found))


def _operations(asked: argparse.Namespace) -> Measured:
    usual = scaling.Plan()
    if asked.quick:
        usual = scaling.Plan(tasks=10_000, seconds=4, bare_rows=limits.ROWS_QUICK)
    found = scaling.measure(
        scaling.Plan(
            tasks=asked.tasks[0] if asked.tasks else usual.tasks,
            rounds=_rounds(asked),
            seconds=asked.seconds or usual.seconds,
            bare_rows=usual.bare_rows,
        )
    )
    return found, report.table(scaling.rows(found))


def _routing(asked: argparse.Namespace) -> Measured:
    sizes = rounds.SIZES[:1] if asked.quick else rounds.SIZES
    plan = rounds.Plan(sizes=sizes, heavy=asked.heavy)
    found = rounds.measure(plan)
    return found, report.table(rounds.rows(found))


def _jobs(asked: argparse.Namespace) -> Measured:
    found = jobs.measure(rounds=_rounds(asked))
    return found, report.table(jobs.rows(found))


def _sense(asked: argparse.Namespace) -> Measured:
    found = sense.measure(quick=asked.quick)
    return found, report.table(sense.rows(found))


def _intake(asked: argparse.Namespace) -> Measured:
    rows = asked.rows or (intake.ROWS_QUICK if asked.quick else intake.ROWS)
    found = intake.measure(rows=rows, rounds=_rounds(asked))
    return found, report.intake(found)


def _start(asked: argparse.Namespace) -> Measured:
    found = start.measure(rounds=_rounds(asked))
    return found, report.start(found)


def _pages(asked: argparse.Namespace) -> Measured:
    visits = asked.rounds or (pages.VISITS_QUICK if asked.quick else pages.VISITS)
    found = pages.measure(pages.Plan(quick=asked.quick, visits=visits))
    return found, report.table(pages.rows(found))


def _rounds(asked: argparse.Namespace) -> int:
    return int(asked.rounds or (1 if asked.quick else 3))


def _results() -> Path:
    return Path(databases.environment(databases.RUN)["LECTERN_STATE"]) / "results.json"


def _keep(part: str, found: dict[str, Any]) -> None:
    """Write one part's figures; those of the other parts stay."""
    path = _results()
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**known, part: found}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    raise SystemExit(main())
