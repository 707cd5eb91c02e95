"""Some work fills more than one hand: claims, offers, reviews and explanations count it alike."""

import pytest

from tasks.models import Claim, Offer
from tasks.operations.routing import route_queue
from tasks.queries.invariants import checks
from tasks.rules.states import Dispatch
from tests.people import knock
from tests.tasks.crew import moment
from tests.tasks.test_policy_at_work import (
    explained,
    fold,
    hand_in,
    pull,
    refusals,
    ruled,
    taken,
)
from tests.tasks.visiting import visitor
from tutors.operations.onboarding import change_profile

pytestmark = pytest.mark.django_db


def refused(answer):
    assert answer.status_code == 409, (answer.status_code, answer.content)
    told = answer.json()
    return told["code"], told["detail"]


def weights(tutor):
    return list(Claim.objects.filter(tutor=tutor).order_by("id").values_list("weight", flat=True))


def sound():
    assert {c.name: c.problems for c in checks(at=moment()) if c.problems} == {}


def test_what_fills_two_hands_leaves_one_of_three_for_something_light(crew):
    alice = crew.tutor("Alice", capacity=3)
    heavy, light = ruled(crew, attempt_weight=2), crew.project(name="Light")
    crew.tasks(heavy, 2)
    taken(alice)
    assert refused(pull(alice)) == (
        "capacity_full",
        "2 of 3 in hand, this fills 2. Hand in or return what is in hand.",
    )
    page = visitor(alice.account).get("/work/queues/").content.decode()
    assert "Your hands are full." in page
    crew.tasks(light, 2)
    taken(alice)
    assert weights(alice) == [2, 1]
    assert refused(pull(alice))[0] == "capacity_full"
    sound()


def test_work_heavier_than_all_her_hands_is_not_hers_and_she_reads_why(crew):
    alice = crew.tutor("Alice", capacity=1)
    heavy = ruled(crew, attempt_weight=2)
    (task,) = crew.tasks(heavy)
    assert pull(alice).status_code == 204
    route_queue(queue="stem", at=moment())
    assert not Offer.objects.exists()
    turn = "A recruiter can raise the capacity to 2."
    assert refusals(explained(crew, task, alice)) == {"capacity_small": turn}
    assert (
        "It fills more hands than you have."
        in visitor(alice.account).get("/work/queues/").content.decode()
    )
    change_profile(tutor=alice, changes={"capacity": 2}, actor=crew.ruth, at=moment())
    assert taken(alice).weight == 2


def test_the_router_keeps_as_many_hands_free_as_an_offer_fills(crew):
    alice, bob = crew.tutor("Alice", capacity=3), crew.tutor("Bob", capacity=5)
    heavy = ruled(crew, attempt_weight=2)
    crew.tasks(heavy, 5)
    route_queue(queue="stem", at=moment())
    route_queue(queue="stem", at=moment())
    live = Offer.objects.filter(state="offered")
    assert (live.filter(tutor=alice).count(), live.filter(tutor=bob).count()) == (1, 2)
    assert set(live.values_list("weight", flat=True)) == {2}
    light = crew.project(name="Light", dispatch=Dispatch.PUSH)
    crew.tasks(light, 5)
    route_queue(queue="stem", at=moment())
    of_light = live.filter(task__project=light)
    assert (of_light.filter(tutor=alice).count(), of_light.filter(tutor=bob).count()) == (1, 1)
    for offer in live.order_by("id"):
        path = f"/api/v1/work/offers/{offer.public_id}/accept/"
        assert knock(offer.tutor.account).post(path, {}, format="json").status_code == 201
    assert (sorted(weights(alice)), sorted(weights(bob))) == ([1, 2], [1, 2, 2])
    sound()


def test_whoever_has_too_few_hands_keeps_it_from_nobody(crew):
    """Alice comes first in every round, and can never have it."""
    alice, bob = crew.tutor("Alice", capacity=1), crew.tutor("Bob", capacity=2)
    hers = {"preferred_tutors": [alice.public_id], "preferred_minutes": 10_080}
    crew.tasks(ruled(crew, attempt_weight=2, **hers))
    test = {"kind": "qualification", "speciality": "stem.physics", "level_min": 1}
    rules = [{"id": "field", "mode": "hard", "test": test}]
    nobodys = {"schema": 1, "name": "Light", "rules": rules}
    crew.tasks(crew.project(name="Light", dispatch=Dispatch.BOTH, requirements=nobodys))
    route_queue(queue="stem", at=moment())
    assert Offer.objects.get().tutor == bob
    assert not Offer.objects.filter(tutor=alice).exists()


def test_heavy_and_light_work_of_one_round_fill_no_hand_twice(crew):
    alice = crew.tutor("Alice", capacity=3)
    crew.tasks(ruled(crew, attempt_weight=3), 2)
    crew.tasks(crew.project(name="Light", dispatch=Dispatch.BOTH), 2)
    for _ in range(3):
        route_queue(queue="stem", at=moment())
    live = Offer.objects.filter(state="offered", tutor=alice)
    assert sum(live.values_list("weight", flat=True)) <= 3
    assert live.exists()


def test_an_explanation_says_what_the_offer_was_made_on(crew):
    crew.tutor("Alice", capacity=3)
    crew.tasks(ruled(crew, attempt_weight=2))
    route_queue(queue="stem", at=moment())
    facts = {v["code"]: v["fact"] for v in Offer.objects.get().reasons["verdicts"]}
    assert facts["capacity_free"] == "0 of 3 in hand, this fills 2"


def test_a_review_fills_what_the_policy_says_of_reviews(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True, capacity=3)
    project = ruled(crew, review_weight=3)
    crew.tasks(project, 2)
    for _ in range(2):
        hand_in(taken(alice))
    path = "/api/v1/work/claims/"
    first = knock(rita.account).post(path, {"role": "review"}, format="json")
    assert first.status_code == 201 and weights(rita) == [3]
    assert refused(knock(rita.account).post(path, {"role": "review"}, format="json"))[0] == (
        "capacity_full"
    )
    assert weights(alice) == [1, 1]


def test_an_answer_is_taken_back_into_as_many_hands_as_it_fills(crew):
    alice = crew.tutor("Alice", capacity=3)
    heavy, light = ruled(crew, attempt_weight=2), crew.project(name="Light")
    crew.tasks(heavy)
    claim = taken(alice)
    hand_in(claim)
    crew.tasks(light, 2)
    taken(alice)
    taken(alice)
    path = f"/api/v1/work/claims/{claim.public_id}/take-back/"
    assert refused(knock(alice.account).post(path, {}, format="json"))[0] == "capacity_full"
    assert Claim.objects.get(pk=claim.pk).state == "submitted"


def test_more_like_it_is_as_many_as_fit_by_weight(crew):
    alice = crew.tutor("Alice", capacity=5)
    crew.tasks(ruled(crew, attempt_weight=2), 6)
    route_queue(queue="stem", at=moment())
    fold(crew)
    page = visitor(alice.account).get("/work/").content.decode()
    offer = Offer.objects.filter(state="offered").order_by("id")[0]
    assert "Fills 2 of your hands" in page
    assert "Accept with 1 like it" in page
    path = f"/api/v1/work/offers/{offer.public_id}/accept-like/"
    told = knock(alice.account).post(path, {"like": 4}, format="json").json()
    assert (told["taken"], told["stopped"]) == (2, "capacity_full")
    sound()
