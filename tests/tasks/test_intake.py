"""Batches: handed in through the API, loaded by real jobs, good rows in and bad rows named."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tasks.models import Batch, CounterChange, Project, Slot, Task, TaskContent
from tasks.operations.loading import load_chunk
from tasks.rules import intake
from tasks.types import task_type
from tests.people import AT, knock
from tests.tasks.commissions import client_with, commissioned, grounds, item, work_off
from workforce.models import Event, Job

pytestmark = pytest.mark.django_db

SAMPLE = task_type("critique").sample_input
LONG = 200 * 1024 * 1024


@pytest.fixture
def carls():
    grounds()
    _, carl = client_with("Harbour", "Carl")
    return knock(carl)


@pytest.fixture
def project(carls):
    return commissioned(carls, overlap=2, priority=70)


def hand_in(carls, project, body, content_type="application/json", **headers):
    if content_type == "application/json":
        body = json.dumps(body)
    return carls.generic(
        "POST", f"/api/v1/projects/{project}/batches/", body, content_type=content_type, **headers
    )


def loaded(carls, answer):
    assert answer.status_code == 202, answer.json()
    work_off()
    return carls.get(f"/api/v1/batches/{answer.json()['id']}/").json()


def csv_of(*rows):
    out = io.StringIO()
    import csv

    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_items_become_tasks_with_their_slots(carls, project):
    answer = hand_in(
        carls,
        project,
        {"items": [item(1, meta={"model": "x"}, priority=90, complexity=2), item(2)]},
    )
    assert (answer.status_code, answer.json()["state"]) == (202, "received")
    assert Task.objects.count() == 0
    batch = loaded(carls, answer)
    assert (batch["state"], batch["counts"]) == (
        "done",
        {"received": 2, "new": 2, "duplicate": 0, "error": 0},
    )
    first = Task.objects.get(external_id="row-1")
    assert (first.priority, first.complexity, first.is_gold, first.state) == (90, 2, False, "open")
    assert Task.objects.get(external_id="row-2").priority == 70
    assert TaskContent.objects.get(task=first).meta == {"model": "x"}
    assert TaskContent.objects.get(task=first).input == SAMPLE
    slots = Slot.objects.filter(task=first).order_by("ordinal")
    assert [(s.ordinal, s.state, s.role, s.priority, s.fence) for s in slots] == [
        (1, "open", "attempt", 90, 0),
        (2, "open", "attempt", 90, 0),
    ]
    assert CounterChange.objects.get().waiting == 4
    opened = Event.objects.get(kind="tasks.opened")
    assert (opened.subject, opened.body["count"], opened.body["queue"]) == (batch["id"], 2, "stem")
    assert Job.objects.filter(kind="tasks.route_queue", queue="stem", state="due").count() == 1


def test_handing_the_same_in_again_adds_nothing(carls, project):
    for new, duplicate in ((2, 0), (0, 2)):
        batch = loaded(carls, hand_in(carls, project, {"items": [item(1), item(2)]}))
        assert batch["counts"] == {"received": 2, "new": new, "duplicate": duplicate, "error": 0}
    assert Task.objects.count() == 2
    assert Slot.objects.count() == 4
    assert Event.objects.filter(kind="tasks.opened").count() == 1


def test_the_same_key_is_the_same_batch(carls, project):
    body = {"items": [item(1)]}
    first = hand_in(carls, project, body, HTTP_IDEMPOTENCY_KEY="again")
    second = hand_in(carls, project, body, HTTP_IDEMPOTENCY_KEY="again")
    assert first.json() == second.json()
    other = hand_in(carls, project, {"items": [item(2)]}, HTTP_IDEMPOTENCY_KEY="again")
    assert other.status_code == 422
    assert Batch.objects.count() == 1


def test_an_id_twice_in_one_file_is_loaded_once(carls, project):
    batch = loaded(carls, hand_in(carls, project, {"items": [item(1), item(1), item(2)]}))
    assert batch["counts"] == {"received": 3, "new": 2, "duplicate": 1, "error": 0}


def test_two_projects_may_use_the_same_id(carls, project):
    other = commissioned(carls)
    for where in (project, other):
        assert loaded(carls, hand_in(carls, where, {"items": [item(1)]}))["counts"]["new"] == 1


def test_good_rows_come_in_and_bad_rows_are_named(carls, project):
    bad = [
        item(2) | {"input": {}},
        item(3) | {"colour": "red"},
        item(4) | {"complexity": 4},
        "not an item",
        item(5) | {"gold": {"points": []}},
    ]
    batch = loaded(carls, hand_in(carls, project, {"items": [item(1), *bad, item(6)]}))
    assert batch["counts"] == {"received": 7, "new": 2, "duplicate": 0, "error": 5}
    assert [e["row"] for e in batch["errors"]] == [2, 3, 4, 5, 6]
    assert [e["external_id"] for e in batch["errors"]] == ["row-2", "row-3", "row-4", "", "row-5"]
    assert list(batch["errors"][1]["errors"]) == ["colour"]
    assert list(batch["errors"][2]["errors"]) == ["complexity"]
    assert sorted(Task.objects.values_list("external_id", flat=True)) == ["row-1", "row-6"]


def test_a_jsonl_file_is_read_by_line(carls, project):
    lines = [json.dumps(item(1)), "", "{broken", json.dumps(item(2))]
    batch = loaded(carls, hand_in(carls, project, "\n".join(lines), "application/x-ndjson"))
    assert (batch["format"], batch["counts"]) == (
        "jsonl",
        {"received": 3, "new": 2, "duplicate": 0, "error": 1},
    )
    assert batch["errors"][0]["row"] == 3
    assert "not valid JSON" in batch["errors"][0]["errors"][""][0]


def test_a_csv_file_maps_columns_to_fields(carls, project):
    body = csv_of(
        ["external_id", "priority", "input", "meta.response:a", "content"],
        ["one", "99", json.dumps(SAMPLE), "model-x", "self_harm violence"],
        ["two", "", json.dumps(SAMPLE), "", ""],
    )
    batch = loaded(carls, hand_in(carls, project, body, "text/csv"))
    assert batch["counts"]["new"] == 2
    one, two = Task.objects.select_related("content").order_by("external_id")
    assert (one.priority, one.content.meta, one.content.content) == (
        99,
        {"response:a": "model-x"},
        ["self_harm", "violence"],
    )
    assert (two.priority, two.content.meta) == (70, None)


def test_a_csv_may_give_the_input_by_field(carls):
    grounds()
    stories = commissioned(carls, task_type="scenario")
    sample = task_type("scenario").sample_input
    columns = [f"input.{name}" for name in sample]
    cells = [v if isinstance(v, str) else json.dumps(v) for v in sample.values()]
    body = csv_of(["external_id", *columns], ["one", *cells])
    batch = loaded(carls, hand_in(carls, stories, body, "text/csv"))
    assert batch["errors"] == []
    assert TaskContent.objects.get().input == sample


def test_a_form_may_carry_the_file(carls, project):
    file = io.BytesIO(json.dumps(item(1)).encode())
    file.name = "work.jsonl"
    answer = carls.post(f"/api/v1/projects/{project}/batches/", {"file": file})
    assert loaded(carls, answer)["counts"]["new"] == 1
    assert Batch.objects.get().file_name == "work.jsonl"


def test_unknown_columns_are_refused_and_nothing_is_kept(carls, project, media_root):
    body = csv_of(["external_id", "input", "colour", "input.mood"], ["one", "{}", "red", "sad"])
    answer = hand_in(carls, project, body, "text/csv")
    assert answer.status_code == 400
    assert {"colour", "input.mood"} <= set(answer.json()["errors"])
    assert Batch.objects.count() == 0
    assert [p for p in media_root.rglob("*") if p.is_file()] == []


def test_another_encoding_is_named_with_its_line(carls, project):
    good, bad = (
        json.dumps(item(1)).encode(),
        json.dumps(item(2)).encode().replace(b"row", b"r\xf6w"),
    )
    batch = loaded(carls, hand_in(carls, project, good + b"\n" + bad, "application/jsonl"))
    assert batch["counts"] == {"received": 2, "new": 1, "duplicate": 0, "error": 1}
    assert batch["errors"][0]["errors"][""][0].startswith("Line 2 is not UTF-8: byte 0xF6")


@pytest.mark.parametrize("body", ["a,b".encode("utf-16"), b"PK\x03\x04zip", b"\x00\x01\x02\x03"])
def test_a_file_that_is_no_text_is_refused_at_once(carls, project, body, media_root):
    answer = hand_in(carls, project, body, "text/csv")
    assert (answer.status_code, answer.json()["code"]) == (400, "batch_not_readable")
    assert (Batch.objects.count(), Event.objects.filter(kind="tasks.batch_received").count()) == (
        0,
        0,
    )
    assert [p for p in media_root.rglob("*") if p.is_file()] == []


class Sparse(io.RawIOBase):
    """A line of 200 MB between two good ones, made while it is read."""

    def __init__(self):
        self.parts = [
            json.dumps(item(1)).encode() + b"\n",
            LONG,
            b"\n" + json.dumps(item(2)).encode(),
        ]

    def readable(self):
        return True

    def readinto(self, target):
        if not self.parts:
            return 0
        part = self.parts[0]
        if isinstance(part, int):
            size = min(part, len(target))
            target[:size] = b"x" * size
            self.parts[0] = part - size
            if not self.parts[0]:
                self.parts.pop(0)
            return size
        size = min(len(part), len(target))
        target[:size] = part[:size]
        self.parts[0] = part[size:]
        if not self.parts[0]:
            self.parts.pop(0)
        return size


def test_a_line_of_200_mb_is_refused_without_being_held(carls, project, settings):
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = carls.generic(
        "POST",
        f"/api/v1/projects/{project}/batches/",
        content_type="application/x-ndjson",
        **{"wsgi.input": io.BufferedReader(Sparse()), "CONTENT_LENGTH": str(LONG + 5_000)},
    )
    batch = loaded(carls, answer)
    assert batch["counts"] == {"received": 3, "new": 2, "duplicate": 0, "error": 1}
    assert batch["errors"][0]["row"] == 2
    assert "more than 4 MB" in batch["errors"][0]["errors"][""][0]
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 60


def test_a_json_body_over_its_limit_is_413(carls, project):
    answer = hand_in(carls, project, b"[" + b" " * (10 * 1024 * 1024) + b"]", "text/plain")
    assert answer.status_code == 415
    answer = carls.generic(
        "POST",
        f"/api/v1/projects/{project}/batches/",
        b'{"items": [' + b" " * (10 * 1024 * 1024) + b"]}",
        content_type="application/json",
    )
    assert answer.status_code == 413
    assert Batch.objects.count() == 0


def test_an_upload_over_its_limit_is_413(carls, project, settings, media_root):
    settings.UPLOAD_BYTES_MAX = 1_000
    for content_type in ("text/csv", "application/jsonl"):
        answer = hand_in(carls, project, b"x" * 1_001, content_type)
        assert answer.status_code == 413
    file = io.BytesIO(b"x" * 1_001)
    file.name = "work.csv"
    answer = carls.post(f"/api/v1/projects/{project}/batches/", {"file": file})
    assert answer.status_code == 413
    assert Batch.objects.count() == 0
    assert [p for p in media_root.rglob("*") if p.is_file()] == []


def test_an_open_quote_is_an_error_of_its_row(carls, project):
    body = 'external_id,input\none,"{broken\n'
    batch = loaded(carls, hand_in(carls, project, body, "text/csv"))
    assert (batch["state"], batch["counts"]["error"]) == ("done", 1)
    assert "quote left open" in batch["errors"][0]["errors"][""][0]


def test_formula_cells_stay_text_and_leave_quoted(carls, project):
    body = csv_of(
        ["external_id", "input", "meta.note"],
        ['=HYPERLINK("evil")', json.dumps(SAMPLE), "=1+1"],
        ["@bad", "{}", "+1"],
    )
    batch = loaded(carls, hand_in(carls, project, body, "text/csv"))
    assert batch["counts"] == {"received": 2, "new": 1, "duplicate": 0, "error": 1}
    task = Task.objects.select_related("content").get()
    assert (task.external_id, task.content.meta) == ('=HYPERLINK("evil")', {"note": "=1+1"})
    answer = carls.get(batch["errors_url"])
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Type"] == "text/csv"
    assert lines[0] == "row,external_id,field,message"
    assert all(line.startswith("3,'@bad,") for line in lines[1:])


def test_markup_in_every_text_comes_back_as_text(carls, project):
    nasty = "</script><script>alert(1)</script>"
    body = item(1, external_id=nasty, meta={nasty: nasty})
    body["input"] = json.loads(json.dumps(SAMPLE))
    body["input"]["conversation"][0]["text"] = nasty
    batch = loaded(carls, hand_in(carls, project, {"items": [body, {"external_id": nasty}]}))
    assert batch["counts"]["new"] == 1, batch
    assert batch["errors"][0]["external_id"] == nasty
    answer = carls.get(batch["errors_url"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_unknown_picture_is_a_row_error(carls):
    grounds()
    pictures = commissioned(carls, task_type="image", domain="visual.image-understanding")
    row = {"external_id": "one", "input": task_type("image").sample_input}
    batch = loaded(carls, hand_in(carls, pictures, {"items": [row]}))
    assert batch["counts"] == {"received": 1, "new": 0, "duplicate": 0, "error": 1}
    (path,) = batch["errors"][0]["errors"]
    assert path == "input.media[0].sha256"


def test_a_long_file_is_loaded_in_chunks_each_a_job(carls, project, monkeypatch):
    monkeypatch.setattr(intake, "CHUNK_ROWS", 10)
    monkeypatch.setattr(intake, "CHECK_ROWS", 4)
    lines = [json.dumps(item(n)) for n in range(25)]
    answer = hand_in(carls, project, "\n".join(lines), "application/x-ndjson")
    jobs = work_off()
    assert [j.state for j in jobs] == ["done"] * 3
    counts = [e.body["count"] for e in Event.objects.filter(kind="tasks.opened").order_by("id")]
    assert counts == [10, 10, 5]
    assert carls.get(f"/api/v1/batches/{answer.json()['id']}/").json()["state"] == "done"
    assert Task.objects.count() == 25
    done = Event.objects.get(kind="tasks.batch_done")
    assert (done.body["received"], done.body["new"], done.body["state"]) == (25, 25, "done")


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_chunks_find_their_place_again(carls, project, monkeypatch, format):
    monkeypatch.setattr(intake, "CHUNK_ROWS", 3)
    if format == "csv":
        nested = item(1)["input"] | {"conversation": [{"role": "user", "text": "two\nlines, “ö”"}]}
        body = "﻿" + csv_of(
            ["external_id", "input"],
            *[[f"r{n}", json.dumps(nested, indent=1)] for n in range(7)],
        )
        content_type = "text/csv"
    else:
        body = "\n".join(json.dumps(item(n)) for n in range(7))
        content_type = "application/jsonl"
    batch = loaded(carls, hand_in(carls, project, body.encode(), content_type))
    assert batch["counts"] == {"received": 7, "new": 7, "duplicate": 0, "error": 0}, batch


def test_a_chunk_that_dies_is_repeated_without_doubling(carls, project, monkeypatch):
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    lines = "\n".join(json.dumps(item(n)) for n in range(4))
    answer = hand_in(carls, project, lines, "application/jsonl")
    batch = Batch.objects.get()
    from django.db import transaction

    class Killed(Exception):
        pass

    assert load_chunk(batch_id=batch.pk, at=AT) is True
    with pytest.raises(Killed), transaction.atomic():
        load_chunk(batch_id=batch.pk, at=AT)
        raise Killed
    batch.refresh_from_db()
    assert (batch.new, Task.objects.count(), batch.state) == (2, 2, "loading")
    shown = loaded(carls, answer)
    assert shown["counts"] == {"received": 4, "new": 4, "duplicate": 0, "error": 0}


def test_a_closed_project_takes_nothing_in(carls, project):
    carls.post(f"/api/v1/projects/{project}/close/")
    answer = hand_in(carls, project, {"items": [item(1)]})
    assert (answer.status_code, answer.json()["code"]) == (409, "project_closed")
    assert Batch.objects.count() == 0


def test_a_project_closed_meanwhile_fails_the_batch(carls, project):
    answer = hand_in(carls, project, {"items": [item(1)]})
    Project.objects.update(state="closed")
    batch = loaded(carls, answer)
    assert (batch["state"], batch["counts"]["new"]) == ("failed", 0)
    assert "closed" in batch["note"]
    assert Task.objects.count() == 0


def test_the_upload_is_gone_when_it_is_loaded(
    carls, project, media_root, django_capture_on_commit_callbacks
):
    answer = hand_in(carls, project, {"items": [item(1)]})
    assert len([p for p in media_root.rglob("*.json") if p.is_file()]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        loaded(carls, answer)
    assert [p for p in media_root.rglob("*") if p.is_file()] == []


def test_foreign_batches_are_missing_ones(carls, project):
    answer = hand_in(carls, project, {"items": [item(1)]})
    _, charlie = client_with("Quarry", "Charlie")
    charlies = knock(charlie)
    missing = charlies.get("/api/v1/batches/B-999999/").json()
    for path in ("", "errors/"):
        found = charlies.get(f"/api/v1/batches/{answer.json()['id']}/{path}")
        assert (found.status_code, found.json()) == (404, missing)


@pytest.mark.parametrize("body", [{}, {"items": []}, {"items": "x"}, {"rows": [1]}, []])
def test_bodies_without_items_are_refused(carls, project, body):
    answer = hand_in(carls, project, body)
    assert answer.status_code == 400
    assert Batch.objects.count() == 0


def test_the_shell_hands_a_file_in_with_progress(carls, project, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    file = tmp_path / "work.jsonl"
    file.write_text("\n".join([json.dumps(item(n)) for n in range(4)] + ["{broken"]))
    call_command("intake", str(file), project=project)
    shown = capsys.readouterr()
    assert "2 rows" in shown.out
    assert "done: 5 received, 4 new, 0 duplicate, 1 with errors" in shown.out
    assert "row 5" in shown.err
    assert Task.objects.count() == 4
    work_off()
    assert Batch.objects.get().received == 5


def test_the_shell_refuses_what_the_api_refuses(carls, project, tmp_path):
    file = tmp_path / "work.csv"
    file.write_text("external_id,input,colour\n")
    with pytest.raises(CommandError, match="colour"):
        call_command("intake", str(file), project=project)
    with pytest.raises(CommandError, match="no project's id"):
        call_command("intake", str(file), project="T-1")
    assert Batch.objects.count() == 0
