"""The operations room's figures, from what is kept and not from counting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.operations.pooling import fold_figures
from tests.people import knock
from tests.tasks.ageing import later
from tests.tasks.test_export import answer_one, judge_one

pytestmark = pytest.mark.django_db


def fold(crew):
    while fold_figures(at=crew.at):
        pass


def test_queues_say_what_waits_since_when_and_who_works(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 3)
    later(seconds=600)
    fold(crew)
    client = knock(alice.account)
    claim = client.post("/api/v1/work/claims/", {}, format="json")
    assert claim.status_code == 201
    fold(crew)
    shown = knock(crew.max).get("/api/v1/ops/queues/").json()
    (stem,) = [d for d in shown["domains"] if d["domain"] == "stem"]
    assert (stem["waiting"], stem["in_hand"], stem["working"], stem["present"]) == (2, 1, 1, 1)
    assert 600 <= stem["oldest_seconds"] < 700
    (pool,) = shown["pools"]
    assert (pool["project"], pool["role"], pool["waiting"]) == (project.public_id, "attempt", 2)
    (person,) = shown["people"]
    assert (person["tutor"], person["claims"]) == (alice.public_id, 1)


def test_throughput_adds_up_by_domain_and_hour(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    crew.tasks(project, 2)
    answer_one(alice)
    answer_one(alice)
    judge_one(rita)
    fold(crew)
    maxs = knock(crew.max)
    for by, name in (("domain", "stem"), ("speciality", "stem.mathematics")):
        for bucket in ("hour", "day"):
            query = f"by={by}&bucket={bucket}&hours=48"
            shown = maxs.get(f"/api/v1/ops/throughput/?{query}").json()
            assert {line["domain"] for line in shown["results"]} == {name}
            sums = {
                key: sum(line[key] for line in shown["results"])
                for key in ("submitted", "accepted")
            }
            assert sums == {"submitted": 2, "accepted": 1}
            assert sum(line["seconds"] for line in shown["results"]) >= 120


def test_figures_never_count_the_task_table(crew):
    crew.project()
    maxs = knock(crew.max)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        maxs.get("/api/v1/ops/queues/")
        maxs.get("/api/v1/ops/throughput/")
    asked = [q["sql"] for q in asked.captured_queries]
    assert not [sql for sql in asked if "tasks_task " in sql or "tasks_slot" in sql]
    assert len(asked) < 12


@pytest.mark.parametrize("query", ["by=tutor", "bucket=minute", "hours=0", "hours=9999", "x=1"])
def test_other_questions_are_refused(crew, query):
    assert knock(crew.max).get(f"/api/v1/ops/throughput/?{query}").status_code == 400
