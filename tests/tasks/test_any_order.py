"""Whatever people, the router, time and the office do, in whatever order: the rules hold.

Hypothesis plays; each step goes through the operations on the real database, then every rule of
`check_invariants` is asked and the outcome compared with the model of `tests.tasks.order`.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from config.celery import app
from config.reactions import REACTIONS
from config.seeding.hiring import CAP_SECONDS_WEEK, STARTED_BEFORE
from config.sweeps import SWEEPS
from tasks.models import Offer as OfferRow
from tasks.models import Project, Slot, Submission, Task
from tasks.operations.cancelling import CannotCancel, cancel
from tasks.operations.claiming import CannotClaim, NotAReviewer, OfferGone, accept, claim
from tasks.operations.mixing import mix_known_answers
from tasks.operations.offering import OfferOver, decline
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.reviewing import Judgement, TooManyRevisions, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.steering import CannotSteer, close, pause, resume
from tasks.operations.submitting import CannotTakeBack, FenceLost, submit, take_back
from tasks.operations.working import CannotSkip, hand_back, save_draft, skip
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch, ProjectState, ReviewDecision, WorkRole
from tests.tasks.crew import ANSWER, Crew, moment
from tests.tasks.order import YEAR, Claim, Seen, Somebody, broken, pass_time
from tutors.models import Contract, TutorLink
from tutors.operations.contracting import Offered, countersign, end, offer, sign
from tutors.operations.linking import AlreadyLinked, link, unlink
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import grant, revoke
from tutors.queries import invariants as of_tutors
from tutors.rules.signing import Signature
from tutors.rules.states import LinkKind, Presence
from workforce.models import Account, Job
from workforce.operations.admitting import close_account
from workforce.operations.relaying import relay
from workforce.queries import invariants as of_workforce

pytestmark = pytest.mark.django_db

NAMES = ("Alice", "Bob", "Rita", "Ravi")
CAPACITY = {"Alice": 2, "Bob": 1, "Rita": 3, "Ravi": 1}
REVIEWERS = {"Rita", "Ravi"}
QUIET = {"config.make_notices", "tasks.deliver_news"}
"""Jobs that tell people and machines; what they say is tried elsewhere."""

PASSED_OVER = {"capacity_full", "cap_reached", "presence_lapsed", "qualification_expiring"}
PASSED_OVER |= {"already_on_task", "own_work", "own_review", "budget_spent"}
"""What an offer may meet without an act about her: time, what she took meanwhile, and what others
took of the budget, until the sweeper passes."""

CHANGES = ("qualified", "qualified for an hour", "revoked", "taking work", "paused", "linked")
CHANGES += ("taking work for an hour", "leaves or returns", "offboarded", "unlinked")
HOUSE_ACTS = ("route", "route", "sweep", "react", "minutes", "an hour", "a day", "more work")
HOUSE_ACTS += ("cancel", "close", "pause", "resume", "resume")
ACTS = ("pull a task",) * 4 + ("pull a review", "accept", "judge") * 2 + ("hand in",) * 4
ACTS += ("accept another's", "decline", "save", "return", "skip", "wrong fence", "take back")
ACTS += ("too late",)
FOR_A_TASK = ("hand in", "wrong fence")
UNSWEPT = "cap_reached"
"""Until the sweeper has passed, the clock of a claim that ran out fills her week."""

JUDGEMENTS = (
    Judgement(decision=ReviewDecision.ACCEPT),
    Judgement(decision=ReviewDecision.REJECT, category="accuracy"),
    Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look again."),
)
who = st.sampled_from(NAMES)
nth = st.integers(0, 5)


class House(Crew):
    """The crew with its people, a project answered twice and one whose money runs out."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.people = {
            name: self.tutor(name, reviewer=name in REVIEWERS, capacity=CAPACITY[name])
            for name in NAMES
        }
        self.twice = self.project(dispatch=Dispatch.BOTH, overlap=2, gold_percent=50)
        self.short = self.project(dispatch=Dispatch.BOTH, budget_minor=4_000)
        self.tasks(self.twice, 3)
        self.tasks(self.twice, 1, gold=ANSWER)
        mix_known_answers(at=self.at)
        self.tasks(self.short, 2)
        self.begin()
        while relay(reactions={}):
            pass

    def begin(self) -> None:
        """Alice has handed two answers in and holds one task, Rita holds a review."""
        alice, rita = self.people["Alice"].account, self.people["Rita"].account
        for left in (2, 1, 0):
            got = claim(account=alice, role=WorkRole.ATTEMPT, project_id=None, at=moment())
            assert got is not None
            own = in_hand(claim_id=got.claim_id, account_id=alice.pk)
            if left:
                submit(account=alice, own=own, fence=got.fence, answer=ANSWER, at=moment())
        claim(account=rita, role=WorkRole.REVIEW, project_id=None, at=moment())

    def account_of(self, tutor_id: int) -> Account:
        return next(t.account for t in self.people.values() if t.pk == tutor_id)


