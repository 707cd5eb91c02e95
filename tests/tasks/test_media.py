"""Pictures and clips: known by content, upright, bare, and shown to few."""

import hashlib
import io

import pytest
from PIL import Image, PngImagePlugin

from tasks.models import Media
from tasks.operations import storing
from tasks.operations.storing import store_samples
from tasks.operations.welcoming import join
from tasks.types import all_types
from tests.people import AT, knock, person
from tests.tasks.commissions import client_with, commissioned, grounds, work_off
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

RED = (200, 30, 30)


def picture(format="PNG", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, RED).save(out, format, **options)
    return out.getvalue()


def named(data, name="a.png", content_type="image/png"):
    file = io.BytesIO(data)
    file.name = name
    file.content_type = content_type
    return file


@pytest.fixture
def carls():
    grounds()
    return knock(client_with("Harbour", "Carl")[1])


def test_a_bare_picture_is_kept_as_it_is(carls):
    data = picture()
    answer = carls.post("/api/v1/media/", {"file": named(data)})
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["width"], body["height"], body["kind"], body["mime"]) == (
        40,
        20,
        "image",
        "image/png",
    )
    assert body["sha256"] == hashlib.sha256(data).hexdigest()
    again = carls.post("/api/v1/media/", {"file": named(data)})
    assert again.json()["id"] == body["id"]
    assert Event.objects.filter(kind="tasks.media_stored").count() == 1


def test_it_is_turned_upright_and_its_hidden_data_is_taken_out(carls):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "canary-9f3"
    data = picture("JPEG", exif=exif)
    body = carls.post("/api/v1/media/", {"file": named(data)}).json()
    assert (body["width"], body["height"], body["mime"]) == (20, 40, "image/jpeg")
    kept = carls.get(f"/api/v1/media/{body['id']}/").content
    assert b"canary" not in kept
    assert hashlib.sha256(kept).hexdigest() == body["sha256"]
    assert Image.open(io.BytesIO(kept)).size == (20, 40)


def test_texts_and_tails_are_taken_out(carls):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "canary-9f3")
    for data in (picture(pnginfo=info), picture() + b"<script>canary-9f3</script>"):
        body = carls.post("/api/v1/media/", {"file": named(data)}).json()
        kept = carls.get(f"/api/v1/media/{body['id']}/").content
        assert b"canary" not in kept


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n broken",
        b"\x1a\x45\xdf\xa3broken",
        picture("GIF"),
        picture()[:-30],
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_calls_itself(carls, data, media_root):
    answer = carls.post("/api/v1/media/", {"file": named(data)})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    assert Media.objects.count() == 0
    assert [p for p in media_root.rglob("*") if p.is_file()] == []


def test_limits_hold(carls, monkeypatch):
    from tasks.providers import pictures

    monkeypatch.setattr(pictures, "PIXELS_MAX", 700)
    answer = carls.post("/api/v1/media/", {"file": named(picture())})
    assert answer.status_code == 400
    monkeypatch.setattr(pictures, "PIXELS_MAX", 10_000)
    monkeypatch.setattr(storing, "MEDIUM_BYTES_MAX", 50)
    assert carls.post("/api/v1/media/", {"file": named(picture())}).status_code == 400
    monkeypatch.setattr(storing, "MEDIUM_BYTES_MAX", 10_000)
    monkeypatch.setattr(storing, "CLIENT_BYTES_MAX", 50)
    answer = carls.post("/api/v1/media/", {"file": named(picture())})
    assert (answer.status_code, answer.json()["code"]) == (409, "media_quota")
    assert Media.objects.count() == 0


def test_it_is_served_as_an_attachment_in_a_sandbox(carls):
    body = carls.post("/api/v1/media/", {"file": named(picture(), name="evil.html")}).json()
    for key in (body["id"], body["sha256"]):
        answer = carls.get(f"/api/v1/media/{key}/")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert answer["Content-Disposition"] == f'attachment; filename="{body["id"]}.png"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox")


