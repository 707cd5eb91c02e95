"""Spans count Unicode code points; what a browser counts in UTF-16 comes out the same place."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tasks.types import task_type
from tasks.types.places import places_of, point_problems, span_problems

# Letters, marks that join, characters outside the first plane, flags and families of emoji.
ALPHABET = st.sampled_from("aé ß\n中\u0301𝔘🧪👩🏽‍🔬🇩🇪\u202e<&\"'")
TEXTS = st.text(ALPHABET | st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)


def utf16(text: str, offset: int) -> int:
    """What JavaScript calls the offset."""
    return len(text[:offset].encode("utf-16-le")) // 2


def from_utf16(text: str, units: int) -> int:
    """The conversion the workspace makes."""
    return len(text.encode("utf-16-le")[: units * 2].decode("utf-16-le"))


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


def span(start: int, end: int, quote: str, place: str = "response:a") -> dict[str, Any]:
    return {"in": place, "start": start, "end": end, "quote": quote}


@given(marked())
def test_a_span_survives_json_and_the_browser(chosen: tuple[str, int, int]):
    text, start, end = chosen
    sent = json.loads(json.dumps(span(start, end, text[start:end])))
    assert list(span_problems(sent, path="span", places={"response:a": text})) == []
    assert from_utf16(text, utf16(text, start)) == start
    assert from_utf16(text, utf16(text, end)) == end


@given(marked(), st.text(max_size=9))
def test_any_other_quote_is_refused(chosen: tuple[str, int, int], quote: str):
    text, start, end = chosen
    problems = list(
        span_problems(span(start, end, quote), path="span", places={"response:a": text})
    )
    assert [problem.path for problem in problems] == (
        [] if quote == text[start:end] else ["span.quote"]
    )


@given(st.integers(0, 99), st.integers(0, 99), TEXTS)
def test_a_span_is_half_open_and_inside(start: int, end: int, text: str):
    problems = [
        str(problem.code)
        for problem in span_problems(
            span(start, end, text[start:end]), path="span", places={"response:a": text}
        )
    ]
    if start >= end:
        assert problems == ["span_empty"]
    elif end > len(text):
        assert problems == ["span_outside"]
    else:
        assert problems == []


def test_an_emoji_is_one_character():
    text = "🧪 is 2.15 h"
    assert list(span_problems(span(5, 11, "2.15 h"), path="s", places={"response:a": text})) == []
    [problem] = span_problems(span(6, 12, "2.15 h"), path="s", places={"response:a": text})
    assert (problem.path, problem.code) == ("s.end", "span_outside")


@given(TEXTS)
def test_a_point_may_stand_at_the_end_and_no_further(text: str):
    places = {"response:a": text}
    at = {"in": "response:a", "offset": len(text)}
    assert list(point_problems(at, path="at", places=places)) == []
    [problem] = point_problems({**at, "offset": len(text) + 1}, path="at", places=places)
    assert (problem.path, problem.code) == ("at.offset", "span_outside")


def test_every_text_of_a_task_has_a_place():
    assert list(places_of(task_type("hallucination").sample_input)) == [
        "response:a",
        "source:s1",
        "turn:1",
    ]
    assert places_of(task_type("image").sample_input)["caption"].startswith("A red mug")


def test_a_grade_may_quote_a_source_or_a_turn_as_a_span():
    kind = task_type("rubric")
    source = places_of(kind.sample_input)["source:s1"]
    start = source.index("may not cancel")
    evidence = [
        span(start, start + 14, "may not cancel", "source:s1"),
        span(0, 10, "A customer", "turn:1"),
    ]
    answer = json.loads(json.dumps(kind.sample_answer))
    answer["grades"][0]["evidence"] = evidence
    assert kind.check_answer(input=kind.sample_input, answer=answer) == ()
