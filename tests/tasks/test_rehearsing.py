"""A past period is told as it was, and played again under another policy."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from tasks.models import Claim, Rehearsal, RoutingPolicy
from tasks.operations import rehearsing
from tasks.operations.claiming import claim
from tasks.operations.policing import set_policy
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.submitting import submit
from tasks.operations.working import skip
from tasks.queries.handing_in import in_hand
from tasks.queries.stages import habits_of, past_of
from tasks.rules.free_time import outside
from tasks.rules.rehearsing import CannotRehearse, period
from tasks.rules.simulating import SimPool
from tasks.rules.simulating.scenes import Earlier
from tasks.rules.simulating.staging import (
    Able,
    Answered,
    Came,
    EarlierAttempts,
    Habit,
    happened,
    stage,
)
from tasks.rules.states import Dispatch, RehearsalState, ReviewDecision, WorkRole
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, Crew, moment
from tests.tasks.statements import counting
from tests.tasks.test_pages_ops_routing import filled, url
from tests.tasks.visiting import text_of, visitor
from tutors.operations.onboarding import change_profile
from tutors.operations.presence import set_presence
from tutors.operations.qualifying import grant
from tutors.rules.states import Presence
from workforce.models import Domain, Event
from workforce.rules.roles import Role

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NOON = moment().replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
POOLS = {1: SimPool(pool=1, level_min=1, expected_minutes=10, sla_minutes=30)}


# --- The rules ------------------------------------------------------------------------------


def came(slot, minute, answered=None):
    own = answered and Answered(
        tutor=7,
        begun=NOON + answered[0] * MINUTE,
        ended=NOON + answered[1] * MINUTE,
        seconds=answered[2],
        cost_minor=500,
    )
    return Came(slot=slot, pool=1, opened_at=NOON + minute * MINUTE, priority=50, answered=own)


def test_work_of_then_becomes_arrivals_with_the_minutes_it_took():
    """She takes twice as long as expected, so 40 of her minutes are 20 of anybody's."""
    slow = Habit(worked_seconds=40_000, expected_seconds=10_000, tasks=1_000)
    able = Able(tutor=7, levels={1: 2}, rates={1: 6_000}, shifts=[(NOON, NOON + HOUR)], habit=slow)
    work = [came(2, 5), came(1, -90, (10, 50, 2_400))]
    made = stage(came=work, people=[able], pools=POOLS, since=NOON, until=NOON + HOUR, seed=1)
    assert slow.pace == pytest.approx(4.0, abs=0.02)
    assert [(a.slot, a.minute, a.minutes_of_work) for a in made.arrivals] == [
        (1, -90, 10),
        (2, 5, 10),
    ]
    assert made.pools[1].expected_minutes == 10
    assert made.workers[0].shifts == [(0, 60)]
    assert made.minutes == 60


def test_what_was_done_before_stands_on_its_day_of_the_week():
    """A Wednesday: of Monday, and of Thursday, which was in hand when the period began."""
    since = datetime(2026, 11, 25, 10, tzinfo=UTC)
    early = [
        EarlierAttempts(tutor=7, project=3, day=date(2026, 11, day), attempts=day)
        for day in (26, 23)
    ]
    made = stage(
        came=[], people=[], pools=POOLS, since=since, until=since + HOUR, seed=1, earlier=early
    )
    assert made.earlier == [Earlier(0, 3, 7, 23), Earlier(2, 3, 7, 26)]


def test_what_happened_is_counted_by_the_end_of_the_period():
    """Late: answered after 35 minutes, and the one that still waits after an hour."""
    work = [came(1, 0, (5, 20, 900)), came(2, 0, (20, 35, 900)), came(3, 0), came(4, 50)]
    was = happened(came=work, pools=POOLS, until=NOON + HOUR)
    assert (was.tasks, was.done, was.waiting, was.late) == (4, 2, 2, 2)
    assert (was.wait_median, was.cost_minor, was.cost_per_task) == (20, 1_000, 500)


