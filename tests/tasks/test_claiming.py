import pytest

from tasks.models import Claim, Offer, Slot, TimeEntry
from tasks.operations.claiming import CannotClaim, claim
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch, WorkRole
from tests.tasks.backgrounds import GROUNDS, asking
from tests.tasks.crew import ANSWER, Crew, moment
from tests.tasks.statements import counting
from tutors.operations.linking import link
from tutors.operations.presence import set_presence
from tutors.rules.states import LinkKind, Presence

pytestmark = pytest.mark.django_db


def take(tutor, *, role=WorkRole.ATTEMPT, project=None):
    return claim(
        account=tutor.account,
        role=role,
        project_id=project.pk if project else None,
        at=moment(),
    )


def test_a_claim_fixes_rate_contract_and_both_clocks():
    crew = Crew()
    alice = crew.tutor("Alice", level=2)
    project = crew.project()
    (task,) = crew.tasks(project)
    sheet = take(alice, project=project)
    assert sheet is not None
    assert (sheet.task_id, sheet.fence, sheet.state) == (task.pk, 1, "claimed")
    made = Claim.objects.get(pk=sheet.claim_id)
    assert made.contract_version.contract.tutor_id == alice.pk
    assert (made.lease_until - made.claimed_at).total_seconds() == 600
    assert (made.hold_until - made.claimed_at).total_seconds() == 1800
    assert made.rate_minor_hourly > 0 and "stem" in made.rate_rule
    assert made.grounds.verdicts
    assert Slot.objects.get(pk=made.slot_id).state == "claimed"
    assert TimeEntry.objects.get(tutor=alice).state == "running"


def test_without_a_contract_nothing_is_taken():
    crew = Crew()
    alice = crew.tutor("Alice", contract=False)
    project = crew.project()
    crew.tasks(project)
    with pytest.raises(CannotClaim) as refused:
        take(alice, project=project)
    assert refused.value.code == "contract_missing"
    assert not Claim.objects.exists()


def test_submit_opens_a_review():
    crew = Crew()
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    sheet = take(alice)
    own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
    handed = submit(account=alice.account, own=own, fence=1, answer=ANSWER, at=moment())
    assert handed.reviewed
    assert Slot.objects.get(role="review").state == "open"


class Promised:
    """Alice is offered tasks of three projects; the first two ask for what she may take back."""

    def __init__(self) -> None:
        self.crew, self.ground = Crew(), GROUNDS["opt_in"]
        self.alice = self.crew.tutor("Alice")
        self.ground.give(self.crew, self.alice)
        wanted = asking(self.ground.rule)
        plans = ({"requirements": wanted}, {"requirements": wanted}, {})
        self.tasks = []
        for plan in plans:
            project = self.crew.project(dispatch=Dispatch.PUSH, **plan)
            self.tasks += self.crew.tasks(project)
            route_queue(queue="stem", at=moment())

    def states(self) -> list[str]:
        mine = Offer.objects.filter(tutor=self.alice)
        found = mine.order_by("id").values_list("task_id", "state")
        assert [task for task, _ in found] == [task.pk for task in self.tasks]
        return [state for _, state in found]


def test_a_claim_takes_her_first_offer():
    here = Promised()
    assert take(here.alice).task_id == here.tasks[0].pk
    assert here.states() == ["accepted", "offered", "offered"]


def test_a_claim_passes_over_offers_that_cannot_be_hers_any_more():
    """In as many statements as if the first one had been hers."""
    here, other = Promised(), Promised()
    here.ground.take(here.crew, here.alice)
    with counting() as passing:
        assert take(here.alice).task_id == here.tasks[2].pk
    with counting() as usual:
        take(other.alice)
    assert len(passing) == len(usual), passing.statements
    assert here.states() == ["offered", "offered", "accepted"]


def test_a_claim_passes_over_an_offer_of_what_a_linked_account_did():
    """The verdicts are about the project; that she did this task only the statement sees."""
    crew = Crew()
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    (shared,) = crew.tasks(crew.project(dispatch=Dispatch.BOTH, overlap=2))
    assert take(bob).task_id == shared.pk
    route_queue(queue="stem", at=moment())
    (own,) = crew.tasks(crew.project(dispatch=Dispatch.PUSH), priority=90)
    set_presence(tutor=bob, state=Presence.PAUSED, actor=bob.account, at=moment())
    route_queue(queue="stem", at=moment())
    tie = {"kind": LinkKind.ONE_PERSON, "reason": "The same bank account"}
    link(tutor=alice, other=bob, actor=crew.ruth, at=moment(), **tie)
    assert take(alice).task_id == own.pk
    states = Offer.objects.filter(tutor=alice).order_by("id").values_list("task_id", "state")
    assert list(states) == [(shared.pk, "offered"), (own.pk, "accepted")]
