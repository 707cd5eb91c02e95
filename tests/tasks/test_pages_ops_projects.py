"""A manager makes a project, hands a file in, watches it load, looks at its tasks and steers it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import Batch, Client, Project
from tasks.operations.loading import load_chunk
from tasks.operations.pooling import fold_figures
from tests.people import person
from tests.tasks.crew import INPUT
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def miriam(crew):
    return visitor(crew.max)


def wish(crew, **changes):
    return {
        "client": crew.client.public_id,
        "new_client": "",
        "name": "Olympiad proofs",
        "task_type": "critique",
        "domain": "stem.mathematics",
        "guide": "# Find the first wrong step",
        "level": "1",
        "language": "",
        "language_level": "C1",
        "places_in": "",
        "places_out": "",
        "overlap": "1",
        "review_percent": "100",
        "priority": "50",
        "dispatch": "both",
        "expected_minutes": "10",
        "paid_cap_minutes": "",
        "lease_minutes": "15",
        "sla_minutes": "240",
        "budget": "12,500.50",
        "currency": "USD",
        **changes,
    }


def load(batch):
    while load_chunk(batch_id=batch.pk, at=batch.created_at):
        pass


def fold(crew):
    while fold_figures(at=crew.at):
        pass


def file_of(*items, name="work.jsonl"):
    lines = "\n".join(json.dumps(i) for i in items).encode()
    return SimpleUploadedFile(name, lines)


def item(n):
    return {"external_id": f"row-{n}", "input": INPUT}


def test_a_project_is_shown_back_before_it_is_made(crew, miriam):
    crew.tutor("Alice")
    shown = miriam.post("/ops/projects/add/", wish(crew))
    assert shown.status_code == 200
    assert "$12,500.50" in text_of(shown)
    assert "1 of 1 people meet all of it" in text_of(shown)
    assert not Project.objects.exists()
    made = miriam.post("/ops/projects/add/", wish(crew, confirmed="1"))
    project = Project.objects.select_related("budget").get()
    assert (made.status_code, made["Location"]) == (303, f"/ops/projects/{project.public_id}/")
    assert project.budget.total_minor == 1_250_050
    assert (project.expected_seconds, project.sla_minutes) == (600, 240)
    assert project.requirements["rules"][0]["test"]["speciality"] == "stem.mathematics"
    assert project.guides.get().text == "# Find the first wrong step"


def test_a_new_client_comes_with_the_project(crew, miriam):
    posted = wish(crew, client="new", new_client="Quillmark Press", confirmed="1")
    assert miriam.post("/ops/projects/add/", posted).status_code == 303
    assert Project.objects.get().client.name == "Quillmark Press"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("budget", "1,50", "Use 1500.00"),
        ("budget", "10.555", "2 digits"),
        ("places_in", "XX", "not a place"),
        ("language", "english", "language tag"),
        ("paid_cap_minutes", "5", "Not less than the expected"),
        ("name", "", "required"),
        ("domain", "medicine.nothing", "not one of the available"),
        ("client", "new", "Give the new client a name"),
    ],
)
def test_a_wrong_field_is_named_and_changes_nothing(crew, miriam, field, value, said):
    before = Event.objects.count()
    answer = miriam.post("/ops/projects/add/", wish(crew, confirmed="1", **{field: value}))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Project.objects.exists()
    assert Event.objects.count() == before


def test_a_client_of_that_name_is_not_made_twice(crew, miriam):
    posted = wish(crew, client="new", new_client=crew.client.name.upper(), confirmed="1")
    answer = miriam.post("/ops/projects/add/", posted)
    assert answer.status_code == 422
    assert "already" in text_of(answer)
    assert (Client.objects.count(), Project.objects.count()) == (1, 0)


def test_the_funnel_names_the_rule_that_costs_most(crew, miriam):
    crew.tutor("Alice")
    crew.tutor("Bob")
    answer = miriam.post("/ops/projects/add/reach/", wish(crew, language="de", level="1"))
    said = text_of(answer)
    assert "Nobody meets all of this" in said
    assert said.index("Speaks de at C1 or better.") < said.index("Costs most")
    assert "2 of 2" in said
    assert not Project.objects.exists()


def test_a_file_becomes_tasks_and_its_bad_rows_are_listed(crew, miriam):
    project = crew.project()
    sent = file_of(item(1), item(2), {"external_id": "bad", "input": {}}, item(1))
    answer = miriam.post(f"/ops/projects/{project.public_id}/hand-in/", {"file": sent})
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/ops/batches/{batch.public_id}/")
    assert "Received" in text_of(miriam.get(f"/ops/batches/{batch.public_id}/"))
    load(batch)
    shown = text_of(miriam.get(f"/ops/batches/{batch.public_id}/"))
    assert "Loaded" in shown
    assert "All tasks of this batch" in shown
    assert re.search(r'data"\s*>\s*bad\s*<', shown)
    batch.refresh_from_db()
    assert (batch.received, batch.new, batch.duplicate, batch.error) == (4, 2, 1, 1)
    rows = b"".join(miriam.get(f"/ops/batches/{batch.public_id}/?format=csv").streaming_content)
    assert rows.decode().count("bad") >= 1
    part = text_of(miriam.get(f"/ops/batches/{batch.public_id}/?part=progress"))
    assert "<html" not in part


@pytest.mark.parametrize("name", ["work.json", "work.csv"])
def test_json_lists_and_csv_are_taken_as_well(crew, miriam, name):
    project = crew.project()
    if name.endswith("json"):
        body = json.dumps([item(1), item(2)]).encode()
    else:
        cells = json.dumps(INPUT).replace('"', '""')
        body = f'external_id,input\nrow-1,"{cells}"\nrow-2,"{cells}"\n'.encode()
    url = f"/ops/projects/{project.public_id}/hand-in/"
    assert miriam.post(url, {"file": SimpleUploadedFile(name, body)}).status_code == 303
    batch = Batch.objects.get()
    load(batch)
    assert project.tasks.count() == 2


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("work.xlsx", b"PK", "name the file .json"),
        ("work.json", b"{broken", "This is no JSON"),
        ("work.json", b"{}", "holds no list"),
        ("work.csv", b"external_id,colour\n1,2\n", "columns are not right"),
        ("work.jsonl", b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_leaves_nothing(crew, miriam, name, body, said):
    project = crew.project()
    url = f"/ops/projects/{project.public_id}/hand-in/"
    answer = miriam.post(url, {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Batch.objects.exists()


def test_batches_go_on_behind_the_newest_ten_and_all_are_in_the_csv(crew, miriam):
    project = crew.project()
    assert "Hand in a file" in text_of(miriam.get(f"/ops/projects/{project.public_id}/"))
    for _ in range(12):
        crew.tasks(project)
    url = f"/ops/projects/{project.public_id}/"
    first = text_of(miriam.get(url))
    newest, oldest = project.batches.latest("pk"), project.batches.earliest("pk")
    assert f"/ops/batches/{newest.public_id}/" in first
    assert f"/ops/batches/{oldest.public_id}/" not in first
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = text_of(miriam.get(following.replace("&amp;", "&")))
    assert f"/ops/batches/{oldest.public_id}/" in second
    lines = b"".join(miriam.get(f"{url}?format=csv")).decode("utf-8-sig").splitlines()
    assert lines[0] == "id,state,file,rows,new,duplicate,error,handed_in_by,handed_in_at"
    assert [line.split(",")[0] for line in lines[1:]] == [
        batch.public_id for batch in project.batches.order_by("-pk")
    ]


def test_a_paused_project_has_a_way_back_and_a_closed_one_has_none(crew, miriam):
    project = crew.project()
    url = f"/ops/projects/{project.public_id}"
    assert miriam.post(f"{url}/pause/", {"reason": " "}).status_code == 400
    project.refresh_from_db()
    assert project.state == "open"
    assert miriam.post(f"{url}/pause/", {"reason": "The client asked"}).status_code == 303
    shown = text_of(miriam.get(f"{url}/"))
    assert "Paused: nothing new is offered" in shown
    assert f'action="{url}/resume/"' in shown
    event = Event.objects.filter(kind="tasks.project_changed").latest("id")
    assert event.body["reason"] == "The client asked"
    assert miriam.post(f"{url}/resume/").status_code == 303
    assert miriam.post(f"{url}/close/", {"reason": "Done"}).status_code == 303
    assert miriam.post(f"{url}/resume/").status_code == 409
    project.refresh_from_db()
    assert project.state == "closed"


def test_money_is_added_after_it_was_shown_back(crew, miriam):
    project = crew.project(budget_minor=100_000)
    url = f"/ops/projects/{project.public_id}/top-up/"
    shown = miriam.post(url, {"amount": "250.5"})
    assert "$1,250.50" in text_of(shown)
    project.budget.refresh_from_db()
    assert project.budget.total_minor == 100_000
    assert miriam.post(url, {"amount": "250.5", "confirmed": "1"}).status_code == 303
    project.budget.refresh_from_db()
    assert project.budget.total_minor == 125_050
    assert miriam.post(url, {"amount": "0", "confirmed": "1"}).status_code == 422
    assert miriam.post(url, {"amount": "2,5", "confirmed": "1"}).status_code == 422


def test_a_new_guide_is_a_new_version_and_the_same_text_is_not(crew, miriam):
    project = crew.project()
    url = f"/ops/projects/{project.public_id}/guide/"
    assert miriam.post(url, {"text": "# Find the first wrong step"}).status_code == 303
    assert project.guides.count() == 1
    assert miriam.post(url, {"text": "# Find\r\nthe last"}).status_code == 303
    assert project.guides.get(n=2).text == "# Find\nthe last"


def test_name_and_priority_are_changed(crew, miriam):
    project = crew.project()
    url = f"/ops/projects/{project.public_id}/edit/"
    assert miriam.post(url, {"name": "Proofs II", "priority": "101"}).status_code == 422
    assert miriam.post(url, {"name": "Proofs II", "priority": "70"}).status_code == 303
    project.refresh_from_db()
    assert (project.name, project.priority) == ("Proofs II", 70)


def test_finance_reads_and_steers_nothing(crew):
    fay = visitor(person("Fay", Role.FINANCE))
    project = crew.project()
    shown = text_of(fay.get(f"/ops/projects/{project.public_id}/"))
    assert "Proofs" in shown
    assert "Pause" not in shown
    for path in ("pause", "close", "top-up", "hand-in", "guide", "edit"):
        answer = fay.post(f"/ops/projects/{project.public_id}/{path}/", {"reason": "x"})
        assert answer.status_code == 403
    project.refresh_from_db()
    assert project.state == "open"


def test_the_list_shows_how_far_projects_are_and_narrows(crew, miriam):
    one, two = crew.project(name="Alpha"), crew.project(name="Beta")
    crew.tasks(one, 4)
    fold(crew)
    shown = text_of(miriam.get("/ops/projects/"))
    assert shown.index(">Beta<") < shown.index(">Alpha<")
    assert "0% answered" in shown
    only = text_of(miriam.get("/ops/projects/?q=alph"))
    assert ">Alpha<" in only
    assert ">Beta<" not in only
    assert "No project matches" in text_of(miriam.get("/ops/projects/?state=paused"))
    rows = b"".join(miriam.get("/ops/projects/?format=csv&q=bet").streaming_content).decode()
    assert two.public_id in rows
    assert one.public_id not in rows


def test_lists_and_rooms_ask_as_often_for_many_as_for_few(crew, miriam):
    project = crew.project()
    miriam.get("/ops/projects/")
    with counting() as few:
        miriam.get("/ops/projects/")
    with counting() as small_room:
        miriam.get(f"/ops/projects/{project.public_id}/")
    for n in range(20):
        crew.project(name=f"More {n}")
    crew.tasks(project, 5)
    crew.tasks(project, 5)
    with counting() as many:
        miriam.get("/ops/projects/")
    with counting() as full_room:
        miriam.get(f"/ops/projects/{project.public_id}/")
    assert len(many) == len(few)
    assert len(full_room) == len(small_room)
    asked = [s for s in (*many.statements, *full_room.statements) if 'FROM "tasks_task"' in s]
    assert asked == []
