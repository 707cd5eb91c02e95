"""`python -m bench.routing ROUNDS [heavy]`: rounds of the crowded queue, one after the other.

Prints, for each, the CPU seconds of the process and of its database connection, the peak of its
memory, and what came of it. The first reads everybody's facts, the ones after it who changed.
`heavy`: the work of every other project fills two hands, so that hands are left over.
"""

import json
import resource
import sys
import time
from typing import Any

from bench.cpu import Meter
from bench.crowding import QUEUE
from bench.house import enter

KILOBYTES_A_MEGABYTE = 1024
HEAVY = 2


def main() -> None:
    enter()
    from django.db import connection

    connection.ensure_connection()
    database: Any = connection.connection
    meter = Meter(web=None, backend=database.info.backend_pid, database=str(database.info.dbname))
    if "heavy" in sys.argv[2:]:
        _make_heavy()
    rounds = [_round(meter) for _ in range(int(sys.argv[1]))]
    print(json.dumps({"rounds": rounds, "matcher": _matcher()}))


def _make_heavy() -> None:
    from tasks.models import Project
    from tasks.operations.policing import set_policy
    from workforce.doors import now

    for project in Project.objects.order_by("id")[::2]:
        set_policy(
            owner=project, document={"attempt_weight": HEAVY}, seen=0, note="Heavy work",
            actor=project.created_by, at=now(),
        )  # fmt: skip


def _matcher() -> dict[str, float]:
    """What each way of matching this world gains, as parts of the optimum, and its CPU seconds.

    Scores alone: with what a match is worth by being made, everything would look like the optimum.
    """
    from tasks.providers.solving import exact
    from tasks.queries.rounds import pools_waiting
    from tasks.queries.worlds import look
    from tasks.rules.assigning import MATCHED_MINUTES, assign, greedy, total
    from tasks.rules.folding import fold
    from workforce.doors import now

    pools = {pool.pool_id: pool for pool in pools_waiting(queue=QUEUE)}
    seen = look(queue=QUEUE, pools=pools, at=now())
    folded = fold(seen.world, seen.suits).folded
    ways = {"exact": exact, "greedy": greedy, "exchanged": assign}
    gained, spent = {}, {}
    for name, way in ways.items():
        began = time.process_time()
        flow = way(folded)
        spent[f"{name}_cpu"] = time.process_time() - began
        gained[name] = total(folded, flow) - float(MATCHED_MINUTES * sum(flow.values()))
    return {**{name: gained[name] / gained["exact"] for name in gained}, **spent}


def _round(meter: Meter) -> dict[str, Any]:
    from django.db import transaction

    from tasks.models import Round
    from tasks.operations.offering import withdraw
    from tasks.operations.routing import route_queue
    from workforce.doors import now

    meter.start()
    before, began = time.process_time(), time.perf_counter()
    came = route_queue(queue=QUEUE, at=now())
    took, spent = time.perf_counter() - began, time.process_time() - before
    database = meter.stop().database
    kept = (
        Round.objects.order_by("-id").values("solver", "works", "crews", "ties", "people").first()
    )
    with transaction.atomic():
        _clear(withdraw)
    return {
        "cpu": spent, "database": database, "seconds": took, "offers": came.offers,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE,
        **(kept or {}),
    }  # fmt: skip


def _clear(withdraw: Any) -> None:
    """Take every offer back, so that the next round has the same to do."""
    from tasks.models import Offer
    from tasks.rules.limits import SWEEP_ROWS_MAX
    from workforce.doors import now

    while some := list(
        Offer.objects.filter(state="offered").values_list("pk", flat=True)[:SWEEP_ROWS_MAX]
    ):
        withdraw(offer_ids=some, reason="bench", at=now())


if __name__ == "__main__":
    main()
