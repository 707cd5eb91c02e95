"""Jobs of routing as workers get them."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import Offer
from tasks.operations.claiming import claim
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.limits import FIRST_OFFER_MINUTES, ROUTE_AGAIN_SECONDS, ROUTE_NOBODY_SECONDS
from tasks.rules.states import Dispatch, WorkRole
from tests.jobs import catch_up
from tests.tasks.crew import ANSWER, Crew, moment
from tutors.operations.presence import set_presence
from tutors.rules.states import Presence
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


def within_the_promised_minutes() -> list[str]:
    """The jobs that are due by then, done; the rounds that they ask for wait for the next call."""
    by = timezone.now() + timedelta(minutes=FIRST_OFFER_MINUTES)
    Job.objects.filter(state="due", run_at__lte=by).update(run_at=timezone.now())
    return catch_up()


def seconds_to_the_next_round() -> float:
    due = Job.objects.get(kind="tasks.route_queue", state="due")
    return (due.run_at - timezone.now()).total_seconds()


def offers_to(tutor) -> int:
    return Offer.objects.filter(tutor=tutor).count()


def test_who_starts_taking_work_has_a_first_offer_within_the_promised_minutes():
    """The rounds before found nobody at all."""
    crew = Crew()
    alice = crew.tutor("Alice")
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    crew.tasks(crew.project(dispatch=Dispatch.PUSH), 2)
    catch_up()
    assert within_the_promised_minutes().count("tasks.route_queue") == 1
    assert offers_to(alice) == 0
    assert 50 < seconds_to_the_next_round() <= ROUTE_NOBODY_SECONDS
    set_presence(tutor=alice, state=Presence.TAKING_WORK, actor=alice.account, at=moment())
    within_the_promised_minutes()
    assert offers_to(alice) == 2


def test_whoever_hands_in_is_offered_the_next_within_the_promised_minutes():
    """The rounds before found nobody with a hand free."""
    crew = Crew()
    alice = crew.tutor("Alice", capacity=1)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH), 4)
    catch_up()
    for count in (1, 2, 3):
        within_the_promised_minutes()
        assert offers_to(alice) == count
        assert seconds_to_the_next_round() <= ROUTE_AGAIN_SECONDS
        sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
        within_the_promised_minutes()
        assert offers_to(alice) == count
        own = in_hand(account_id=alice.account_id, claim_id=sheet.claim_id)
        submit(account=alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())


@pytest.mark.parametrize("dispatch", [Dispatch.PULL, Dispatch.PUSH])
def test_a_queue_is_routed_again_only_while_something_waits_to_be_offered(dispatch):
    crew = Crew()
    crew.tasks(crew.project(dispatch=dispatch), 1)
    catch_up()
    again = Job.objects.filter(kind="tasks.route_queue", state="due").exists()
    assert again is (dispatch is Dispatch.PUSH)
