"""Forms out of schemas: every type's sample can be entered through its form and validates."""

import pytest
from django.template.loader import render_to_string
from lxml import html

from tasks.doors.markdown import as_html
from tasks.pages.work.fields import first_answer, tree_of
from tasks.pages.work.filling import bound, read
from tasks.types import all_types, task_type
from tasks.types.places import places_of
from tests.tasks.forms import sent_by

SAMPLES = [(kind, sample) for kind in all_types() for sample in kind.samples]
NAMES = [f"{kind.slug}-{sample.name}" for kind, sample in SAMPLES]


def drawn(tree, answer, **more):
    text = render_to_string(
        "tasks/work/fields/node.html", {"it": bound(tree, answer, **more), "root": True}
    )
    return html.fragment_fromstring(text, create_parent="form")


def returned(kind, task_input, form):
    tree = tree_of(kind, task_input)
    return read(tree, sent_by(form), texts=places_of(task_input))


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=NAMES)
def test_a_samples_answer_survives_its_form(kind, sample):
    tree = tree_of(kind, sample.input)
    answer = returned(kind, sample.input, drawn(tree, sample.answer))
    assert kind.check_answer(input=sample.input, answer=answer) == ()
    assert kind.compare(input=sample.input, left=answer, right=sample.answer) in (None, 1.0)


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=NAMES)
def test_a_form_with_spare_entries_gives_the_same(kind, sample):
    tree = tree_of(kind, sample.input)
    plain = returned(kind, sample.input, drawn(tree, sample.answer))
    spare = returned(kind, sample.input, drawn(tree, sample.answer, spare_entries=2))
    assert spare == plain


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=NAMES)
def test_an_empty_form_is_drawn_and_is_no_answer(kind, sample):
    tree = tree_of(kind, sample.input)
    form = drawn(tree, first_answer(kind, sample.input), spare_entries=2)
    answer = returned(kind, sample.input, form)
    assert kind.check_answer(input=sample.input, answer=answer)


def test_the_task_offers_its_own_ids_as_choices():
    kind = task_type("rubric")
    form = drawn(tree_of(kind, kind.sample_input), first_answer(kind, kind.sample_input))
    options = form.xpath("//select[@name='a.grades[0].criterion']/option/@value")
    assert options == ["", "c1", "c2", "c3"]
    assert form.xpath("//select[@name='a.grades[2].criterion']/option[@selected]/@value") == ["c3"]


def test_a_quote_alone_finds_its_place():
    kind = task_type("rubric")
    posted = {
        "a.grades[0].criterion": "c1",
        "a.grades[0].grade": "yes",
        "a.grades[0].evidence[0].@": "start",
        "a.grades[0].evidence[0].in@start": "response:a",
        "a.grades[0].evidence[0].quote@start": "revenue is 3,000",
    }
    found = read(tree_of(kind, kind.sample_input), posted, texts=places_of(kind.sample_input))
    assert found["grades"][0]["evidence"] == [
        {"in": "response:a", "quote": "revenue is 3,000", "start": 50, "end": 66}
    ]


def test_errors_stand_beside_their_field():
    kind = task_type("image")
    tree = tree_of(kind, kind.sample_input)
    form = drawn(tree, kind.sample_answer, errors={"claims[0].kind": ["Say what kind."]})
    (error,) = form.xpath("//*[@data-key='kind']//*[contains(@class, 'err')]")
    assert error.text == "Say what kind."
    assert error.getparent().xpath(".//select/@name") == ["a.claims[0].kind"]


def test_what_a_task_says_is_never_markup():
    hostile = "<img src=x onerror=alert(1)></textarea></script>"
    kind = task_type("rubric")
    task_input = {
        **kind.sample_input,
        "rubric": [{**kind.sample_input["rubric"][0], "text": hostile}],
    }
    form = drawn(tree_of(kind, task_input), {"overall": hostile, "grades": [{"criterion": "c1"}]})
    assert form.xpath("//img | //script") == []
    assert hostile in form.xpath("//textarea[@name='a.overall']/text()")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '[x](https://example.org/"onmouseover=alert(1))',
        "# <img src=x onerror=alert(1)>",
        "| <b>a</b> | b |\n|---|---|\n| <i>c</i> | `<u>` |",
        "```\n</code></pre><script>1</script>",
        "> **<svg onload=alert(1)>**",
    ],
)
def test_a_guide_carries_no_markup_of_its_own(text):
    shown = html.fragment_fromstring(str(as_html(text)), create_parent="div")
    assert shown.xpath("//script | //img | //svg | //b | //i | //u") == []
    assert [href for href in shown.xpath("//a/@href") if not href.startswith("http")] == []
    assert shown.xpath("//@onmouseover | //@onerror | //@onload") == []


def test_a_guide_is_shown_as_it_was_meant():
    shown = html.fragment_fromstring(
        str(as_html(task_type("hallucination").guide_example)), create_parent="div"
    )
    assert shown.xpath("//h3/text()") == ["Is every statement borne out?"]
    assert len(shown.xpath("//table/tbody/tr")) == 6
    assert shown.xpath("//ol/li/strong/text()")[0] == "fewest words"
    assert shown.xpath("//blockquote//em/text()") == ["Example."]
