"""Each rule of the types about texts, refused at the exact field with the exact code.

A row changes one thing in a sample and names every problem that must come of it.
"""

from typing import Any

import pytest

from tasks.types import task_type
from tests.tasks.types.changing import GONE, changed

PREFERENCE = [
    ({"ranking": GONE}, {("ranking", "missing")}),
    ({"ranking[1]": GONE}, {("ranking", "missing"), ("strength", "contradicts")}),
    ({"ranking[1][0]": "b"}, {("ranking[1][0]", "repeated"), ("ranking", "missing")}),
    ({"ranking[1][0]": "z"}, {("ranking[1][0]", "no_such_id"), ("ranking", "missing")}),
    ({"ranking[1][0]": "no blanks"}, {("ranking[1][0]", "wrong_form")}),
    ({"ranking[2]": ["a"]}, {("ranking[2][0]", "repeated")}),
    ({"strength": None}, {("strength", "missing")}),
    ({"strength": 0}, {("strength", "contradicts")}),
    ({"strength": 4}, {("strength", "out_of_range")}),
    ({"strength": "3"}, {("strength", "wrong_type")}),
    ({"all_bad": "no"}, {("all_bad", "wrong_type")}),
    ({"criteria.correct": GONE}, {("criteria.correct", "missing")}),
    ({"criteria": GONE}, {("criteria.correct", "missing"), ("criteria.plain", "missing")}),
    (
        {"criteria.beauty": {"ranking": [["a", "b"]], "strength": 0}},
        {("criteria.beauty", "no_such_id")},
    ),
    ({"criteria.plain.strength": 2}, {("criteria.plain.strength", "contradicts")}),
    (
        {"criteria.plain.ranking[0][1]": "a"},
        {
            ("criteria.plain.ranking[0][1]", "repeated"),
            ("criteria.plain.ranking", "missing"),
        },
    ),
    ({"flags[0].quote": "98 % sure of your effect"}, {("flags[0].quote", "quote_differs")}),
    ({"flags[0].in": "response:c"}, {("flags[0].in", "no_such_place")}),
    ({"flags[0].in": "turn:1"}, {("flags[0].in", "wrong_place")}),
    ({"flags[0].in": "answer a"}, {("flags[0].in", "wrong_form")}),
    ({"flags[0].start": 200}, {("flags[0].end", "span_empty")}),
    ({"flags[0].end": 900}, {("flags[0].end", "span_outside")}),
    ({"flags[0].start": -1}, {("flags[0].start", "out_of_range")}),
    ({"flags[0].start": 1.5}, {("flags[0].start", "wrong_type")}),
    ({"flags[0].kind": "ugly"}, {("flags[0].kind", "not_a_choice")}),
    ({"flags[1]": {"kind": "rude", "in": "response:c"}}, {("flags[1].in", "no_such_place")}),
    ({"reason": "b is right."}, {("reason", "too_short")}),
    ({"reason": "b is right." + " " * 60}, {("reason", "too_short")}),
    ({"reason": GONE}, {("reason", "too_short")}),
    ({"all_bad": True}, {("rewrite", "missing")}),
    ({"all_bad": True, "rewrite": " \n "}, {("rewrite", "missing")}),
    ({"confidence": 6}, {("confidence", "out_of_range")}),
    ({"time_ms": 5}, {("time_ms", "unknown_field")}),
]
CRITIQUE = [
    (
        {"points": []},
        {
            ("points", "too_few"),
            ("steps.s2.point", "no_such_id"),
        },
    ),
    ({"points[1].n": 1}, {("points[1].n", "id_repeated")}),
    ({"points[0].span.quote": "add 1000 ml of water"}, {("points[0].span.quote", "quote_differs")}),
    ({"points[0].span": GONE}, {("points[0].span", "missing")}),
    ({"points[1].at": GONE}, {("points[1].at", "missing")}),
    ({"points[0].at": {"in": "response:a", "offset": 0}}, {("points[0].at", "not_allowed")}),
    ({"points[1].at.offset": 10_000}, {("points[1].at.offset", "span_outside")}),
    ({"points[1].at.in": "response:q"}, {("points[1].at.in", "no_such_place")}),
    ({"points[1].at.in": "turn:1"}, {("points[1].at.in", "wrong_place")}),
    ({"points[0].why": " "}, {("points[0].why", "blank")}),
    ({"points[0].severity": "huge"}, {("points[0].severity", "not_a_choice")}),
    ({"steps.s2": GONE}, {("steps.s2", "missing")}),
    ({"steps.s9": {"ok": True}}, {("steps.s9", "no_such_id")}),
    ({"steps.s1.point": 1}, {("steps.s1", "contradicts")}),
    ({"steps.s1.only_follows": True}, {("steps.s1", "contradicts")}),
    ({"steps.s2.point": GONE}, {("steps.s2.point", "missing")}),
    ({"steps.s2.point": 7}, {("steps.s2.point", "no_such_id")}),
    ({"rewrite": None}, {("rewrite", "missing")}),
    (
        {"rewrite": task_type("critique").sample_input["responses"][0]["text"]},
        {
            ("rewrite", "unchanged"),
        },
    ),
]
GRADES = [
    ({"grades[0].grade": "full"}, {("grades[0].grade", "not_a_choice")}),
    ({"grades[1].grade": "yes"}, {("grades[1].grade", "not_a_choice")}),
    (
        {"grades[0].criterion": "c9"},
        {
            ("grades[0].criterion", "no_such_id"),
            ("grades", "missing"),
        },
    ),
    (
        {"grades[2].criterion": "c1"},
        {
            ("grades[2].criterion", "repeated"),
            ("grades", "missing"),
        },
    ),
    ({"grades[2]": GONE}, {("grades", "missing")}),
    ({"grades[0].evidence": GONE}, {("grades[0].evidence", "evidence_missing")}),
    ({"grades[0].evidence": []}, {("grades[0].evidence", "evidence_missing")}),
    ({"grades[0].evidence[0].quote": "x"}, {("grades[0].evidence[0].quote", "quote_differs")}),
    ({"grades[0].evidence[1].line": 4}, {("grades[0].evidence[1].line", "no_such_line")}),
    ({"grades[0].evidence[1].line": 2}, {("grades[0].evidence[1].quote", "quote_differs")}),
    ({"grades[0].evidence[1].in": "source:s2"}, {("grades[0].evidence[1].in", "no_such_place")}),
    (
        {"grades[0].evidence[0]": {"url": "https://example.org/", "note": "There."}},
        {
            ("grades[0].evidence[0].url", "outside_source"),
        },
    ),
    (
        {"criterion_problems[0].criterion": "c9"},
        {
            ("criterion_problems[0].criterion", "no_such_id"),
        },
    ),
    (
        {"criterion_problems[0].problem": "dull"},
        {
            ("criterion_problems[0].problem", "not_a_choice"),
        },
    ),
    ({"grades": GONE}, {("grades", "missing")}),
]
WRITTEN = [
    ({"rubric[3]": GONE}, {("rubric", "too_few")}),
    ({"rubric[0].points": 5}, {("rubric", "wrong_total")}),
    ({"rubric[0].points": 0}, {("rubric[0].points", "out_of_range"), ("rubric", "wrong_total")}),
    ({"rubric[1].id": "c1"}, {("rubric[1].id", "id_repeated")}),
    (
        {"rubric[1].text": "says THAT ice is less dense  than liquid water"},
        {
            ("rubric[1].text", "repeated"),
        },
    ),
    ({"rubric[3].must": True}, {("rubric[3].must", "contradicts")}),
    (
        {"rubric[2].why": GONE, "rubric[2].fails": GONE},
        {
            ("rubric[2].why", "missing"),
            ("rubric[2].fails", "missing"),
        },
    ),
    ({"reference_answer": None}, {("reference_answer", "missing")}),
    ({"rubric[0].scale": "stars"}, {("rubric[0].scale", "not_a_choice")}),
]
HALLUCINATION = [
    ({"findings[1].n": 1}, {("findings[1].n", "id_repeated")}),
    ({"findings[0].span.quote": "Right knee"}, {("findings[0].span.quote", "quote_differs")}),
    ({"findings[2].span": GONE}, {("findings[2].span", "missing")}),
    ({"findings[2].at": {"in": "response:a", "offset": 1}}, {("findings[2].at", "not_allowed")}),
    ({"findings[4].at": GONE}, {("findings[4].at", "missing")}),
    ({"findings[0].kind": "vague"}, {("findings[0].kind", "not_a_choice")}),
    ({"findings[0].harm": GONE}, {("findings[0].harm", "missing")}),
    ({"findings[0].correction": GONE}, {("findings[0].correction", "missing")}),
    ({"findings[0].correction.text": GONE}, {("findings[0].correction.text", "missing")}),
    (
        {"findings[0].correction.text": "right knee"},
        {
            ("findings[0].correction.text", "unchanged"),
        },
    ),
    ({"findings[2].correction.text": "x"}, {("findings[2].correction.text", "not_allowed")}),
    ({"findings[0].correction.do": "insert"}, {("findings[0].correction.do", "contradicts")}),
    ({"findings[4].correction.do": "replace"}, {("findings[4].correction.do", "contradicts")}),
    ({"findings[0].evidence": []}, {("findings[0].evidence", "evidence_missing")}),
    ({"findings[1].evidence[0].line": 1}, {("findings[1].evidence[0].quote", "quote_differs")}),
    ({"findings[1].evidence[0].line": 0}, {("findings[1].evidence[0].line", "out_of_range")}),
    ({"findings[1].evidence[0].line": 5}, {("findings[1].evidence[0].line", "no_such_line")}),
    (
        {"findings[1].evidence[0].in": "response:a"},
        {
            ("findings[1].evidence[0].in", "no_such_place"),
        },
    ),
    (
        {"findings[3].evidence[0].url": "file:///etc/passwd"},
        {
            ("findings[3].evidence[0].url", "wrong_form"),
        },
    ),
    (
        {"findings[3].evidence[0].url": "javascript:alert(1)"},
        {
            ("findings[3].evidence[0].url", "wrong_form"),
        },
    ),
    ({"findings[3].evidence[0].line": 2}, {("findings[3].evidence[0].line", "unknown_field")}),
    ({"findings[1].evidence[0].quote": GONE}, {("findings[1].evidence[0].quote", "missing")}),
    ({"checked_all": False}, {("checked_all", "not_confirmed")}),
    ({"faithful": 0}, {("faithful", "out_of_range")}),
]
SCENARIO = [
    (
        {"turns[0].role": "model", "turns[0].version": "north-1"},
        {
            ("turns[0].role", "contradicts"),
            ("turns[1].role", "contradicts"),
        },
    ),
    (
        {"turns[2]": {"role": "model", "text": "Right.", "version": "north-1"}},
        {
            ("turns[2].role", "contradicts"),
        },
    ),
    ({"turns[1].version": "north-2"}, {("turns[1].version", "no_such_id")}),
    ({"turns[1].version": GONE}, {("turns[1].version", "missing")}),
    ({"turns[0].call": "call_02"}, {("turns[0].call", "not_allowed")}),
    ({"turns": [{"role": "user", "text": "Yes?"}]}, {("failed.turn", "no_such_id")}),
    ({"failed": None}, {("failed", "missing")}),
    ({"failed": GONE}, {("failed", "missing")}),
    ({"failed.turn": 1}, {("failed.turn", "no_such_id")}),
    ({"failed.turn": 3}, {("failed.turn", "no_such_id")}),
    ({"failed.why": ""}, {("failed.why", "blank")}),
    ({"reference_answer": "  "}, {("reference_answer", "missing")}),
    ({"rubric": GONE}, {("rubric", "too_few")}),
    ({"rubric[0].id": "c2"}, {("rubric[1].id", "id_repeated")}),
    ({"no_real_person": False}, {("no_real_person", "not_confirmed")}),
    ({"sources[0].url": "example.org"}, {("sources[0].url", "wrong_form")}),
]
ROWS = [
    (slug, number, changes, expected)
    for slug, number, table in (
        ("preference", 0, PREFERENCE),
        ("critique", 0, CRITIQUE),
        ("rubric", 0, GRADES),
        ("rubric", 1, WRITTEN),
        ("hallucination", 0, HALLUCINATION),
        ("scenario", 0, SCENARIO),
    )
    for changes, expected in table
]


