"""Inputs and items that cannot become tasks, refused at the exact field."""

import copy
from typing import Any

import pytest

from tasks.types import all_types, by_field, check_item, normalise_item, task_type
from tasks.types.items import META_BYTES_MAX
from tasks.types.plain import CHARACTERS_MAX, DEPTH_MAX, VALUES_MAX
from tests.tasks.types.changing import GONE, changed
from tests.tasks.types.test_refused_texts import found

RESPONSE = {"id": "c", "text": "It depends."}
STEP = {"id": "s1", "start": 60, "end": 70}

ROWS: list[tuple[str, int, dict[str, Any], set[tuple[str, str]]]] = [
    ("preference", 0, {"responses[2]": RESPONSE}, {("responses", "contradicts")}),
    ("preference", 0, {"responses[1]": GONE}, {("responses", "too_few")}),
    ("preference", 0, {"responses[1].id": "a"}, {("responses[1].id", "id_repeated")}),
    ("preference", 0, {"responses[1].text": ""}, {("responses[1].text", "blank")}),
    ("preference", 0, {"responses[1].model": "x"}, {("responses[1].model", "unknown_field")}),
    ("preference", 0, {"criteria[1].id": "correct"}, {("criteria[1].id", "id_repeated")}),
    ("preference", 0, {"ask.mode": "best"}, {("ask.mode", "not_a_choice")}),
    ("preference", 0, {"ask": GONE}, {("ask", "missing")}),
    ("preference", 0, {"conversation": []}, {("conversation", "too_few")}),
    (
        "critique",
        0,
        {"responses[0].steps[1].start": 3},
        {
            ("responses[0].steps[1].start", "overlap"),
        },
    ),
    (
        "critique",
        0,
        {"responses[0].steps[1].end": 3},
        {
            ("responses[0].steps[1].end", "span_empty"),
        },
    ),
    (
        "critique",
        0,
        {"responses[0].steps[1].end": 999},
        {
            ("responses[0].steps[1].end", "span_outside"),
        },
    ),
    (
        "critique",
        0,
        {"responses[0].steps[1].id": "s1"},
        {
            ("responses[0].steps[1].id", "id_repeated"),
        },
    ),
    ("critique", 0, {"responses[0].steps": GONE}, {("ask.steps", "contradicts")}),
    ("rubric", 0, {"mode": "read"}, {("mode", "not_a_choice"), ("mode", "not_a_choice")}),
    ("rubric", 0, {"rubric": GONE}, {("rubric", "missing")}),
    ("rubric", 0, {"rubric[0].points": 0}, {("rubric[0].points", "out_of_range")}),
    ("rubric", 0, {"rubric[1].id": "c1"}, {("rubric[1].id", "id_repeated")}),
    ("rubric", 0, {"rubric[2].must": True}, {("rubric[2].must", "contradicts")}),
    ("rubric", 0, {"responses": []}, {("responses", "too_few")}),
    ("rubric", 1, {"rubric": []}, {("rubric", "unknown_field")}),
    ("rubric", 1, {"ask.criteria_min": 9}, {("ask.criteria_max", "contradicts")}),
    ("rubric", 1, {"ask.negative_min": 6}, {("ask.negative_min", "contradicts")}),
    (
        "hallucination",
        0,
        {"sources": GONE, "ask.outside_sources": False},
        {
            ("sources", "contradicts"),
        },
    ),
    (
        "hallucination",
        0,
        {"sources[0].lines[1]": "one\ntwo"},
        {
            ("sources[0].lines[1]", "line_broken"),
        },
    ),
    (
        "hallucination",
        0,
        {"sources[1]": {"id": "s1", "title": "Again", "lines": ["x"]}},
        {
            ("sources[1].id", "id_repeated"),
        },
    ),
    ("hallucination", 0, {"ask.kinds": ["omission", "omission"]}, {("ask.kinds", "repeated")}),
    ("image", 0, {"media[0].sha256": "9f2c"}, {("media[0].sha256", "wrong_form")}),
    ("image", 0, {"media[0].kind": "video"}, {("media[0].kind", "not_a_choice")}),
    ("image", 0, {"media[0].width": 0}, {("media[0].width", "out_of_range")}),
    (
        "image",
        0,
        {"media[1]": task_type("image").sample_input["media"][0]},
        {
            ("media[1].id", "id_repeated"),
        },
    ),
    ("image", 0, {"caption": GONE}, {("caption", "contradicts")}),
    ("image", 0, {"claims": []}, {("claims", "contradicts")}),
    ("image", 0, {"labels": GONE}, {("labels", "contradicts")}),
    ("image", 0, {"claims[1].id": "k1"}, {("claims[1].id", "id_repeated")}),
    (
        "video",
        0,
        {"media[0]": task_type("image").sample_input["media"][0]},
        {
            ("media", "contradicts"),
        },
    ),
    ("video", 0, {"media[0].duration_ms": GONE}, {("media[0].duration_ms", "missing")}),
    (
        "video",
        0,
        {"media[0].transcript[0]": {"start_ms": 0, "end_ms": 4001, "text": "Hm."}},
        {
            ("media[0].transcript[0].end_ms", "outside_clip"),
        },
    ),
    ("video", 0, {"tracks": GONE}, {("tracks", "contradicts")}),
    ("video", 0, {"tracks[1].id": "ball"}, {("tracks[1].id", "id_repeated")}),
    ("scenario", 0, {"brief": "\n"}, {("brief", "blank")}),
    ("scenario", 0, {"ask.rubric": [6, 3]}, {("ask.rubric", "contradicts")}),
    ("scenario", 0, {"ask.similar_max": 1.1}, {("ask.similar_max", "out_of_range")}),
    ("scenario", 0, {"model.goal": "win"}, {("model.goal", "not_a_choice")}),
]


