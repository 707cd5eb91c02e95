"""Whatever changes between offer and acceptance, at the same moment: one comes first, and nobody
holds work that she was not fit for when it was taken. What changes later leaves it alone.

Both orders are made, not hoped for: whoever is first waits, uncommitted, until the other one is
seen waiting for a lock.
"""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from tasks.models import Claim, Offer, Slot
from tasks.operations.claiming import CannotClaim, OfferGone, accept, claim
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.operations.working import heartbeat, save_draft
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch, WorkRole
from tests.tasks.backgrounds import asking
from tests.tasks.changes import CHANGES
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tests.tasks.test_races import linked, race, sound, take, waiting_for_a_lock
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

WAIT_SECONDS = 20.0
BY_ACTS = {name: change for name, change in CHANGES.items() if change.take}
BY_TIME = {name: change for name, change in CHANGES.items() if not change.take}


def in_order(first, second):
    """Both at once, the first one committing when the second is seen waiting for it."""
    done = threading.Event()

    def hold():
        with transaction.atomic():
            got = first()
            done.set()
            deadline = time.monotonic() + WAIT_SECONDS
            while not waiting_for_a_lock():
                assert time.monotonic() < deadline, "the second does not wait for the first"
                time.sleep(0.01)
        return got

    def follow():
        done.wait()
        return second()

    return race(hold, follow)


class Offered:
    """Alice and Beth are fit, and each has an offer of a task of her own."""

    def __init__(self, change):
        self.crew, self.change = Crew(), change
        self.alice, self.beth = (self.crew.tutor(name) for name in ("Alice", "Beth"))
        for tutor in (self.alice, self.beth):
            change.give(self.crew, tutor)
        asked = asking(change.rule) if change.rule else ASKED
        self.project = self.crew.project(dispatch=Dispatch.BOTH, requirements=asked)
        self.crew.tasks(self.project, 2)
        assert route_queue(queue="stem", at=moment()).offers == 2

    def accept(self, tutor, *, later=timedelta()):
        offer = Offer.objects.get(tutor=tutor, state="offered")
        return lambda: accept(account=tutor.account, offer_id=offer.pk, at=moment() + later)

    def changes(self, tutor):
        return lambda: self.change.take(self.crew, tutor)

    def refused(self, tutor, problem):
        """Nothing has come of it; the offer waits for the reaction that takes it back."""
        assert isinstance(problem, CannotClaim), problem
        assert problem.code == self.change.code
        assert not Claim.objects.filter(tutor=tutor).exists()
        assert Slot.objects.filter(state="offered", offers__tutor=tutor).count() == 1

    def works_on(self, tutor, sheet, *, at):
        """Signs of work, drafts and the answer are taken as before; nothing new is."""
        mine = {"account": tutor.account, "claim_id": sheet.claim_id, "at": at}
        heartbeat(**mine)
        save_draft(answer=ANSWER, version=None, **mine)
        own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
        assert submit(account=tutor.account, own=own, fence=1, answer=ANSWER, at=at).reviewed
        try:
            more = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=at)
        except CannotClaim as problem:
            assert problem.code == self.change.code
        else:
            assert more is None


@pytest.mark.parametrize("change", BY_ACTS.values(), ids=BY_ACTS)
def test_what_somebody_does_meanwhile(change):
    here = Offered(change)
    here.refused(here.alice, in_order(here.changes(here.alice), here.accept(here.alice))[1])
    sheet, changed = in_order(here.accept(here.beth), here.changes(here.beth))
    assert not isinstance(sheet, Refusal) and not isinstance(changed, Refusal)
    made = Claim.objects.select_related("grounds", "tutor").get()
    assert (made.pk, made.tutor) == (sheet.claim_id, here.beth)
    assert all(verdict["passed"] for verdict in made.grounds.verdicts)
    here.works_on(here.beth, sheet, at=moment())
    sound()


@pytest.mark.parametrize("change", BY_TIME.values(), ids=BY_TIME)
def test_what_time_does_meanwhile(change):
    here = Offered(change)
    with pytest.raises(CannotClaim) as problem:
        here.accept(here.alice, later=change.later)()
    here.refused(here.alice, problem.value)
    sheet = here.accept(here.beth)()
    here.works_on(here.beth, sheet, at=moment() + change.later)
    sound()


def test_a_link_to_somebody_who_holds_the_task():
    """Alice and Beth each have one of its two slots on offer, Carla holds the third."""
    crew = Crew()
    carla = crew.tutor("Carla")
    (task,) = crew.tasks(crew.project(dispatch=Dispatch.BOTH, overlap=3))
    assert take(carla)() is not None
    alice, beth = crew.tutor("Alice"), crew.tutor("Beth")
    assert route_queue(queue="stem", at=moment()).offers == 2

    def answers(tutor):
        offer = Offer.objects.get(tutor=tutor)
        return lambda: accept(account=tutor.account, offer_id=offer.pk, at=moment())

    refused = in_order(lambda: linked(crew, alice, carla), answers(alice))[1]
    assert refused.code == "just_linked"
    with pytest.raises(OfferGone):
        answers(alice)()
    sheet, made = in_order(answers(beth), lambda: linked(crew, beth, carla))
    assert not isinstance(sheet, Refusal) and not isinstance(made, Refusal)
    assert set(Claim.objects.filter(task=task).values_list("tutor", flat=True)) == {
        beth.pk,
        carla.pk,
    }
    own = in_hand(claim_id=sheet.claim_id, account_id=beth.account_id)
    submit(account=beth.account, own=own, fence=1, answer=ANSWER, at=moment())
    sound()