def found(problems: Any) -> set[tuple[str, str]]:
    return {(problem.path, str(problem.code)) for problem in problems}


@pytest.mark.parametrize(("slug", "number", "changes", "expected"), ROWS)
def test_an_answer_that_breaks_a_rule_is_refused_by_field(
    slug: str, number: int, changes: dict[str, Any], expected: set[tuple[str, str]]
):
    kind = task_type(slug)
    sample = kind.samples[number]
    answer = changed(sample.answer, changes)
    problems = kind.check_answer(input=sample.input, answer=answer)
    assert found(problems) == expected
    assert all(problem.message[0].isupper() or problem.message[0] == "“" for problem in problems)
    assert all(problem.message.endswith(".") for problem in problems)


def test_the_modes_of_a_rubric_are_not_mixed():
    kind = task_type("rubric")
    grade, write = kind.samples
    assert found(kind.check_answer(input=grade.input, answer=write.answer)) == {
        ("grades", "missing")
    }
    assert found(kind.check_answer(input=write.input, answer=grade.answer)) == {
        ("rubric", "missing")
    }


def test_ties_are_refused_where_the_task_takes_none():
    kind = task_type("preference")
    task_input = changed(kind.sample_input, {"ask.ties": False})
    assert found(kind.check_answer(input=task_input, answer=kind.sample_answer)) == {
        ("criteria.plain.ranking[0]", "not_allowed")
    }


