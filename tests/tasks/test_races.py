"""Real races on real connections: who is faster wins, everybody else gets a clean answer."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from config.noticing import tell
from tasks.models import (
    Claim,
    Offer,
    ProjectBudget,
    QueueAlert,
    ReviewRecord,
    Slot,
    Submission,
    TimeEntry,
)
from tasks.operations.alerting import ask, tell_opened
from tasks.operations.batching import accept_with
from tasks.operations.cancelling import cancel
from tasks.operations.claiming import CannotClaim, OfferGone, accept, claim
from tasks.operations.lapsing import expire_leases
from tasks.operations.offering import decline, expire_offers
from tasks.operations.policing import set_policy
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.submitting import FenceLost, submit
from tasks.operations.working import ClaimOver, heartbeat
from tasks.queries.handing_in import in_hand
from tasks.queries.invariants import checks
from tasks.rules.states import Dispatch, ReviewDecision, WorkRole
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, Crew, moment
from tutors.operations.linking import link
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import revoke
from tutors.rules.states import LinkKind, Presence
from workforce.models import Event
from workforce.rules.problems import Refusal

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("own_database")]


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at once, each on its own connection; results and refusals, in order."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(n: int, act: Callable[[], Any]) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            results[n] = act()
        except Refusal as refusal:
            results[n] = refusal
        except Exception as problem:
            results[n] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, Refusal)]
    assert not unexpected, unexpected
    return results


def take(tutor, role=WorkRole.ATTEMPT):
    return lambda: claim(account=tutor.account, role=role, project_id=None, at=moment())


def sound() -> None:
    broken = {check.name: check.problems for check in checks(at=moment()) if check.problems}
    assert not broken


def people(crew: Crew, count: int, **options: Any) -> list[Any]:
    return [crew.tutor(f"Person{n}", **options) for n in range(count)]


def test_many_claims_on_many_slots_everybody_gets_another():
    crew = Crew()
    everybody = people(crew, 8)
    crew.tasks(crew.project(), 8)
    results = race(*(take(tutor) for tutor in everybody))
    assert len({r.task_id for r in results if r}) == 8
    sound()


def test_capacity_holds_under_fifty_clicks():
    crew = Crew()
    alice = crew.tutor("Alice", capacity=3)
    crew.tasks(crew.project(), 60)
    results = race(*(take(alice) for _ in range(50)))
    assert Claim.objects.count() == 3
    refused = Counter(r.code for r in results if isinstance(r, CannotClaim))
    assert refused == {"capacity_full": 47}
    assert TimeEntry.objects.filter(state="running").count() == 1
    sound()


def test_capacity_holds_by_weight_under_fifty_clicks():
    crew = Crew()
    alice = crew.tutor("Alice", capacity=5)
    heavy = crew.project()
    document = {"attempt_weight": 2}
    set_policy(owner=heavy, document=document, seen=0, note="Try", actor=crew.max, at=moment())
    crew.tasks(heavy, 60)
    results = race(*(take(alice) for _ in range(50)))
    assert list(Claim.objects.values_list("weight", flat=True)) == [2, 2]
    refused = Counter(r.code for r in results if isinstance(r, CannotClaim))
    assert refused == {"capacity_full": 48}
    sound()


def test_the_weekly_cap_holds_under_parallel_claims():
    crew = Crew()
    alice = crew.tutor("Alice", capacity=10)
    crew.tasks(crew.project(expected_seconds=16 * 3600, paid_cap_seconds=16 * 3600), 10)
    results = race(*(take(alice) for _ in range(10)))
    assert Claim.objects.count() == 2
    assert {r.code for r in results if isinstance(r, CannotClaim)} == {"cap_reached"}


def test_the_budget_is_a_hard_stop_in_parallel():
    crew = Crew()
    everybody = people(crew, 6)
    project = crew.project(expected_seconds=3_600, paid_cap_seconds=3_600, budget_minor=25_000)
    crew.tasks(project, 6)
    race(*(take(tutor) for tutor in everybody))
    budget = ProjectBudget.objects.get(project=project)
    taken = sum(Claim.objects.values_list("reserved_minor", flat=True))
    assert 0 < budget.reserved_minor == taken <= 25_000
    assert Claim.objects.count() < 6
    sound()


def test_a_revoke_and_a_claim_never_both_count():
    crew = Crew()
    for _ in range(3):
        alice = crew.tutor("Alice")
        project = crew.project()
        crew.tasks(project)
        held = alice.qualifications.get()

        def take_back(held=held):
            revoke(qualification=held, reason="test", actor=crew.ruth, at=moment())

        race(take(alice), take_back)
        made = Claim.objects.filter(tutor=alice).first()
        again = race(take(alice))[0]
        assert again is None or made is None
        if made is not None:
            assert made.grounds.facts_version < Claim.objects.get(pk=made.pk).tutor.facts_version
        Slot.objects.update(state="cancelled")
        Claim.objects.filter(state="claimed").update(state="released", ended_at=moment())
        TimeEntry.objects.filter(state="running").delete()


def offered(crew: Crew, tutor):
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project)
    assert route_queue(queue="stem", at=moment()).offers == 1
    return Offer.objects.get(tutor=tutor, state="offered")


def test_accept_against_decline_one_counts():
    crew = Crew()
    alice = crew.tutor("Alice")
    offer = offered(crew, alice)
    results = race(
        lambda: accept(account=alice.account, offer_id=offer.pk, at=moment()),
        lambda: decline(account=alice.account, offer_id=offer.pk, reason="no", at=moment()),
    )
    assert sum(isinstance(r, Refusal) for r in results) == 1
    sound()


def test_accept_twice_is_one_claim():
    crew = Crew()
    alice = crew.tutor("Alice")
    offer = offered(crew, alice)
    acts = [lambda: accept(account=alice.account, offer_id=offer.pk, at=moment())] * 4
    results = race(*acts)
    assert sum(isinstance(r, OfferGone) for r in results) == 3
    assert Claim.objects.count() == 1
    sound()


def linked(crew: Crew, one: Any, two: Any) -> Any:
    return link(
        tutor=one, other=two, kind=LinkKind.ONE_PERSON, reason="x", actor=crew.ruth, at=moment()
    )


def test_of_two_linked_accounts_one_gets_the_task():
    crew = Crew()
    alice, bob = people(crew, 2, capacity=8)
    linked(crew, alice, bob)
    for _ in range(6):
        (task,) = crew.tasks(crew.project(overlap=2))
        results = race(*([take(alice), take(bob)] * 2))
        assert sum(r is not None for r in results) == 1
        assert Claim.objects.filter(task=task, state="claimed").count() == 1
        Slot.objects.update(state="cancelled")
        TimeEntry.objects.filter(state="running").delete()
        Claim.objects.filter(state="claimed").update(state="released", ended_at=moment())


def test_a_review_and_an_answer_of_linked_accounts_never_both_count():
    """He takes the review of what she is handing in, or not; never after the link."""
    crew = Crew()
    alice = crew.tutor("Alice", capacity=8)
    rita = crew.tutor("Rita", reviewer=True, capacity=8)
    linked(crew, alice, rita)
    crew.tasks(crew.project(), 4)
    for _ in range(4):
        sheet = take(alice)()
        own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
        taken = race(
            lambda own=own, sheet=sheet: submit(
                account=alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment()
            ),
            take(rita, WorkRole.REVIEW),
        )[1]
        assert taken is None
    sound()


def test_a_link_and_two_claims_leave_no_two_after_it():
    crew = Crew()
    for _ in range(6):
        alice, bob = people(crew, 2)
        (task,) = crew.tasks(crew.project(overlap=2))
        results = race(
            take(alice), lambda alice=alice, bob=bob: linked(crew, alice, bob), take(bob)
        )
        refused = [r.code for r in results if isinstance(r, Refusal)]
        assert set(refused) <= {"just_linked"}
        made = list(Claim.objects.filter(task=task).select_related("grounds", "tutor"))
        if len(made) == 2:
            before = [c.grounds.facts_version < c.tutor.facts_version for c in made]
            assert any(before), "both were made after the link"
        Slot.objects.update(state="cancelled")


def test_a_claim_that_waited_for_a_link_holds_all_or_nothing():
    """The lock was asked for before the link; what is read after it says more than is held."""
    crew = Crew()
    alice, bob = people(crew, 2)
    crew.tasks(crew.project(overlap=2))
    made, asked = threading.Event(), threading.Event()

    def link_slowly():
        with transaction.atomic():
            linked(crew, alice, bob)
            made.set()
            asked.wait()
            while not waiting_for_a_lock():
                time.sleep(0.02)

    def claim_meanwhile():
        made.wait()
        asked.set()
        return take(bob)()

    result = race(link_slowly, claim_meanwhile)[1]
    assert (result.code, Claim.objects.count()) == ("just_linked", 0)
    assert take(bob)() is not None
    assert take(alice)() is None


def decided(reviewer: Any, judgement: Judgement) -> Callable[[], Any]:
    """Take the next review, then decide; the claim is made here and now."""
    sheet = take(reviewer, WorkRole.REVIEW)()
    submission = Claim.objects.get(pk=sheet.claim_id).slot.submission_id

    def act() -> Any:
        seen = open_for_review(account=reviewer.account, submission_id=submission)
        return decide(account=reviewer.account, seen=seen, judgement=judgement, at=moment())

    return act


def test_decisions_about_her_answers_and_her_claims_do_not_block_each_other():
    """Both hold her row first, then claim, slot and budget: a deadlock would be an error here."""
    crew = Crew()
    alice = crew.tutor("Alice", capacity=10)
    reviewers = [crew.tutor(f"Reviewer{n}", reviewer=True, capacity=10) for n in range(3)]
    project = crew.project(budget_minor=10_000_000)
    crew.tasks(project, 24)
    for _ in range(4):
        for _ in reviewers:
            sheet = take(alice)()
            own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
            submit(account=alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())
        judgements = (
            Judgement(decision=ReviewDecision.ACCEPT),
            Judgement(decision=ReviewDecision.REJECT, category="accuracy"),
            Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look again."),
        )
        acts = [decided(who, what) for who, what in zip(reviewers, judgements, strict=True)]
        results = race(*acts, take(alice), take(alice))
        assert not [r for r in results if isinstance(r, Refusal)]
        Claim.objects.filter(tutor=alice, state__in=["claimed", "in_progress"]).update(
            state="released", ended_at=moment()
        )
        TimeEntry.objects.filter(state="running").delete()
        Slot.objects.filter(state="claimed").update(state="open")
    kept = ReviewRecord.objects.filter(author=alice)
    assert sum(kept.values_list("judged", flat=True)) == 12
    assert sum(kept.values_list("accepted", flat=True)) == 4
    record = [c for c in checks(at=moment()) if c.name == "records_equal_a_recount"]
    assert record[0].problems == []


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_two_rounds_at_once_make_no_double_offer():
    crew = Crew()
    people(crew, 3)
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project, 4)
    race(*([lambda: route_queue(queue="stem", at=moment())] * 4))
    live = Offer.objects.filter(state="offered")
    assert live.count() == 4
    assert len(set(live.values_list("slot_id", flat=True))) == 4
    sound()


def test_a_paused_tutor_takes_nothing_however_close_it_was():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 3)
    race(
        take(alice),
        lambda: set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment()),
    )
    with pytest.raises(CannotClaim) as refused:
        take(alice)()
    assert refused.value.code == "paused"


def test_eight_submits_are_one_answer():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    sheet = take(alice)()
    own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)

    def hand_in():
        return submit(account=alice.account, own=own, fence=1, answer=ANSWER, at=moment())

    results = race(*([hand_in] * 8))
    assert sum(isinstance(r, FenceLost) for r in results) == 7
    assert Submission.objects.count() == 1
    assert Slot.objects.filter(role="review").count() == 1
    sound()


def test_a_submit_against_the_sweeper_one_counts():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 6)
    for _ in range(6):
        sheet = take(alice)()
        later(seconds=5_000)
        own = in_hand(claim_id=sheet.claim_id, account_id=alice.account_id)
        race(
            lambda own=own, sheet=sheet: submit(
                account=alice.account, own=own, fence=sheet.fence, answer=ANSWER, at=moment()
            ),
            lambda: expire_leases(at=moment()),
        )
        state = Claim.objects.get(pk=sheet.claim_id).state
        assert state in ("submitted", "expired")
        assert Submission.objects.filter(claim_id=sheet.claim_id).exists() == (state == "submitted")
    sound()


def test_the_sweeper_in_four_does_each_thing_once():
    crew = Crew()
    alice = crew.tutor("Alice", capacity=5)
    crew.tasks(crew.project(), 5)
    for _ in range(5):
        take(alice)()
    later(seconds=5_000)
    results = race(*([lambda: expire_leases(at=moment())] * 4))
    assert sum(results) == 5
    assert Slot.objects.filter(state="open").count() == 5
    sound()


def test_two_browsers_start_one_clock():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 2)
    first, second = take(alice)(), take(alice)()

    def beat(sheet):
        return lambda: heartbeat(account=alice.account, claim_id=sheet.claim_id, at=moment())

    for _ in range(4):
        race(beat(first), beat(second), beat(first), beat(second))
        assert TimeEntry.objects.filter(state="running").count() == 1
    sound()


def test_expired_offers_go_back_once():
    crew = Crew()
    alice = crew.tutor("Alice")
    offered(crew, alice)
    later(seconds=3_600)
    assert sum(race(*([lambda: expire_offers(at=moment())] * 3))) == 1
    assert Slot.objects.get().state == "open"
    sound()


def test_a_lost_claim_answers_a_heartbeat_with_a_refusal():
    crew = Crew()
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    sheet = take(alice)()
    later(seconds=5_000)
    expire_leases(at=moment())
    with pytest.raises(ClaimOver):
        heartbeat(account=alice.account, claim_id=sheet.claim_id, at=moment() + timedelta(0))


def test_cancelling_against_claims_leaves_nobody_with_it():
    crew = Crew()
    everybody = people(crew, 4)
    for _ in range(4):
        (task,) = crew.tasks(crew.project())
        race(
            *(take(tutor) for tutor in everybody),
            lambda task=task: cancel(task=task, reason="", actor=crew.max, at=moment()),
        )
        assert not Claim.objects.filter(task=task, state="claimed").exists()
    sound()


def test_several_sweepers_tell_a_tutor_once_that_her_queue_opened():
    crew = Crew()
    alice, bob = people(crew, 2)
    project = crew.project()
    pool = project.pools.get(role="attempt", step=0)
    for tutor in (alice, bob):
        ask(account=tutor.account, pool_id=pool.pk, at=moment())
    crew.tasks(project)
    results = race(*[lambda: tell_opened(at=moment())] * 4)
    assert sorted(results)[-2:] in ([0, 2], [1, 1]) and sum(results) == 2
    opened = list(Event.objects.filter(kind="tasks.queue_opened").order_by("id"))
    assert {event.body["tutor"] for event in opened} == {alice.public_id, bob.public_id}
    made = race(*[lambda: tell(event_id=opened[0].pk, at=moment())] * 2)
    assert (len(opened), sum(made)) == (2, 1)
    assert QueueAlert.objects.filter(state="told").count() == 2
    sound()


def test_two_who_take_several_at_once_share_what_is_there():
    crew = Crew()
    both = people(crew, 2, capacity=5)
    crew.tasks(crew.project(dispatch=Dispatch.BOTH), 7)
    route_queue(queue="stem", at=moment())
    first = {
        tutor.pk: Offer.objects.filter(tutor=tutor, state="offered").order_by("id")[0]
        for tutor in both
    }

    def several(tutor):
        return lambda: accept_with(
            account=tutor.account, offer_id=first[tutor.pk].pk, like=5, at=moment()
        )

    results = race(*map(several, both))
    assert all(batch.stopped in ("capacity_full", "none_left") for batch in results)
    slots = [claim.slot_id for claim in Claim.objects.all()]
    assert len(slots) == len(set(slots)) == sum(batch.taken for batch in results)
    assert max(batch.taken for batch in results) <= 5
    sound()