@pytest.mark.parametrize(("slug", "number", "changes", "expected"), ROWS)
def test_an_input_that_breaks_a_rule_is_refused_by_field(
    slug: str, number: int, changes: dict[str, Any], expected: set[tuple[str, str]]
):
    kind = task_type(slug)
    assert found(kind.check_input(changed(kind.samples[number].input, changes))) == expected


KIND = task_type("critique")
ITEM: dict[str, Any] = {
    "external_id": "acid-1",
    "input": KIND.sample_input,
    "meta": {"response:a": "north-1", "batch": 7},
    "gold": KIND.sample_answer,
    "proposal": copy.deepcopy(KIND.sample_answer),
    "complexity": 2,
    "content": ["self_harm"],
    "priority": 60,
}


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = {"in": value}
    return value


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"meta": GONE, "gold": GONE, "proposal": GONE, "content": GONE}, set()),
        ({"gold": None, "proposal": None}, set()),
        ({"gold": {"cannot": {"reason": "missing_context"}}}, set()),
        ({"external_id": GONE}, {("external_id", "missing")}),
        ({"external_id": ""}, {("external_id", "wrong_form")}),
        ({"external_id": " x"}, {("external_id", "wrong_form")}),
        ({"external_id": "x" * 201}, {("external_id", "too_long")}),
        ({"external_id": 7}, {("external_id", "wrong_type")}),
        ({"external_id": "a\x00b"}, {("external_id", "control_character")}),
        ({"input": GONE}, {("input", "missing")}),
        ({"input": []}, {("input", "wrong_type")}),
        (
            {"input": {}},
            {
                ("input.conversation", "missing"),
                ("input.responses", "missing"),
                ("input.ask", "missing"),
            },
        ),
        (
            {"input.responses[0].text": "a\x00b"},
            {
                ("input.responses[0].text", "control_character"),
            },
        ),
        ({"gold.points[0].span.quote": "x"}, {("gold.points[0].span.quote", "quote_differs")}),
        ({"proposal.points[0].n": 0}, {("proposal.points[0].n", "out_of_range")}),
        ({"gold": "known"}, {("gold", "wrong_type")}),
        ({"complexity": 4}, {("complexity", "out_of_range")}),
        ({"content": ["Self harm"]}, {("content[0]", "wrong_form")}),
        ({"content": ["gore", "gore"]}, {("content", "repeated")}),
        ({"priority": 101}, {("priority", "out_of_range")}),
        ({"meta": {"x": "y" * META_BYTES_MAX}}, {("meta", "too_big")}),
        ({"meta": "x"}, {("meta", "wrong_type")}),
        ({"rate": 5}, {("rate", "unknown_field")}),
    ],
)
def test_an_item_is_checked_whole(changes: dict[str, Any], expected: set[tuple[str, str]]):
    assert found(check_item(KIND, changed(ITEM, changes))) == expected