def test_others_do_not_see_it(carls):
    body = carls.post("/api/v1/media/", {"file": named(picture())}).json()
    charlie = client_with("Quarry", "Charlie")[1]
    alice = person("Alice", Role.TUTOR)
    for who in (charlie, alice):
        for key in (body["id"], body["sha256"], "M-999999", "../../etc/passwd", "x" * 64):
            assert knock(who).get(f"/api/v1/media/{key}/").status_code == 404
    assert knock(person("Max", Role.MANAGER)).get(f"/api/v1/media/{body['id']}/").status_code == 200


def test_samples_are_stored_once_in_every_instance(carls):
    wanted = {m.ref.sha256 for kind in all_types() for m in kind.sample_media}
    assert store_samples(at=AT) == len(wanted) > 1
    assert store_samples(at=AT) == 0
    assert set(Media.objects.filter(client=None).values_list("sha256", flat=True)) == wanted
    assert carls.get(f"/api/v1/media/{next(iter(wanted))}/").status_code == 200


def test_a_batch_may_name_samples_and_own_pictures(carls):
    store_samples(at=AT)
    pictures = commissioned(carls, task_type="image", domain="visual.image-understanding")
    items = [
        {"external_id": s.name, "input": s.input} for k in all_types() if k.slug == "image"
        for s in k.samples
    ]  # fmt: skip
    wrong = {"external_id": "wrong size", "input": {**items[0]["input"]}}
    wrong["input"]["media"] = [{**wrong["input"]["media"][0], "width": 481}]
    answer = carls.post(
        f"/api/v1/projects/{pictures}/batches/", {"items": [*items, wrong]}, format="json"
    )
    work_off()
    batch = carls.get(f"/api/v1/batches/{answer.json()['id']}/").json()
    assert batch["counts"]["new"] == len(items)
    assert list(batch["errors"][0]["errors"]) == ["input.media[0].width"]


def test_a_clip_says_its_size_and_length(carls):
    sample = next(m for k in all_types() if k.slug == "video" for m in k.sample_media)
    answer = carls.post("/api/v1/media/", {"file": named(sample.file.read_bytes())})
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["kind"], body["width"], body["height"], body["duration_ms"]) == (
        "video",
        sample.ref.width,
        sample.ref.height,
        sample.ref.duration_ms,
    )


def test_a_tutor_sees_the_pictures_of_the_tasks_in_her_hands_and_no_longer():
    from tests.tasks.crew import Crew

    store_samples(at=AT)
    crew = Crew()
    alice = crew.tutor("Alice", speciality="visual.image-understanding")
    bob = crew.tutor("Bob", speciality="visual.image-understanding")
    asked = {
        "schema": 1,
        "name": "Eyes",
        "rules": [
            {
                "id": "field",
                "mode": "hard",
                "test": {
                    "kind": "qualification",
                    "speciality": "visual.image-understanding",
                    "level_min": 1,
                },
            }
        ],
    }
    project = crew.project(
        task_type="image", domain="visual.image-understanding", requirements=asked
    )
    carl = person("Carl", Role.CLIENT)
    join(client=crew.client, account=carl, actor=crew.max, at=AT)
    stored = knock(carl).post("/api/v1/media/", {"file": named(picture(size=(480, 320)))}).json()
    sample = next(k for k in all_types() if k.slug == "image").sample_input
    shown = {**sample, "media": [{**sample["media"][0], "sha256": stored["sha256"]}]}
    crew.tasks(project, input=shown)
    path = f"/api/v1/media/{stored['sha256']}/"
    alices = knock(alice.account)
    assert alices.get(path).status_code == 404
    claim = alices.post("/api/v1/work/claims/", {}, format="json").json()
    assert claim["task"]["input"]["media"][0]["sha256"] == stored["sha256"]
    assert alices.get(path).status_code == 200
    assert alices.get(f"/api/v1/media/{stored['id']}/").status_code == 200
    assert knock(bob.account).get(path).status_code == 404
    given = alices.post(
        f"/api/v1/work/claims/{claim['id']}/skip/", {"reason": "not mine"}, format="json"
    )
    assert given.status_code == 200, given.json()
    assert alices.get(path).status_code == 404
