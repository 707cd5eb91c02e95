"""Advice and expectations through the API and the page: Alice lacks a paper, Bob works."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tasks.doors.advice import due_words
from tasks.models import Claim, PoolDay, PoolOutlook
from tasks.operations.measuring import ask_measures, measure_queue
from tasks.operations.pooling import fold_figures, relax_pools
from tasks.rules.demand import Outlook, Step, share_of
from tests.jobs import catch_up
from tests.people import knock
from tests.tasks.ageing import later
from tests.tasks.crew import ASKED, moment
from tests.tasks.statements import counting
from tests.tasks.test_policy_at_work import work
from tests.tasks.visiting import visitor
from tutors.operations.linking import link
from tutors.operations.presence import set_presence
from tutors.rules.states import LinkKind, Presence
from workforce.models import Job

pytestmark = pytest.mark.django_db

PAPER = {
    "id": "code",
    "mode": "hard",
    "test": {"kind": "agreement", "type": "conduct", "party": "lectern", "version_min": 7},
}
WITH_PAPER = {**ASKED, "rules": [*ASKED["rules"], PAPER]}
MINUTE = 60


def measured(queue="stem"):
    while fold_figures(at=moment()):
        pass
    return measure_queue(queue=queue, at=moment())


def queue_of(tutor):
    answer = knock(tutor.account).get("/api/v1/work/queue/")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def pool_of(project, step=0, role="attempt"):
    return project.pools.get(role=role, step=step)


def test_a_paper_is_advised_with_her_share_its_range_and_what_it_rests_on(crew):
    alice = crew.tutor("Alice")
    crew.tutor("Bob")
    project = crew.project(requirements=WITH_PAPER)
    crew.tasks(project, 12)
    measured()
    told = queue_of(alice)
    seen = PoolOutlook.objects.get(pool=pool_of(project))
    assert (seen.arrived, seen.squares, seen.days, seen.people) == (12, 144, 7, 0)
    known = {name: getattr(seen, name) for name in Outlook.__dataclass_fields__}
    share = share_of([Step(outlook=Outlook(**known), waiting=12, expected_seconds=600)])
    (advised,) = told["advice"]
    assert advised["kind"] == "agreement" and advised["code"] == "agreement_version"
    assert advised["hours"] == {
        "low": round(share.low / 3_600, 2),
        "expected": round((12 * 600 + 12 * 600 / 4) / 3_600, 2),
        "high": round(share.high / 3_600, 2),
    }
    assert (advised["n"], advised["pools"]) == (24, [pool_of(project).public_id])
    assert advised["url"] == "/work/contract/"
    (line,) = told["results"]
    assert (line["state"], line["codes"]) == ("closed", ["agreement_version"])
    assert (line["your_hours"], line["outlook"]["people"]) == (None, 0)
    assert told["open_hours"]["expected"] == 0
    page = visitor(alice.account).get("/work/").content.decode()
    assert "Sign the code of conduct with us" in page
    assert "From 24 tasks of the last four weeks." in page and "Opens Proofs." in page


def test_an_open_and_an_empty_queue_say_so(crew):
    alice = crew.tutor("Alice")
    crew.tutor("Bob")
    busy, quiet = crew.project(name="Busy"), crew.project(name="Quiet")
    crew.tasks(busy, 3)
    measured()
    told = queue_of(alice)
    states = {line["project"]: line for line in told["results"]}
    assert states[busy.public_id]["state"] == "open"
    assert states[busy.public_id]["outlook"]["people"] == 2
    part = (3 * 600 + 3 * 600 / 4) / 2 / 3_600
    assert states[busy.public_id]["your_hours"]["expected"] == round(part, 2)
    assert told["open_hours"]["expected"] == round(part, 2)
    empty = states[quiet.public_id]
    assert (empty["state"], empty["waiting"], empty["oldest_at"]) == ("empty", 0, None)
    assert empty["empty_until"] is None and empty["outlook"]["arrived"] == 0
    for day in range(28):
        PoolDay.objects.create(
            pool=pool_of(quiet), day=(moment() - timedelta(days=day)).date(), arrived=2,
            last_at=moment() - timedelta(days=day),
        )  # fmt: skip
    type(pool_of(quiet)).objects.update(created_at=moment() - timedelta(days=40))
    measured()
    (again,) = [x for x in queue_of(alice)["results"] if x["project"] == quiet.public_id]
    assert again["empty_until"] > moment().isoformat()
    text = visitor(alice.account).get("/work/").content.decode()
    assert "By its rhythm, new work is due in about " in text


def test_a_pause_is_a_change_and_a_review_queue_is_one_role_away(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tutor("Rita", reviewer=True)
    project = crew.project()
    crew.tasks(project, 4)
    for _ in range(2):
        work(bob, project)
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    measured()
    told = queue_of(alice)
    assert {a["kind"]: a["code"] for a in told["advice"]} == {
        "presence": "paused",
        "reviewer": "not_a_reviewer",
    }
    (line,) = told["results"]
    assert (line["role"], line["state"], line["codes"]) == ("attempt", "open", ["paused"])
    review = PoolOutlook.objects.get(pool=pool_of(project, role="review"))
    assert (review.arrived, review.people) == (2, 1)


def test_those_who_share_are_persons_who_took_work_lately(crew):
    alice, anna, bob, carl = (crew.tutor(name) for name in ("Alice", "Anna", "Bob", "Carl"))
    link(
        tutor=alice, other=anna, kind=LinkKind.ONE_PERSON, reason="One bank account",
        actor=crew.ruth, at=moment(),
    )  # fmt: skip
    project = crew.project()
    crew.tasks(project, 3)
    work(bob, project)
    for tutor in (bob, carl):
        set_presence(tutor=tutor, state=Presence.PAUSED, actor=tutor.account, at=moment())
    measured()
    people = PoolOutlook.objects.values_list("people", flat=True)
    assert people.get(pool=pool_of(project)) == 2, "Alice with Anna, and Bob, who worked today"
    past = moment() - timedelta(days=29)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_claim SET claimed_at = %s", [past])
    measured()
    assert people.get(pool=pool_of(project)) == 1


def test_the_handle_time_is_the_median_of_what_was_handed_in(crew):
    bob = crew.tutor("Bob")
    project = crew.project()
    crew.tasks(project, 7)
    for _ in range(5):
        work(bob, project)
    for n, claim in enumerate(Claim.objects.order_by("id")):
        Claim.objects.filter(pk=claim.pk).update(seconds_worked=(n + 1) * MINUTE)
    measured()
    seen = PoolOutlook.objects.get(pool=pool_of(project))
    assert (seen.handled, seen.handle_seconds, seen.arrived) == (5, 3 * MINUTE, 7)


def test_work_that_goes_on_to_a_softer_step_is_new_there(crew):
    soft = {**PAPER, "mode": "soft", "relax_after_minutes": 30}
    project = crew.project(requirements={**ASKED, "rules": [*ASKED["rules"], soft]})
    alice = crew.tutor("Alice")
    crew.tasks(project, 5)
    later(seconds=31 * MINUTE)
    assert relax_pools(at=moment()) == 5
    measured()
    came = dict(
        PoolOutlook.objects.values_list("pool__step", "arrived").filter(pool__role="attempt")
    )
    assert came == {0: 5, 1: 5}
    told = queue_of(alice)
    assert [x["state"] for x in told["results"]] == ["open"]
    assert told["advice"] == [], "all of it comes to her anyway: nobody else may take it"
    assert told["open_hours"]["expected"] == round((5 * 600 + 5 * 600 / 4) / 3_600, 2)


def test_figures_are_asked_for_once_until_they_are_old(crew):
    crew.tasks(crew.project())
    assert ask_measures(at=moment()) == 1
    assert ask_measures(at=moment()) == 0
    assert Job.objects.filter(kind="tasks.measure_queue", state="due").count() == 1
    assert "tasks.measure_queue" in catch_up()
    assert ask_measures(at=moment()) == 0
    PoolOutlook.objects.update(measured_at=moment() - timedelta(minutes=11))
    assert ask_measures(at=moment()) == 1


def test_statements_do_not_grow_with_queues_people_or_tasks(crew):
    alice = crew.tutor("Alice")
    counts = []
    for projects, people in ((1, 1), (12, 6)):
        for n in range(crew.client.projects.count(), projects):
            crew.tasks(crew.project(name=f"P {n}", requirements=WITH_PAPER if n % 2 else ASKED), 3)
        for n in range(people):
            crew.tutor(f"Bob{n}")
        measured()
        queue_of(alice)
        with counting() as counted:
            assert len(queue_of(alice)["results"]) == projects
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "within the hour"),
        (1.2, "in about an hour"),
        (12, "in about 12 hours"),
        (17.9, "in about 18 hours"),
        (20, "around Friday"),
        (9 * 24, "around 5 December"),
    ],
)
def test_when_work_is_due_is_said_as_near_as_it_is(hours, said):
    """At eleven in the evening of a Thursday twelve hours are still twelve hours."""
    at = datetime(2026, 11, 26, 23, tzinfo=UTC)
    outlook = Outlook(
        measured_at=at, days=28, arrived=56, squares=112, last_at=at, handled=0,
        handle_seconds=None, people=1,
    )  # fmt: skip
    text = due_words(outlook, next_at=at + timedelta(hours=hours), at=at)
    assert text == f"By its rhythm, new work is due {said}."
