"""Facts about the person behind the proofs: live at claim and accept, and explained alike."""

import pytest

from tasks.models import Claim, Offer
from tasks.operations.claiming import CannotClaim, accept, claim
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.routing import route_queue
from tasks.queries.explaining import explain
from tasks.rules.states import Dispatch, WorkRole
from tests.tasks.backgrounds import GROUNDS, Ground, asking
from tests.tasks.crew import Crew, moment
from tutors.models import Tutor

pytestmark = pytest.mark.django_db

EACH = pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)


@pytest.fixture
def crew() -> Crew:
    return Crew()


def offered(crew: Crew, ground: Ground) -> tuple[Tutor, Offer]:
    """Alice meets the rule and has an offer of work that asks for it; Bob does not."""
    alice = crew.tutor("Alice")
    ground.give(crew, alice)
    project = crew.project(dispatch=Dispatch.BOTH, requirements=asking(ground.rule))
    crew.tasks(project)
    assert route_queue(queue="stem", at=moment()).offers == 1
    return alice, Offer.objects.get(tutor=alice)


def refusals(offer: Offer, tutor: Tutor) -> list[str]:
    told = explain(task_id=offer.task_id, tutor_id=tutor.pk, role=None, at=moment())
    return [verdict.code for verdict in told.verdicts if not verdict.passed]


@EACH
def test_what_ends_between_offer_and_accept_stands_in_the_way(crew: Crew, ground: Ground) -> None:
    alice, offer = offered(crew, ground)
    assert refusals(offer, alice) == []
    ground.take(crew, alice)
    assert refusals(offer, alice) == [ground.code]
    with pytest.raises(CannotClaim) as refused:
        accept(account=alice.account, offer_id=offer.pk, at=moment())
    assert refused.value.code == ground.code
    assert not Claim.objects.exists()
    assert recheck_tutor(tutor_id=alice.pk, at=moment()) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("withdrawn", ground.code)


@EACH
def test_what_ends_later_leaves_work_in_hand(crew: Crew, ground: Ground) -> None:
    alice, offer = offered(crew, ground)
    sheet = accept(account=alice.account, offer_id=offer.pk, at=moment())
    ground.take(crew, alice)
    assert Claim.objects.get(pk=sheet.claim_id).state == "claimed"
    again = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    assert again is None


@EACH
def test_explaining_and_claiming_agree_on_everybody(crew: Crew, ground: Ground) -> None:
    with_it, without = crew.tutor("Alice"), crew.tutor("Bob")
    ground.give(crew, with_it)
    ground.give(crew, without)
    ground.take(crew, without)
    project = crew.project(requirements=asking(ground.rule))
    (task,) = crew.tasks(project)
    for tutor, codes in ((without, [ground.code]), (with_it, [])):
        told = explain(task_id=task.pk, tutor_id=tutor.pk, role=None, at=moment())
        assert [v.code for v in told.verdicts if not v.passed] == codes
        taken = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
        assert (taken is not None) == told.eligible
    grounds = Claim.objects.get().grounds.verdicts
    assert [v["passed"] for v in grounds if v["rule"] == "ground"] == [True]
