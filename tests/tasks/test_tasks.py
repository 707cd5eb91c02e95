"""Tasks and task types through the API."""

import pytest

from tasks.models import Slot, Task
from tasks.types import all_types
from tests.people import knock, person
from tests.tasks.commissions import client_with, commissioned, grounds, item, work_off
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def carls():
    grounds()
    return knock(client_with("Harbour", "Carl")[1])


@pytest.fixture
def project(carls):
    project = commissioned(carls)
    items = [item(n, meta={"model": "x"}) for n in range(3)]
    carls.post(f"/api/v1/projects/{project}/batches/", {"items": items}, format="json")
    work_off()
    return project


def test_a_client_lists_and_reads_its_tasks(carls, project):
    rows = carls.get("/api/v1/tasks/").json()["results"]
    assert [r["external_id"] for r in rows] == ["row-2", "row-1", "row-0"]
    one = carls.get(f"/api/v1/tasks/?external_id=row-1&project={project}&state=open").json()
    (row,) = one["results"]
    shown = carls.get(f"/api/v1/tasks/{row['id']}/").json()
    assert (shown["meta"], shown["type"], len(shown["slots"])) == ({"model": "x"}, "critique", 1)
    assert "gold" not in shown
    assert carls.get("/api/v1/tasks/?batch=B-999999").json()["results"] == []
    assert carls.get("/api/v1/tasks/?project=nonsense").json()["results"] == []


@pytest.mark.parametrize("query", ["content__gold=x", "state=lost", "_connector=OR", "pk=1"])
def test_other_filters_are_refused(carls, query):
    assert carls.get(f"/api/v1/tasks/?{query}").status_code == 400


def test_a_page_costs_the_same_statements_for_any_size(
    carls, project, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        carls.get("/api/v1/tasks/?page_size=1")
    with django_assert_max_num_queries(4):
        carls.get("/api/v1/tasks/?page_size=200")


def test_a_cancelled_task_is_waited_for_no_more(carls, project):
    task = carls.get("/api/v1/tasks/").json()["results"][0]
    answer = carls.post(f"/api/v1/tasks/{task['id']}/cancel/", {"reason": "sent twice"})
    assert answer.status_code == 415
    path = f"/api/v1/tasks/{task['id']}/cancel/"
    answer = carls.post(path, {"reason": "sent twice"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert Slot.objects.filter(state="cancelled").count() == 1
    assert Event.objects.get(kind="tasks.task_cancelled").body["reason"] == "sent twice"
    assert carls.post(path, {}, format="json").status_code == 409


def test_foreign_tasks_are_missing_ones(carls, project):
    task = carls.get("/api/v1/tasks/").json()["results"][0]["id"]
    charlies = knock(client_with("Quarry", "Charlie")[1])
    assert charlies.get("/api/v1/tasks/").json()["results"] == []
    assert charlies.get(f"/api/v1/tasks/?project={project}").json()["results"] == []
    assert charlies.get(f"/api/v1/tasks/{task}/").status_code == 404
    assert charlies.post(f"/api/v1/tasks/{task}/cancel/", {}, format="json").status_code == 404
    assert Task.objects.filter(state="open").count() == 3


def test_every_task_type_shows_its_schemas_and_samples():
    alices = knock(person("Alice", Role.TUTOR))
    slugs = [t["slug"] for t in alices.get("/api/v1/task-types/").json()["results"]]
    assert slugs == [t.slug for t in all_types()]
    for slug in slugs:
        shown = alices.get(f"/api/v1/task-types/{slug}/").json()
        assert {"input_schema", "answer_schema", "sample_input", "sample_answer"} <= set(shown)
    assert alices.get("/api/v1/task-types/poetry/").status_code == 404
