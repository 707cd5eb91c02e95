"""What a written case must satisfy beyond its schema."""

from collections.abc import Iterator
from itertools import pairwise

from tasks.types.criteria import count_problems, criteria_problems
from tasks.types.places import Document
from tasks.types.problems import Code, Problem


def input_rules(task_input: Document) -> Iterator[Problem]:
    """The least is not more than the most."""
    least, most = task_input["ask"].get("rubric", (0, 0))
    if least > most:
        yield Problem("ask.rubric", Code.CONTRADICTS, "Give the least first, then the most.")


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Turns in order, the failure named, the better answer and its criteria written."""
    ask, rubric = task_input["ask"], answer.get("rubric", [])
    yield from _turn_problems(answer["turns"], task_input.get("model"))
    yield from _failure_problems(task_input, answer)
    if ask.get("reference_answer") and not (answer.get("reference_answer") or "").strip():
        yield Problem("reference_answer", Code.MISSING, "Write what a good answer says.")
    yield from criteria_problems(rubric, path="rubric")
    least, most = ask.get("rubric", (None, None))
    yield from count_problems(rubric, path="rubric", least=least, most=most)
    if not answer["no_real_person"]:
        yield Problem(
            "no_real_person", Code.NOT_CONFIRMED, "Cases are invented: confirm that nobody is real."
        )


def _turn_problems(turns: list[Document], model: Document | None) -> Iterator[Problem]:
    if turns[0]["role"] != "user":
        yield Problem("turns[0].role", Code.CONTRADICTS, "The user speaks first.")
    for number, (before, turn) in enumerate(pairwise(turns), start=1):
        if before["role"] == turn["role"]:
            yield Problem(
                f"turns[{number}].role", Code.CONTRADICTS, "User and model speak in turn."
            )
    if model is not None and len(turns) > model["turns_max"]:
        yield Problem("turns", Code.TOO_MANY, f"At most {model['turns_max']} turns.")
    for number, turn in enumerate(turns):
        yield from _model_problems(turn, f"turns[{number}]", model)


def _model_problems(turn: Document, path: str, model: Document | None) -> Iterator[Problem]:
    if turn["role"] == "user":
        for field in ("version", "call"):
            if field in turn:
                yield Problem(f"{path}.{field}", Code.NOT_ALLOWED, "Only the model has this.")
    elif model is None:
        yield Problem(f"{path}.role", Code.NOT_ALLOWED, "This task is written without a model.")
    elif turn.get("version") not in model["versions"]:
        yield Problem(
            f"{path}.version",
            Code.NO_SUCH_ID if "version" in turn else Code.MISSING,
            f"Name the version that spoke: {', '.join(model['versions'])}.",
        )


def _failure_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    failed, turns = answer.get("failed"), answer["turns"]
    if failed is None:
        if task_input.get("model", {}).get("goal") == "make_it_fail":
            yield Problem("failed", Code.MISSING, "Say at which turn the model failed, and how.")
    elif failed["turn"] > len(turns) or turns[failed["turn"] - 1]["role"] != "model":
        yield Problem("failed.turn", Code.NO_SUCH_ID, "Name a turn of the model, counted from 1.")