def test_little_experience_counts_little():
    assert Habit().says_yes == pytest.approx(0.9)
    assert Habit(declined=10).says_yes == pytest.approx(0.45)
    assert Habit(accepted=90, ignored=10).ignores == pytest.approx(10.4 / 110)
    assert Habit(worked_seconds=1_200, expected_seconds=600, tasks=1).pace == pytest.approx(7 / 6)


@pytest.mark.parametrize(
    ("since", "until", "named"),
    [
        (-2, 1, "until"),
        (-0.5, 0, "since"),
        (-24 * 15, 0, "since"),
        (-24 * 91, -24 * 90, "since"),
    ],
)
def test_a_period_lies_behind_us_and_is_of_some_length(since, until, named):
    with pytest.raises(CannotRehearse) as refused:
        period(since=NOON + since * HOUR, until=NOON + until * HOUR, at=NOON)
    assert list(refused.value.errors) == [named]


# --- The past of a queue ----------------------------------------------------------------------


@pytest.fixture
def crew(db):
    """Everybody came to work five hours ago."""
    return Crew(at=moment() - 5 * HOUR)


@pytest.fixture
def project(crew):
    return crew.project(sla_minutes=120, dispatch=Dispatch.BOTH)


def take(tutor):
    held = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    assert held is not None
    return held


def hand_in(tutor, held):
    own = in_hand(claim_id=held.claim_id, account_id=tutor.account.pk)
    submit(account=tutor.account, own=own, fence=held.fence, answer=ANSWER, at=moment())


def present(tutor, *, since):
    set_presence(tutor=tutor, state=Presence.TAKING_WORK, actor=tutor.account, at=since)


@pytest.fixture
def busy(crew, project):
    """Twelve tasks, 200 minutes old; Alice did one of them, 100 minutes ago, in a quarter hour."""
    alice = crew.tutor("Alice", level=2)
    present(alice, since=crew.at)
    crew.tasks(project, 12)
    held = take(alice)
    later(seconds=900)
    hand_in(alice, held)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_slot SET opened_at = opened_at - interval '185 minutes'")
        cursor.execute(
            "UPDATE tasks_claim SET claimed_at = claimed_at - interval '100 minutes',"
            " ended_at = ended_at - interval '100 minutes'"
        )
    return alice


def past(project, crew):
    return past_of(owner=project, since=crew.at, until=moment(), at=moment())


def test_the_past_of_a_queue_is_told(crew, project, busy):
    found = past(project, crew)
    attempts = [each for each in found.came if found.pools[each.pool].role is WorkRole.ATTEMPT]
    answered = [each.answered for each in attempts if each.answered]
    assert (len(attempts), len(answered)) == (12, 1)
    assert (answered[0].tutor, round(answered[0].seconds, -2)) == (busy.pk, 900)
    (able,) = found.people
    pool = attempts[0].pool
    assert (able.levels[pool], able.rates[pool]) == (2, answered[0].cost_minor * 4)
    assert found.own == frozenset(found.pools)
    assert not found.slots_left_out and found.people_left_out == 0


