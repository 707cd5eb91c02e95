"""Standing: counted with each decision, read by claims, rounds and explanations alike."""

import pytest

from tasks.models import Claim, Offer, Review, ReviewRecord
from tasks.operations.claiming import CannotClaim, accept, claim
from tasks.operations.intake import receive_items
from tasks.operations.loading import load_chunk
from tasks.operations.policing import set_policy
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.queries import stages
from tasks.queries.explaining import explain
from tasks.queries.funnels import funnel, who_could
from tasks.queries.handing_in import in_hand
from tasks.queries.invariants import checks
from tasks.queries.queue import queue_of
from tasks.queries.records import records_of
from tasks.rules.states import Dispatch, ReviewDecision, WorkRole
from tasks.types import task_type
from tests.people import knock
from tests.tasks.backgrounds import asking
from tests.tasks.crew import ANSWER, moment
from tests.tasks.known_answers import HALF, KNOWN, answer, days_pass
from tests.tasks.soundness import sound
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from tutors.models import Tutor
from tutors.rules.eligibility import RecordFacts
from tutors.rules.eligibility.record import PROVEN_FROM
from tutors.rules.requirements import parse

pytestmark = pytest.mark.django_db

YES = Judgement(decision=ReviewDecision.ACCEPT)
NO = Judgement(decision=ReviewDecision.REJECT, category="accuracy")
AGAIN = Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look at step 3.")
PROVEN = {"kind": "standing", "speciality": "stem", "lower_bound_min": 0.5, "n_min": 4}


@pytest.fixture
def rita(crew):
    return crew.tutor("Rita", reviewer=True, capacity=9)


@pytest.fixture
def rosa(crew):
    return crew.tutor("Rosa", reviewer=True, capacity=9)


def take(tutor, project, role=WorkRole.ATTEMPT):
    only = project and project.pk
    return claim(account=tutor.account, role=role, project_id=only, at=moment())


def hand_in(tutor, project):
    sheet = take(tutor, project)
    own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
    return submit(account=tutor.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())


def judge(author, reviewer, project, judgement):
    """The author answers a task of the project, the reviewer decides about it."""
    crew_task = hand_in(author, project)
    assert crew_task.reviewed
    sheet = take(reviewer, project, WorkRole.REVIEW)
    submission = Claim.objects.get(pk=sheet.claim_id).slot.submission_id
    seen = open_for_review(account=reviewer.account, submission_id=submission)
    return decide(account=reviewer.account, seen=seen, judgement=judgement, at=moment())


def past_of(crew, author, *reviewers, good=4):
    """A project of the past in which each reviewer in turn accepted an answer of the author."""
    project = crew.project()
    crew.tasks(project, good)
    for n in range(good):
        judge(author, reviewers[n % len(reviewers)], project, YES)


def refusals(task, tutor):
    told = explain(task_id=task.pk, tutor_id=tutor.pk, role=None, at=moment())
    return [v.code for v in told.verdicts if not v.passed]


def test_each_decision_is_counted_once(crew, rita, rosa):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 5)
    before = Tutor.objects.get(pk=alice.pk).facts_version
    for reviewer, judgement in ((rita, YES), (rita, NO), (rosa, YES), (rita, AGAIN)):
        judge(alice, reviewer, project, judgement)
    kept = {(k.reviewer_id, k.judged, k.accepted) for k in ReviewRecord.objects.all()}
    assert kept == {(rita.pk, 3, 1), (rosa.pk, 1, 1)}
    assert Tutor.objects.get(pk=alice.pk).facts_version == before + 4
    line = RecordFacts(
        speciality="stem.mathematics", task_type="critique", judged=4, accepted=2, most_by_one=3
    )
    assert records_of(tutor_ids=[alice.pk, rita.pk]) == {alice.pk: (line,)}
    assert records_of(tutor_ids=None) == {alice.pk: (line,)}
    sound()


