"""What a routing policy does: to pulls, offers and explanations, on the same rules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import Claim, Exclusion, Offer, Slot
from tasks.operations.offering import decline, expire_offers
from tasks.operations.policing import set_policy
from tasks.operations.pooling import fold_figures
from tasks.operations.routing import route_queue
from tasks.queries.queue import queue_of
from tasks.rules.states import Dispatch
from tests.jobs import catch_up
from tests.people import knock
from tests.tasks.crew import ANSWER, moment
from tests.tasks.statements import counting
from tests.tasks.test_policy_versions import sound
from workforce.models import Domain

pytestmark = pytest.mark.django_db


def ruled(crew, *, priority_dispatch=Dispatch.BOTH, **policy):
    """A project under that policy."""
    project = crew.project(dispatch=priority_dispatch)
    set_policy(owner=project, document=policy, seen=0, note="Try", actor=crew.max, at=moment())
    return project


def pull(tutor, project=None):
    body = {"project": project.public_id} if project else {}
    return knock(tutor.account).post("/api/v1/work/claims/", body, format="json")


def taken(tutor, project=None):
    answer = pull(tutor, project)
    assert answer.status_code == 201, (answer.status_code, getattr(answer, "data", None))
    return Claim.objects.get(pk=int(answer.json()["id"].removeprefix("CL-")))


def hand_in(claim):
    path = f"/api/v1/work/claims/{claim.public_id}/submit/"
    body = {"fence": claim.fence, "answer": ANSWER}
    assert knock(claim.tutor.account).post(path, body, format="json").status_code == 200


def work(tutor, project, *, times=1):
    for _ in range(times):
        hand_in(taken(tutor, project))


def explained(crew, task, tutor):
    path = f"/api/v1/tasks/{task.public_id}/explain/"
    return knock(crew.max).get(path, {"tutor": tutor.public_id}).json()


def refusals(explanation):
    return {v["code"]: v["turn"] for v in explanation["verdicts"] if not v["passed"]}


def fold(crew):
    while fold_figures(at=crew.at):
        pass


def aged(task, *, minutes):
    opened = timezone.now() - timedelta(minutes=minutes)
    Slot.objects.filter(task=task, role="attempt").update(opened_at=opened)


# --- Weights ----------------------------------------------------------------------------------


def test_a_claim_goes_by_the_weights_of_the_policy(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, minutes_per_priority_step=1)
    (urgent,) = crew.tasks(project, priority=90)
    (old,) = crew.tasks(project, priority=10)
    aged(old, minutes=81)
    assert taken(alice).task_id == old.pk
    assert explained(crew, urgent, alice)["score"]["priority"] == 90


def test_pools_are_compared_each_by_its_own_policy(crew):
    alice = crew.tutor("Alice", capacity=5)
    heavy = ruled(crew, minutes_per_priority_step=60)
    light = ruled(crew, minutes_per_priority_step=1)
    usual = crew.project()
    for project in (light, usual, heavy):
        crew.tasks(project, priority=50)
    order = [taken(alice).project_id for _ in range(3)]
    assert order == [heavy.pk, usual.pk, light.pk]


def test_sla_pressure_of_the_policy_decides_between_pools(crew):
    alice = crew.tutor("Alice")
    calm, pressed = crew.project(sla_minutes=60), crew.project(sla_minutes=60)
    set_policy(
        owner=calm,
        document={"sla_pressure_minutes": 0},
        seen=0,
        note="Calm",
        actor=crew.max,
        at=moment(),
    )
    (first,), (second,) = crew.tasks(calm), crew.tasks(pressed)
    aged(first, minutes=40)
    aged(second, minutes=39)
    assert explained(crew, first, alice)["score"]["sla"] == 0
    assert explained(crew, second, alice)["score"]["sla"] == 1_872
    assert taken(alice).task_id == second.pk


def test_how_far_late_work_stands_behind_is_the_policys(crew):
    """Ten minutes longer late, but a day behind instead of two weeks."""
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    usual, soon = crew.project(sla_minutes=60), crew.project(sla_minutes=60)
    set_policy(
        owner=soon,
        document={"late_minutes": 1_440},
        seen=0,
        note="The eldest first",
        actor=crew.max,
        at=moment(),
    )
    (fresh,), (first,), (second,) = crew.tasks(usual), crew.tasks(usual), crew.tasks(soon)
    aged(first, minutes=2_000)
    aged(second, minutes=1_990)
    assert explained(crew, first, alice)["score"]["sla"] == -20_160
    assert explained(crew, second, alice)["score"]["sla"] == -1_440
    assert taken(alice).task_id == second.pk
    assert taken(bob).task_id == fresh.pk


def test_whom_the_client_prefers_has_a_term_of_the_score_and_pulls_there_first(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    elsewhere = crew.project()
    project = ruled(crew, preferred_tutors=[alice.public_id], preferred_minutes=45)
    (other,), (task,) = crew.tasks(elsewhere), crew.tasks(project)
    aged(other, minutes=30)
    assert explained(crew, task, alice)["score"]["preferred"] == 45
    assert explained(crew, task, bob)["score"]["preferred"] == 0
    assert explained(crew, task, alice)["policy"] == {
        "scope": "project",
        "of": project.public_id,
        "version": 1,
    }
    assert taken(alice).project_id == project.pk
    assert taken(bob).project_id == elsewhere.pk


def test_a_policy_costs_a_claim_no_statement(crew):
    alice = crew.tutor("Alice", capacity=9)
    usual = crew.project()
    project = ruled(
        crew,
        specialist_first_minutes=5,
        concentration_percent=90,
        preferred_tutors=[alice.public_id],
    )
    crew.tasks(usual, 2)
    for task in crew.tasks(project, 2):
        aged(task, minutes=6)
    client = knock(alice.account)
    seen = {}
    for each in (usual, project, usual, project):
        with counting() as counted:
            client.post("/api/v1/work/claims/", {"project": each.public_id}, format="json")
        seen[each.pk] = len(counted)
    assert Claim.objects.count() == 4
    assert seen[usual.pk] == seen[project.pk], seen


# --- Windows ----------------------------------------------------------------------------------


def test_how_long_a_decline_and_a_silence_hold_is_the_policys(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, decline_days=2, cool_down_minutes=5)
    crew.tasks(project, 2)
    pool = project.pools.get(role="attempt", step=0)
    route_queue(queue="stem", at=moment())
    first, second = Offer.objects.order_by("id")
    decline(account=alice.account, offer_id=first.pk, reason="Not mine", at=moment())
    held = Exclusion.objects.get(task=first.task)
    assert timedelta(days=2) - (held.excluded_until - timezone.now()) < timedelta(minutes=1)
    Offer.objects.filter(pk=second.pk).update(expires_at=timezone.now())
    assert expire_offers(at=moment()) == 1
    cooled = Exclusion.objects.get(pool=pool)
    assert timedelta(minutes=5) - (cooled.excluded_until - timezone.now()) < timedelta(minutes=1)


def test_who_worked_there_lately_is_who_did_within_the_policys_days(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, affinity_window_days=2, affinity_minutes=33)
    crew.tasks(project, 1)
    work(alice, project)
    (task,) = crew.tasks(project)
    assert explained(crew, task, alice)["score"]["affinity"] == 33
    ended = timezone.now() - timedelta(days=2, minutes=1)
    Claim.objects.update(ended_at=ended, claimed_at=ended - timedelta(minutes=5))
    assert explained(crew, task, alice)["score"]["affinity"] == 0


# --- Specialists first --------------------------------------------------------------------------


def test_a_fresh_task_is_pulled_by_specialists_only_until_its_head_start_is_over(crew):
    alice, sofia = crew.tutor("Alice", level=2), crew.tutor("Sofia", level=3)
    project = ruled(crew, specialist_first_minutes=45, specialist_level=3)
    (task,) = crew.tasks(project)
    aged(task, minutes=44)
    why = explained(crew, task, alice)
    assert (why["eligible"], refusals(why)) == (
        False,
        {"held_for_specialists": "Wait 1 minute, or reach level 3."},
    )
    assert pull(alice).status_code == 204
    assert explained(crew, task, sofia)["eligible"] is True
    (line,) = queue_of(account_id=alice.account_id, at=moment()).lines
    assert (line.eligible, line.codes) == (False, ["held_for_specialists"])
    aged(task, minutes=45)
    assert explained(crew, task, alice)["eligible"] is True
    (line,) = queue_of(account_id=alice.account_id, at=moment()).lines
    assert line.eligible is True
    assert taken(alice).task_id == task.pk
    sound()


def test_a_specialist_pulls_at_once(crew):
    sofia = crew.tutor("Sofia", level=4)
    (task,) = crew.tasks(ruled(crew, specialist_first_minutes=45, specialist_level=3))
    assert taken(sofia).task_id == task.pk


def test_older_work_is_found_behind_any_number_of_fresh_urgent_tasks(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, specialist_first_minutes=45)
    crew.tasks(project, 60, priority=100)
    (old,) = crew.tasks(project, priority=1)
    aged(old, minutes=46)
    assert taken(alice).task_id == old.pk
    assert pull(alice).status_code == 204


def test_among_old_enough_tasks_the_urgent_one_comes_first(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, specialist_first_minutes=45)
    fresh, plain, urgent = (crew.tasks(project, priority=p)[0] for p in (100, 10, 60))
    aged(plain, minutes=60)
    aged(urgent, minutes=50)
    assert [taken(alice).task_id, taken(alice).task_id] == [urgent.pk, plain.pk]
    assert pull(alice).status_code == 204
    assert Slot.objects.get(task=fresh, role="attempt").state == "open"


def test_work_of_other_projects_is_not_held_up(crew):
    alice = crew.tutor("Alice")
    crew.tasks(ruled(crew, specialist_first_minutes=45), priority=100)
    (other,) = crew.tasks(crew.project(), priority=1)
    assert taken(alice).task_id == other.pk


# --- One person's share -------------------------------------------------------------------------


def test_who_reached_her_share_waits_for_others(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = ruled(crew, concentration_percent=50, concentration_attempts_min=2)
    tasks = crew.tasks(project, 6)
    work(alice, project, times=2)
    fold(crew)
    waiting = tasks[-1]
    why = explained(crew, waiting, alice)
    assert (why["eligible"], refusals(why)) == (
        False,
        {
            "share_reached": "Wait until others did 2 more of it, "
            "or until earlier ones no longer count."
        },
    )
    refused = pull(alice, project)
    assert (refused.status_code, refused.json()["code"]) == (409, "share_reached")
    (line,) = queue_of(account_id=alice.account_id, at=moment()).lines
    assert line.codes == ["share_reached"]
    work(bob, project)
    fold(crew)
    assert "did 1 more" in refusals(explained(crew, waiting, alice))["share_reached"]
    assert pull(alice, project).status_code == 409
    work(bob, project)
    fold(crew)
    assert explained(crew, waiting, alice)["eligible"] is True
    assert taken(alice, project).task.project == project
    sound()


def test_a_share_is_not_counted_before_there_are_enough(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, concentration_percent=10, concentration_attempts_min=3)
    crew.tasks(project, 5)
    work(alice, project, times=3)
    fold(crew)
    assert pull(alice, project).json()["code"] == "share_reached"


def test_what_is_in_hand_counts_and_what_is_given_back_does_not(crew):
    alice = crew.tutor("Alice", capacity=5)
    project = ruled(crew, concentration_percent=50, concentration_attempts_min=2)
    crew.tasks(project, 5)
    first, second = taken(alice, project), taken(alice, project)
    assert pull(alice, project).json()["code"] == "share_reached"
    path = f"/api/v1/work/claims/{second.public_id}/return/"
    body = {"reason": "Not mine"}
    assert knock(alice.account).post(path, body, format="json").status_code == 200
    fold(crew)
    assert taken(alice, project).tutor == first.tutor


def test_work_that_is_eight_days_old_counts_no_more(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, concentration_percent=50, concentration_attempts_min=2)
    crew.tasks(project, 4)
    work(alice, project, times=2)
    fold(crew)
    assert pull(alice, project).status_code == 409
    ended = timezone.now() - timedelta(days=7)
    Claim.objects.update(ended_at=ended, claimed_at=ended - timedelta(minutes=5))
    assert taken(alice, project).tutor == alice


def test_another_project_has_a_share_of_its_own(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, concentration_percent=50, concentration_attempts_min=2)
    crew.tasks(project, 4)
    work(alice, project, times=2)
    crew.tasks(crew.project())
    assert pull(alice).status_code == 201
    assert pull(alice).json()["code"] == "share_reached"


def test_an_offer_that_would_pass_the_share_by_now_is_refused_and_stays(crew):
    alice = crew.tutor("Alice")
    project = ruled(crew, concentration_percent=50, concentration_attempts_min=2)
    crew.tasks(project, 1)
    route_queue(queue="stem", at=moment())
    offer = Offer.objects.get()
    other = crew.tutor("Bob")
    crew.tasks(project, 3)
    assert Offer.objects.count() == 1
    for _ in range(2):
        sheet = taken_open(alice, project)
        hand_in(sheet)
    path = f"/api/v1/work/offers/{offer.public_id}/accept/"
    refused = knock(alice.account).post(path, {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "share_reached")
    offer.refresh_from_db()
    assert (offer.state, other.account.is_active) == ("offered", True)


def taken_open(tutor, project):
    """An open slot, as if she had pulled it before the offer came."""
    Offer.objects.filter(tutor=tutor, state="offered").update(expires_at=timezone.now())
    claim = taken(tutor, project)
    Offer.objects.filter(tutor=tutor, state="offered").update(
        expires_at=timezone.now() + timedelta(minutes=5)
    )
    return claim


# --- Offers -----------------------------------------------------------------------------------


def routed(crew):
    """One round; who is offered what by then."""
    route_queue(queue="stem", at=moment())
    return [(o.tutor, o.task) for o in Offer.objects.filter(state="offered").order_by("task_id")]


def test_a_fresh_task_is_offered_to_specialists_only_until_its_head_start_is_over(crew):
    alice, sofia = crew.tutor("Alice", level=2), crew.tutor("Sofia", level=3, capacity=1)
    project = ruled(crew, specialist_first_minutes=45, specialist_level=3)
    first, second = crew.tasks(project, 2)
    aged(first, minutes=44)
    assert routed(crew) == [(sofia, first)]
    aged(second, minutes=45)
    assert routed(crew) == [(sofia, first), (alice, second)]
    sound()


def test_offers_stop_at_the_share_that_one_person_may_have(crew):
    alice = crew.tutor("Alice", capacity=9)
    project = ruled(
        crew, concentration_percent=50, concentration_attempts_min=2, offers_per_tutor=9
    )
    crew.tasks(project, 6)
    assert len(routed(crew)) == 2
    assert len(routed(crew)) == 2
    bob = crew.tutor("Bob", capacity=1)
    assert [tutor for tutor, _ in routed(crew)] == [alice, alice, bob]
    for offer in Offer.objects.filter(state="offered"):
        path = f"/api/v1/work/offers/{offer.public_id}/accept/"
        assert knock(offer.tutor.account).post(path, {}, format="json").status_code == 201
    sound()


@pytest.mark.parametrize("most", [1, 5])
def test_as_many_offers_wait_as_the_policy_lets(crew, most):
    crew.tutor("Alice", capacity=9)
    crew.tasks(ruled(crew, offers_per_tutor=most), 9)
    assert len(routed(crew)) == most
    assert len(routed(crew)) == most


def test_each_project_counts_waiting_offers_by_its_own_policy(crew):
    crew.tutor("Alice", capacity=9)
    (narrow,) = crew.tasks(ruled(crew, offers_per_tutor=1))
    assert len(routed(crew)) == 1
    crew.tasks(ruled(crew, offers_per_tutor=1), 3)
    assert len(routed(crew)) == 1
    crew.tasks(ruled(crew, offers_per_tutor=4), 9)
    assert len(routed(crew)) == 4
    assert Offer.objects.filter(task=narrow).count() == 1


@pytest.mark.parametrize(("says", "lasts"), [(None, 600), (45, 45)])
def test_an_offer_lasts_as_the_policy_says_else_as_the_project_says(crew, says, lasts):
    crew.tutor("Alice")
    crew.tasks(ruled(crew, offer_ttl_seconds=says, cost_percent=0))
    routed(crew)
    offer = Offer.objects.get()
    assert (offer.expires_at - offer.made_at).total_seconds() == lasts


def test_an_offer_names_the_policy_it_was_made_by_also_later(crew):
    crew.tutor("Alice")
    project = ruled(crew, cost_percent=0)
    crew.tasks(project)
    routed(crew)
    document = {"cost_percent": 100}
    set_policy(owner=project, document=document, seen=1, note="Up", actor=crew.max, at=moment())
    why = Offer.objects.get().reasons
    assert why["policy"] == {"scope": "project", "of": project.public_id, "version": 1}
    assert why["score"]["cost"] == 0


def test_whom_the_client_prefers_is_offered_first(crew):
    crew.tutor("Alice")
    bob = crew.tutor("Bob")
    (task,) = crew.tasks(ruled(crew, preferred_tutors=[bob.public_id]))
    assert routed(crew) == [(bob, task)]
    assert Offer.objects.get().reasons["score"]["preferred"] == 60


def test_what_waits_is_routed_again_when_its_policy_changes(crew):
    crew.tutor("Alice")
    project = ruled(crew, specialist_first_minutes=600, specialist_level=4)
    (task,) = crew.tasks(project)
    catch_up()
    assert not Offer.objects.exists()
    set_policy(owner=project, document=None, seen=1, note="Off", actor=crew.max, at=moment())
    catch_up()
    assert Offer.objects.get().task == task
    stem = Domain.objects.get(slug="stem")
    crew.tutor("Bob", level=2)
    document = {"specialist_first_minutes": 600, "specialist_level": 2}
    set_policy(owner=stem, document=document, seen=0, note="On", actor=crew.max, at=moment())
    (other,) = crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    catch_up()
    assert Offer.objects.get(task=other).tutor.account.name == "Bob"
