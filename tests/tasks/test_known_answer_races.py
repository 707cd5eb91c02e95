"""Known answers while others act on the same rows: each answer counts once, whoever is faster."""

from datetime import timedelta

import pytest

from tasks.models import Claim, GoldCheck, GoldWaiting, Review, ReviewRecord, Slot, Submission
from tasks.operations.claiming import claim
from tasks.operations.comparing import compare_next, withdraw_known_answer
from tasks.operations.mixing import mix_known_answers
from tasks.operations.pooling import fold_figures
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.rules.gold import GOLD_OPEN_MAX
from tasks.rules.states import ReviewDecision, WorkRole
from tests.tasks.crew import Crew, moment
from tests.tasks.known_answers import HALF, KNOWN, answer, hand_in
from tests.tasks.soundness import sound
from tests.tasks.test_mixing import mix, settle
from tests.tasks.test_races import race, take
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]

YES = Judgement(decision=ReviewDecision.ACCEPT)


def compare():
    return compare_next(at=moment() + timedelta(days=2))


def decided(reviewer):
    """The reviewer takes the next review; deciding it is left to the race."""
    held = take(reviewer, WorkRole.REVIEW)()
    submission = Claim.objects.get(pk=held.claim_id).slot.submission_id

    def act():
        seen = open_for_review(account=reviewer.account, submission_id=submission)
        return decide(account=reviewer.account, seen=seen, judgement=YES, at=moment())

    return act


def test_decisions_comparisons_and_a_withdrawal_at_once_count_each_answer_once():
    crew = Crew()
    alice, bob = crew.tutor("Alice", capacity=20), crew.tutor("Bob", capacity=20)
    reviewers = [crew.tutor(f"Reviewer{n}", reviewer=True, capacity=20) for n in range(4)]
    project = crew.project(overlap=2)
    tasks = crew.tasks(project, 4, gold=KNOWN)
    other = crew.project()
    crew.tasks(other, 4)

    def elsewhere():
        attempt = WorkRole.ATTEMPT
        return claim(account=alice.account, role=attempt, project_id=other.pk, at=moment())

    for task in tasks:
        for tutor, what in ((alice, KNOWN), (bob, HALF)):
            answer(tutor, project, what)

        def withdraw(task=task):
            return withdraw_known_answer(task=task, reason="Wrong.", actor=crew.max, at=moment())

        acts = [decided(reviewers[n]) for n in range(2)]
        results = race(*acts, compare, compare, withdraw, elsewhere)
        assert not [r for r in results if isinstance(r, Refusal)], results
        sound()
    while compare():
        pass
    assert (GoldCheck.objects.count(), Review.objects.count()) == (8, 8)
    assert sum(ReviewRecord.objects.values_list("judged", flat=True)) == 8
    sound()


def test_many_comparers_compare_each_answer_once():
    crew = Crew()
    people = [crew.tutor(f"Person{n}", capacity=20) for n in range(3)]
    project = crew.project(review_policy="none", review_percent=0)
    crew.tasks(project, 9, gold=KNOWN)
    for n in range(9):
        answer(people[n % 3], project, KNOWN if n % 2 else HALF)
    race(*[compare] * 6)
    assert GoldCheck.objects.count() == Submission.objects.count() == 9
    assert sum(ReviewRecord.objects.values_list("judged", flat=True)) == 9
    sound()


def test_many_mixers_and_claims_at_once_give_no_more_than_is_due():
    crew = Crew()
    people = [crew.tutor(f"Person{n}", capacity=20) for n in range(4)]
    project = crew.project(gold_percent=50, review_policy="none", review_percent=0)
    crew.tasks(project, 40)
    known = crew.tasks(project, 3, gold=KNOWN)
    mix()
    for _ in range(3):
        for person in people:
            answer(person, project)
        settle()
        mixers = [lambda: mix_known_answers(at=moment())] * 4
        *_, one, two, three, four = race(*mixers, *(take(person) for person in people))
        for person, held in zip(people, (one, two, three, four), strict=True):
            hand_in(person, held)
        assert GoldWaiting.objects.count() <= GOLD_OPEN_MAX
        for task in known:
            again = Slot.objects.filter(task=task, role="attempt", state="open")
            assert again.count() <= 1
    assert Claim.objects.filter(task__is_gold=True).count() > len(known)
    while fold_figures(at=moment()):
        pass
    sound()
