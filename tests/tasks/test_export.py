"""Results with their provenance: whose is a pseudonym, gold stays inside, meta comes back."""

import json

import pytest

from tasks.operations.welcoming import join
from tasks.queries import exporting
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.commissions import client_with
from tests.tasks.crew import ANSWER
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

CANNOT = {"cannot": {"reason": "broken_input", "note": "The picture is missing."}}


@pytest.fixture
def carls(crew):
    carl = person("Carl", Role.CLIENT)
    join(client=crew.client, account=carl, actor=crew.max, at=crew.at)
    return knock(carl)


def answer_one(tutor, answer=ANSWER):
    client = knock(tutor.account)
    claim = client.post("/api/v1/work/claims/", {}, format="json").json()
    later(seconds=60)
    handed = client.post(
        f"/api/v1/work/claims/{claim['id']}/submit/",
        {"fence": claim["fence"], "answer": answer},
        format="json",
    )
    assert handed.status_code == 200, handed.json()
    return handed.json()


def judge_one(reviewer, **decision):
    client = knock(reviewer.account)
    claim = client.post("/api/v1/work/claims/", {"role": "review"}, format="json").json()
    later(seconds=30)
    body = {"decision": "accept", "category": "", "note": "", "scores": {}, **decision}
    answer = client.post(
        f"/api/v1/submissions/{claim['submission']['id']}/review/", body, format="json"
    )
    assert answer.status_code in (200, 201), answer.json()


def lines_of(client, project, query="?format=jsonl"):
    answer = client.get(f"/api/v1/projects/{project.public_id}/export/{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_an_accepted_answer_leaves_with_its_provenance(crew, carls):
    alice, rita = crew.tutor("Alice", level=2), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (task,) = crew.tasks(project, meta={"response:a": "model-x"})
    handed = answer_one(alice)
    judge_one(rita, decision="accept", note="Well seen.", scores={"care": 5})
    (line,) = lines_of(carls, project)
    assert (line["external_id"], line["task"], line["submission"]) == (
        "row-0",
        task.public_id,
        handed["id"],
    )
    assert line["answer"] == ANSWER
    assert line["cannot"] is None
    assert line["meta"] == {"response:a": "model-x"}
    assert (line["status"], line["level"], line["guide_version"]) == ("accepted", 2, 1)
    assert line["standing"] == {"reviewed": 1, "accepted": 1}
    assert line["seconds_worked"] >= 60
    assert line["claimed_at"] < line["submitted_at"]
    review = line["review"]
    assert (review["decision"], review["note"], review["scores"]) == (
        "accept",
        "Well seen.",
        {"care": 5},
    )
    told = json.dumps(line)
    for secret in (alice.public_id, rita.public_id, alice.account.name, alice.account.email):
        assert f'"{secret}"' not in told
    assert line["tutor"].startswith("tutor-") and line["tutor"] != review["reviewer"]


def test_answers_to_gold_are_no_results(crew, carls):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, gold=ANSWER)
    answer_one(alice)
    assert lines_of(carls, project) == []


def test_a_cannot_is_a_result_too(crew, carls):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    answer_one(alice, CANNOT)
    (line,) = lines_of(carls, project)
    assert (line["answer"], line["cannot"], line["status"]) == (
        None,
        CANNOT["cannot"],
        "submitted",
    )
    assert line["review"] is None


def test_a_tutor_has_one_name_for_a_client_and_another_elsewhere(crew, carls):
    from tasks.operations.exporting import pseudonym_of

    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 2)
    answer_one(alice)
    answer_one(alice)
    one, two = lines_of(carls, project)
    assert one["tutor"] == two["tutor"]
    assert one["tutor"] != pseudonym_of(tutor_id=alice.pk, client="C-999999")


def test_long_exports_are_read_in_chunks(crew, carls, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(exporting, "CHUNK_ROWS", 1)
    monkeypatch.setattr(exporting, "_CHUNK", exporting._CHUNK.replace("LIMIT 500", "LIMIT 1"))
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 3)
    for _ in range(3):
        answer_one(alice)
    assert [line["external_id"] for line in lines_of(carls, project)] == ["row-0", "row-1", "row-2"]


def test_an_export_may_be_narrowed(crew, carls):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (first,) = crew.tasks(project)
    crew.tasks(project)
    answer_one(alice)
    answer_one(alice)
    judge_one(rita)
    batch = f"B-{first.batch_id}"
    assert len(lines_of(carls, project)) == 2
    assert len(lines_of(carls, project, f"?batch={batch}")) == 1
    assert len(lines_of(carls, project, "?status=accepted")) == 1
    assert lines_of(carls, project, "?batch=B-999999") == []


def test_what_cannot_be_asked_is_refused(crew, carls):
    project = crew.project()
    for query in ("?format=xml", "?gold=1", "?batch=x", "?status=lost", "?page_size=5"):
        answer = carls.get(f"/api/v1/projects/{project.public_id}/export/{query}")
        assert answer.status_code == 400, query


def test_nobody_else_takes_results_home(crew):
    project = crew.project()
    path = f"/api/v1/projects/{project.public_id}/export/"
    assert knock(client_with("Quarry", "Charlie")[1]).get(path).status_code == 404
    assert knock(crew.tutor("Alice").account).get(path).status_code == 403
