"""Jobs of routing as workers get them."""

import logging

import pytest

from tasks.models import Offer
from tasks.rules.states import Dispatch
from tests.jobs import catch_up
from tests.tasks.crew import Crew
from workforce.models import Job
from workforce.operations import enqueue
from workforce.rules.jobs import JobSpec

pytestmark = pytest.mark.django_db


def of_pool(name: str) -> JobSpec:
    """What waits in the queue of a house that is brought up to date."""
    return JobSpec(kind="tasks.route_pool", queue="stem", key=name, subject={"pool": name})


def test_pools_that_ask_for_a_round_of_their_own_get_one_of_their_queue(
    caplog: pytest.LogCaptureFixture,
) -> None:
    crew = Crew()
    alice = crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project, 2)
    Job.objects.all().delete()
    pools = [pool.public_id for pool in project.pools.order_by("id")]
    enqueue(specs=[of_pool(name) for name in (*pools, "PL-999999")])
    said = logging.getLogger("tasks.jobs.routing")
    said.addHandler(caplog.handler)
    try:
        done = catch_up()
    finally:
        said.removeHandler(caplog.handler)
    assert done.count("tasks.route_pool") == len(pools) + 1
    assert done.count("tasks.route_queue") == 1
    assert Offer.objects.filter(tutor=alice, state="offered").count() == 2
    assert len(caplog.records) == len(pools) + 1
    assert {record.levelname for record in caplog.records} == {"INFO"}