def test_a_finding_of_a_kind_not_asked_for_is_refused():
    kind = task_type("hallucination")
    task_input = changed(
        kind.sample_input, {"ask.kinds": ["omission"], "ask.outside_sources": False}
    )
    problems = kind.check_answer(input=task_input, answer=kind.sample_answer)
    assert found(problems) == {
        *{(f"findings[{number}].kind", "not_allowed") for number in range(4)},
        ("findings[3].evidence[0].url", "outside_source"),
    }


def test_the_same_passage_is_marked_once():
    kind = task_type("hallucination")
    again = {**kind.sample_answer["findings"][0], "n": 9}
    answer = changed(kind.sample_answer, {"findings[9]": again})
    assert found(kind.check_answer(input=kind.sample_input, answer=answer)) == {
        ("findings[5]", "repeated")
    }


def test_more_than_what_is_asked_of_a_writer_is_refused():
    kind = task_type("rubric")
    write = kind.samples[1]
    task_input = changed(write.input, {"ask.criteria_max": 3, "ask.negative_min": 2})
    assert [
        (problem.path, problem.code, problem.message)
        for problem in kind.check_answer(input=task_input, answer=write.answer)
    ] == [
        ("rubric", "too_many", "Write at most 3; there are 4."),
        ("rubric", "too_few", "Write at least 2 with points below zero."),
    ]


