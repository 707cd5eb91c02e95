"""Offers: who gets them, why, and how they come back."""

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from tasks.models import Claim, Exclusion, Offer, Pool, ProjectBudget, Slot
from tasks.operations.cancelling import cancel
from tasks.operations.claiming import accept, claim
from tasks.operations.lapsing import accept_overdue, forget_exclusions
from tasks.operations.offering import (
    decline,
    expire_offers,
    withdraw_from_spent,
    withdraw_from_stopped,
)
from tasks.operations.policing import set_policy
from tasks.operations.pooling import fold_figures, relax_pools
from tasks.operations.rechecking import recheck_tutor
from tasks.operations.routing import route_queue
from tasks.operations.steering import close
from tasks.queries.ahead import ahead_of
from tasks.queries.explaining import explain
from tasks.queries.judging import Judge
from tasks.queries.kinds import Known
from tasks.queries.pools import TABLES, TIMELY, pools_by_id, requirements_of, score_of
from tasks.queries.rounds import at_work_lately, pools_waiting, waiting_slots
from tasks.rules import ranking
from tasks.rules.fingerprints import asked_by, profile_of
from tasks.rules.folding import KINDS_MAX
from tasks.rules.states import Dispatch, WorkRole
from tests.people import knock
from tests.tasks.ageing import later
from tests.tasks.commissions import MATHS
from tests.tasks.crew import ANSWER, moment
from tests.tasks.soundness import sound
from tests.tasks.statements import counting
from tutors.models import Qualification
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import revoke
from tutors.queries.facts import facts_for, hold_person
from tutors.rules.eligibility import ContractRateFacts
from tutors.rules.states import Presence

pytestmark = pytest.mark.django_db


def route():
    """A round of the queue in which the crew's projects lie."""
    return route_queue(queue="stem", at=moment())


def test_an_offer_says_why_you(crew):
    alice = crew.tutor("Alice", level=2)
    crew.tutor("Zoe", speciality="medicine.psychiatry")
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project)
    assert route().offers == 1
    (offer,) = knock(alice.account).get("/api/v1/work/offers/").json()["results"]
    assert all(verdict["passed"] for verdict in offer["why"]["verdicts"])
    score = dict(offer["why"]["score"])
    losses = score.pop("cost") + score.pop("fairness")
    assert score.pop("total") == sum(score.values()) - losses
    assert offer["rate"]["amount_minor"] > 0
    assert Slot.objects.get().state == "offered"
    sound()


