"""Explaining and claiming say the same of every task and every person of a world that is drawn.

The house is built once; each example changes it and is undone. Every project has one task, so a
claim in it is about that task. A world that fails shrinks to the facts that make it fail.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from tasks.models import Claim, Project, Task
from tasks.operations.claiming import CannotClaim, NotAReviewer, claim
from tasks.operations.policing import set_policy
from tasks.operations.pooling import fold_figures
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.operations.working import hand_back
from tasks.queries.explaining import explain
from tasks.queries.handing_in import in_hand
from tasks.queries.invariants import checks
from tasks.rules.states import Dispatch, ReviewDecision, WorkRole
from tests.people import knock
from tests.tasks.backgrounds import GROUNDS
from tests.tasks.changes import CHANGES, Act, Change
from tests.tasks.crew import ANSWER, ASKED, Crew, moment
from tutors.models import Tutor
from tutors.operations.agreeing import offer_agreement, sign_agreement
from tutors.operations.linking import link
from tutors.operations.onboarding import change_profile
from tutors.operations.presence import set_availability, set_presence
from tutors.operations.qualifying import grant, revoke
from tutors.rules.requirements.leaves import LeafKind
from tutors.rules.signing import Signature
from tutors.rules.states import AgreementKind, LinkKind, Presence
from workforce.rules.problems import NotFound

pytestmark = pytest.mark.django_db

WORLDS = settings(
    max_examples=25,
    phases=set(Phase) - {Phase.explain},
)
NAMES = ("Alice", "Bob", "Rita", "Ravi")
REVIEWERS, UNSIGNED = {"Rita", "Ravi"}, {"Bob", "Ravi"}
ROLES = (WorkRole.ATTEMPT, WorkRole.REVIEW)
CAPACITY, HOUR = 3, 3_600
MONEY = {"no money": 1, "money for one": 9_000}
POLICIES = {
    "shares": {"concentration_percent": 40, "concentration_attempts_min": 1},
    "heavy": {"attempt_weight": 2, "review_weight": 4},
    "specialists": {"specialist_first_minutes": 30, "specialist_level": 3},
}
JUDGEMENTS = {
    "accept": Judgement(decision=ReviewDecision.ACCEPT),
    "reject": Judgement(decision=ReviewDecision.REJECT, category="accuracy"),
    "revise": Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look again."),
}


# --- What may be asked, how somebody comes to meet it, and how she ceases to -------------------


def _moves(country: str) -> Act:
    return lambda crew, tutor: change_profile(
        tutor=tutor, changes={"country": country}, actor=crew.ruth, at=moment()
    )


def _learns(crew: Crew, tutor: Tutor) -> None:
    grant(
        tutor=tutor,
        speciality="stem.physics",
        level=2,
        expires_at=moment() + timedelta(days=365),
        actor=crew.ruth,
        at=moment(),
    )


def _forgets(crew: Crew, tutor: Tutor) -> None:
    held = tutor.qualifications.get(domain__slug="stem.physics", state="granted")
    revoke(qualification=held, reason="x", actor=crew.ruth, at=moment())


def _signs(crew: Crew, tutor: Tutor) -> None:
    paper = offer_agreement(
        tutor=tutor, kind=AgreementKind.DATA, party="lectern", actor=crew.ruth, at=moment()
    )
    hand = Signature(typed_name=tutor.account.name, viewed_at=moment())
    sign_agreement(agreement=paper, signature=hand, account=tutor.account, at=moment())


LEAVES: dict[str, Change] = {
    **{name: Change.of(ground) for name, ground in GROUNDS.items()},
    "credential": CHANGES["credential refused"],
    "language": CHANGES["language changed"],
    "residence": Change(
        "residence_elsewhere",
        rule={"kind": "residence", "in": ["IE"]},
        give=_moves("IE"),
        take=_moves("GB"),
    ),
    "qualification": Change(
        "qualification_missing",
        rule={"kind": "qualification", "speciality": "stem.physics", "level_min": 2},
        give=_learns,
        take=_forgets,
    ),
    "agreement": Change(
        "agreement_missing",
        rule={"kind": "agreement", "type": "data", "party": "lectern"},
        give=_signs,
    ),
    "standing": Change(
        "standing_unproven",
        rule={"kind": "standing", "speciality": "stem", "lower_bound_min": 0.2, "n_min": 2},
    ),
}
"""A record is nothing to be given: Alice has one from the house's past."""


# --- What is drawn ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Somebody:
    """What a person lacks while work is done, and what becomes of her afterwards."""

    lacks: frozenset[str]
    loses: frozenset[str]
    capacity: int
    becomes: str


