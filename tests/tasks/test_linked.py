"""Linked accounts are one before a task: in claims, rounds, explanations and offers that wait."""

import pytest

from tasks.models import Claim, Offer, Slot
from tasks.operations.claiming import OfferGone, accept, claim
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.queries.explaining import explain
from tasks.queries.handing_in import in_hand
from tasks.queries.invariants import checks
from tasks.rules.states import Dispatch, WorkRole
from tests.tasks.crew import ANSWER, moment
from tests.tasks.statements import counting
from tutors.operations.linking import link, unlink
from tutors.rules.states import LinkKind

pytestmark = pytest.mark.django_db


def tie_up(crew, one, two):
    return link(
        tutor=one, other=two, kind=LinkKind.ONE_PERSON, reason="One bank account",
        actor=crew.ruth, at=moment(),
    )  # fmt: skip


def take(tutor, role=WorkRole.ATTEMPT):
    return claim(account=tutor.account, role=role, project_id=None, at=moment())


def hand_in(tutor, sheet):
    own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
    return submit(account=tutor.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())


def refusals(task, tutor, role=WorkRole.ATTEMPT):
    told = explain(task_id=task.pk, tutor_id=tutor.pk, role=role, at=moment())
    return [(v.code, v.fact) for v in told.verdicts if not v.passed]


def sound():
    broken = {check.name: check.problems for check in checks(at=moment()) if check.problems}
    assert not broken


def test_the_slots_of_a_task_go_to_different_people(crew):
    alice, bob, carol = (crew.tutor(name) for name in ("Alice", "Bob", "Carol"))
    tie_up(crew, alice, bob)
    (task,) = crew.tasks(crew.project(overlap=2))
    assert take(alice) is not None
    told = [("already_on_task", "on this task, by a linked account")]
    assert refusals(task, bob) == told
    assert take(bob) is None
    assert refusals(task, carol) == []
    assert take(carol) is not None
    sound()


