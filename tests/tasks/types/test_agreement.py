"""How far two answers agree: exact values, and what holds for all."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.types import Sample, TaskType, all_types, task_type
from tasks.types.matching import best_total
from tasks.types.shapes import area_overlap, corners, polygon_problems, time_overlap
from tests.tasks.types.changing import GONE, changed

SAMPLES = [(each, sample) for each in all_types() for sample in each.samples]


def agreement(slug: str, changes: dict[str, Any], base: dict[str, Any] | None = None) -> float:
    """Between a sample's answer and a changed one, the same both ways."""
    kind = task_type(slug)
    left = changed(kind.sample_answer, base or {})
    right = changed(left, changes)
    one = kind.compare(input=kind.sample_input, left=left, right=right)
    other = kind.compare(input=kind.sample_input, left=right, right=left)
    assert one is not None
    assert one == other
    return one


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=lambda each: getattr(each, "slug", ""))
def test_equal_answers_agree_wholly_or_are_not_compared(kind: TaskType, sample: Sample):
    value = kind.compare(input=sample.input, left=sample.answer, right=sample.answer)
    uncompared = kind.slug == "scenario" or sample.name == "write"
    assert value == (None if uncompared else 1.0)


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [([["b"], ["a"]], 1.0), ([["a", "b"]], 0.5), ([["a"], ["b"]], 0.0)],
)
def test_rankings_of_two(ranking: list[list[str]], expected: float):
    assert agreement("preference", {"ranking": ranking}) == expected


def test_rankings_of_three_count_every_pair():
    kind = task_type("preference")
    left = {"ranking": [["a"], ["b"], ["c"]]}
    for ranking, expected in (
        ([["a"], ["c"], ["b"]], 2 / 3),
        ([["c"], ["b"], ["a"]], 0.0),
        ([["a"], ["b", "c"]], 2.5 / 3),
        ([["a", "b", "c"]], 0.5),
    ):
        right = {"ranking": ranking}
        assert kind.compare(input=kind.sample_input, left=left, right=right) == pytest.approx(
            expected
        )


def test_points_are_matched_by_place_and_kind():
    one_point = {"points[1]": GONE}
    assert agreement("critique", {"points[0].kind": "style"}, one_point) == 0.5
    assert agreement("critique", {"points[0].severity": "minor"}, one_point) == 1.0
    assert agreement("critique", {"points[0].span.start": 0, "points[0].span.end": 3}) == 0.5
    assert agreement("critique", {"points": []}) == 0.0
    assert agreement("critique", {"points": []}, {"points": []}) == 1.0
    assert agreement("critique", {"points[1]": GONE}) == pytest.approx(2 / 3)


def test_grades_weigh_their_points():
    assert agreement("rubric", {"grades[0].grade": "no"}) == pytest.approx(1 - 5 / 12)
    assert agreement("rubric", {"grades[1].grade": "full"}) == pytest.approx(1 - 2 / 12)
    assert agreement("rubric", {"grades[2].grade": "no"}) == pytest.approx(1 - 3 / 12)


def test_findings_are_weighed_by_harm():
    first_only = {f"findings[{number}]": GONE for number in (4, 3, 2, 1)}
    assert agreement("hallucination", {"findings": []}) == 0.0
    assert agreement("hallucination", {"findings": []}, {"findings": []}) == 1.0
    assert agreement("hallucination", {"findings[0].harm": "mild"}, first_only) == pytest.approx(
        2 * 1 / (4 + 1)
    )
    assert agreement("hallucination", {"findings[0].kind": "unsupported"}, first_only) == 0.0
    # Losing a mild finding (mass 1 of 15) costs less than losing a severe one (mass 4 of 15).
    assert agreement("hallucination", {"findings[3]": GONE}) == pytest.approx(2 * 14 / (15 + 14))
    assert agreement("hallucination", {"findings[0]": GONE}) == pytest.approx(2 * 11 / (15 + 11))


def test_half_a_passage_agrees_by_half():
    kind = task_type("hallucination")
    first_only = {f"findings[{number}]": GONE for number in (4, 3, 2, 1)}
    start = kind.sample_answer["findings"][0]["span"]["start"]
    assert agreement(
        "hallucination", {"findings[0].span.end": start + 5}, first_only
    ) == pytest.approx(0.5)


def test_omissions_agree_by_the_line_they_cite():
    last_only = {f"findings[{number}]": GONE for number in (3, 2, 1, 0)}
    assert agreement("hallucination", {"findings[0].at.offset": 0}, last_only) == 1.0
    assert agreement("hallucination", {"findings[0].evidence[0].line": 1}, last_only) == 0.0
    assert agreement("hallucination", {"findings[0].evidence": []}, last_only) == 0.0


def test_pictures_agree_by_claims_and_regions():
    same_regions = 1.0
    # Verdicts false, true, cannot tell against false, true, true: 2/3 seen, 3/9 by chance.
    kappa = (2 / 3 - 1 / 3) / (1 - 1 / 3)
    assert agreement("image", {"claims[2].verdict": "true"}) == pytest.approx(
        (kappa + same_regions) / 2
    )
    assert agreement("image", {"regions[0].label": "book"}) == pytest.approx((1 + 2 / 3) / 2)
    assert agreement("image", {"regions[0].box": [90, 180, 47, 80]}) == 1.0
    assert agreement("image", {"regions[0].box": [90, 180, 46, 80]}) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert agreement("image", {"regions": []}, {"claims": [], "regions[2]": GONE}) == 0.0


