"""Nobody qualified, free and taking work is passed over by the router while work waits for her."""

import random
from contextlib import suppress

import pytest

from tasks.models import Offer, Slot
from tasks.operations.claiming import CannotClaim, OfferGone, accept
from tasks.operations.offering import OfferOver, decline
from tasks.operations.policing import set_policy
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.operations.working import hand_back
from tasks.queries.cards import cards_for, version_now
from tasks.queries.handing_in import in_hand
from tasks.queries.hands import hands_of
from tasks.queries.histories import histories
from tasks.queries.offers import offered_already
from tasks.queries.pools import pools_by_id, requirements_of
from tasks.queries.rounds import left_alone
from tasks.rules.ahead import NO_HISTORY, Way
from tasks.rules.limits import PASSED_OVER_ROUNDS_MAX
from tasks.rules.matching import fit
from tasks.rules.states import Dispatch
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tutors.models import Tutor
from tutors.operations.presence import set_presence
from tutors.queries.facts import facts_for
from tutors.rules.states import Presence

pytestmark = pytest.mark.django_db


def route():
    return route_queue(queue="stem", at=moment()).offers


def passed_over():
    """Tutors with a free hand and no offer although a slot waits that they may be offered.

    Asked of every pair one by one, as claiming would; no part of the router is trusted.
    """
    slots = list(Slot.objects.filter(state="open").order_by("id"))
    pools = pools_by_id({slot.pool_id for slot in slots})
    asked, cards = (
        requirements_of(pools.values()),
        cards_for(version=version_now(), pools=pools.values(), at=moment()),
    )
    facts = facts_for(tutor_ids=list(Tutor.objects.values_list("pk", flat=True)), at=moment())
    hands = hands_of(everybody=facts.values(), at=moment())
    known = histories(slots=[(s.pk, s.task_id, pools[s.pool_id].role) for s in slots])
    alone, offered = (
        left_alone(pool_ids=list(pools)),
        offered_already(task_ids={slot.task_id for slot in slots}),
    )
    found = set()
    for slot in slots:
        pool = pools[slot.pool_id]
        for tutor, own in facts.items():
            may = (
                not hands[tutor].live_offers
                and (slot.pool_id, tutor) not in alone
                and tutor not in offered.get(slot.task_id, ())
                and fit(
                    facts=own, pool=pool, requirement=asked[slot.pool_id], hands=hands[tutor],
                    cards=cards, at=moment(), way=Way.PUSH,
                    history=known.get((slot.pk, tutor), NO_HISTORY),
                ).eligible
            )  # fmt: skip
            if may:
                found.add(tutor)
    return found


def declined(offers):
    for offer in offers:
        decline(account=offer.tutor.account, offer_id=offer.pk, reason="Not today", at=moment())


def test_who_declined_the_first_ones_is_offered_the_next(crew):
    """Those come back to the head of the queue, and hide the rest from her."""
    alice = crew.tutor("Alice", capacity=1)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH), 30)
    for _ in range(12):
        assert route() == 1
        declined(Offer.objects.filter(state="offered"))
    assert Offer.objects.filter(tutor=alice).values("task").distinct().count() == 12


def test_who_did_the_first_ones_is_offered_the_next(crew):
    """Each task wants five people; the others are not there today."""
    alice = crew.tutor("Alice", capacity=1)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH, overlap=5), 12)
    for _ in range(12):
        assert route() == 1
        done(Offer.objects.get(state="offered"))
    assert route() == 0
    assert Offer.objects.filter(tutor=alice).count() == 12


def done(offer):
    account = offer.tutor.account
    got = accept(account=account, offer_id=offer.pk, at=moment())
    own = in_hand(claim_id=got.claim_id, account_id=account.pk)
    submit(account=account, own=own, fence=got.fence, answer=ANSWER, at=moment())


def test_one_round_reaches_everybody(crew):
    people = {crew.tutor(f"Person{n}", capacity=1).pk for n in range(9)}
    crew.tasks(crew.project(dispatch=Dispatch.PUSH), 30)
    assert route() == 9
    assert set(Offer.objects.values_list("tutor", flat=True)) == people
    assert passed_over() == set()


