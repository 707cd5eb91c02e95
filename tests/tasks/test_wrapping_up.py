"""A moment to herself after an answer: no offer comes, and what she asks for she still gets."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from tasks.models import Claim, Offer
from tasks.operations.routing import route_queue
from tasks.rules.states import Dispatch
from tests.people import knock
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.test_policy_at_work import hand_in, ruled, taken
from tests.tasks.visiting import visitor

pytestmark = pytest.mark.django_db


WRAP_UP = 120


def route():
    route_queue(queue="stem", at=moment())


def later(*, seconds):
    """Her answers were handed in so much longer ago."""
    Claim.objects.filter(ended_at__isnull=False).update(
        ended_at=F("ended_at") - timedelta(seconds=seconds)
    )


def offered(tutor):
    return Offer.objects.filter(tutor=tutor, state="offered").count()


def test_after_an_answer_nothing_is_offered_for_so_long_of_any_project(crew):
    alice = crew.tutor("Alice")
    wrapped = ruled(crew, wrap_up_seconds=WRAP_UP)
    crew.tasks(wrapped, 2)
    hand_in(taken(alice, wrapped))
    crew.tasks(crew.project(name="Other", dispatch=Dispatch.PUSH), 2)
    route()
    assert offered(alice) == 0
    later(seconds=WRAP_UP - 5)
    route()
    assert offered(alice) == 0
    later(seconds=6)
    route()
    assert offered(alice) == 3


def test_her_home_and_her_queue_say_until_when(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    wrapped = ruled(crew, wrap_up_seconds=WRAP_UP)
    crew.tasks(wrapped, 2)
    hand_in(taken(alice, wrapped))
    ended = Claim.objects.get(tutor=alice).ended_at
    until = ended + timedelta(seconds=WRAP_UP)

    def asked(tutor):
        return knock(tutor.account).get("/api/v1/work/queue/").json()["offers_from"]

    assert datetime.fromisoformat(asked(alice)) == until and asked(bob) is None
    said = f"offers come again at {until.astimezone(ZoneInfo('Europe/London')):%H:%M}."
    home = visitor(alice.account).get("/work/").content.decode()
    assert said in home and "You may take work now." in home
    assert "offers come again" not in visitor(bob.account).get("/work/").content.decode()
    later(seconds=WRAP_UP)
    assert asked(alice) is None
    assert "offers come again" not in visitor(alice.account).get("/work/").content.decode()


def test_she_may_take_work_meanwhile_and_others_are_offered_it(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    wrapped = ruled(crew, wrap_up_seconds=WRAP_UP)
    crew.tasks(wrapped, 3)
    hand_in(taken(alice, wrapped))
    taken(alice, wrapped)
    route()
    assert (offered(alice), offered(bob)) == (0, 1)


def test_work_of_other_projects_and_work_given_back_need_none(crew):
    alice = crew.tutor("Alice")
    wrapped = ruled(crew, wrap_up_seconds=WRAP_UP)
    crew.tasks(wrapped)
    plain = crew.project(name="Other", dispatch=Dispatch.BOTH)
    crew.tasks(plain, 2)
    claim = taken(alice, wrapped)
    path = f"/api/v1/work/claims/{claim.public_id}/return/"
    assert (
        knock(alice.account).post(path, {"reason": "Not mine."}, format="json").status_code == 200
    )
    hand_in(taken(alice, plain))
    route()
    assert offered(alice) == 1


def test_it_is_one_statement_of_a_round_for_any_number_of_people(crew):
    wrapped = ruled(crew, wrap_up_seconds=WRAP_UP)
    crew.tasks(wrapped, 8)
    alice = crew.tutor("Alice")
    hand_in(taken(alice, wrapped))
    with counting() as one:
        route()
    for n in range(5):
        crew.tutor(f"Bob{n}")
    hand_in(taken(alice, wrapped))
    with counting() as many:
        route()
    assert sum("wrap_up_seconds" in text for text in one.statements) == 1
    assert sum("wrap_up_seconds" in text for text in many.statements) == 1