def test_hands_are_those_of_today_and_time_for_other_queues_is_not_there(crew, project, busy):
    """Her quarter hour of mathematics is missing where another queue looks at her."""
    more = {"speciality": "medicine.psychiatry", "level": 1, "expires_at": None}
    grant(tutor=busy, **more, actor=crew.ruth, at=crew.at)
    ward = crew.project(name="Ward", domain="medicine.psychiatry", dispatch=Dispatch.BOTH)
    crew.tasks(ward)
    until = moment()
    (here,), (there,) = (
        past_of(owner=owner, since=crew.at, until=until, at=until).people
        for owner in (project, ward)
    )
    assert (here.hands, there.hands) == (3, 3)
    assert here.shifts == [(crew.at, until)]
    assert len(there.shifts) in (1, 2)  # after the answer lie the milliseconds until now
    left = sum((ends - begins for begins, ends in there.shifts), timedelta())
    assert until - crew.at - left == pytest.approx(timedelta(seconds=900), abs=5 * SECOND)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 60)]),
        ([(10, 20), (30, 40)], [(0, 10), (20, 30), (40, 60)]),
        ([(30, 40), (10, 35)], [(0, 10), (40, 60)]),
        ([(-5, 5), (50, 70)], [(5, 50)]),
        ([(-5, 70)], []),
        ([(60, 70), (-9, 0)], [(0, 60)]),
    ],
)
def test_what_lies_outside_of_what_was_taken(taken, left):
    spans = [[(NOON + a * MINUTE, NOON + b * MINUTE) for a, b in some] for some in (taken, left)]
    assert outside([(NOON, NOON + HOUR)], spans[0]) == spans[1]


def test_who_was_away_or_may_not_plays_no_part(crew, project, busy):
    crew.tutor("Bob", speciality="medicine.psychiatry")
    away = crew.tutor("Cleo")
    set_presence(tutor=away, state=Presence.PAUSED, actor=away.account, at=crew.at)
    assert [each.tutor for each in past(project, crew).people] == [busy.pk]


def test_the_statements_do_not_grow_with_the_work(crew, project, busy):
    with counting() as few:
        past(project, crew)
    crew.tasks(project, 20)
    present(crew.tutor("Dora"), since=crew.at)
    with counting() as more:
        past(project, crew)
    assert len(more) == len(few)


def test_habits_are_of_the_last_offers_and_claims(busy):
    habit = habits_of(tutor_ids=[busy.pk])[busy.pk]
    assert (habit.accepted, habit.tasks, habit.expected_seconds) == (0, 1, 600)


@pytest.fixture
def other(crew, project, busy):
    """Another project of the domain with a policy of its own, and two waiting tasks."""
    other = crew.project(name="Other", dispatch=Dispatch.BOTH)
    set_policy(
        owner=other, document={"cost_percent": 1}, seen=0, note="Own", actor=crew.max, at=moment()
    )
    crew.tasks(other, 2)
    return other


def projects_of(found, pools):
    return {found.pools[pool].project_id for pool in pools}


def test_each_owner_has_its_own_part_of_the_queue(crew, project, other):
    """The domain's policy holds where a project has none; both see the whole queue."""
    mathematics = Domain.objects.get(slug="stem.mathematics")
    for owner, mine in ((mathematics, project), (project, project), (other, other)):
        found = past_of(owner=owner, since=crew.at, until=moment() + MINUTE, at=moment())
        assert projects_of(found, found.own) == {mine.pk}
        assert projects_of(found, found.pools) == {project.pk, other.pk}


def test_an_answer_counts_whoever_held_the_slot_before_and_after(crew, project):
    """Bob skips, Alice answers, Rita rejects it, and Cleo holds the slot now."""
    alice, bob, cleo = (crew.tutor(name) for name in ("Alice", "Bob", "Cleo"))
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(project)
    first = take(bob)
    skip(account=bob.account, claim_id=first.claim_id, reason="Not now", at=moment())
    hand_in(alice, take(alice))
    judging = claim(account=rita.account, role=WorkRole.REVIEW, project_id=None, at=moment())
    seen = open_for_review(account=rita.account, submission_id=judging.judged.submission_id)
    no = Judgement(decision=ReviewDecision.REJECT, category="wrong", note="It is not.")
    decide(account=rita.account, seen=seen, judgement=no, at=moment())
    assert take(cleo).task_id == first.task_id
    found = past_of(owner=project, since=crew.at, until=moment() + MINUTE, at=moment())
    attempts = [each for each in found.came if found.pools[each.pool].role is WorkRole.ATTEMPT]
    assert [each.answered.tutor for each in attempts] == [alice.pk]


