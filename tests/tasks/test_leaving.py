"""Somebody leaves: from that commit on she takes nothing, and nothing waits for her."""

import threading
import time

import pytest
from django.db import transaction

from config.reactions import REACTIONS
from tasks.models import Claim, Draft, Offer, Slot, TimeEntry
from tasks.operations.claiming import CannotClaim, accept, claim
from tasks.operations.lapsing import expire_leases
from tasks.operations.leaving import give_all_back
from tasks.operations.routing import route_queue
from tasks.operations.working import save_draft
from tasks.rules.states import Dispatch, WorkRole
from tests.jobs import catch_up
from tests.tasks.ageing import later
from tests.tasks.crew import Crew, moment
from tests.tasks.crowd import crowd
from tests.tasks.test_races import race, sound, take, waiting_for_a_lock
from workforce.jobs import KINDS
from workforce.models import Event, Job
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


@pytest.mark.django_db
def test_what_somebody_who_left_holds_goes_to_others_with_its_draft_and_time():
    crew = Crew()
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    (task,) = crew.tasks(crew.project(dispatch=Dispatch.PULL, budget_minor=100_000))
    sheet = take(alice)()
    draft = {"verdict": "Half a sentence"}
    save_draft(
        account=alice.account, claim_id=sheet.claim_id, answer=draft, version=None, at=moment()
    )
    later(seconds=90)
    leave(crew, alice)
    assert Claim.objects.get().state == "in_progress"
    catch_up()
    held = Claim.objects.get()
    assert (held.state, held.reason) == ("released", "account_closed")
    assert 90 <= held.seconds_worked <= 120
    assert Draft.objects.get().answer == draft
    assert TimeEntry.objects.get().state == "submitted"
    assert Event.objects.get(kind="tasks.slot_returned").body["state"] == "released"
    catch_up()
    assert take(bob)().task_id == task.pk
    sound()


@pytest.mark.django_db
def test_an_open_account_keeps_what_it_holds():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    take(alice)()
    assert give_all_back(account_id=alice.account_id, at=moment()) == 0
    assert give_all_back(account_id=crew.max.pk, at=moment()) == 0
    assert Claim.objects.get().state == "claimed"


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
    """Some have work in hand, some offers; within the jobs that follow all of it waits again."""
    crew = Crew()
    people = crowd(crew, LEAVERS)
    pulled, pushed = crew.project(), crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(pulled, 40)
    crew.tasks(pushed, 60)
    for tutor in people[:40]:
        claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=pulled.pk, at=moment())
    assert route_queue(queue="stem", at=moment()).offers == 60
    later(seconds=60)
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
    assert Claim.objects.filter(state="released").count() == 40
    assert expire_leases(at=moment()) == 0
    assert Slot.objects.filter(state="open").count() == 100
    assert list(TimeEntry.objects.values_list("state", flat=True)) == ["submitted"] * 40
    sound()