def test_an_account_unlinked_is_another_person_again(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    held = tie_up(crew, alice, bob)
    (task,) = crew.tasks(crew.project(overlap=2))
    take(alice)
    assert take(bob) is None
    unlink(link=held, actor=crew.ruth, at=moment())
    assert refusals(task, bob) == []
    assert take(bob) is not None


def test_nobody_reviews_for_a_linked_author(crew):
    alice, rita, rosa = (
        crew.tutor("Alice"), crew.tutor("Rita", reviewer=True), crew.tutor("Rosa", reviewer=True),
    )  # fmt: skip
    tie_up(crew, alice, rita)
    (task,) = crew.tasks(crew.project())
    hand_in(alice, take(alice))
    told = [("own_work", "author of it, by a linked account")]
    assert refusals(task, rita, WorkRole.REVIEW) == told
    assert take(rita, WorkRole.REVIEW) is None
    assert take(rosa, WorkRole.REVIEW) is not None
    sound()


@pytest.mark.parametrize(
    ("linked_to", "told"),
    [
        ("author", ("own_work", "author of it, by a linked account")),
        ("reviewer", ("own_review", "judged it, by a linked account")),
    ],
)
def test_nobody_decides_for_a_linked_author_or_reviewer(crew, linked_to, told):
    alice, rita, judge, other = (
        crew.tutor(name, reviewer=True) for name in ("Alice", "Rita", "Judy", "Olga")
    )
    tie_up(crew, alice if linked_to == "author" else rita, judge)
    project = crew.project()
    (task,) = crew.tasks(project)
    hand_in(alice, take(alice))
    take(rita, WorkRole.REVIEW)
    Slot.objects.create(
        task=task, pool=project.pools.get(role="adjudicate", step=0), ordinal=1, priority=50,
        role="adjudicate",
    )  # fmt: skip
    assert refusals(task, judge, WorkRole.ADJUDICATE) == [told]
    assert take(judge, WorkRole.ADJUDICATE) is None
    assert take(other, WorkRole.ADJUDICATE) is not None


def test_what_a_linked_account_gave_back_may_be_taken(crew):
    """Giving back is hers alone: it says nothing about the other."""
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    tie_up(crew, alice, bob)
    (task,) = crew.tasks(crew.project())
    sheet = take(alice)
    Claim.objects.filter(pk=sheet.claim_id).update(state="returned", ended_at=moment())
    Slot.objects.filter(task=task).update(state="open")
    assert refusals(task, bob) == []
    assert take(bob) is not None


def test_a_round_gives_a_task_to_different_people(crew):
    alice, bob, carol = (crew.tutor(name) for name in ("Alice", "Bob", "Carol"))
    tie_up(crew, alice, bob)
    project = crew.project(overlap=2, dispatch=Dispatch.PUSH)
    crew.tasks(project)
    queue = project.pools.get(role="attempt", step=0).queue
    assert route_queue(queue=queue, at=moment()).offers == 2
    tutors = set(Offer.objects.values_list("tutor_id", flat=True))
    assert carol.pk in tutors and len(tutors & {alice.pk, bob.pk}) == 1


def test_a_round_knows_what_a_linked_account_holds(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    tie_up(crew, alice, bob)
    project = crew.project(overlap=2, dispatch=Dispatch.BOTH)
    crew.tasks(project)
    take(alice)
    queue = project.pools.get(role="attempt", step=0).queue
    assert route_queue(queue=queue, at=moment()).offers == 0


@pytest.mark.parametrize("linked", [False, True])
def test_a_later_round_offers_nobody_a_second_slot_of_a_task(crew, linked):
    alice = crew.tutor("Alice")
    if linked:
        tie_up(crew, alice, crew.tutor("Bob"))
    project = crew.project(overlap=2, dispatch=Dispatch.PUSH)
    crew.tasks(project)
    queue = project.pools.get(role="attempt", step=0).queue
    assert [route_queue(queue=queue, at=moment()).offers for _ in range(3)] == [1, 0, 0]
    carol = crew.tutor("Carol")
    assert route_queue(queue=queue, at=moment()).offers == 1
    assert Offer.objects.filter(tutor=carol).count() == 1


def test_offers_that_a_new_link_forbids_go_back(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project(overlap=2, dispatch=Dispatch.BOTH)
    crew.tasks(project)
    queue = project.pools.get(role="attempt", step=0).queue
    assert route_queue(queue=queue, at=moment()).offers == 2
    hers, his = (Offer.objects.get(tutor=each) for each in (alice, bob))
    accept(account=alice.account, offer_id=hers.pk, at=moment())
    tie_up(crew, alice, bob)
    with pytest.raises(OfferGone):
        accept(account=bob.account, offer_id=his.pk, at=moment())
    assert recheck_tutor(tutor_id=bob.pk, at=moment()) == 1
    his.refresh_from_db()
    assert (his.state, his.reason) == ("withdrawn", "already_on_task")
    sound()


def test_work_in_hand_stays_when_a_link_is_made(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tasks(crew.project(overlap=2))
    sheets = [take(alice), take(bob)]
    tie_up(crew, alice, bob)
    for tutor, sheet in zip((alice, bob), sheets, strict=True):
        assert hand_in(tutor, sheet).reviewed
    sound()


def test_a_claim_of_a_linked_account_costs_no_more(crew):
    alice, bob, carol = (crew.tutor(name) for name in ("Alice", "Bob", "Carol"))
    tie_up(crew, alice, bob)
    crew.tasks(crew.project(), 6)
    for each in (alice, carol):
        take(each)
    with counting() as alone:
        take(carol)
    with counting() as together:
        take(alice)
    assert len(together) == len(alone)


def test_a_task_that_one_person_did_twice_is_found(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tasks(crew.project(overlap=2))
    held = tie_up(crew, alice, bob)
    take(alice)
    unlink(link=held, actor=crew.ruth, at=moment())
    take(bob)
    sound()
    tie_up(crew, alice, bob)
    sound()
    held.__class__.objects.filter(ended_at__isnull=True).update(noted_at="2026-01-01T00:00Z")
    found = {check.name: check.problems for check in checks(at=moment())}
    assert len(found["linked_accounts_are_one"]) == 1