# --- Asked, played, stopped -------------------------------------------------------------------


def ask(crew, project, document=None):
    return rehearsing.rehearse_policy(
        owner=project,
        document=document or {"cost_percent": 0},
        since=crew.at,
        until=moment(),
        actor=crew.max,
        at=moment(),
    )


def play(asked):
    rehearsing.play_rehearsal(rehearsal_id=asked.pk, at=moment())
    asked.refresh_from_db()
    return asked


def test_a_dry_run_tells_both_policies_and_changes_neither(crew, project, busy):
    done = play(ask(crew, project))
    assert (done.state, done.percent, done.trouble) == (RehearsalState.DONE, 100, "")
    own = {name: parts["own"] for name, parts in done.answer["sides"].items()}
    assert own["before"]["tasks"] == own["after"]["tasks"] == 13
    assert done.answer["was"]["own"]["done"] == 1
    assert own["after"]["done"] >= 8 and done.answer["people"] == 1
    assert done.question["before"]["cost_percent"] == 300
    assert done.question["after"]["cost_percent"] == 0
    assert not RoutingPolicy.objects.exists()
    kinds = Event.objects.filter(subject=done.public_id).order_by("id")
    assert [event.kind for event in kinds] == ["tasks.rehearsal_asked", "tasks.rehearsal_ended"]


def test_a_head_start_shows_in_the_waits(crew, project, busy):
    """Alice is of level 2: with a head start of an hour for level 3 she begins an hour later."""
    held = {"specialist_first_minutes": 60, "specialist_level": 3}
    sides = play(ask(crew, project, held)).answer["sides"]
    assert 0 < sides["before"]["own"]["hours"][2] < sides["after"]["own"]["hours"][2] == 13


def test_what_is_too_heavy_for_everybody_is_not_done_in_a_dry_run(crew, project, busy):
    """Alice has three hands: she does reviews nowhere, and attempts that fill four never."""
    own = play(ask(crew, project, {"attempt_weight": 4})).answer["sides"]
    assert own["before"]["own"]["done"] >= 8
    assert own["after"]["own"]["done"] == 0


def test_a_pause_after_answers_leaves_more_waiting_in_a_dry_run(crew, project, busy):
    one = change_profile(tutor=busy, changes={"capacity": 1}, actor=crew.ruth, at=moment())
    assert one.capacity == 1
    own = play(ask(crew, project, {"wrap_up_seconds": 1_800})).answer["sides"]
    assert own["before"]["own"]["done"] > own["after"]["own"]["done"] > 0


@pytest.mark.parametrize(("days", "done"), [(3, 0), (8, 2)])
def test_what_she_did_before_the_period_counts_for_her_share(crew, project, busy, days, done):
    """Alone she may have two of nothing yet; two of three days before are those already."""
    for _ in range(2):
        hand_in(busy, take(busy))
    ended = moment() - timedelta(days=days)
    early = Claim.objects.order_by("-pk").values_list("pk", flat=True)[:2]
    Claim.objects.filter(pk__in=list(early)).update(claimed_at=ended - MINUTE, ended_at=ended)
    half = {"concentration_percent": 50, "concentration_attempts_min": 2}
    sides = play(ask(crew, project, half)).answer["sides"]
    assert sides["after"]["own"]["done"] == done < sides["before"]["own"]["done"]


def test_a_dry_run_is_stopped_and_stays_so(crew, project, busy):
    asked = ask(crew, project)
    rehearsing.stop_rehearsal(rehearsal=asked, actor=crew.max, at=moment())
    assert play(asked).state == RehearsalState.STOPPED
    with pytest.raises(rehearsing.RehearsalOver):
        rehearsing.stop_rehearsal(rehearsal=asked, actor=crew.max, at=moment())


