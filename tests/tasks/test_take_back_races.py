"""Taking back while the router, a reviewer or the sweeper reaches for the same review."""

import threading
import time

import pytest
from django.db import transaction

from tasks.models import Claim, Offer, Submission
from tasks.operations.cancelling import cancel
from tasks.operations.claiming import accept
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit, take_back
from tasks.operations.working import hand_back
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch
from tests.tasks.crew import ANSWER, Crew, moment
from tests.tasks.test_races import race, sound, take
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

HELD_SECONDS = 0.5


class Answered:
    """Alice has just handed in; Rita is a reviewer whom the router may ask."""

    def __init__(self, *, capacity: int = 3) -> None:
        self.crew = Crew()
        self.alice = self.crew.tutor("Alice", capacity=capacity)
        self.rita = self.crew.tutor("Rita", reviewer=True)
        self.project = self.crew.project(dispatch=Dispatch.BOTH)
        self.reviews = self.project.pools.get(role="review", step=0)

    def hand_in(self) -> int:
        """One more task, answered; the claim."""
        self.task = self.crew.tasks(self.project)[0]
        sheet = take(self.alice)()
        own = in_hand(claim_id=sheet.claim_id, account_id=self.alice.account_id)
        submit(account=self.alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())
        return int(sheet.claim_id)

    def route(self):
        return route_queue(queue="stem", at=moment())

    def take_back(self, claim_id: int):
        return take_back(account=self.alice.account, claim_id=claim_id, at=moment())


def while_the_router_offers(here: Answered, act):
    """Run `act` so that it starts before the router's offer is committed, and ends after it."""
    offered = threading.Event()

    def slow_round():
        with transaction.atomic():
            here.route()
            offered.set()
            time.sleep(HELD_SECONDS)

    def rival():
        offered.wait()
        return act()

    return race(slow_round, rival)


def test_taking_back_against_taking_the_next_one_fits_into_her_hands():
    """Whichever of the two comes second is refused, and changes nothing."""
    here = Answered(capacity=1)
    here.crew.tasks(here.project, 9)
    for _ in range(6):
        claim_id = here.hand_in()
        results = race(lambda claim_id=claim_id: here.take_back(claim_id), take(here.alice))
        assert [r.code for r in results if isinstance(r, Refusal)] == ["capacity_full"]
        (held,) = Claim.objects.filter(tutor=here.alice, ended_at=None)
        withdrawn = Submission.objects.get(claim=claim_id).withdrawn_at is not None
        assert withdrawn == (held.pk == claim_id)
        hand_back(account=here.alice.account, claim_id=held.pk, reason="x", at=moment())
    sound()


def live_offers() -> int:
    return Offer.objects.filter(state="offered").count()


def test_an_offer_made_meanwhile_is_withdrawn_with_the_review():
    here = Answered()
    claim_id = here.hand_in()
    while_the_router_offers(here, lambda: here.take_back(claim_id))
    assert live_offers() == 0
    sound()


def test_an_offer_made_meanwhile_is_withdrawn_with_the_task():
    here = Answered()
    here.hand_in()
    while_the_router_offers(
        here, lambda: cancel(task=here.task, reason="", actor=here.crew.max, at=moment())
    )
    assert live_offers() == 0
    sound()


def test_taking_back_against_accepting_the_review_one_counts():
    here = Answered()
    for _ in range(8):
        claim_id = here.hand_in()
        here.route()
        offer = Offer.objects.filter(state="offered").latest("pk")
        race(
            lambda claim_id=claim_id: here.take_back(claim_id),
            lambda offer=offer: accept(account=here.rita.account, offer_id=offer.pk, at=moment()),
        )
        Offer.objects.filter(state="offered").update(expires_at=moment())
        break
    assert live_offers() == 0
    sound()
