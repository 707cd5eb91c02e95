"""Explaining, claiming and offering say the same under random routing policies."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tasks.models import Offer, Slot
from tasks.operations.policing import set_policy
from tasks.operations.pooling import fold_figures
from tasks.operations.routing import route_queue
from tasks.queries.explaining import explain
from tasks.rules.states import WorkRole
from tests.tasks.crew import moment
from tests.tasks.test_policy_versions import sound
from tests.tasks.worlds import World, taken
from tutors.models import Tutor
from workforce.models import Domain
from workforce.rules.problems import NotFound

pytestmark = pytest.mark.django_db

OURS = {"held_for_specialists", "share_reached"}


class Ruled(World):
    """The random world with people of every level, policies, and slots of any age."""

    def __init__(self, seed: int, *, dispatch: str = "pull") -> None:
        super().__init__(seed)
        stem = Domain.objects.get(slug="stem")
        self.put(stem, seen=0)
        for task in self.tasks:
            if self.dice.random() < 0.7:
                self.put(task.project, seen=0)
            task.project.dispatch = dispatch
            task.project.save(update_fields=["dispatch"])
        for slot in Slot.objects.filter(state="open").order_by("id"):
            slot.opened_at = timezone.now() - timedelta(minutes=self.dice.randint(0, 120))
            slot.save(update_fields=["opened_at"])
        while fold_figures(at=moment()):
            pass

    def person(self, n: int) -> Tutor:
        tutor = super().person(n)
        held = tutor.qualifications.get()
        held.level = self.dice.choice([1, 2, 3, 4])
        held.save(update_fields=["level"])
        return tutor

    def put(self, owner: object, *, seen: int) -> None:
        dice = self.dice
        document = {
            "minutes_per_priority_step": dice.choice([0, 30, 200]),
            "specialist_first_minutes": dice.choice([0, 30, 90]),
            "specialist_level": dice.choice([2, 3, 4]),
            "concentration_percent": dice.choice([0, 20, 60]),
            "concentration_attempts_min": dice.choice([1, 2]),
            "offers_per_tutor": dice.choice([1, 3]),
            "attempt_weight": dice.choice([1, 2, 4]),
            "review_weight": dice.choice([1, 3]),
            "preferred_tutors": [dice.choice(self.people).public_id],
        }
        set_policy(
            owner=owner,
            document=document,
            seen=seen,
            note="Drawn",
            actor=self.crew.max,
            at=moment(),
        )


@pytest.mark.parametrize("seed", [71, 828])
def test_explain_and_claim_agree_under_any_policy(seed):
    world = Ruled(seed)
    found = {True: 0, False: 0}
    codes = set()
    for task in world.tasks:
        for tutor in world.people:
            for role in (WorkRole.ATTEMPT, WorkRole.REVIEW):
                try:
                    told = explain(task_id=task.pk, tutor_id=tutor.pk, role=role, at=moment())
                except NotFound:
                    continue
                with transaction.atomic():
                    got = taken(tutor, task.project, role) is not None
                    transaction.set_rollback(True)
                refused = {v.code for v in told.verdicts if not v.passed}
                assert got == told.eligible, (seed, task, tutor, role, refused)
                found[got] += 1
                codes |= refused
    assert found[True] >= 3 and found[False] >= 20, found
    assert codes & OURS, codes
    sound()


@pytest.mark.parametrize("seed", [71, 828])
def test_whoever_is_offered_something_is_explained_as_eligible(seed):
    world = Ruled(seed, dispatch="both")
    told = {
        (task.pk, tutor.pk, role): explanation
        for task in world.tasks
        for tutor in world.people
        for role in (WorkRole.ATTEMPT, WorkRole.REVIEW)
        for explanation in [explained(task, tutor, role)]
        if explanation is not None
    }
    route_queue(queue="stem", at=moment())
    offers = [o for o in Offer.objects.filter(kind="work") if o.task in world.tasks]
    assert offers
    for offer in offers:
        explanation = told[offer.task_id, offer.tutor_id, WorkRole(offer.role)]
        assert explanation.eligible, (seed, offer, explanation)
        assert offer.reasons["policy"] == explanation.policy.as_json()
        assert offer.reasons["score"]["preferred"] == explanation.score["preferred"]
    sound()


def explained(task, tutor, role):
    try:
        return explain(task_id=task.pk, tutor_id=tutor.pk, role=role, at=moment())
    except NotFound:
        return None
