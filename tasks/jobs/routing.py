"""Routing on the domains' queues, and what follows when projects or people change."""

import logging
from datetime import datetime, timedelta

from tasks.operations import leaving, measuring, offering, rechecking
from tasks.operations.routing import route_queue as route
from tasks.queries.outlooks import MEASURE_KIND
from tasks.queries.pools import queue_of, queues_with_work, waits
from tasks.rules.limits import ROUTE_AGAIN_SECONDS, ROUTE_NOBODY_SECONDS
from workforce.jobs import job
from workforce.operations import enqueue
from workforce.rules.ids import internal_id
from workforce.rules.jobs import JobSpec

logger = logging.getLogger(__name__)

ROUTE = "tasks.route_queue"


@job(ROUTE)
def route_queue(*, queue: str, at: datetime, **_: object) -> None:
    """One round of a domain's queue; again soon while something still waits, also where nobody
    has a hand free: who hands in, or starts taking work, is offered it then.
    """
    found = route(queue=queue, at=at)
    if waits(queue=queue):
        seconds = ROUTE_AGAIN_SECONDS if found.people else ROUTE_NOBODY_SECONDS
        enqueue(specs=[_spec(queue, run_at=at + timedelta(seconds=seconds))])


@job("tasks.route_pool")
def route_pool(*, pool: str, at: datetime, **_: object) -> None:
    """A round asked for by a single pool, as jobs that waited through an upgrade do: its queue's
    round is due instead, unless it is due already.
    """
    queue = queue_of(pool_id=internal_id("PL", pool))
    logger.info("Pool %s asked for a round of its own: its queue %s is routed.", pool, queue)
    if queue is not None:
        enqueue(specs=[_spec(queue)])


@job("tasks.follow_project")
def follow_project(*, project: str, at: datetime, **_: object) -> None:
    """A project that stopped takes its offers back; one that is open is routed."""
    project_id = internal_id("P", project)
    offering.withdraw_from_stopped(project_id=project_id, at=at)
    specs = [_spec(queue) for queue in queues_with_work(project_id=project_id)]
    if specs:
        enqueue(specs=specs)


@job("tasks.recheck_offers")
def recheck_offers(*, tutor: str, at: datetime, **_: object) -> None:
    """Somebody paused, left or lost a proof: offers that do not fit any more go back."""
    rechecking.recheck_tutor(tutor_id=internal_id("E", tutor), at=at)


@job("tasks.recheck_account")
def recheck_account(*, account: str, at: datetime, **_: object) -> None:
    """An account was closed: if it is a tutor's, her offers and what she holds go back."""
    leaving.give_all_back(account_id=internal_id("A", account), at=at)


@job(MEASURE_KIND)
def measure_queue(*, queue: str, at: datetime, **_: object) -> None:
    """Measure what the queue's pools bring, and how many people share it."""
    measuring.measure_queue(queue=queue, at=at)


def _spec(queue: str, *, run_at: datetime | None = None) -> JobSpec:
    return JobSpec(kind=ROUTE, queue=queue, key=queue, subject={"queue": queue}, run_at=run_at)
