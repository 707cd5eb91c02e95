import pytest

from tasks.models import Claim, Slot, TimeEntry
from tasks.operations.claiming import CannotClaim, claim
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.states import WorkRole
from tests.tasks.crew import ANSWER, Crew, moment

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
