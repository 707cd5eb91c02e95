"""Server time, SQL statements and weight of every page, among 100,000 tasks and 2,000 tutors."""

import json
from dataclasses import dataclass
from typing import Any

from bench import databases, world
from bench.figures import median, percentile

VISITS = 15
VISITS_QUICK = 5
LIMIT_MS = 150.0
LIMITS_MS = {"work-home": 120.0, "work-task": 120.0, "ops-home": 80.0}
"""Of the median; pages that are not named have LIMIT_MS."""


@dataclass(frozen=True)
class Plan:
    quick: bool = False
    visits: int = VISITS


def measure(plan: Plan) -> dict[str, Any]:
    """The figures of every page of the tour, and the addresses that are no pages."""
    template = world.ready_for_pages(quick=plan.quick)
    databases.clone(template, to=databases.RUN)
    world.run("config.launch.prepare", database=databases.RUN)
    visited = json.loads(world.run("bench.visiting", str(plan.visits), database=databases.RUN))
    return {
        "pages": [_figures(each) for each in visited if each["page"]],
        "others": [f"{each['name']} {each['status']}" for each in visited if not each["page"]],
    }


def _figures(visited: dict[str, Any]) -> dict[str, Any]:
    limit = LIMITS_MS.get(visited["name"], LIMIT_MS)
    middle = median(visited["ms"])
    return {
        **{key: visited[key] for key in ("name", "url", "statements", "bytes")},
        "p50": middle,
        "p95": percentile(visited["ms"], 95),
        "limit": limit,
        "met": middle <= limit,
    }


def rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """For a table: the slowest first."""
    head = ("page", "p50 ms", "p95 ms", "limit", "statements", "bytes gzip", "")
    return [head, *map(_row, sorted(found["pages"], key=_room))]


def _room(page: dict[str, Any]) -> float:
    return float(page["limit"] - page["p50"])


def _row(page: dict[str, Any]) -> tuple[str, ...]:
    return (
        page["name"],
        f"{page['p50']:.1f}",
        f"{page['p95']:.1f}",
        f"{page['limit']:.0f}",
        str(page["statements"]),
        f"{page['bytes']:,}",
        "" if page["met"] else "MISSED",
    )