def test_a_case_written_without_a_model_has_no_turns_of_one():
    kind = task_type("scenario")
    task_input = changed(kind.sample_input, {"model": GONE})
    assert found(kind.check_answer(input=task_input, answer=kind.sample_answer)) == {
        ("turns[1].role", "not_allowed")
    }
    short = changed(kind.sample_input, {"model.turns_max": 1})
    assert found(kind.check_answer(input=short, answer=kind.sample_answer)) == {
        ("turns", "too_many")
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"cannot": {"reason": "bored"}}, {("cannot.reason", "not_a_choice")}),
        ({"cannot": {}}, {("cannot.reason", "missing")}),
        ({"cannot": None}, {("cannot", "wrong_type")}),
        ({"cannot": {"reason": "unsafe", "note": "x" * 2001}}, {("cannot.note", "too_long")}),
        ({"cannot": {"reason": "unsafe"}, "confidence": 1}, {("confidence", "unknown_field")}),
        ({"cannot": {"reason": "unsafe", "paid": 9}}, {("cannot.paid", "unknown_field")}),
        ([], {("", "wrong_type")}),
        (None, {("", "wrong_type")}),
    ],
)
def test_a_cannot_has_a_reason_from_the_list(answer: Any, expected: set[tuple[str, str]]):
    kind = task_type("critique")
    assert found(kind.check_answer(input=kind.sample_input, answer=answer)) == expected
