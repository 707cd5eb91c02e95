"""Somebody leaves: from that commit on she takes nothing, and nothing waits for her."""

import threading
import time

import pytest
from django.db import transaction

from config.reactions import REACTIONS
from tasks.models import Claim, Offer, Slot, TimeEntry
from tasks.operations.claiming import CannotClaim, accept, claim
from tasks.operations.lapsing import expire_leases
from tasks.operations.routing import route_queue
from tasks.rules.states import Dispatch, WorkRole
from tests.jobs import catch_up
from tests.tasks.ageing import later
from tests.tasks.crew import Crew, moment
from tests.tasks.crowd import crowd
from tests.tasks.test_races import race, sound, take, waiting_for_a_lock
from workforce.jobs import KINDS
from workforce.models import Job
from workforce.operations.admitting import close_account
from workforce.operations.relaying import relay

LEAVERS = 500


def leave(crew, tutor):
    close_account(account=tutor.account, reason="Left", actor=crew.max, at=moment())


@pytest.mark.django_db
def test_offers_of_somebody_who_left_go_back():
    crew = Crew()
    alice = crew.tutor("Alice")
    (task,) = crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    assert route_queue(queue="stem", at=moment()).offers == 1
    relay(reactions={})
    leave(crew, alice)
    catch_up()
    offer = Offer.objects.get()
    assert (offer.state, offer.reason, offer.task) == ("withdrawn", "account_closed", task)
    assert Slot.objects.get().state == "open"
    assert route_queue(queue="stem", at=moment()).offers == 0
    sound()


@pytest.mark.race
@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("offered", [False, True])
def test_a_claim_meanwhile_waits_for_the_leaving_and_is_refused(offered):
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(dispatch=Dispatch.BOTH))
    if offered:
        route_queue(queue="stem", at=moment())
    left = threading.Event()

    def leave_slowly():
        with transaction.atomic():
            leave(crew, alice)
            left.set()
            while not waiting_for_a_lock():
                time.sleep(0.02)

    def take_meanwhile():
        left.wait()
        if not offered:
            return take(alice)()
        offer = Offer.objects.get(state="offered")
        return accept(account=alice.account, offer_id=offer.pk, at=moment())

    refused = race(leave_slowly, take_meanwhile)[1]
    assert (refused.code, Claim.objects.count()) == ("account_closed", 0)
    sound()


@pytest.mark.django_db
def test_five_hundred_leave_in_one_act_and_no_slot_is_in_limbo():
    """Some have work in hand, some offers; time passes, and all of it waits again."""
    crew = Crew()
    people = crowd(crew, LEAVERS)
    pulled, pushed = crew.project(), crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(pulled, 40)
    crew.tasks(pushed, 60)
    for tutor in people[:40]:
        claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=pulled.pk, at=moment())
    assert route_queue(queue="stem", at=moment()).offers == 60
    relay(reactions={})
    with transaction.atomic():
        for tutor in people:
            leave(crew, tutor)
    for tutor in (people[0], people[-1]):
        with pytest.raises(CannotClaim, match="closed"):
            claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    while relay(reactions=REACTIONS):
        pass
    for job in Job.objects.filter(kind="tasks.recheck_account"):
        KINDS[job.kind](**job.subject, at=moment())
    assert not Offer.objects.filter(state="offered").exists()
    assert Claim.objects.filter(state="claimed").count() == 40
    later(seconds=5_000)
    assert expire_leases(at=moment()) == 40
    assert Slot.objects.filter(state="open").count() == 100
    assert set(TimeEntry.objects.values_list("state", flat=True)) == {"submitted"}
    sound()
