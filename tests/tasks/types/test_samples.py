"""Every task type as it is declared: closed, bounded, self-contained, with samples that hold."""

import hashlib
import json
import time
from typing import Any

import jsonschema_rs
import pytest
from PIL import Image, ImageChops

from tasks.types import NoSuchTaskType, Sample, TaskType, all_types, item_schema, task_type
from tasks.types.pictures import CLIP, PICTURE, draw, sample_frames, sample_things

SEVEN = ["critique", "hallucination", "image", "preference", "rubric", "scenario", "video"]
SAMPLES = [(each, sample) for each in all_types() for sample in each.samples]
SCHEMAS = [
    *[(f"{each.slug} input", each.input_schema) for each in all_types()],
    *[(f"{each.slug} answer", each.answer_schema) for each in all_types()],
    ("item", item_schema()),
]
CHECK_SECONDS_MAX = 0.001


def named(value: Any) -> str:
    return getattr(value, "slug", getattr(value, "name", str(value)))


def test_the_seven_types_are_there():
    assert [each.slug for each in all_types()] == SEVEN


def test_each_says_what_it_is():
    for each in all_types():
        assert task_type(each.slug) is each
        assert each.title and each.description.endswith(".") and len(each.description) < 90
        assert each.guide_example.startswith("# ") and "Example" in each.guide_example


def test_an_unknown_slug_is_refused():
    with pytest.raises(NoSuchTaskType, match="There is no task type “essay”"):
        task_type("essay")


def test_rubric_has_a_sample_for_each_mode():
    assert [each.input["mode"] for each in task_type("rubric").samples] == ["grade", "write"]


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=named)
def test_a_sample_is_valid_as_it_stands(kind: TaskType, sample: Sample):
    assert kind.check_input(sample.input) == ()
    assert kind.check_answer(input=sample.input, answer=sample.answer) == ()
    assert kind.normalise_input(sample.input) == sample.input
    assert kind.normalise_answer(sample.answer) == sample.answer


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=named)
def test_a_stranger_with_the_published_schema_agrees(kind: TaskType, sample: Sample):
    for schema in (kind.input_schema, kind.answer_schema):
        jsonschema_rs.meta.validate(json.loads(json.dumps(schema)))
    assert jsonschema_rs.is_valid(kind.input_schema, sample.input)
    assert jsonschema_rs.is_valid(kind.answer_schema, sample.answer)
    assert jsonschema_rs.is_valid(kind.answer_schema, {"cannot": {"reason": "unsafe"}})
    assert not jsonschema_rs.is_valid(
        kind.answer_schema, {**sample.answer, "cannot": {"reason": "unsafe"}}
    )


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=named)
def test_every_type_takes_a_cannot(kind: TaskType, sample: Sample):
    for reason in ("outside_my_field", "missing_context", "broken_input", "guide_unclear"):
        answer = {"cannot": {"reason": reason, "note": "The second page is missing."}}
        assert kind.check_answer(input=sample.input, answer=answer) == ()
        assert kind.is_cannot(answer)
        assert kind.compare(input=sample.input, left=answer, right=sample.answer) is None
        assert kind.compare(input=sample.input, left=answer, right=answer) is None
    assert not kind.is_cannot(sample.answer)


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=named)
def test_checking_an_answer_is_quick(kind: TaskType, sample: Sample):
    best = min(_seconds(kind, sample) for _ in range(20))
    assert best < CHECK_SECONDS_MAX


def _seconds(kind: TaskType, sample: Sample) -> float:
    start = time.process_time()
    for _ in range(5):
        kind.check_answer(input=sample.input, answer=sample.answer)
    return (time.process_time() - start) / 5


def parts(schema: Any, path: str = "#") -> list[tuple[str, dict[str, Any]]]:
    """Every sub-schema, by its path."""
    found = []
    if isinstance(schema, dict):
        found.append((path, schema))
        for key, value in schema.items():
            found += parts(value, f"{path}/{key}")
    if isinstance(schema, list):
        for number, value in enumerate(schema):
            found += parts(value, f"{path}/{number}")
    return found


@pytest.mark.parametrize(("name", "schema"), SCHEMAS)
def test_every_text_list_and_number_has_a_limit(name: str, schema: dict[str, Any]):
    missing = []
    for path, part in parts(schema):
        types = part.get("type", [])
        types = [types] if isinstance(types, str) else types
        if "string" in types and "maxLength" not in part:
            missing.append(path)
        if "array" in types and ("maxItems" not in part or "items" not in part):
            missing.append(path)
        bounded = path.endswith("/additionalProperties") or {"minimum", "maximum"} <= part.keys()
        if {"integer", "number"} & set(types) and not bounded:
            missing.append(path)
    assert missing == []


@pytest.mark.parametrize(("name", "schema"), SCHEMAS)
def test_every_object_is_closed(name: str, schema: dict[str, Any]):
    opened = [
        path
        for path, part in parts(schema)
        if "properties" in part
        and "additionalProperties" not in part
        and not path.endswith("/if")  # a question, not a shape
        and "if" not in part  # both its branches are shapes, and closed
        and not path.endswith("/properties")  # a field of that name
    ]
    assert opened == []


@pytest.mark.parametrize("slug", ["image", "video"])
def test_the_media_of_a_sample_are_in_the_folder(slug: str):
    kind = task_type(slug)
    [medium] = kind.sample_media
    data = medium.file.read_bytes()
    assert hashlib.sha256(data).hexdigest() == medium.ref.sha256
    assert len(data) < 30_000
    assert medium.alt
    assert kind.media_of(kind.sample_input) == (medium.ref,)
    assert medium.ref.path == "media[0]"


def test_the_sample_picture_shows_what_is_declared():
    [medium] = task_type("image").sample_media
    assert medium.content_type == "image/png"
    with Image.open(medium.file) as picture:
        assert picture.size == PICTURE == (medium.ref.width, medium.ref.height)
        drawn = draw(sample_things(), size=PICTURE, horizon=230)
        assert ImageChops.difference(picture.convert("RGB"), drawn).getbbox() is None
    assert medium.ref.duration_ms is None


def test_the_sample_clip_is_a_real_webm():
    [medium] = task_type("video").sample_media
    assert medium.content_type == "video/webm"
    assert medium.file.read_bytes().startswith(b"\x1a\x45\xdf\xa3")
    assert b"V_VP9" in medium.file.read_bytes()
    frames = list(sample_frames())
    assert {frame.size for frame in frames} == {CLIP} == {(medium.ref.width, medium.ref.height)}
    assert medium.ref.duration_ms == len(frames) * 1000 // 25


def test_a_preference_may_show_pictures_in_place_of_texts():
    kind, picture = task_type("preference"), task_type("image").sample_input["media"][0]
    shown = {
        "conversation": kind.sample_input["conversation"],
        "responses": [
            {"id": "a", "media": picture},
            {"id": "b", "media": {**picture, "id": "m2"}},
        ],
        "ask": {"mode": "pair"},
    }
    assert kind.check_input(shown) == ()
    assert [(ref.path, ref.id) for ref in kind.media_of(shown)] == [
        ("responses[0].media", "m1"),
        ("responses[1].media", "m2"),
    ]
    answer = {
        "ranking": [["a"], ["b"]],
        "all_bad": False,
        "flags": [{"kind": "broken", "in": "response:b"}],
        "confidence": 3,
    }
    assert kind.check_answer(input=shown, answer=answer) == ()
    assert task_type("critique").media_of(task_type("critique").sample_input) == ()
