"""Taking several like tasks at once: Alice gets as many as fit, and reads why no more."""

import itertools

import pytest

from tasks.models import Claim, Offer
from tasks.operations.routing import route_queue
from tasks.queries.invariants import checks
from tasks.rules.states import Dispatch
from tests.people import knock
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.visiting import visitor

pytestmark = pytest.mark.django_db

EXPECTED = 600


def offered(crew, *, capacity, count, **changes):
    """Alice with so many free hands, and an offer of a project with so many tasks."""
    alice = crew.tutor("Alice", capacity=capacity)
    changes.setdefault("dispatch", Dispatch.BOTH)
    crew.tasks(crew.project(**changes), count)
    route_queue(queue="stem", at=moment())
    return alice, Offer.objects.filter(state="offered").order_by("id")[0]


def take(alice, offer, like, *, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/api/v1/work/offers/{offer.public_id}/accept-like/"
    return knock(alice.account).post(path, {"like": like}, format="json", headers=headers)


def came(answer):
    told = answer.json()
    assert answer.status_code == 201, told
    assert told["taken"] == len(told["claims"]) == Claim.objects.filter(state="claimed").count()
    broken = {check.name: check.problems for check in checks(at=moment()) if check.problems}
    assert not broken
    return told["taken"], told["asked"], told["stopped"]


def test_as_many_as_fit_into_her_hands_each_leased_for_its_turn(crew):
    alice, offer = offered(crew, capacity=4, count=9)
    answer = take(alice, offer, 6, key="once")
    assert came(answer) == (4, 7, "capacity_full")
    assert answer.json()["why"].startswith("Your hands are full.")
    assert len({claim["task"]["id"] for claim in answer.json()["claims"]}) == 4
    held = list(Claim.objects.order_by("id"))
    assert held[0].offer_id == offer.pk
    for before, after in itertools.pairwise(held):
        later = (after.lease_until - before.lease_until).total_seconds()
        assert EXPECTED <= later < EXPECTED + 60
        assert after.lease_until <= after.hold_until
    again = take(alice, offer, 6, key="once")
    assert again.json() == answer.json() and again["Idempotency-Replayed"] == "true"
    assert Claim.objects.count() == 4


def test_no_more_than_she_asked_for(crew):
    alice, offer = offered(crew, capacity=9, count=9)
    assert came(take(alice, offer, 2)) == (3, 3, "")


def test_the_weekly_cap_ends_it(crew):
    alice, offer = offered(crew, capacity=5, count=5, expected_seconds=50_000)
    answer = take(alice, offer, 4)
    assert came(answer) == (2, 5, "cap_reached")
    assert "weekly cap" in answer.json()["why"]


def test_a_queue_that_runs_out_ends_it(crew):
    alice, offer = offered(crew, capacity=9, count=3)
    assert came(take(alice, offer, 5)) == (3, 6, "none_left")
    assert not Offer.objects.filter(state="offered").exists()


def test_by_offer_alone_only_her_own_offers_are_like_it(crew):
    alice, offer = offered(crew, capacity=5, count=5, dispatch=Dispatch.PUSH)
    live = Offer.objects.filter(state="offered", tutor=alice).count()
    assert 1 < live < 5
    assert came(take(alice, offer, 4)) == (live, 5, "none_left")


def test_an_offer_that_is_over_takes_nothing(crew):
    alice, offer = offered(crew, capacity=4, count=4)
    assert take(alice, offer, 20).status_code == 400
    assert take(crew.tutor("Bob"), offer, 2).status_code == 404
    Offer.objects.filter(pk=offer.pk).update(state="expired", ended_at=moment())
    answer = take(alice, offer, 2)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_gone")
    assert Claim.objects.count() == 0


def test_the_home_asks_for_as_many_as_she_could_take(crew):
    alice, offer = offered(crew, capacity=3, count=9)
    client = visitor(alice.account)
    client.get("/work/")
    with counting() as counted:
        page = client.get("/work/").content.decode()
    assert len(counted) <= 30, counted.statements
    assert page.count("Accept with 2 like it") == 1, "at the first of the same"
    path = f"/work/offers/{offer.public_id}/accept/"
    answer = client.post(path, {"like": "2", "_key": "once"}, follow=True)
    held = Claim.objects.order_by("id")
    assert answer.redirect_chain[0][0] == f"/work/task/{held[0].public_id}/"
    assert "You took all 3 tasks." in answer.content.decode()
    client.post(path, {"like": "2", "_key": "once"})
    assert held.count() == 3