@dataclass(frozen=True)
class Wanted:
    """A project of one task: what it asks, how it is given out, and what was done with it."""

    asks: tuple[str, ...]
    any_of: bool
    overlap: int
    dispatch: Dispatch
    hours: int
    limit: str
    past: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class World:
    """`asks` is who asks over HTTP as well."""

    people: dict[str, Somebody]
    linked: frozenset[str]
    tasks: tuple[Wanted, ...]
    routed: bool
    asks: str


KINDS = st.sampled_from(sorted(LEAVES))
LOST = st.sampled_from(sorted(name for name, leaf in LEAVES.items() if leaf.take))
SAME = "as before"
BECOMES = (SAME,) * 6 + (
    "paused",
    "presence lapsed",
    "time off",
    "contract ended",
    "account closed",
)
DISPATCH = (Dispatch.PULL,) * 3 + (Dispatch.BOTH,) * 2 + (Dispatch.PUSH,)
LIMITS = ("none",) * 5 + ("no money", "money for one", "shares", "specialists")
ACTS = ("take", "take", "hand in", "hand in", "hand in", "give back", *JUDGEMENTS)

somebodies = st.builds(
    Somebody,
    lacks=st.frozensets(LOST, max_size=2),
    loses=st.frozensets(LOST, max_size=1),
    capacity=st.sampled_from((CAPACITY, CAPACITY, 1)),
    becomes=st.sampled_from(BECOMES),
)
works = st.builds(
    Wanted,
    asks=st.lists(KINDS, max_size=2, unique=True).map(tuple),
    any_of=st.booleans(),
    overlap=st.sampled_from((1, 2)),
    dispatch=st.sampled_from(DISPATCH),
    hours=st.sampled_from((1, 20)),
    limit=st.sampled_from(LIMITS),
    past=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(ACTS)), max_size=3).map(tuple),
)
worlds = st.builds(
    World,
    people=st.fixed_dictionaries(dict.fromkeys(NAMES, somebodies)),
    linked=st.frozensets(st.sampled_from(NAMES), max_size=2),
    tasks=st.lists(works, min_size=1, max_size=3).map(tuple),
    routed=st.booleans(),
    asks=st.sampled_from(NAMES),
)


# --- The house, and a world in it -------------------------------------------------------------