def test_pictures_without_claims_or_regions_are_not_compared():
    kind = task_type("image")
    bare = {"caption": "A mug.", "confidence": 3}
    assert kind.compare(input=kind.sample_input, left=bare, right=bare) is None


def test_timelines_agree_by_label_and_shared_time():
    one = {f"segments[{number}]": GONE for number in (4, 3, 2, 1)}
    assert agreement("video", {"segments[0].end_ms": 800}, one) == 0.5
    assert agreement("video", {"segments[0].label": "rest"}, one) == 0.0
    assert agreement("video", {"segments[0].start_ms": 1600, "segments[0].end_ms": 2000}, one) == 0
    assert agreement("video", {"segments[4]": GONE}) == pytest.approx(2 * 4 / 9)
    assert agreement("video", {"claims[0].verdict": "true"}, {"segments": []}) == 0.0
    kind = task_type("video")
    bare = {"confidence": 3}
    assert kind.compare(input=kind.sample_input, left=bare, right=bare) is None


# Properties, on answers that Hypothesis makes up.

HARMS = st.sampled_from(["mild", "moderate", "severe"])
KINDS = st.sampled_from(["unsupported", "contradicts", "wrong_number"])


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Any]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, 60))
        span = {"in": "response:a", "start": start, "end": start + draw(st.integers(1, 30))}
        made.append({"n": number, "kind": draw(KINDS), "span": span, "harm": draw(HARMS)})
    return {"findings": made}


@st.composite
def points(draw: st.DrawFn) -> dict[str, Any]:
    made = draw(findings())["findings"]
    return {"points": made}


@st.composite
def regions(draw: st.DrawFn) -> dict[str, Any]:
    side = st.integers(1, 60)
    made = []
    for number in range(draw(st.integers(0, 5))):
        region = {"id": f"g{number}", "media": "m1", "label": draw(st.sampled_from(["mug", "cup"]))}
        box = [draw(side), draw(side), draw(side), draw(side)]
        if draw(st.booleans()):
            made.append({**region, "box": box})
        else:
            made.append({**region, "points": [list(corner) for corner in corners(box)][:3]})
    verdicts = draw(st.lists(st.sampled_from(["true", "false", "cannot_tell"]), max_size=4))
    claims = [{"id": f"k{number}", "verdict": each} for number, each in enumerate(verdicts)]
    return {"regions": made, "claims": claims}


@st.composite
def segments(draw: st.DrawFn) -> dict[str, Any]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, 3000))
        made.append(
            {"id": f"t{number}", "track": "ball", "label": draw(st.sampled_from(["roll", "rest"]))}
            | {"start_ms": start, "end_ms": start + draw(st.integers(1, 900))}
        )
    return {"segments": made}


@st.composite
def rankings(draw: st.DrawFn) -> dict[str, Any]:
    groups: dict[int, list[str]] = {}
    for name in "abcde":
        groups.setdefault(draw(st.integers(0, 4)), []).append(name)
    return {"ranking": [groups[rank] for rank in sorted(groups)]}


MADE_UP = {
    "hallucination": findings(),
    "critique": points(),
    "image": regions(),
    "video": segments(),
    "preference": rankings(),
}


@pytest.mark.parametrize("slug", MADE_UP)
@given(data=st.data())
def test_agreement_is_even_handed_bounded_and_whole_with_oneself(slug: str, data: st.DataObject):
    kind = task_type(slug)
    left, right = data.draw(MADE_UP[slug]), data.draw(MADE_UP[slug])
    one = kind.compare(input=kind.sample_input, left=left, right=right)
    assert one == kind.compare(input=kind.sample_input, left=right, right=left)
    assert one is None or 0 <= one <= 1
    with_oneself = kind.compare(input=kind.sample_input, left=left, right=left)
    assert with_oneself is None or with_oneself == pytest.approx(1)


@given(st.data(), st.integers(1, 4), st.integers(1, 5))
def test_the_best_pairing_is_the_best_of_all(data: st.DataObject, height: int, width: int):
    row = st.lists(st.integers(0, 9), min_size=width, max_size=width)
    worth = data.draw(st.lists(row, min_size=height, max_size=height))
    tall = worth if height >= width else [list(column) for column in zip(*worth, strict=True)]
    by_hand = max(
        sum(tall[at][column] for column, at in enumerate(chosen))
        for chosen in permutations(range(len(tall)), len(tall[0]))
    )
    assert best_total(worth) == by_hand


def test_shapes_share_what_they_share():
    assert area_overlap(corners([0, 0, 10, 10]), corners([5, 0, 10, 10])) == pytest.approx(1 / 3)
    assert area_overlap(corners([0, 0, 10, 10]), corners([10, 0, 10, 10])) == 0
    triangle = [(0, 0), (100, 0), (0, 100)]
    assert area_overlap(corners([0, 0, 100, 100]), triangle) == pytest.approx(0.5, abs=0.02)
    assert area_overlap(triangle, triangle) == pytest.approx(1)
    assert time_overlap({"start_ms": 0, "end_ms": 10}, {"start_ms": 5, "end_ms": 15}) == 1 / 3


def test_an_outline_is_drawn_in_order():
    picture = {"width": 100, "height": 100}
    star = [[50, 0], [80, 100], [0, 40], [100, 40], [20, 100]]
    [problem] = polygon_problems(star, path="points", medium=picture)
    assert problem.code == "shape_crosses"
    bay = [[0, 0], [100, 0], [100, 100], [50, 20], [0, 100]]
    assert list(polygon_problems(bay, path="points", medium=picture)) == []
