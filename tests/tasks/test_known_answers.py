"""Answers beside known ones: compared a day later, once, and counted as a record of its own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from config.reactions import REACTIONS
from config.sweeps import SWEEPS
from tasks.jobs.gold import compare_known_answers
from tasks.models import Claim, GoldCheck, GoldMark, Review, ReviewRecord, Submission
from tasks.operations.claiming import claim
from tasks.operations.comparing import (
    NoKnownAnswer,
    ReasonMissing,
    ask_comparisons,
    compare_next,
    settled_before,
    withdraw_known_answer,
)
from tasks.operations.mixing import mix_known_answers
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.submitting import take_back
from tasks.queries.records import records_of
from tasks.rules.gold import COMPARE_MAX, as_agreement, is_good
from tasks.rules.states import ReviewDecision, WorkRole
from tests.people import knock
from tests.tasks.crew import moment
from tests.tasks.known_answers import HALF, KNOWN, answer, days_pass
from tests.tasks.soundness import sound
from tests.tasks.visiting import text_of, visitor
from tutors.models import Tutor
from tutors.rules.eligibility import RecordFacts
from workforce.models import Event, Job
from workforce.operations.relaying import relay

pytestmark = pytest.mark.django_db

CANNOT = {"cannot": {"reason": "missing_context", "note": "The figure is not there."}}


@pytest.fixture
def alice(crew):
    return crew.tutor("Alice", capacity=9)


@pytest.fixture
def rita(crew):
    return crew.tutor("Rita", reviewer=True, capacity=9)


def judge(reviewer, project, decision):
    held = claim(account=reviewer.account, role=WorkRole.REVIEW, project_id=project.pk, at=moment())
    submission = Claim.objects.get(pk=held.claim_id).slot.submission_id
    seen = open_for_review(account=reviewer.account, submission_id=submission)
    said = Judgement(decision=decision, category="wrong")
    return decide(account=reviewer.account, seen=seen, judgement=said, at=moment())


def version(tutor):
    return Tutor.objects.get(pk=tutor.pk).facts_version


def records():
    return {(r.reviewer_id, r.judged, r.accepted) for r in ReviewRecord.objects.all()}


def test_answers_are_compared_a_whole_day_later_and_count(crew, alice):
    project = crew.project(review_policy="none", review_percent=0)
    crew.tasks(project, 3, gold=KNOWN)
    crew.tasks(project, 1)
    for what in (KNOWN, HALF, CANNOT, KNOWN):
        answer(alice, project, what)
    before = version(alice)
    days_pass(1)
    assert not GoldCheck.objects.exists()
    days_pass(2)
    checks = list(GoldCheck.objects.order_by("pk"))
    assert [(c.agreement, c.good, c.counts) for c in checks] == [
        (Decimal(1), True, True),
        (Decimal("0.6667"), False, True),
        (None, False, False),
    ]
    assert records() == {(None, 2, 1)}
    assert version(alice) == before + 1
    line = RecordFacts(
        speciality="stem.mathematics", task_type="critique", judged=2, accepted=1, most_by_one=0
    )
    assert records_of(tutor_ids=[alice.pk]) == {alice.pk: (line,)}
    told = Event.objects.get(kind="tasks.known_answers_compared")
    assert (told.subject, told.body["answers"], told.body["good"]) == (project.public_id, 2, 1)
    assert told.body["tutors"] == [alice.public_id]
    days_pass(9)
    assert GoldCheck.objects.count() == 3 and version(alice) == before + 1
    sound()


def test_the_bar_is_the_projects(crew, alice):
    project = crew.project(gold_pass_percent=60)
    crew.tasks(project, gold=KNOWN)
    answer(alice, project, HALF)
    days_pass()
    check = GoldCheck.objects.get()
    assert (check.good, check.pass_percent) == (True, 60)


def test_an_answer_counts_once_whether_its_review_comes_before_or_after(crew, alice, rita):
    project = crew.project()
    crew.tasks(project, 2, gold=KNOWN)
    answer(alice, project, HALF)
    judge(rita, project, ReviewDecision.ACCEPT)
    answer(alice, project, HALF)
    assert records() == {(rita.pk, 1, 1)}
    days_pass()
    assert records() == {(None, 2, 0)}
    judge(rita, project, ReviewDecision.ACCEPT)
    assert records() == {(None, 2, 0)}
    assert Review.objects.count() == 2
    sound()


def test_what_cannot_be_compared_counts_by_its_review(crew, alice, rita):
    project = crew.project()
    crew.tasks(project, 2, gold=KNOWN)
    answer(alice, project, CANNOT)
    judge(rita, project, ReviewDecision.REJECT)
    answer(alice, project, CANNOT)
    days_pass()
    judge(rita, project, ReviewDecision.ACCEPT)
    assert records() == {(rita.pk, 2, 1)}
    sound()


def test_an_answer_that_was_taken_back_is_not_compared(crew, alice):
    project = crew.project()
    crew.tasks(project, gold=KNOWN)
    handed = answer(alice, project, HALF)
    take_back(account=alice.account, claim_id=handed.claim_id, at=moment())
    days_pass()
    assert not GoldCheck.objects.exists()
    assert GoldMark.objects.get().submission_id == handed.pk


def test_one_look_compares_so_many_and_the_next_goes_on(crew, alice, rita):
    project = crew.project(review_policy="none", review_percent=0)
    crew.tasks(project, COMPARE_MAX + 1, gold=KNOWN)
    for tutor in (alice, rita):
        for _ in range(COMPARE_MAX // 2 + 1):
            if Submission.objects.count() <= COMPARE_MAX:
                answer(tutor, project)
    at = moment() + timedelta(days=2)
    assert compare_next(at=at)
    assert GoldCheck.objects.count() == COMPARE_MAX
    assert compare_next(at=at)
    assert not compare_next(at=at)
    assert sum(judged for _, judged, _ in records()) == COMPARE_MAX + 1
    sound()


def test_a_look_that_takes_long_goes_on_in_the_next(crew, alice):
    project = crew.project(review_policy="none", review_percent=0)
    crew.tasks(project, 3, gold=KNOWN)
    for _ in range(3):
        answer(alice, project)
    at = moment() + timedelta(days=2)
    for done in (1, 2, 3):
        assert compare_next(at=at, seconds_max=0.0)
        assert GoldCheck.objects.count() == done
    assert not compare_next(at=at)
    assert records() == {(None, 3, 3)}


def test_a_look_at_all_before_a_moment_waits_for_no_day(crew, alice):
    project = crew.project()
    crew.tasks(project, gold=KNOWN)
    answer(alice, project)
    assert not compare_next(at=moment())
    assert compare_next(at=moment(), before=moment())
    assert records() == {(None, 1, 1)}
    sound()


def test_a_job_is_asked_for_where_something_is_due(crew, alice):
    project = crew.project()
    crew.tasks(project)
    assert ask_comparisons(at=moment() + timedelta(days=2)) == 0
    answer(alice, project)
    assert ask_comparisons(at=moment() + timedelta(hours=1)) == 0
    for _ in range(2):
        assert ask_comparisons(at=moment() + timedelta(days=2)) == 1
    assert Job.objects.filter(kind="tasks.compare_known_answers").count() == 1
    days_pass()
    assert ask_comparisons(at=moment() + timedelta(days=2)) == 0


def test_the_job_compares_and_the_next_follows_while_more_may_be_due(crew, alice):
    project = crew.project()
    crew.tasks(project, gold=KNOWN)
    answer(alice, project)
    assert {mix_known_answers, ask_comparisons} <= {verb for _, verb in SWEEPS}
    jobs = Job.objects.filter(kind="tasks.compare_known_answers")
    compare_known_answers(at=moment() + timedelta(days=2))
    assert (GoldCheck.objects.count(), jobs.count()) == (1, 1)
    jobs.delete()
    compare_known_answers(at=moment() + timedelta(days=2))
    assert not jobs.exists()


def test_whose_answer_differed_has_her_offers_looked_at_again(crew, alice, rita):
    project = crew.project(overlap=2)
    crew.tasks(project, gold=KNOWN)
    answer(alice, project, HALF)
    answer(rita, project, KNOWN)
    while relay(reactions={}):
        pass
    days_pass()
    while relay(reactions=REACTIONS):
        pass
    due = Job.objects.filter(kind="tasks.recheck_offers").values_list("key", flat=True)
    assert list(due) == [alice.public_id]


def test_a_document_that_todays_rules_do_not_know_stops_nothing(crew, alice):
    project = crew.project()
    first, _ = crew.tasks(project, 2, gold=KNOWN)
    first.content.gold = {"points": [{"kind": "of old"}]}
    first.content.save()
    for _ in range(2):
        answer(alice, project)
    days_pass()
    assert [c.agreement for c in GoldCheck.objects.order_by("pk")] == [None, Decimal(1)]


class TestWithdrawing:
    def test_it_counts_for_nobody_any_more_and_reviews_count_again(self, crew, alice, rita):
        project = crew.project()
        wrong, _ = crew.tasks(project, 2, gold=KNOWN)
        answer(alice, project, HALF)
        judge(rita, project, ReviewDecision.ACCEPT)
        answer(alice, project, KNOWN)
        days_pass()
        assert records() == {(None, 2, 1)}
        before = version(alice)
        path = f"/api/v1/tasks/{wrong.public_id}/withdraw-known-answer/"
        told = knock(crew.max).post(path, {"reason": "Two points, not one."}, format="json")
        assert (told.status_code, told.json()) == (200, {"answers": 1})
        assert records() == {(None, 1, 1), (rita.pk, 1, 1)}
        assert version(alice) == before + 1
        assert Event.objects.get(kind="tasks.known_answer_withdrawn").body["answers"] == 1
        sound()
        with transaction.atomic(), pytest.raises(NoKnownAnswer):
            withdraw_known_answer(task=wrong, reason="Again.", actor=crew.max, at=moment())

    def test_later_answers_are_compared_and_do_not_count(self, crew, alice, rita):
        project = crew.project(overlap=2)
        (task,) = crew.tasks(project, gold=KNOWN)
        answer(alice, project, HALF)
        days_pass()
        withdraw_known_answer(task=task, reason="It is wrong.", actor=crew.max, at=moment())
        assert records() == set()
        answer(rita, project, HALF)
        days_pass()
        assert records() == set()
        assert [c.counts for c in GoldCheck.objects.all()] == [False, False]
        sound()

    def test_refusals_change_nothing(self, crew, alice):
        project = crew.project()
        (plain,) = crew.tasks(project)
        (known,) = crew.tasks(project, gold=KNOWN)
        with pytest.raises(NoKnownAnswer):
            withdraw_known_answer(task=plain, reason="Wrong.", actor=crew.max, at=moment())
        with pytest.raises(ReasonMissing):
            withdraw_known_answer(task=known, reason=" ", actor=crew.max, at=moment())
        known.content.refresh_from_db()
        assert known.content.gold_withdrawn_at is None
        assert not Event.objects.filter(kind="tasks.known_answer_withdrawn").exists()


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (datetime(2026, 11, 27, 0, 0, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)),
        (datetime(2026, 11, 27, 23, 59, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)),
    ],
)
def test_all_of_a_day_is_due_together(at, before):
    assert settled_before(at=at) == before


@pytest.mark.parametrize(
    ("agreement", "percent", "good"),
    [(0.7, 70, True), (0.69994, 70, False), (0.69996, 70, True), (1.0, 100, True), (0.0, 1, False)],
)
def test_exactly_so_far_is_far_enough(agreement, percent, good):
    assert is_good(as_agreement(agreement), pass_percent=percent) is good


class TestThePages:
    def test_the_room_says_what_came_of_them_and_which_may_be_wrong(self, crew):
        max_ = visitor(crew.max)
        project = crew.project(overlap=3, gold_percent=10, review_policy="none", review_percent=0)
        room = f"/ops/projects/{project.public_id}/?part=known"
        assert "none was handed in yet" in text_of(max_.get(room))
        (task,) = crew.tasks(project, 1, gold=KNOWN)
        crew.tasks(project, 3)
        for name, what in (("Alice", HALF), ("Bob", HALF), ("Carol", KNOWN)):
            answer(crew.tutor(name), project, what)
        assert "None yet" in text_of(max_.get(room))
        days_pass()
        said = text_of(max_.get(room))
        assert "1 of 3 good" in said and "78% mean agreement" in said
        assert "Perhaps wrong" in said and task.public_id in said
        told = knock(crew.max).get(f"/api/v1/projects/{project.public_id}/known-answers/").json()
        assert told == {
            "tasks": 1,
            "wanted_percent": 10,
            "share_percent": 100.0,
            "taken": 3,
            "waiting": 0,
            "compared": 3,
            "good": 1,
            "agreement": "0.7778",
            "doubtful": [
                {"task": task.public_id, "external_id": "row-0", "compared": 3, "good": 1}
            ],
        }

    def test_a_project_without_any_says_nothing_of_them(self, crew):
        project = crew.project()
        crew.tasks(project)
        shown = text_of(visitor(crew.max).get(f"/ops/projects/{project.public_id}/?part=known"))
        assert "Known answers" not in shown

    def test_a_manager_withdraws_one_on_its_page(self, crew, alice):
        max_ = visitor(crew.max)
        project = crew.project()
        (task,) = crew.tasks(project, gold=KNOWN)
        answer(alice, project, HALF)
        days_pass()
        shown = text_of(max_.get(f"/ops/tasks/{task.public_id}/"))
        assert "67% agreement with the known answer; good from 70%" in shown
        assert "Withdraw the known answer" in shown
        path = f"/ops/tasks/{task.public_id}/withdraw-known-answer/"
        said = text_of(max_.post(path, {"reason": "The second point is none."}, follow=True))
        assert "Withdrawn. It counted for 1 answer." in said
        assert "Known answer withdrawn" in said and "counts in no record" in said
        assert "Withdraw the known answer" not in said