class AnyOrder(RuleBasedStateMachine):
    """One story; what it did is undone at its end."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.people = {
            name: Somebody(tutor, reviewer=name in REVIEWERS, capacity=CAPACITY[name])
            for name, tutor in self.house.people.items()
        }
        self.seen, self.aged, self.swept = Seen.now(), 0, True

    def teardown(self) -> None:
        try:
            self.end_well()
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def end_well(self) -> None:
        self.sweep()
        self.reactions_follow()
        self.nothing_is_broken()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for floor in (of_workforce, of_tutors):
            assert not [each for each in floor.checks(at=moment()) if list(each.problems)]

    @invariant()
    def nothing_is_broken(self) -> None:
        now = Seen.now()
        assert not list(now.changes(self.seen, aged=self.aged))
        assert not broken(swept=self.swept)
        for person in self.people.values():
            assert len(now.in_hand(person)) <= person.capacity, person
        self.seen, self.aged = now, 0

    # --- Taking work

    @rule(name=who, act=st.sampled_from(ACTS), n=nth)
    def somebody_acts(self, name: str, act: str, n: int) -> None:
        person = self.people[name]
        match act:
            case "pull a task" | "pull a review":
                role = WorkRole.REVIEW if "review" in act else WorkRole.ATTEMPT
                self.pull(person, role, anywhere=n % 2 == 0)
            case "accept" | "decline" | "accept another's":
                self.answer_an_offer(n, act)
            case "judge":
                self.judge(n, JUDGEMENTS[n % len(JUDGEMENTS)])
            case "take back":
                self.take_it_back(n)
            case "too late":
                self.come_too_late(n)
            case _:
                self.work(n, act)

    def pull(self, person: Somebody, role: WorkRole, *, anywhere: bool) -> None:
        project = None if anywhere else self.house.twice.pk
        short = self.house.short.pk
        may = self.seen.takes(person, role=role, project=project, short=short)
        refusal = person.refusal(len(self.seen.in_hand(person)))
        if role is WorkRole.REVIEW and not person.reviewer:
            refusal = "not_a_reviewer"
        try:
            got = claim(account=person.tutor.account, role=role, project_id=project, at=moment())
        except (CannotClaim, NotAReviewer) as problem:
            assert problem.code == refusal or (problem.code == UNSWEPT and not self.swept)
            return
        assert refusal is None
        if got is None:
            assert may <= {s.id for s in self.seen.slots.values() if s.project == short}
        else:
            self.took(may, got)

    def answer_an_offer(self, n: int, answer: str) -> None:
        live = [o for o in self.seen.offers.values() if o.live]
        if not live:
            return
        given = live[n % len(live)]
        person = next(p for p in self.people.values() if p.id == given.tutor)
        account, name = person.tutor.account, {"offer_id": given.id, "at": moment()}
        if answer == "accept another's":
            other = next(p for p in self.people.values() if p is not person)
            with pytest.raises((OfferGone, CannotClaim)):
                accept(account=other.tutor.account, **name)
        elif answer == "decline":
            decline(account=account, reason="no", **name)
        else:
            able = self.seen.may_accept(person, given)
            refusal = person.refusal(len(self.seen.in_hand(person)))
            try:
                got = accept(account=account, **name)
            except (CannotClaim, OfferGone) as problem:
                assert not able or refusal or problem.code in ("budget_spent", UNSWEPT)
            else:
                assert able and refusal is None
                self.took({given.slot}, got)

    def took(self, may: set[int], got: Any) -> None:
        made = Seen.now().claims[got.claim_id]
        assert made.slot in may
        assert made.fence == self.seen.slots[made.slot].fence + 1

    def route(self) -> None:
        route_queue(queue="stem", at=moment())

    # --- Working

    def held(self, n: int, *, role: WorkRole | None = None) -> tuple[Any, Claim] | None:
        mine = [c for c in self.seen.claims.values() if c.open and role in (None, c.role)]
        if not mine:
            return None
        chosen = mine[n % len(mine)]
        person = next(p for p in self.people.values() if p.id == chosen.tutor)
        return person.tutor.account, chosen

    def work(self, n: int, act: str) -> None:
        held = self.held(n, role=WorkRole.ATTEMPT if act in FOR_A_TASK else None)
        if held is None:
            return
        account, mine = held
        if act == "save":
            save_draft(account=account, claim_id=mine.id, answer={}, version=None, at=moment())
        elif act == "return":
            hand_back(account=account, claim_id=mine.id, reason="x", at=moment())
        elif act == "skip":
            with suppress(CannotSkip):
                skip(account=account, claim_id=mine.id, reason="x", at=moment())
        elif act == "hand in":
            own = in_hand(claim_id=mine.id, account_id=account.pk)
            submit(account=account, own=own, fence=mine.fence, answer=ANSWER, at=moment())
        else:
            own = in_hand(claim_id=mine.id, account_id=account.pk)
            with pytest.raises(FenceLost):
                submit(account=account, own=own, fence=mine.fence - 1, answer=ANSWER, at=moment())

    def come_too_late(self, n: int) -> None:
        """What is over is over: an answer to an offer, an answer to a task."""
        for given in [o for o in self.seen.offers.values() if not o.live][n : n + 1]:
            account = self.house.account_of(given.tutor)
            with pytest.raises((OfferGone, CannotClaim)):
                accept(account=account, offer_id=given.id, at=moment())
            if given.state != "offered":
                with pytest.raises(OfferOver):
                    decline(account=account, offer_id=given.id, reason="", at=moment())
        over = [c for c in self.seen.claims.values() if not c.open and c.role is WorkRole.ATTEMPT]
        for mine in over[n : n + 1]:
            account = self.house.account_of(mine.tutor)
            own = in_hand(claim_id=mine.id, account_id=account.pk)
            with pytest.raises(FenceLost):
                submit(account=account, own=own, fence=mine.fence, answer=ANSWER, at=moment())

    def take_it_back(self, n: int) -> None:
        """Undone within seconds it is in hand again, unless her hands are full by now."""
        given = Submission.objects.filter(withdrawn_at__isnull=True).order_by("-id")
        for submission in given[n : n + 1]:
            person = next(p for p in self.people.values() if p.id == submission.tutor_id)
            full = len(self.seen.in_hand(person)) == person.capacity
            try:
                take_back(account=person.tutor.account, claim_id=submission.claim_id, at=moment())
            except CannotTakeBack as refusal:
                assert full or refusal.code == "cannot_take_back"
            else:
                assert not full

    def judge(self, n: int, judgement: Judgement) -> None:
        held = self.held(n, role=WorkRole.REVIEW)
        if held is None:
            return
        account, mine = held
        submission = Slot.objects.get(pk=mine.slot).submission_id
        seen = open_for_review(account=account, submission_id=submission)
        with suppress(TooManyRevisions):
            decide(account=account, seen=seen, judgement=judgement, at=moment())

    # --- Time

    def time_passes(self, seconds: int) -> None:
        pass_time(seconds=seconds)
        for person in self.people.values():
            person.ages(seconds)
        self.aged, self.swept = self.aged + seconds, False

    def sweep(self) -> None:
        for name, verb in SWEEPS:
            if name != "jobs":
                verb(at=moment())
        self.swept = True

    # --- What becomes of people

    @rule(name=who, change=st.sampled_from(CHANGES))
    def something_changes_about(self, name: str, change: str) -> None:
        person, others = self.people[name], self.people.values()
        match change:
            case "qualified" | "qualified for an hour":
                self.qualify(person, 3_000 if "hour" in change else YEAR)
            case "revoked":
                self.take_the_qualification(person)
            case "taking work" | "taking work for an hour":
                self.be_present(person, 3_000 if "hour" in change else 80_000)
            case "paused":
                self.be_present(person, 0)
            case "leaves or returns":
                self.leave_or_return(person)
            case "offboarded":
                self.offboard(person)
            case "linked":
                self.count_as_one(person, next(each for each in others if each is not person))
            case "unlinked":
                self.count_apart()

    def qualify(self, person: Somebody, lasts: float) -> None:
        grant(
            tutor=person.tutor,
            speciality="stem.mathematics",
            level=1,
            expires_at=moment() + timedelta(seconds=lasts),
            actor=self.house.ruth,
            at=moment(),
        )
        person.qualified = lasts

    def take_the_qualification(self, person: Somebody) -> None:
        for held in person.tutor.qualifications.filter(state="granted"):
            revoke(qualification=held, reason="x", actor=self.house.ruth, at=moment())
        person.qualified = 0

    def be_present(self, person: Somebody, lasts: int) -> None:
        set_presence(
            tutor=person.tutor,
            state=Presence.TAKING_WORK if lasts else Presence.PAUSED,
            until=moment() + timedelta(seconds=lasts) if lasts else None,
            actor=person.tutor.account,
            at=moment(),
        )
        person.taking, person.paused = lasts, not lasts

    def leave_or_return(self, person: Somebody) -> None:
        """Her contract ends at her own wish; or she signs a new one."""
        ruth, account, at = self.house.ruth, person.tutor.account, moment()
        if person.contract:
            (held,) = Contract.objects.filter(tutor=person.tutor, state__in=["active", "notice"])
            end(contract=held, reason="x", actor=account, at=at)
        else:
            terms = Offered(
                starts_on=(at - STARTED_BEFORE).date(),
                cap_seconds_week=CAP_SECONDS_WEEK,
                currency="USD",
            )
            new = offer(tutor=person.tutor, offered=terms, actor=ruth, at=at)
            for act, signer in ((sign, account), (countersign, ruth)):
                hand = Signature(typed_name=signer.name, viewed_at=at)
                act(contract=new, signature=hand, account=signer, at=at)
        person.contract = not person.contract

    def offboard(self, person: Somebody) -> None:
        account = person.tutor.account
        close_account(account=account, reason="x", actor=self.house.max, at=moment())
        person.active = False

    def count_as_one(self, one: Somebody, other: Somebody) -> None:
        with suppress(AlreadyLinked):
            link(
                tutor=one.tutor,
                other=other.tutor,
                kind=LinkKind.HOUSEHOLD,
                reason="x",
                actor=self.house.ruth,
                at=moment(),
            )
        group = one.person | other.person
        for person in self.people.values():
            if person.id in group:
                person.linked = group - {person.id}

    def count_apart(self) -> None:
        for made in TutorLink.objects.filter(ended_at__isnull=True):
            unlink(link=made, actor=self.house.ruth, at=moment())
        for person in self.people.values():
            person.linked = set()

    # --- What the house does

    @rule(act=st.sampled_from(HOUSE_ACTS), n=nth)
    def the_house_acts(self, act: str, n: int) -> None:
        match act:
            case "route":
                self.route()
            case "sweep":
                self.sweep()
            case "react":
                self.reactions_follow()
            case "minutes" | "an hour" | "a day":
                self.time_passes({"minutes": 700, "an hour": 3_600}.get(act, 90_000))
            case "more work":
                self.more_comes_in()
            case "cancel":
                self.cancel_a_task(n)
            case _:
                verb = {"close": close, "pause": pause}.get(act, resume)
                self.steer((self.house.twice, self.house.short)[n % 2], verb)

    def steer(self, project: Project, act: Any) -> None:
        with suppress(CannotSteer):
            act(project=project, actor=self.house.max, at=moment())

    def cancel_a_task(self, n: int) -> None:
        task = Task.objects.order_by("id")[n % len(self.seen.tasks)]
        with suppress(CannotCancel):
            cancel(task=task, reason="x", actor=self.house.max, at=moment())

    def more_comes_in(self) -> None:
        if self.seen.projects[self.house.twice.pk] is not ProjectState.CLOSED:
            self.house.tasks(self.house.twice)

    def reactions_follow(self) -> None:
        """Events lead to jobs, which are done; then nobody has an offer that an act undid."""
        quiet = {
            kind: tuple(lambda e, r=r: (s for s in r(e) if s.kind not in QUIET) for r in following)
            for kind, following in REACTIONS.items()
        }
        while relay(reactions=quiet) or self.jobs_done():
            pass
        for person in self.people.values():
            assert self.would_go_back(person) <= PASSED_OVER, person

    def would_go_back(self, person: Somebody) -> set[str]:
        """Why her waiting offers would be withdrawn if somebody looked once more."""
        waiting = [offer.id for offer in Seen.now().offered(person)]
        with transaction.atomic():
            recheck_tutor(tutor_id=person.id, at=moment())
            gone = OfferRow.objects.filter(pk__in=waiting, state="withdrawn")
            reasons = set(gone.values_list("reason", flat=True))
            transaction.set_rollback(True)
        return reasons

    def jobs_done(self) -> int:
        due = list(Job.objects.filter(state="due", run_at__lte=moment()).order_by("id"))
        for job in due:
            app.tasks[job.kind](job_id=job.pk)
        return len(due)


def test_whatever_the_order_the_rules_hold() -> None:
    app.loader.import_default_modules()

    class Here(AnyOrder):
        house = House()

    steps = settings(
        max_examples=12,
        stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Here, settings=steps)
