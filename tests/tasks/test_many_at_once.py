"""Fifty and two hundred connections at one moment, each somebody's click."""

from collections import Counter

import pytest

from tasks.models import Claim, Offer, Slot, TimeEntry
from tasks.operations.claiming import OfferGone, accept
from tasks.operations.routing import route_queue
from tasks.operations.working import hand_back
from tasks.rules.states import Dispatch
from tests.tasks.crew import Crew, moment
from tests.tasks.crowd import crowd
from tests.tasks.test_races import race, sound, take
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]


def holders():
    """Task and tutor of each open claim."""
    return list(Claim.objects.filter(state="claimed").values_list("task_id", "tutor_id"))


@pytest.mark.parametrize("many", [50, 200])
def test_of_many_claims_on_one_slot_exactly_one_wins(many):
    crew = Crew()
    crew.tasks(crew.project())
    results = race(*(take(tutor) for tutor in crowd(crew, many)))
    (won,) = [r for r in results if r is not None]
    assert Claim.objects.get().pk == won.claim_id
    assert (Slot.objects.get().fence, TimeEntry.objects.count()) == (1, 1)
    sound()


def test_fifty_people_before_twenty_slots_take_twenty():
    crew = Crew()
    crew.tasks(crew.project(), 20)
    results = race(*(take(tutor) for tutor in crowd(crew, 50)))
    assert Counter(r is None for r in results) == {False: 20, True: 30}
    assert len({r.task_id for r in results if r}) == 20
    sound()


def test_five_slots_of_a_task_go_to_five_people_also_when_given_back():
    """Each asks twice; then two give theirs back while everybody asks again."""
    crew = Crew()
    crew.tasks(crew.project(overlap=5))
    everybody = crowd(crew, 15)
    race(*(take(tutor) for tutor in everybody for _ in range(2)))
    assert len(set(holders())) == len(holders()) == 5
    giving = Claim.objects.filter(state="claimed").select_related("tutor__account")[:2]

    def give(mine):
        account = mine.tutor.account
        return lambda: hand_back(account=account, claim_id=mine.pk, reason="x", at=moment())

    race(*map(give, giving), *(take(tutor) for tutor in everybody for _ in range(2)))
    race(*(take(tutor) for tutor in everybody))
    assert len(set(holders())) == len(holders()) == 5
    assert not Slot.objects.filter(state="open").exists()
    sound()


def test_twenty_clicks_fill_the_week_exactly():
    """Five times eight hours are the forty of the contract; the sixth would pass them."""
    crew = Crew()
    alice = crew.tutor("Alice", capacity=20)
    crew.tasks(crew.project(expected_seconds=8 * 3600, paid_cap_seconds=8 * 3600), 20)
    results = race(*([take(alice)] * 20))
    assert Claim.objects.count() == 5
    assert Counter(r.code for r in results if isinstance(r, Refusal)) == {"cap_reached": 15}
    sound()


def test_one_offer_accepted_by_fifty_connections_is_one_claim():
    """Forty are hers, ten are other people's, to whom it was never made."""
    crew = Crew()
    everybody = crowd(crew, 11)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    assert route_queue(queue="stem", at=moment()).offers == 1
    offer = Offer.objects.get()
    hers = [tutor for tutor in everybody if tutor.pk == offer.tutor_id] * 40
    others = [tutor for tutor in everybody if tutor.pk != offer.tutor_id]

    def answer(tutor):
        return lambda: accept(account=tutor.account, offer_id=offer.pk, at=moment())

    results = race(*map(answer, [*hers, *others]))
    assert sum(isinstance(r, OfferGone) for r in results) == 49
    (made,) = Claim.objects.all()
    assert (made.tutor_id, made.offer_id) == (offer.tutor_id, offer.pk)
    sound()
