"""Whatever JSON arrives, checking answers with problems and never raises."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.types import Code, Sample, TaskType, all_types, check_item, normalise_item
from tasks.types.problems import PROBLEMS_MAX
from tests.tasks.types.changing import places_in, replaced

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-3, 10_000)
    | st.floats()
    | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=12,
)
SAMPLES = st.sampled_from([(each, sample) for each in all_types() for sample in each.samples])


@st.composite
def almost_right(draw: st.DrawFn) -> tuple[TaskType, Sample, Any]:
    """A sample's answer with one to three values replaced, often by values of the same kind."""
    kind, sample = draw(SAMPLES)
    answer: Any = sample.answer
    for _ in range(draw(st.integers(1, 3))):
        steps = draw(st.sampled_from(places_in(answer)))
        answer = replaced(
            answer, steps, draw(JSON | st.sampled_from([[], {}, "", 0, 1, "a", "g1"]))
        )
        if not isinstance(answer, dict | list):
            break
    return kind, sample, answer


def sound(problems: Any) -> bool:
    return len(problems) <= PROBLEMS_MAX and all(
        isinstance(problem.code, Code) and isinstance(problem.path, str) and problem.message
        for problem in problems
    )


@given(SAMPLES, JSON)
def test_an_arbitrary_answer_is_refused_calmly(chosen: tuple[TaskType, Sample], answer: Any):
    kind, sample = chosen
    problems = kind.check_answer(input=sample.input, answer=answer)
    assert problems
    assert sound(problems)


@settings(max_examples=400)
@given(almost_right())
def test_an_answer_that_is_almost_right_is_judged_calmly(chosen: tuple[TaskType, Sample, Any]):
    kind, sample, answer = chosen
    problems = kind.check_answer(input=sample.input, answer=answer)
    assert sound(problems)
    if not problems:
        agreement = kind.compare(input=sample.input, left=answer, right=sample.answer)
        assert agreement is None or 0 <= agreement <= 1


@settings(max_examples=300)
@given(SAMPLES, st.data())
def test_an_input_that_is_almost_right_is_judged_calmly(
    chosen: tuple[TaskType, Sample], data: st.DataObject
):
    kind, sample = chosen
    steps = data.draw(st.sampled_from(places_in(sample.input)))
    task_input = replaced(sample.input, steps, data.draw(JSON))
    problems = kind.check_input(task_input)
    assert sound(problems)
    if not problems:
        kind.media_of(task_input)
        assert sound(kind.check_answer(input=task_input, answer=sample.answer))


@given(SAMPLES, JSON, JSON, JSON)
def test_an_arbitrary_item_is_refused_calmly(
    chosen: tuple[TaskType, Sample], whole: Any, gold: Any, meta: Any
):
    kind, sample = chosen
    assert sound(check_item(kind, whole)) and check_item(kind, whole)
    item = {"external_id": "x-1", "input": sample.input, "gold": gold, "meta": meta}
    assert sound(check_item(kind, item))
    assert sound(check_item(kind, normalise_item(item)))
