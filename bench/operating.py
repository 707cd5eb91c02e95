"""`python -m bench.operating`: claim and submit by the operations themselves, without HTTP.

Reads one JSON line from stdin: people, seconds, answers by task type, domain (or null for all).
Each person is a process with a database connection of its own. Prints how much was done.
"""

import json
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from typing import Any

from bench.house import enter

WARM_PAIRS = 8
START_SECONDS = 60.0


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    enter()
    from django.db import connections

    accounts = _accounts(asked["domain"])
    connections.close_all()
    system = multiprocessing.get_context("fork")
    begin = system.Barrier(asked["people"] + 1)
    told: Any = system.SimpleQueue()
    people = [
        system.Process(target=_work, args=(asked, accounts[n :: asked["people"]], begin, told))
        for n in range(asked["people"])
    ]
    for person in people:
        person.start()
    begin.wait(START_SECONDS)
    began = time.perf_counter()
    for person in people:
        person.join()
    took = time.perf_counter() - began
    if any(person.exitcode for person in people):
        raise SystemExit("bench: a person's process failed, see above")
    print(json.dumps({"pairs": sum(told.get() for _ in people), "seconds": took}))


def _accounts(domain: str | None) -> list[Any]:
    from tutors.models import Tutor

    tutors = Tutor.objects.select_related("account").order_by("id")
    chosen = tutors.filter(domains__slug=domain) if domain else tutors
    return [tutor.account for tutor in chosen]


def _work(asked: dict[str, Any], accounts: list[Any], begin: Barrier, told: Any) -> None:
    done = 0
    try:
        for number in range(WARM_PAIRS):
            _pair(accounts[number % len(accounts)], asked["answers"])
    except BaseException:
        begin.abort()
        raise
    begin.wait(START_SECONDS)
    end = time.perf_counter() + asked["seconds"]
    while time.perf_counter() < end:
        done += _pair(accounts[done % len(accounts)], asked["answers"])
    told.put(done)


def _pair(account: Any, answers: dict[str, Any]) -> int:
    """One claim and its submit; 1, or an error that ends the run."""
    from tasks.operations.claiming import claim
    from tasks.operations.submitting import submit
    from tasks.queries.handing_in import in_hand
    from tasks.rules.states import WorkRole
    from workforce.doors import now

    taken = claim(account=account, role=WorkRole.ATTEMPT, project_id=None, at=now())
    if taken is None:
        raise SystemExit("bench: no work is left")
    own = in_hand(claim_id=taken.claim_id, account_id=account.pk)
    if own is None:
        raise SystemExit("bench: a claim was lost")
    submit(
        account=account,
        own=own,
        fence=taken.fence,
        answer=answers[taken.task_type],
        at=now(),
    )
    return 1


if __name__ == "__main__":
    main()
