"""What a critique must satisfy beyond its schema."""

from collections.abc import Iterator

from tasks.types.places import (
    Document,
    places_of,
    point_problems,
    repeated_problems,
    span_problems,
)
from tasks.types.problems import Code, Problem


def input_rules(task_input: Document) -> Iterator[Problem]:
    """Steps lie in their text, in order, apart; one id means one step in the whole task."""
    seen: set[str] = set()
    for number, response in enumerate(task_input["responses"]):
        yield from _step_problems(response, path=f"responses[{number}].steps", seen=seen)
    if task_input["ask"].get("steps") and not seen:
        yield Problem("ask.steps", Code.CONTRADICTS, "Steps are asked for, but there are none.")


def _step_problems(response: Document, *, path: str, seen: set[str]) -> Iterator[Problem]:
    last = 0
    for number, step in enumerate(response.get("steps", ())):
        here = f"{path}[{number}]"
        if step["id"] in seen:
            yield Problem(f"{here}.id", Code.ID_REPEATED, f"“{step['id']}” is used before.")
        if step["start"] >= step["end"]:
            yield Problem(f"{here}.end", Code.SPAN_EMPTY, "The end must come after the start.")
        elif step["end"] > len(response["text"]):
            yield Problem(
                f"{here}.end", Code.SPAN_OUTSIDE, f"The text ends at {len(response['text'])}."
            )
        elif step["start"] < last:
            yield Problem(f"{here}.start", Code.OVERLAP, f"The step before ends at {last}.")
        seen.add(step["id"])
        last = max(last, step["end"])


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Points stand somewhere and are enough; steps lead to points; a rewrite where asked."""
    points, ask = answer["points"], task_input["ask"]
    yield from repeated_problems(points, path="points", key="n")
    places = places_of(task_input)
    for number, point in enumerate(points):
        yield from _point_problems(point, f"points[{number}]", places)
    wanted = ask.get("points_min", 0)
    if len(points) < wanted:
        yield Problem("points", Code.TOO_FEW, f"Make at least {wanted} points.")
    yield from _verdict_problems(task_input, answer)
    yield from _rewrite_problems(task_input, answer)


def _point_problems(point: Document, path: str, places: dict[str, str]) -> Iterator[Problem]:
    field = "at" if point["kind"] == "omission" else "span"
    other = "span" if field == "at" else "at"
    if other in point:
        yield Problem(
            f"{path}.{other}",
            Code.NOT_ALLOWED,
            "What is missing has a place (at); everything else has a span.",
        )
    if field not in point:
        yield Problem(f"{path}.{field}", Code.MISSING, "Say where in the answer.")
    elif field == "at":
        yield from point_problems(point["at"], path=f"{path}.at", places=places)
    else:
        yield from span_problems(point["span"], path=f"{path}.span", places=places)


def _verdict_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    verdicts = answer.get("steps", {})
    steps = [step["id"] for each in task_input["responses"] for step in each.get("steps", ())]
    numbers = {point["n"] for point in answer["points"]}
    if task_input["ask"].get("steps"):
        for name in steps:
            if name not in verdicts:
                yield Problem(f"steps.{name}", Code.MISSING, "This step is still open.")
    for name, verdict in verdicts.items():
        here = f"steps.{name}"
        if name not in steps:
            yield Problem(here, Code.NO_SUCH_ID, "Not a step of this task.")
        elif verdict["ok"] and ("point" in verdict or verdict.get("only_follows")):
            yield Problem(here, Code.CONTRADICTS, "A step that is right has no point against it.")
        elif not verdict["ok"] and "point" not in verdict:
            yield Problem(f"{here}.point", Code.MISSING, "Say which point tells what is wrong.")
        elif not verdict["ok"] and verdict["point"] not in numbers:
            yield Problem(
                f"{here}.point", Code.NO_SUCH_ID, f"There is no point {verdict['point']}."
            )


def _rewrite_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    rewrite = (answer.get("rewrite") or "").strip()
    if not rewrite:
        if task_input["ask"].get("rewrite") == "whole":
            yield Problem("rewrite", Code.MISSING, "Write the whole answer as it should be.")
    elif answer["points"] and any(
        rewrite == each["text"].strip() for each in task_input["responses"]
    ):
        yield Problem(
            "rewrite", Code.UNCHANGED, "The rewrite is the answer as it was; work your points in."
        )
