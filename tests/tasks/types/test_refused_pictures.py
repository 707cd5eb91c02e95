"""Each rule of the types about pictures and clips, refused at the exact field."""

from typing import Any

import pytest

from tasks.types import task_type
from tests.tasks.types.changing import GONE, changed
from tests.tasks.types.test_refused_texts import found

BOWTIE = [[10, 10], [60, 60], [60, 10], [10, 60]]

IMAGE = [
    ({"regions[0].box": [90, 180, 391, 80]}, {("regions[0].box", "outside_picture")}),
    ({"regions[0].box": [90, 241, 94, 80]}, {("regions[0].box", "outside_picture")}),
    ({"regions[0].box": [90, 180, 0, 80]}, {("regions[0].box", "shape_flat")}),
    ({"regions[0].box": [-1, 180, 10, 80]}, {("regions[0].box[0]", "out_of_range")}),
    ({"regions[0].box": [1.5, 180, 10, 80]}, {("regions[0].box[0]", "wrong_type")}),
    ({"regions[0].box": [90, 180, 94]}, {("regions[0].box", "too_few")}),
    ({"regions[0].box": GONE}, {("regions[0].box", "missing")}),
    ({"regions[0].points": BOWTIE}, {("regions[0].points", "not_allowed")}),
    ({"regions[2].points[3]": [300, 321]}, {("regions[2].points[3]", "outside_picture")}),
    ({"regions[2].points": [[0, 0], [5, 5], [9, 9]]}, {("regions[2].points", "shape_flat")}),
    (
        {"regions[2].points": [[10, 10], [60, 60], [60, 10], [10, 70]]},
        {
            ("regions[2].points", "shape_crosses"),
        },
    ),
    ({"regions[2].points": [[10, 10], [60, 60]]}, {("regions[2].points", "too_few")}),
    (
        {"regions[2].shape": "box", "regions[2].points": GONE, "regions[2].box": [1, 1, 5, 5]},
        {
            ("regions[2].shape", "wrong_shape"),
        },
    ),
    (
        {"regions[1].id": "g1"},
        {
            ("regions[1].id", "id_repeated"),
            ("claims[1].regions[1]", "no_such_id"),
            ("relations[0].object", "no_such_id"),
        },
    ),
    ({"regions[0].label": "cup"}, {("regions[0].label", "no_such_id")}),
    ({"regions[0].media": "m9"}, {("regions[0].media", "no_such_id")}),
    ({"regions[0].attributes.size": 1.5}, {("regions[0].attributes.size", "wrong_type")}),
    ({"claims[0].verdict": "maybe"}, {("claims[0].verdict", "not_a_choice")}),
    ({"claims[0].kind": GONE}, {("claims[0].kind", "missing")}),
    ({"claims[0].correction": GONE}, {("claims[0].correction", "missing")}),
    ({"claims[1].correction": "No."}, {("claims[1].correction", "contradicts")}),
    ({"claims[2].why": GONE}, {("claims[2].why", "missing")}),
    ({"claims[0].regions": []}, {("claims[0].regions", "evidence_missing")}),
    ({"claims[0].regions[0]": "g9"}, {("claims[0].regions[0]", "no_such_id")}),
    ({"claims[0].id": "k9"}, {("claims[0].id", "no_such_id"), ("claims", "missing")}),
    ({"claims[2].id": "k1"}, {("claims[2].id", "repeated"), ("claims", "missing")}),
    ({"claims": GONE}, {("claims", "missing")}),
    ({"relations[0].subject": "g9"}, {("relations[0].subject", "no_such_id")}),
    ({"relations[0].object": "g1"}, {("relations[0].object", "self_reference")}),
    ({"relations[0].frame": GONE}, {("relations[0].frame", "missing")}),
    ({"relations[0].is": "beside"}, {("relations[0].is", "not_a_choice")}),
    ({"caption": None}, {("caption", "missing")}),
    ({"caption": task_type("image").sample_input["caption"]["text"]}, {("caption", "unchanged")}),
]
VIDEO = [
    ({"segments[1].end_ms": 4001}, {("segments[1].end_ms", "outside_clip")}),
    (
        {"segments[3].end_ms": 1600},
        {
            ("segments[3].end_ms", "time_empty"),
        },
    ),
    ({"segments[1].start_ms": 1599}, {("segments[1].start_ms", "overlap")}),
    ({"segments[0].start_ms": 0.5}, {("segments[0].start_ms", "wrong_type")}),
    ({"segments[0].track": "dog"}, {("segments[0].track", "no_such_id")}),
    ({"segments[0].label": "fly"}, {("segments[0].label", "no_such_id")}),
    (
        {"segments[1].id": "t1"},
        {
            ("segments[1].id", "id_repeated"),
            ("links[1].to", "no_such_id"),
        },
    ),
    ({"segments[0].region[0].at_ms": 1600}, {("segments[0].region[0].at_ms", "outside_clip")}),
    (
        {"segments[0].region[0].box": [300, 0, 44, 44]},
        {
            ("segments[0].region[0].box", "outside_picture"),
        },
    ),
    ({"links[0].from": "t9"}, {("links[0].from", "no_such_id")}),
    ({"links[0].to": "t1"}, {("links[0].to", "self_reference")}),
    ({"links[0].is": "after"}, {("links[0].is", "order_wrong")}),
    ({"links[1].is": "before"}, {("links[1].is", "order_wrong")}),
    ({"links[1].to": "t1"}, {("links[1].is", "order_wrong")}),
    ({"claims[0].segments[0]": "t9"}, {("claims[0].segments[0]", "no_such_id")}),
    ({"claims[0].kind": "wrong_text"}, {("claims[0].kind", "not_a_choice")}),
    ({"claims": []}, {("claims", "missing")}),
    ({"caption": ""}, {("caption", "missing")}),
    ({"description": "The block falls."}, {("description", "too_short")}),
    ({"segments": [], "links": [], "claims[0].segments": []}, {("segments", "too_few")}),
]
ROWS = [
    (slug, changes, expected)
    for slug, table in (("image", IMAGE), ("video", VIDEO))
    for changes, expected in table
]


@pytest.mark.parametrize(("slug", "changes", "expected"), ROWS)
def test_an_answer_that_breaks_a_rule_is_refused_by_field(
    slug: str, changes: dict[str, Any], expected: set[tuple[str, str]]
):
    kind = task_type(slug)
    answer = changed(kind.sample_answer, changes)
    assert found(kind.check_answer(input=kind.sample_input, answer=answer)) == expected


def test_what_is_not_there_needs_no_region():
    kind = task_type("image")
    answer = changed(kind.sample_answer, {"claims[0].kind": "not_there", "claims[0].regions": GONE})
    assert kind.check_answer(input=kind.sample_input, answer=answer) == ()


def test_segments_may_overlap_where_the_track_says_so():
    kind = task_type("video")
    task_input = changed(kind.sample_input, {"tracks[0].overlap": True})
    answer = changed(kind.sample_answer, {"segments[1].start_ms": 1000})
    assert kind.check_answer(input=task_input, answer=answer) == ()


def test_a_box_may_fill_the_picture_and_a_segment_the_clip():
    image, video = task_type("image"), task_type("video")
    filled = changed(image.sample_answer, {"regions[0].box": [0, 0, 480, 320]})
    assert image.check_answer(input=image.sample_input, answer=filled) == ()
    whole = changed(
        video.sample_answer,
        {"segments[4]": GONE, "segments[3]": GONE, "segments[2].end_ms": 4000, "links": []}
        | {"claims[0].segments": ["t3"]},
    )
    assert video.check_answer(input=video.sample_input, answer=whole) == ()