def test_a_refused_decision_counts_nothing(crew, rita):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    hand_in(alice, project)
    sheet = take(rita, project, WorkRole.REVIEW)
    submission = Claim.objects.get(pk=sheet.claim_id).slot.submission_id
    path = f"/api/v1/submissions/S-{submission}/review/"
    before = Tutor.objects.get(pk=alice.pk).facts_version
    assert knock(rita.account).post(path, {"decision": "reject"}, format="json").status_code == 400
    Claim.objects.filter(pk=sheet.claim_id).update(state="expired", ended_at=moment())
    over = knock(rita.account).post(path, {"decision": "accept"}, format="json")
    assert (over.status_code, over.json()["code"]) == (409, "review_over")
    assert (ReviewRecord.objects.count(), Review.objects.count()) == (0, 0)
    assert Tutor.objects.get(pk=alice.pk).facts_version == before


def test_a_record_that_was_not_counted_is_found(crew, rita):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    judge(alice, rita, project, YES)
    sound()
    ReviewRecord.objects.update(accepted=0)
    found = {check.name: check.problems for check in checks(at=moment())}
    assert len(found["records_equal_a_recount"]) == 1
    ReviewRecord.objects.all().delete()
    found = {check.name: check.problems for check in checks(at=moment())}
    assert len(found["records_equal_a_recount"]) == 1


def test_claiming_explaining_and_the_queue_agree(crew, rita, rosa):
    alice, bob, carol = (crew.tutor(name) for name in ("Alice", "Bob", "Carol"))
    past_of(crew, alice, rita, rosa)
    past_of(crew, carol, rita)
    project = crew.project(requirements=asking(PROVEN))
    (task,) = crew.tasks(project)
    wanted = {alice: [], bob: ["standing_unproven"], carol: ["standing_one_sided"]}
    for tutor, codes in wanted.items():
        assert refusals(task, tutor) == codes
        (line,) = (
            each
            for each in queue_of(account_id=tutor.account_id, at=moment()).lines
            if each.pool.project_id == project.pk
        )
        assert line.codes == codes
    assert [take(tutor, project) is not None for tutor in (bob, carol, alice)] == [
        False, False, True,
    ]  # fmt: skip
    grounds = Claim.objects.get(project=project).grounds.verdicts
    (record,) = (v for v in grounds if v["rule"] == "ground")
    assert record["fact"] == "4 of 4 answers of stem accepted, 54 % or better"


def test_a_claim_reads_the_record_in_its_own_statements(crew, rita, rosa):
    alice = crew.tutor("Alice")
    past_of(crew, alice, rita, rosa)
    plain, asked = crew.project(), crew.project(requirements=asking(PROVEN))
    crew.tasks(plain, 3)
    crew.tasks(asked, 3)
    for project in (plain, asked):
        take(alice, project)
        Claim.objects.update(state="released", ended_at=moment())
    costs = []
    for project in (plain, asked):
        with counting() as counted:
            assert take(alice, project) is not None
        costs.append(len(counted))
        Claim.objects.filter(state="claimed").update(state="released", ended_at=moment())
    assert costs[0] == costs[1]


def test_a_bad_review_between_offer_and_accept_stands_in_the_way(crew, rita, rosa):
    alice = crew.tutor("Alice")
    past_of(crew, alice, rita, rosa)
    past = crew.project()
    crew.tasks(past, 2)
    project = crew.project(requirements=asking(PROVEN), dispatch=Dispatch.PUSH)
    (task,) = crew.tasks(project)
    queue = project.pools.get(role="attempt", step=0).queue
    assert route_queue(queue=queue, at=moment()).offers == 1
    offer = Offer.objects.get(tutor=alice)
    for reviewer in (rita, rosa):
        judge(alice, reviewer, past, NO)
    assert refusals(task, alice) == ["standing_low"]
    with pytest.raises(CannotClaim) as refused:
        accept(account=alice.account, offer_id=offer.pk, at=moment())
    assert refused.value.code == "standing_low"
    assert recheck_tutor(tutor_id=alice.pk, at=moment()) == 1
    assert route_queue(queue=queue, at=moment()).offers == 0


def test_a_record_that_became_good_is_seen_by_the_next_round(crew, rita, rosa):
    alice = crew.tutor("Alice")
    project = crew.project(requirements=asking(PROVEN), dispatch=Dispatch.PUSH)
    crew.tasks(project)
    queue = project.pools.get(role="attempt", step=0).queue
    assert route_queue(queue=queue, at=moment()).offers == 0
    past_of(crew, alice, rita, rosa)
    assert route_queue(queue=queue, at=moment()).offers == 1