def test_what_a_lost_worker_began_begins_anew(crew, project, busy):
    asked = ask(crew, project)
    Rehearsal.objects.filter(pk=asked.pk).update(state=RehearsalState.RUNNING, percent=70)
    assert play(asked).state == RehearsalState.DONE


def test_what_cannot_be_played_says_so_and_does_not_come_back(crew, project, busy):
    asked = ask(crew, project)
    Rehearsal.objects.filter(pk=asked.pk).update(question={**asked.question, "after": {"x": 1}})
    failed = play(asked)
    assert failed.state == RehearsalState.FAILED
    assert failed.trouble.startswith("CannotReadPolicy")


def test_one_person_has_three_at_a_time(crew, project):
    for _ in range(3):
        ask(crew, project)
    with pytest.raises(rehearsing.TooManyRehearsals):
        ask(crew, project)
    assert Rehearsal.objects.count() == 3


# --- Pages and API ----------------------------------------------------------------------------


def test_a_manager_begins_looks_and_goes_on_with_the_values(crew, project, busy):
    miriam = visitor(crew.max)
    sent = filled(act="rehearse", note="", cost_percent=7, period="week")
    begun = miriam.post(url(project), sent)
    row = Rehearsal.objects.get()
    page = f"/ops/rehearsals/{row.public_id}/"
    assert (begun.status_code, begun["Location"]) == (303, page)
    assert "Waiting" in text_of(miriam.get(page))
    play(row)
    shown = text_of(miriam.get(page))
    assert (
        "As it really was" in shown
        and "So few tasks say little" in shown
        and "Weight of pay, percent" in shown
    )
    assert "Its own work" in shown
    progress = miriam.get(f"{page}?part=progress")
    assert progress["HX-Refresh"] == "true"
    again = text_of(miriam.get(f"{url(project)}?values={row.public_id}"))
    assert 'name="cost_percent" value="7"' in again and row.public_id in again


def test_moments_are_asked_for_where_they_are_needed(crew, project):
    miriam = visitor(crew.max)
    sent = filled(act="rehearse", note="", period="chosen")
    assert "Say when, as 2026-11-25 08:00." in text_of(miriam.post(url(project), sent))
    future = filled(
        act="rehearse", note="", period="chosen", since="2100-01-01T00:00", until="2100-01-02T00:00"
    )
    refused = miriam.post(url(project), future)
    assert refused.status_code == 422
    assert "This must not lie in the future." in text_of(refused)
    assert not Rehearsal.objects.exists()


def test_readers_look_and_managers_stop(crew, project):
    asked = ask(crew, project)
    felix = visitor(person("Felix", Role.FINANCE))
    page = f"/ops/rehearsals/{asked.public_id}/"
    assert felix.get(page).status_code == 200
    assert felix.post(f"{page}stop/").status_code == 403
    stopped = visitor(crew.max).post(f"{page}stop/", follow=True)
    assert "Stopped. Nothing was changed." in text_of(stopped)
    assert "There is no answer." in text_of(stopped)


def test_the_same_over_http(crew, project, busy):
    path = f"/api/v1/ops/projects/{project.public_id}/routing-policy/rehearsals/"
    body = {"policy": {"cost_percent": 9}, "since": crew.at, "until": moment()}
    asked = knock(crew.max).post(path, body, format="json")
    assert asked.status_code == 202, asked.json()
    said = asked.json()
    assert (said["state"], said["of"], said["answer"]) == ("waiting", project.public_id, None)
    play(Rehearsal.objects.get())
    found = knock(crew.max).get(f"/api/v1/ops/rehearsals/{said['id']}/").json()
    assert found["state"] == "done" and found["answer"]["sides"]["after"]["own"]["tasks"] == 13
    bad = knock(crew.max).post(path, body | {"policy": {"cost_percent": -1}}, format="json")
    assert bad.status_code == 400 and "policy.cost_percent" in bad.json()["errors"]
    assert Rehearsal.objects.count() == 1
