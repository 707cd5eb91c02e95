"""The live page: its numbers are those of a small world, and it costs the same in a large one."""

from datetime import timedelta

import pytest
from django.db import connection

from tasks.models import DomainHour, Project
from tasks.operations.pooling import fold_figures
from tasks.rules.risk import Risk
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.test_export import answer_one
from tests.tasks.visiting import text_of, visitor
from workforce.models import Domain, Job
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def miriam(crew):
    return visitor(crew.max)


def fold(crew):
    while fold_figures(at=crew.at):
        pass


def figures(answer) -> dict[str, str | None]:
    return {f.label: f.value for f in answer.context["figures"]}


def test_the_numbers_are_those_of_the_world(crew, miriam):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project(sla_minutes=30)
    crew.tasks(project, 4)
    answer_one(alice)
    later(seconds=2_400)
    knock(bob.account).post("/api/v1/work/claims/", {}, format="json")
    fold(crew)
    answer = miriam.get("/ops/")
    shown = figures(answer)
    assert shown["Submitted today"] == "1"
    assert shown["Tutors working"] == "1"
    assert shown["Waiting"] == "3"
    assert shown["Oldest waiting"] in ("40 m", "41 m")
    assert shown["Queues inside SLA"] in ("0", "1")
    (attempts,) = [q for q in answer.context["queues"] if q.role.value == "attempt"]
    line = attempts.line
    assert (line.waiting, line.in_hand, attempts.idle) == (2, 1, 1)
    assert line.risk is Risk.LATE
    assert line.clears_in_seconds == 2 * 600
    (at_work,) = answer.context["people"]
    assert at_work.name == "Bob"
    assert "Proofs is past its SLA" in text_of(answer)


def test_nothing_is_none_and_not_zero(crew, miriam):
    shown = miriam.get("/ops/")
    told = figures(shown)
    assert (told["Oldest waiting"], told["Queues inside SLA"], told["Worked today"]) == (None,) * 3
    assert told["Submitted today"] == "0"
    for words in ("Nothing needs a decision", "No work in flight", "Nobody works right now"):
        assert words in text_of(shown)


def test_today_stands_beside_the_same_time_of_last_week(crew, miriam):
    at = moment()
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    maths = Domain.objects.get(slug="stem.mathematics")
    DomainHour.objects.create(domain=maths, hour=midnight, submitted=12, seconds=3600)
    last = midnight - timedelta(days=7)
    DomainHour.objects.create(domain=maths, hour=last, submitted=10, seconds=1800)
    later_that_day = last + timedelta(hours=23)
    DomainHour.objects.create(domain=maths, hour=later_that_day, submitted=100)
    answer = miriam.get("/ops/")
    if 0 < at.hour < 23:
        assert "20.0% above last" in text_of(answer)
    assert answer.context["flow"].last_total == 110
    rows = b"".join(miriam.get("/ops/?format=csv&of=throughput").streaming_content).decode()
    assert rows.splitlines()[1] == "00:00,12,12,10"
    assert len(rows.splitlines()) == 25


def test_a_domain_narrows_every_part(crew, miriam):
    crew.tutor("Alice")
    crew.tasks(crew.project(), 2)
    fold(crew)
    assert figures(miriam.get("/ops/?domain=stem"))["Waiting"] == "2"
    elsewhere = miriam.get("/ops/?domain=medicine")
    assert figures(elsewhere)["Waiting"] == "0"
    assert elsewhere.context["hands"].available == 0
    assert miriam.get("/ops/?domain=nonsense").status_code == 404


def test_the_moving_parts_are_sent_only_when_they_moved(crew, miriam):
    first = miriam.get("/ops/?part=live")
    assert (first.status_code, "<html" in first.content.decode()) == (200, False)
    again = miriam.get("/ops/?part=live", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["X-As-Of"]
    crew.tasks(crew.project(), 1)
    fold(crew)
    moved = miriam.get("/ops/?part=live", headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200
    assert moved["ETag"] != first["ETag"]


def test_what_waits_for_a_decision_is_listed_for_who_may_decide(crew, miriam):
    alice = crew.tutor("Alice")
    project = crew.project(budget_minor=100_000)
    crew.tasks(project, 1)
    answer_one(alice)
    Project.objects.get().budget.__class__.objects.update(used_minor=85_000)
    Job.objects.all().delete()
    Job.objects.create(kind="tasks.route_queue", queue="stem", key="x", subject={}, state="parked")
    titles = [d.title for d in miriam.get("/ops/").context["decisions"]]
    assert titles == [
        "1 job is parked",
        "Proofs: the budget runs out",
        "1 time entry waits for approval",
    ]
    fay = visitor(person("Fay", Role.FINANCE))
    assert fay.get("/ops/").context["decisions"] == []


def test_figures_that_are_late_say_so(crew, miriam):
    crew.tasks(crew.project(), 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tasks_counterchange SET at = at - interval '10 minutes'")
    answer = miriam.get("/ops/")
    assert answer.context["data_late"] is True
    assert "the sweeper is behind" in text_of(answer)
    fold(crew)
    assert miriam.get("/ops/").context["data_late"] is False


def test_sixty_queues_cost_what_three_cost_and_no_task_is_counted(crew, miriam):
    for n in range(3):
        crew.project(name=f"Few {n}")
    miriam.get("/ops/?part=live")
    with counting() as few:
        miriam.get("/ops/?part=live")
    for n in range(57):
        crew.project(name=f"Many {n}", budget_minor=10_000)
    crew.tasks(Project.objects.first(), 30)
    fold(crew)
    with counting() as many:
        answer = miriam.get("/ops/?part=live&queues=all")
    assert answer.status_code == 200
    assert len(many) == len(few) <= 20
    read = ('FROM "tasks_task"', "FROM tasks_task ", "FROM tasks_slot", 'FROM "tasks_slot"')
    assert not [s for s in many.statements if any(r in s for r in read)]