def test_an_item_nested_too_deep_is_refused():
    [problem] = check_item(KIND, {**ITEM, "meta": nested(DEPTH_MAX + 5)})
    assert problem.code == "too_deep"
    assert problem.path.startswith("meta.in.in")


@pytest.mark.parametrize("item", [None, 5, "x", [], [ITEM], True])
def test_an_item_is_an_object(item: Any):
    assert found(check_item(KIND, item)) == {("", "wrong_type")}


def test_gold_is_not_looked_at_before_its_input_is_sound():
    item = changed(ITEM, {"input.ask": GONE, "gold.points": "x"})
    assert found(check_item(KIND, item)) == {("input.ask", "missing")}


def test_problems_are_grouped_by_field_as_sentences():
    answer = changed(KIND.sample_answer, {"points[0].span.end": 10_000, "confidence": 9})
    assert by_field(KIND.check_answer(input=KIND.sample_input, answer=answer)) == {
        "confidence": ["Give 5 or less."]
    }
    answer = changed(KIND.sample_answer, {"points[0].span.end": 10_000})
    assert by_field(KIND.check_answer(input=KIND.sample_input, answer=answer)) == {
        "points[0].span.end": ["The text ends at 87, before 10000."]
    }


@pytest.mark.parametrize("kind", all_types(), ids=lambda kind: kind.slug)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\x00b", "control_character"),
        ("a\x1b[31m", "control_character"),
        ("a\r\nb", "control_character"),
        ("a\ud83db", "broken_text"),
        (float("nan"), "not_a_number"),
        (float("-inf"), "not_a_number"),
        (nested(DEPTH_MAX), "too_deep"),
        ([0] * (VALUES_MAX + 1), "too_big"),
        ("x" * (CHARACTERS_MAX + 1), "too_big"),
        ({"a\x00b": 1}, "control_character"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_stored_is_refused_before_all_else(kind: Any, value: Any, code: str):
    name = next(iter(kind.sample_input))
    for problems in (
        kind.check_input({**kind.sample_input, name: value}),
        kind.check_answer(input=kind.sample_input, answer={**kind.sample_answer, "x": value}),
    ):
        assert [str(problem.code) for problem in problems] == [code]


def test_normalising_makes_one_kind_of_line_end_and_whole_numbers():
    raw = {"external_id": "x", "input": {"a": ["one\r\ntwo\rthree\n", 5.0, 0.5, None, True]}}
    assert normalise_item(raw) == {
        "external_id": "x",
        "input": {"a": ["one\ntwo\nthree\n", 5, 0.5, None, True]},
    }
    assert isinstance(normalise_item(raw)["input"]["a"][1], int)


def test_a_whole_number_written_with_a_point_is_taken():
    answer = changed(KIND.sample_answer, {"points[0].span.start": 50.0, "confidence": 4.0})
    text = KIND.sample_input["responses"][0]["text"]
    answer["points"][0]["span"] |= {"end": 55.0, "quote": text[50:55]}
    assert KIND.check_answer(input=KIND.sample_input, answer=answer) == ()


HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'`; DROP TABLE tasks;--\u202e\u2028<!--"


def test_markup_is_data_and_passes_unchanged():
    kind = task_type("preference")
    task_input = changed(
        kind.sample_input, {"responses[0].text": HOSTILE, "conversation[0].text": HOSTILE}
    )
    quote = HOSTILE[:9]
    answer = changed(
        kind.sample_answer,
        {
            "flags[0]": {"kind": "other", "in": "response:a", "start": 0, "end": 9, "quote": quote},
            "reason": HOSTILE,
        },
    )
    assert quote == "</script>"
    assert kind.normalise_input(task_input) == task_input
    assert kind.normalise_answer(answer) == answer
    assert kind.check_input(task_input) == ()
    assert kind.check_answer(input=task_input, answer=answer) == ()