def test_who_could_do_it_knows_the_records(crew, rita, rosa):
    alice = crew.tutor("Alice")
    crew.tutor("Bob")
    past_of(crew, alice, rita, rosa)
    wanted = parse(asking(PROVEN))
    client = crew.client.public_id
    found = funnel(requirement=wanted, client=client, at=moment())
    assert [(r.rule, r.passing) for r in found.rules] == [("field", 4), ("ground", 1)]
    able = who_could(requirement=wanted, client=client, at=moment())
    assert [facts.tutor_id for facts in able] == [alice.pk]
    body = {"requirements": asking(PROVEN), "client": client}
    told = knock(crew.max).post("/api/v1/requirement-sets/funnel/", body, format="json").json()
    assert (told["qualified"], told["tutors"]) == (1, [alice.public_id])


def test_she_sees_her_own_record_with_n_and_bound(crew, rita, rosa):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    assert "Your record" not in text_of(visitor(alice.account).get("/work/feedback/"))
    past_of(crew, alice, rita, rosa)
    page = text_of(visitor(alice.account).get("/work/feedback/"))
    assert "Your record, by kind of work" in page
    row = page[page.index("Your record") : page.index("</tbody>")]
    assert ">4</td>" in row and "54 %" in row
    assert "mostly by one reviewer" not in row
    assert "Your record" not in text_of(visitor(bob.account).get("/work/feedback/"))


def test_who_is_good_comes_first_by_offer_and_by_her_own_pull(crew):
    """Alice's ten answers agreed with the known ones, Bob's did not; Carol gave none."""
    alice, bob, _ = three = [crew.tutor(n, capacity=1) for n in ("Alice", "Bob", "Carol")]
    past = crew.project(overlap=2, review_policy="none", review_percent=0)
    crew.tasks(past, PROVEN_FROM, gold=KNOWN)
    for _ in range(PROVEN_FROM):
        answer(alice, past, KNOWN)
        answer(bob, past, HALF)
    days_pass()
    document = {"standing_minutes": 1_000, "affinity_minutes": 0, "fairness_minutes_per_claim": 0}
    set_policy(
        owner=past.domain, document=document, seen=0, note="Try", actor=crew.max, at=moment()
    )

    project = crew.project(dispatch=Dispatch.BOTH)
    (task,) = crew.tasks(project)
    told = [
        explain(task_id=task.pk, tutor_id=t.pk, role=None, at=moment()).score["standing"]
        for t in three
    ]
    assert told == [400, -1_000, 0]
    page = text_of(visitor(crew.max).get(f"/ops/tasks/{task.public_id}/?tutor=Alice"))
    assert "How good her answers were, by reviews and known ones" in page
    tried = stages.past_of(owner=project, since=crew.at, until=moment(), at=moment())
    ahead = project.pools.get(role="attempt", step=0).pk
    found = {each.tutor: each.proven.get(ahead) for each in tried.people}
    assert found == {t.pk: proven for t, proven in zip(three, (7, 0, None), strict=True)}
    for n, name in enumerate(("Alice", "Carol", "Bob")):
        if n:
            crew.tasks(project)
        assert route_queue(queue="stem", at=moment()).offers == 1
        offer = Offer.objects.latest("pk")
        assert offer.tutor.account.name == name
        assert (
            offer.reasons["score"]["standing"] == dict(zip(three, told, strict=True))[offer.tutor]
        )

    other, same = crew.project(task_type="preference", priority=51), crew.project(priority=50)
    receive(other, task_type("preference").sample_input, crew)
    crew.tasks(same)
    Offer.objects.update(state="withdrawn", ended_at=moment())
    for tutor, wanted in ((alice, same), (bob, other)):
        held = take(tutor, None)
        assert Claim.objects.get(pk=held.claim_id).project_id == wanted.pk


def receive(project, task_input, crew):
    items = [{"external_id": "one", "input": task_input}]
    batch = receive_items(project=project, items=items, actor=crew.max, at=moment())
    load_chunk(batch_id=batch.pk, at=moment())