def test_accepting_an_offer_is_a_claim_and_a_second_accept_is_409(crew):
    alice = crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project)
    route()
    offer = Offer.objects.get()
    path = f"/api/v1/work/offers/{offer.public_id}/accept/"
    client = knock(alice.account)
    answer = client.post(path, {}, format="json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["rate"]["amount_minor"] == offer.rate_minor_hourly
    again = client.post(path, {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "offer_gone")
    assert knock(crew.tutor("Charlie").account).post(path, {}, format="json").status_code == 404
    sound()


def test_equal_people_get_equal_shares(crew):
    everybody = [crew.tutor(f"Person{n}") for n in range(3)]
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project, 6)
    assert route().offers == 6
    shares = [Offer.objects.filter(tutor=tutor).count() for tutor in everybody]
    assert shares == [2, 2, 2]


def work_once(tutor, project, crew):
    """She pulls one task of the project and hands it in."""
    crew.tasks(project)
    sheet = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    body = {"fence": sheet.fence, "answer": ANSWER}
    path = f"/api/v1/work/claims/{sheet.public_id}/submit/"
    assert knock(tutor.account).post(path, body, format="json").status_code == 200


def offered_next(crew, project):
    """Who is offered one more task of the project, which is cancelled afterwards."""
    (task,) = crew.tasks(project)
    assert route().offers == 1
    offer = Offer.objects.get(state="offered")
    cancel(task=task, reason="Asked by mistake", actor=crew.max, at=moment())
    return offer


def aged(*, days):
    moved = F("ended_at") - timedelta(days=days), F("claimed_at") - timedelta(days=days)
    Claim.objects.filter(state="submitted").update(ended_at=moved[0], claimed_at=moved[1])


def test_who_worked_there_lately_comes_first_within_the_window(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project(dispatch=Dispatch.BOTH)
    work_once(bob, project, crew)
    again = offered_next(crew, project)
    assert again.tutor == bob
    assert (again.reasons["score"]["affinity"], again.reasons["score"]["fairness"]) == (20, 10)
    aged(days=6)
    assert offered_next(crew, project).tutor == bob
    aged(days=2)
    after = offered_next(crew, project)
    assert (after.tutor, after.reasons["score"]["affinity"]) == (alice, 0)


def test_work_of_another_project_gives_no_precedence(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    work_once(bob, crew.project(), crew)
    offer = offered_next(crew, crew.project(dispatch=Dispatch.BOTH))
    assert (offer.tutor, offer.reasons["score"]["affinity"]) == (alice, 0)


def test_work_in_another_role_or_given_back_gives_no_precedence(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob", reviewer=True)
    project = crew.project()
    work_once(bob, project, crew)
    crew.tasks(project)
    taken = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    path = f"/api/v1/work/claims/{taken.public_id}/return/"
    body = {"reason": "Not my field"}
    assert knock(alice.account).post(path, body, format="json").status_code == 200
    pools = pools_by_id(project.pools.values_list("pk", flat=True)).values()
    both = [alice.pk, bob.pk]
    attempts = project.pools.get(role="attempt")
    assert {pool.role for pool in pools} == set(WorkRole)
    assert at_work_lately(pools=list(pools), tutor_ids=both) == {(attempts.pk, bob.pk)}


def test_precedence_never_outweighs_what_is_asked(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project(dispatch=Dispatch.BOTH)
    work_once(bob, project, crew)
    (held,) = Qualification.objects.filter(tutor=bob)
    revoke(qualification=held, reason="Lapsed", actor=crew.ruth, at=moment())
    assert offered_next(crew, project).tutor == alice


def test_explaining_scores_as_the_router_does(crew):
    bob = crew.tutor("Bob")
    project = crew.project(dispatch=Dispatch.BOTH)
    work_once(bob, project, crew)
    (task,) = crew.tasks(project)
    told = explain(task_id=task.pk, tutor_id=bob.pk, role=None, at=moment()).score
    assert route().offers == 1
    assert Offer.objects.get().reasons["score"] == told


def test_a_pool_that_is_only_pulled_from_is_left_alone(crew):
    crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PULL)
    crew.tasks(project)
    assert route().offers == 0


def test_nobody_has_more_than_three_live_offers(crew):
    alice = crew.tutor("Alice", capacity=10)
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project, 8)
    route()
    route()
    assert Offer.objects.filter(tutor=alice, state="offered").count() == 3


def test_a_decline_gives_the_slot_back_with_its_age_and_is_remembered(crew):
    alice = crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.BOTH)
    (task,) = crew.tasks(project)
    opened_at = Slot.objects.get().opened_at
    route()
    offer = Offer.objects.get()
    client = knock(alice.account)
    path = f"/api/v1/work/offers/{offer.public_id}/decline/"
    answer = client.post(path, {"reason": "not my field"}, format="json")
    assert answer.json()["state"] == "declined"
    slot = Slot.objects.get()
    assert (slot.state, slot.opened_at) == ("open", opened_at)
    assert route().offers == 0
    pulled = client.post("/api/v1/work/claims/", {}, format="json")
    assert pulled.status_code == 201 and pulled.json()["task"]["id"] == task.public_id
    sound()


def test_an_expired_offer_goes_back_without_a_mark_and_cools_down(crew):
    crew.tutor("Alice")
    bob = crew.tutor("Bob")
    project = crew.project(dispatch=Dispatch.PUSH, offer_ttl_seconds=20)
    crew.tasks(project)
    route()
    ignored = Offer.objects.get()
    later(seconds=30)
    assert expire_offers(at=moment()) == 1
    assert expire_offers(at=moment()) == 0
    assert route().offers == 1
    assert Offer.objects.get(state="offered").tutor_id != ignored.tutor_id
    assert Exclusion.objects.get().reason == "ignored"
    later(seconds=31 * 60)
    assert forget_exclusions(at=moment()) == 1
    assert bob is not None


def test_pausing_returns_offers(crew):
    alice = crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project)
    route()
    assert recheck_tutor(tutor_id=alice.pk, at=moment()) == 0
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    assert recheck_tutor(tutor_id=alice.pk, at=moment()) == 1
    assert Offer.objects.get().reason == "paused"
    assert Slot.objects.get().state == "open"
    sound()


def test_closing_a_project_stops_offers_and_leaves_work_in_hand(crew):
    alice, bob = crew.tutor("Alice", capacity=1), crew.tutor("Bob", capacity=1)
    project = crew.project(dispatch=Dispatch.BOTH)
    crew.tasks(project, 3)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    route()
    assert Offer.objects.filter(tutor=bob, state="offered").count() == 1
    close(project=project, actor=crew.max, at=moment())
    assert withdraw_from_stopped(project_id=project.pk, at=moment()) == 1
    assert route().offers == 0
    assert claim(account=bob.account, role=WorkRole.ATTEMPT, project_id=None, at=moment()) is None
    body = {"fence": sheet.fence, "answer": ANSWER}
    path = f"/api/v1/work/claims/{sheet.public_id}/submit/"
    assert knock(alice.account).post(path, body, format="json").status_code == 200
    sound()


def test_a_round_offers_no_more_than_the_budget_has_room_for(crew):
    """And who gets nothing of it is offered other work in the next round."""
    people = [crew.tutor(name, capacity=1) for name in ("Alice", "Bob", "Carol")]
    hours = {"expected_seconds": 3_600, "paid_cap_seconds": 3_600, "dispatch": Dispatch.BOTH}
    short = crew.project(**hours, budget_minor=1, priority=90)
    rate = 5_500
    ProjectBudget.objects.filter(project=short).update(total_minor=2 * rate - 1)
    crew.tasks(short, 3)
    crew.tasks(crew.project(**hours, priority=10), 3)
    assert route().offers == 1
    first = Offer.objects.get()
    assert (first.pool.project_id, first.rate_minor_hourly) == (short.pk, rate)
    assert route().offers == 2
    assert set(Offer.objects.exclude(pk=first.pk).values_list("pool__project", flat=True)) == {
        short.pk + 1
    }
    decline(account=first.tutor.account, offer_id=first.pk, reason="No.", at=moment())
    assert len({o.tutor_id for o in Offer.objects.all()}) == len(people)
    sound()


def test_offers_that_the_budget_has_no_room_for_any_more_go_back(crew):
    alice, bob, carol = (crew.tutor(name, capacity=1) for name in ("Alice", "Bob", "Carol"))
    project = crew.project(
        dispatch=Dispatch.BOTH, expected_seconds=3_600, paid_cap_seconds=3_600, budget_minor=11_000
    )
    crew.tasks(project, 3)
    assert route().offers == 2
    assert withdraw_from_spent(at=moment()) == 0
    without = next(t for t in (alice, bob, carol) if not Offer.objects.filter(tutor=t).exists())
    held = claim(account=without.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    assert held is not None, "an offer holds no money"
    accepted, left = Offer.objects.order_by("pk")
    accept(account=accepted.tutor.account, offer_id=accepted.pk, at=moment())
    assert withdraw_from_spent(at=moment()) == 1
    left.refresh_from_db()
    assert (left.state, left.reason, left.slot.state) == ("withdrawn", "budget_spent", "open")
    assert withdraw_from_spent(at=moment()) == 0
    sound()


def test_relaxing_is_monotone_and_keeps_what_is_hard(crew):
    alice = crew.tutor("Alice")
    project = crew.project(requirements=MATHS)
    crew.tasks(project)
    assert claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment()) is None
    assert relax_pools(at=moment()) == 0
    later(seconds=121 * 60)
    assert relax_pools(at=moment()) == 1
    assert relax_pools(at=moment()) == 0
    strict, soft = Pool.objects.filter(project=project, role="attempt").order_by("step")
    assert Slot.objects.get().pool_id == soft.pk
    hard = {r["id"] for r in strict.document["rules"] if r["mode"] == "hard"}
    assert hard <= {r["id"] for r in soft.document["rules"]}
    assert claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    sound()


def test_answers_nobody_judges_are_accepted_after_a_week(crew):
    alice = crew.tutor("Alice")
    (task,) = crew.tasks(crew.project())
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    body = {"fence": sheet.fence, "answer": ANSWER}
    knock(alice.account).post(f"/api/v1/work/claims/{sheet.public_id}/submit/", body, format="json")
    assert accept_overdue(at=moment()) == 0
    later(seconds=8 * 24 * 3_600)
    assert accept_overdue(at=moment()) == 1
    assert accept_overdue(at=moment()) == 0
    task.refresh_from_db()
    assert (task.state, Claim.objects.get().state) == ("done", "accepted")


def test_higher_priority_first_then_older(crew):
    alice = crew.tutor("Alice", capacity=4)
    project = crew.project()
    crew.tasks(project, 2, priority=50)
    crew.tasks(project, 2, priority=80)
    taken = [
        claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
        for _ in range(4)
    ]
    order = [sheet.task_id for sheet in taken if sheet]
    ids = sorted(order)
    assert order == [ids[2], ids[3], ids[0], ids[1]]


def test_an_old_task_is_taken_before_newcomers_of_any_priority(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    (old,) = crew.tasks(project, 1, priority=0)
    later(seconds=51 * 3_600)
    crew.tasks(project, 5, priority=100)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    assert sheet.task_id == old.pk


def waiting_since(task, *, minutes):
    moved = F("opened_at") - timedelta(minutes=minutes)
    Slot.objects.filter(task=task).update(opened_at=moved)


@pytest.mark.parametrize("pushed", [False, True])
def test_what_can_still_be_in_time_comes_before_what_is_late(crew, pushed):
    """Neither the eldest, which is as good as late, nor the newest, but the eldest that is in time:
    twice the ten minutes that it should take are left of its hour.
    """
    alice = crew.tutor("Alice", capacity=1)
    project = crew.project(dispatch=Dispatch.BOTH, sla_minutes=60)
    late, pressed, _fresh = crew.tasks(project, 3)
    waiting_since(late, minutes=41)
    waiting_since(pressed, minutes=40)
    if pushed:
        assert route().offers == 1
        assert Offer.objects.get().task_id == pressed.pk
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    assert sheet.task_id == pressed.pk


def test_a_round_reads_what_can_still_be_in_time_among_many(crew):
    """One of each: the most urgent, the eldest, the eldest in time; not the one between them."""
    project = crew.project(dispatch=Dispatch.PUSH, sla_minutes=60)
    late, pressed, between = crew.tasks(project, 3)
    (urgent,) = crew.tasks(project, 1, priority=80)
    for task, minutes in ((late, 41), (pressed, 40), (between, 30)):
        waiting_since(task, minutes=minutes)
    pools = {pool.pool_id: pool for pool in pools_waiting(queue="stem")}
    seen = {slot.task_id for slot in waiting_slots(most=dict.fromkeys(pools, 1), pools=pools)}
    assert seen == {late.pk, pressed.pk, urgent.pk}


def test_a_pool_is_as_urgent_as_its_eldest_that_can_be_in_time(crew):
    alice = crew.tutor("Alice")
    other, project = crew.project(), crew.project(sla_minutes=60)
    crew.tasks(other, 1, priority=60)
    late, pressed, _fresh = crew.tasks(project, 3)
    waiting_since(late, minutes=41)
    held = hold_person(account_id=alice.account_id, at=moment())

    def first():
        ahead = ahead_of(held=held, role=WorkRole.ATTEMPT, project_id=None, at=moment())
        return ahead.pools[0].project_id

    assert first() == other.pk
    waiting_since(pressed, minutes=40)
    assert first() == project.pk


def test_what_asks_for_another_field_does_not_lie_ahead(crew):
    alice = crew.tutor("Alice", speciality="stem.mathematics")

    def asking(*tests):
        rules = [{"id": f"r{n}", "mode": "hard", "test": test} for n, test in enumerate(tests)]
        project = crew.project(requirements={"schema": 1, "name": "asked", "rules": rules})
        crew.tasks(project, 1)
        return project.pk

    def qualified(speciality):
        return {"kind": "qualification", "speciality": speciality, "level_min": 1}

    own, wider = asking(qualified("stem.mathematics")), asking(qualified("stem"))
    either = asking({"any": [qualified("stem.physics"), qualified("finance")]})
    nothing = asking()
    asking(qualified("stem.physics"))
    asking(qualified("stem.mathematics"), qualified("stem.mathematics.algebra"))
    held = hold_person(account_id=alice.account_id, at=moment())
    ahead = ahead_of(held=held, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    assert {pool.project_id for pool in ahead.pools} == {own, wider, either, nothing}


def test_a_zone_that_changed_while_she_was_held_counts_all_the_same(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 1)
    asked = {"role": WorkRole.ATTEMPT, "project_id": None, "at": moment()}
    held = hold_person(account_id=alice.account_id, at=moment())
    with counting() as once:
        ahead = ahead_of(held=held, **asked)
    with counting() as twice:
        assert ahead_of(held=replace(held, zone="Pacific/Kiritimati"), **asked) == ahead
    assert (len(once), len(twice)) == (1, 2)


@pytest.mark.parametrize("minutes", [0, 7, 40, 41, 42, 60, 61, 30_000])
def test_the_statements_score_a_slot_as_the_rule_does(crew, minutes):
    project = crew.project(sla_minutes=61)
    (task,) = crew.tasks(project, 1, priority=63)
    waiting_since(task, minutes=minutes)
    score = score_of("slot", sla="project.sla_minutes", timely=TIMELY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {score} FROM {TABLES} JOIN tasks_slot slot ON slot.pool_id = pool.id"
            " WHERE slot.task_id = %s",
            [task.pk],
        )
        (told,) = cursor.fetchone()
    assert told == ranking.urgency(
        priority=63, waited_minutes=minutes, sla_minutes=61, expected_seconds=600
    )


@pytest.mark.parametrize(
    ("sla", "expected", "timely"),
    [(61, 600, [41, 51]), (60, 1_201, [30, 40]), (7, 2, [7, 7]), (None, 600, [0, 0])],
)
def test_the_statements_know_how_long_work_can_be_in_time(crew, sla, expected, timely):
    """A review is expected to take half of the attempt, so it can be in time for longer."""
    project = crew.project(sla_minutes=sla, expected_seconds=expected)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pool.id, coalesce({TIMELY}, 0) FROM {TABLES} WHERE project.id = %s"
            " AND pool.role <> 'adjudicate' ORDER BY pool.role",
            [project.pk],
        )
        told = dict(cursor.fetchall())
    assert list(told.values()) == timely
    assert told == {key: pool.timely_minutes for key, pool in pools_by_id(told).items()}


@pytest.mark.parametrize("late_minutes", [20_160, 43_200])
def test_late_work_is_offered_and_taken_when_nothing_else_waits(crew, late_minutes):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob", capacity=1)
    project = crew.project(dispatch=Dispatch.BOTH, sla_minutes=60)
    set_policy(
        owner=project,
        document={"late_minutes": late_minutes},
        seen=0,
        note="Late work waits",
        actor=crew.max,
        at=moment(),
    )
    for task in crew.tasks(project, 2):
        waiting_since(task, minutes=61)
    assert route().offers == 2
    for tutor in (alice, bob):
        assert claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())


def test_explain_agrees_with_claiming_for_everybody(crew):
    everybody = {
        "able": crew.tutor("Alice"),
        "elsewhere": crew.tutor("Zoe", speciality="medicine.psychiatry"),
        "without a contract": crew.tutor("Walt", contract=False),
        "reviewer": crew.tutor("Rita", reviewer=True),
    }
    paused = crew.tutor("Paul")
    set_presence(tutor=paused, state=Presence.PAUSED, actor=paused.account, at=moment())
    everybody["paused"] = paused
    for tutor in everybody.values():
        project = crew.project()
        (task,) = crew.tasks(project)
        told = explain(task_id=task.pk, tutor_id=tutor.pk, role=None, at=moment())
        answer = knock(tutor.account).post(
            "/api/v1/work/claims/", {"project": project.public_id}, format="json"
        )
        assert (answer.status_code == 201) == told.eligible, (tutor, told)
        after = explain(task_id=task.pk, tutor_id=tutor.pk, role=None, at=moment())
        assert not (told.eligible and after.eligible)


def test_figures_are_kept_by_folding(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 3)
    sheet = claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    later(seconds=60)
    body = {"fence": sheet.fence, "answer": ANSWER}
    knock(alice.account).post(f"/api/v1/work/claims/{sheet.public_id}/submit/", body, format="json")
    assert fold_figures(at=moment()) > 0
    assert fold_figures(at=moment()) == 0
    counter = project.pools.get(role="attempt", step=0).counter
    assert (counter.waiting, counter.in_hand) == (2, 0)
    assert counter.oldest_at is not None
    from tasks.models import DomainHour

    hour = DomainHour.objects.get(domain=project.domain)
    assert (hour.claimed, hour.submitted) == (1, 1)
    assert hour.seconds >= 60
    sound()


def test_waiting_is_seen_in_the_score(crew):
    alice = crew.tutor("Alice")
    (task,) = crew.tasks(crew.project(sla_minutes=60))
    before = explain(task_id=task.pk, tutor_id=alice.pk, role=None, at=moment()).score
    later(seconds=2_400)
    after = explain(task_id=task.pk, tutor_id=alice.pk, role=None, at=moment()).score
    assert after["waited"] - before["waited"] == 40
    assert (before["sla"], after["sla"]) == (0, 1_920)
    later(seconds=60)
    late = explain(task_id=task.pk, tutor_id=alice.pk, role=None, at=moment()).score
    assert late["sla"] == -20_160


def test_people_of_many_rates_are_rounded_to_fewer_kinds(crew):
    """Alice's facts under so many contracts: each ten of a rate are five minutes of the score."""
    alice = crew.tutor("Alice")
    project = crew.project(dispatch=Dispatch.PUSH)
    crew.tasks(project)
    pools = {pool.pool_id: pool for pool in pools_waiting(queue="stem")}
    (facts,) = facts_for(tutor_ids=[alice.pk], at=moment()).values()
    asked = asked_by(requirements_of(pools.values()).values())
    people = {each.key: each for each in (paid(facts, n, asked) for n in range(KINDS_MAX + 1))}
    judge = Judge(pools, requirements_of(pools.values()), at=moment())
    few = judge.kinds(dict(list(people.items())[:KINDS_MAX]))
    assert len(set(few.values())) == KINDS_MAX
    many = judge.kinds(people)
    assert len(many) == KINDS_MAX + 1 and "" not in many.values()
    assert len(set(many.values())) == 251


def paid(facts, number, asked):
    rate = ContractRateFacts(minor_hourly=2_000 + 1_000 * number)
    own = replace(facts, contract=replace(facts.contract, rates=(rate,)))
    profile = profile_of(own, asked=asked, at=moment())
    return Known(
        version=(1, False),
        key=profile.key,
        skills=profile.skills,
        zone="UTC",
        capacity=1,
        cap_seconds_week=None,
        kept=pickle.dumps(own),
    )