def test_a_task_at_a_time_goes_to_identical_people_in_turn(crew):
    """An offer that is still unanswered counts as given."""
    three = [crew.tutor(f"Person{n}") for n in range(3)]
    project = crew.project(dispatch=Dispatch.PUSH)
    for n in range(1, 10):
        crew.tasks(project)
        assert route() == 1
        shares = [Offer.objects.filter(tutor=tutor).count() for tutor in three]
        assert max(shares) - min(shares) <= 1, (n, shares)


@pytest.mark.parametrize("answered", [0, 3])
def test_identical_people_who_answer_get_the_same_within_one(crew, answered):
    """After each round so many offers are done, so that claims and offers are mixed. Knowing the
    project counts for nothing here, or who had the first task would differ from the others.
    """
    four = [crew.tutor(f"Person{n}") for n in range(4)]
    project = crew.project(dispatch=Dispatch.PUSH)
    set_policy(
        owner=project, document={"affinity_minutes": 0}, seen=0, note="Alike", actor=crew.max,
        at=moment(),
    )  # fmt: skip
    for _ in range(5):
        crew.tasks(project, 2)
        route()
        for offer in Offer.objects.filter(state="offered").order_by("id")[:answered]:
            done(offer)
        shares = [Offer.objects.filter(tutor=tutor).count() for tutor in four]
        assert max(shares) - min(shares) <= 1, shares


class House(Crew):
    """Mathematicians and physicists of three levels, four projects, answered up to three times."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.dice = dice = random.Random(seed)
        self.people = [
            self.tutor(
                f"Person{n}", level=dice.choice([1, 2, 3]), capacity=dice.choice([1, 2, 3]),
                speciality=dice.choice(["stem.mathematics", "stem.physics"]),
            )
            for n in range(6)
        ]  # fmt: skip
        self.projects = [
            self.project(
                dispatch=Dispatch.BOTH, overlap=dice.choice([1, 3]), domain=field,
                requirements=asking(field, level),
            )
            for field in ("stem.mathematics", "stem.physics")
            for level in (1, 2)
        ]  # fmt: skip
        for project in self.projects:
            self.tasks(project, dice.randint(2, 8))

    def act(self) -> None:
        """Somebody answers an offer in some way, pauses or comes back; or new work comes."""
        dice = self.dice
        offers = list(Offer.objects.filter(state="offered").order_by("id"))
        for offer in dice.sample(offers, k=min(len(offers), dice.randint(0, 4))):
            with suppress(OfferOver, OfferGone, CannotClaim):
                dice.choice([done, done, given_back, lambda one: declined([one])])(offer)
        tutor = dice.choice(self.people)
        state = dice.choice([Presence.PAUSED, Presence.TAKING_WORK, Presence.TAKING_WORK])
        set_presence(tutor=tutor, state=state, actor=tutor.account, at=moment())
        recheck_tutor(tutor_id=tutor.pk, at=moment())
        if dice.random() < 0.3:
            self.tasks(dice.choice(self.projects), 2)


def asking(speciality, level):
    (rule,) = ASKED["rules"]
    test = {**rule["test"], "speciality": speciality, "level_min": level}
    return {**ASKED, "rules": [{**rule, "test": test}]}


def given_back(offer):
    account = offer.tutor.account
    got = accept(account=account, offer_id=offer.pk, at=moment())
    hand_back(account=account, claim_id=got.claim_id, reason="Too long", at=moment())


@pytest.mark.parametrize("seed", [3, 17, 40, 61])
def test_whatever_people_do_nobody_is_passed_over_for_more_than_the_rounds_stated(seed):
    house = House(seed)
    rounds = dict.fromkeys([tutor.pk for tutor in house.people], 0)
    offers = 0
    for _ in range(14):
        offers += route()
        now = passed_over()
        rounds = {tutor: rounds[tutor] + 1 if tutor in now else 0 for tutor in rounds}
        assert max(rounds.values()) <= PASSED_OVER_ROUNDS_MAX, (seed, rounds)
        house.act()
    assert offers > 20
