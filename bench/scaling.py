"""How many people at once slow each other down, at the operation and in one hot domain.

A ratio to bare SQL's own: what a machine with so many processors gives to sixteen
connections, it may as well give to sixteen people.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import claims, databases, limits, world
from bench.figures import median

PEOPLE = 16
HOT_DOMAIN = "stem"


@dataclass(frozen=True, kw_only=True)
class Plan:
    tasks: int = 100_000
    rounds: int = 3
    seconds: int = 8
    bare_rows: int = limits.ROWS


def measure(plan: Plan) -> dict[str, Any]:
    """Pairs a second of one person, of sixteen, of sixteen in one domain; and of bare SQL."""
    runs = [_round(plan, number=number) for number in range(plan.rounds)]
    middle = {name: median([run[name] for run in runs]) for name in runs[0]}
    return {
        **middle,
        "scaling": median([_scaling(run) for run in runs]),
        "hot_to_all": median([run["hot"] / run["many"] for run in runs]),
        "runs": runs,
    }


def _round(plan: Plan, *, number: int) -> dict[str, float]:
    world.say(f"operations, round {number + 1} of {plan.rounds}")
    databases.clone(world.ready(plan.tasks), to=databases.RUN)
    opened = json.loads(world.run("bench.opening", database=databases.RUN))
    found = {
        "one": _pairs_a_second(plan, opened, people=1),
        "many": _pairs_a_second(plan, opened, people=PEOPLE),
        "hot": _pairs_a_second(plan, opened, people=PEOPLE, domain=HOT_DOMAIN),
        **_bare(plan),
    }
    databases.drop(databases.RUN)
    return found


def _pairs_a_second(
    plan: Plan, opened: dict[str, Any], *, people: int, domain: str | None = None
) -> float:
    asked = {
        "people": people,
        "seconds": plan.seconds,
        "answers": opened["answers"],
        "domain": domain,
    }
    told = claims.child("bench.operating", given=json.dumps(asked), database=databases.RUN)
    seen = json.loads(told)
    return float(seen["pairs"] / seen["seconds"])


def _bare(plan: Plan) -> dict[str, float]:
    databases.clone(limits.ready(plan.bare_rows), to=claims.BARE)
    one, many = (
        limits.claim_bare(database=claims.BARE, people=people, seconds=plan.seconds // 2)
        for people in (1, PEOPLE)
    )
    databases.drop(claims.BARE)
    return {"bare_one": one.a_second, "bare_many": many.a_second}


def _scaling(run: dict[str, float]) -> float:
    return (run["many"] / run["one"]) / (run["bare_many"] / run["bare_one"])


def rows(found: dict[str, Any]) -> Sequence[tuple[str, str, str]]:
    """The figures as lines of a table."""
    return [
        ("operations, without HTTP", "pairs/s", "bare claims/s"),
        ("1 person", f"{found['one']:.1f}", f"{found['bare_one']:.0f}"),
        (f"{PEOPLE} people", f"{found['many']:.1f}", f"{found['bare_many']:.0f}"),
        (f"{PEOPLE} people in {HOT_DOMAIN}", f"{found['hot']:.1f}", ""),
        (f"{PEOPLE} ÷ 1, to bare SQL's own (≥ 0.8)", f"{found['scaling']:.2f}", ""),
        ("one domain ÷ all (≥ 0.7)", f"{found['hot_to_all']:.2f}", ""),
    ]
