"""A random world by its seed: people, links among them, projects of one task with a history."""

import random
from contextlib import suppress
from typing import Any

from tasks.models import Claim, Task
from tasks.operations.claiming import CannotClaim, NotAReviewer, claim
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.states import ReviewDecision, WorkRole
from tests.tasks.backgrounds import GROUNDS
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tutors.models import Tutor
from tutors.operations.linking import AlreadyLinked, link
from tutors.operations.presence import set_presence
from tutors.rules.states import LinkKind, Presence

PEOPLE, PROJECTS = 8, 7
RECORD = {"kind": "standing", "speciality": "stem", "lower_bound_min": 0.2, "n_min": 1}
FAR = {"kind": "work_authorisation", "where": "JP"}
JUDGEMENTS = (
    Judgement(decision=ReviewDecision.ACCEPT),
    Judgement(decision=ReviewDecision.REJECT, category="accuracy"),
    Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look again."),
)


class World:
    """People with some of the grounds, links among them, and tasks with a history."""

    def __init__(self, seed: int) -> None:
        self.dice, self.crew = random.Random(seed), Crew()
        self.people = [self.person(n) for n in range(PEOPLE)]
        for _ in range(3):
            self.tie_up(*self.dice.sample(self.people, 2))
        for _ in range(4):
            self.past(self.crew.project())
        self.tasks = [self.task() for _ in range(PROJECTS)]
        for tutor in self.dice.sample(self.people, 2):
            set_presence(tutor=tutor, state=Presence.PAUSED, actor=tutor.account, at=moment())

    def person(self, n: int) -> Tutor:
        tutor = self.crew.tutor(f"Person{n}", reviewer=self.dice.random() < 0.6, capacity=8)
        for ground in GROUNDS.values():
            if self.dice.random() < 0.7:
                ground.give(self.crew, tutor)
                if self.dice.random() < 0.2:
                    ground.take(self.crew, tutor)
        return tutor

    def tie_up(self, one: Tutor, two: Tutor) -> None:
        with suppress(AlreadyLinked):
            link(
                tutor=one, other=two, kind=LinkKind.HOUSEHOLD, reason="x", actor=self.crew.ruth,
                at=moment(),
            )  # fmt: skip

    def task(self) -> Task:
        """A task of a project of its own, with rules drawn, somewhat worked on."""
        leaves = [ground.rule for ground in GROUNDS.values()] + [RECORD, FAR]
        asked = self.dice.sample(leaves, self.dice.choice([0, 0, 1, 1, 2]))
        test: dict[str, Any] = {"all": asked} if self.dice.random() < 0.5 else {"any": asked}
        rules = [{"id": "drawn", "mode": "hard", "test": test}] if asked else []
        project = self.crew.project(
            overlap=self.dice.choice([1, 2, 3]),
            requirements={**ASKED, "rules": [*ASKED["rules"], *rules]},
        )
        self.past(project)
        return project.tasks.get()

    def past(self, project: Any) -> None:
        """One task of the project, perhaps taken, handed in, and judged."""
        self.crew.tasks(project)
        for tutor in self.dice.sample(self.people, self.dice.choice([0, 1, 2])):
            sheet = taken(tutor, project, WorkRole.ATTEMPT)
            if sheet is not None and self.dice.random() < 0.8:
                own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
                submit(
                    account=tutor.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment()
                )
        for tutor in self.dice.sample(self.people, 3):
            sheet = taken(tutor, project, WorkRole.REVIEW)
            if sheet is not None and self.dice.random() < 0.7:
                submission = Claim.objects.get(pk=sheet.claim_id).slot.submission_id
                seen = open_for_review(account=tutor.account, submission_id=submission)
                judgement = self.dice.choice(JUDGEMENTS)
                decide(account=tutor.account, seen=seen, judgement=judgement, at=moment())


def taken(tutor: Tutor, project: Any, role: WorkRole) -> Any:
    try:
        return claim(account=tutor.account, role=role, project_id=project.pk, at=moment())
    except (CannotClaim, NotAReviewer):
        return None