class House:
    """Four people who meet what may be asked, but for Bob and Ravi, who have not signed.

    Alice alone has a record: answers accepted by Rita and by Ravi.
    """

    def __init__(self) -> None:
        self.crew = Crew()
        self.people = {name: self.crew.tutor(name, reviewer=name in REVIEWERS) for name in NAMES}
        self.manager = knock(self.crew.max)
        self.doors = {name: knock(tutor.account) for name, tutor in self.people.items()}
        for name, tutor in self.people.items():
            for leaf in sorted(LEAVES.keys() - ({"agreement"} if name in UNSIGNED else set())):
                LEAVES[leaf].give(self.crew, tutor)
        for reviewer in sorted(REVIEWERS):
            project = self.crew.project()
            self.crew.tasks(project)
            self.does(project, "Alice", "hand in")
            self.does(project, reviewer, "accept")

    def settle(self, world: World) -> list[Task]:
        """Make the world true; its tasks."""
        for name, drawn in world.people.items():
            self.begin(self.people[name], drawn)
        tasks = [self.open(drawn) for drawn in world.tasks]
        for wanted, task in zip(world.tasks, tasks, strict=True):
            for name, act in wanted.past:
                self.does(task.project, name, act)
        if len(world.linked) == 2:
            self.count_as_one(*sorted(world.linked))
        while fold_figures(at=moment()):
            pass
        if world.routed:
            route_queue(queue="stem", at=moment())
        for name, drawn in world.people.items():
            self.change(self.people[name], drawn)
        return tasks

    def begin(self, tutor: Tutor, drawn: Somebody) -> None:
        self.lose(tutor, drawn.lacks)
        if drawn.capacity != CAPACITY:
            changes = {"capacity": drawn.capacity}
            change_profile(tutor=tutor, changes=changes, actor=self.crew.ruth, at=moment())

    def lose(self, tutor: Tutor, leaves: frozenset[str]) -> None:
        for name in sorted(leaves):
            take = LEAVES[name].take
            assert take is not None
            take(self.crew, tutor)

    def open(self, drawn: Wanted) -> Task:
        leaves = [LEAVES[kind].rule for kind in drawn.asks]
        test = {"any": leaves} if drawn.any_of else {"all": leaves}
        rules = [{"id": "drawn", "mode": "hard", "test": test}] if leaves else []
        project = self.crew.project(
            overlap=drawn.overlap,
            dispatch=drawn.dispatch,
            expected_seconds=drawn.hours * HOUR,
            paid_cap_seconds=drawn.hours * HOUR,
            requirements={**ASKED, "rules": [*ASKED["rules"], *rules]},
            budget_minor=MONEY.get(drawn.limit),
        )
        if drawn.limit in POLICIES:
            set_policy(
                owner=project,
                document=POLICIES[drawn.limit],
                seen=0,
                note="Drawn",
                actor=self.crew.max,
                at=moment(),
            )
        (task,) = self.crew.tasks(project)
        return task

    def does(self, project: Project, name: str, act: str) -> None:
        """Something with the project's task, as far as she may."""
        tutor = self.people[name]
        role = WorkRole.REVIEW if act in JUDGEMENTS else WorkRole.ATTEMPT
        sheet = taken(tutor, project, role)
        if sheet is None:
            return
        if act == "give back":
            hand_back(account=tutor.account, claim_id=sheet.claim_id, reason="x", at=moment())
        elif act == "hand in":
            own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
            assert own is not None
            submit(account=tutor.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())
        elif act in JUDGEMENTS:
            submission = Claim.objects.get(pk=sheet.claim_id).slot.submission_id
            assert submission is not None
            seen = open_for_review(account=tutor.account, submission_id=submission)
            decide(account=tutor.account, seen=seen, judgement=JUDGEMENTS[act], at=moment())

    def count_as_one(self, one: str, two: str) -> None:
        link(
            tutor=self.people[one],
            other=self.people[two],
            kind=LinkKind.HOUSEHOLD,
            reason="x",
            actor=self.crew.ruth,
            at=moment(),
        )

    def change(self, tutor: Tutor, drawn: Somebody) -> None:
        at = moment()
        self.lose(tutor, drawn.loses - drawn.lacks)
        match drawn.becomes:
            case "presence lapsed":
                since, until = at - timedelta(hours=2), at - timedelta(hours=1)
                working = {"state": Presence.TAKING_WORK, "actor": tutor.account}
                set_presence(tutor=tutor, until=until, at=since, **working)
            case "time off":
                away = [{"from": at.date(), "until": at.date()}]
                set_availability(tutor=tutor, week={}, time_off=away, actor=tutor.account, at=at)
            case change if act := CHANGES.get(change):
                assert act.take is not None
                act.take(self.crew, tutor)


def taken(tutor: Tutor, project: Project, role: WorkRole) -> Any:
    try:
        return claim(account=tutor.account, role=role, project_id=project.pk, at=moment())
    except (CannotClaim, NotAReviewer):
        return None


# --- The property -----------------------------------------------------------------------------


def test_explain_and_claim_agree_on_every_pair() -> None:
    assert {change.rule["kind"] for change in LEAVES.values() if change.rule} == set(LeafKind)
    house, codes = House(), set()

    @WORLDS
    @given(world=worlds)
    def agree(world: World) -> None:
        note(repr(world))
        with transaction.atomic():
            tasks = house.settle(world)
            for task, name, role in itertools.product(tasks, NAMES, ROLES):
                codes.update(agreed(house, task, name, role))
            over_http(house, tasks[0], world.asks)
            assert not [check for check in checks(at=moment()) if check.problems]
            transaction.set_rollback(True)

    agree()
    assert "eligible" in codes and len(codes) >= 8, codes


def agreed(house: House, task: Task, name: str, role: WorkRole) -> set[str]:
    """What is refused, in the words of explaining; claiming does as it says."""
    tutor = house.people[name]
    try:
        told = explain(task_id=task.pk, tutor_id=tutor.pk, role=role, at=moment())
    except NotFound:
        return set()
    refused = {verdict.code for verdict in told.verdicts if not verdict.passed}
    with transaction.atomic():
        got = taken(tutor, task.project, role)
        transaction.set_rollback(True)
    assert (got is not None) == told.eligible, (name, role, refused)
    assert told.eligible == (not refused)
    return refused or {"eligible"}


def over_http(house: House, task: Task, name: str) -> None:
    """What a manager is told, and what happens when the tutor asks."""
    about = {"tutor": house.people[name].public_id, "role": WorkRole.ATTEMPT.value}
    told = house.manager.get(f"/api/v1/tasks/{task.public_id}/explain/", about)
    with transaction.atomic():
        body = {"project": task.project.public_id}
        got = house.doors[name].post("/api/v1/work/claims/", body, format="json")
        transaction.set_rollback(True)
    assert told.status_code == 200, told.data
    assert (got.status_code == 201) == told.data["eligible"], (name, told.data, got.status_code)
