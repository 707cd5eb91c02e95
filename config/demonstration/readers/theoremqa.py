"""TheoremQA → `critique`: a worked answer in three steps, in half of them with a slip."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from config.demonstration.chance import SEED, dice
from config.demonstration.pieces import Json, Piece, span
from config.demonstration.readers.files import CannotReadData, clean, take, whole

FILE = Path("theoremqa") / "theoremqa_test.json"
QUESTION_CHARACTERS_MAX = 4000
ASK: Json = {"points_min": 1, "steps": True, "rewrite": "whole"}
SLIP_SHARE = 0.5


def read(data: Path, *, seed: int = SEED) -> Iterator[Piece]:
    """Every question without a picture of its own, as their pictures are not in the data."""
    records = whole(data / FILE)
    if not isinstance(records, list):
        raise CannotReadData(f"{data / FILE}: a list of questions was expected")
    for number, record in enumerate(records, start=1):
        where = f"{data / FILE}, question {number}"
        if record.get("Picture") or len(take(record, "Question", str, where=where)) > (
            QUESTION_CHARACTERS_MAX
        ):
            continue
        yield _piece(number=number, record=record, where=where, seed=seed)


def _piece(*, number: int, record: Json, where: str, seed: int) -> Piece:
    chance = dice(seed, "theoremqa", number)
    right = _show(record.get("Answer"))
    given = (
        _slip(value=record.get("Answer"), chance=chance) if chance.random() < SLIP_SHARE else right
    )
    theorem = clean(take(record, "theorem", str, where=where))
    lines = [
        f"This is a question about {clean(take(record, 'subfield', str, where=where)).lower()}.",
        f"It is settled by the {theorem}.",
        f"Putting the figures in gives {given}.",
    ]
    return Piece(
        task_type="critique",
        external_id=f"theoremqa-{number:04d}",
        input={
            "conversation": [
                {"role": "user", "text": clean(take(record, "Question", str, where=where))}
            ],
            "responses": [{"id": "a", "text": "\n".join(lines), "steps": _steps(lines)}],
            "sources": [],
            "ask": ASK,
        },
        hints=_hints(text="\n".join(lines), given=given, right=right, theorem=theorem),
        meta={"response:a": "composed by the reader", "data_set": "TheoremQA"},
        complexity=2,
    )


def _steps(lines: list[str]) -> list[Json]:
    steps, at = [], 0
    for n, line in enumerate(lines, start=1):
        steps.append({"id": f"s{n}", "start": at, "end": at + len(line)})
        at += len(line) + 1
    return steps


def _hints(*, text: str, given: str, right: str, theorem: str) -> Json:
    last = text.rindex("Putting")
    if given == right:
        point: Json = {"quote": theorem, "kind": "unclear", "severity": "minor", "step": None}
        point |= {"why": "Names the theorem and does not say why it applies.", "fix": None}
        point |= {"span": span(text=text, quote=theorem, where="response:a")}
    else:
        point = {"quote": given, "kind": "reasoning_error", "severity": "major", "step": "s3"}
        point |= {"why": f"The result is {right}.", "fix": right}
        point |= {"span": span(text=text, quote=given, where="response:a", start=last)}
    reason = f"It holds because the conditions of the {theorem} are met.\n"
    return {
        "points": [point],
        "right": given == right,
        "rewrite": f"{text[:last]}{reason}Putting the figures in gives {right}.",
    }


def _show(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + ", ".join(_show(part) for part in value) + "]"
        case int() | float():
            return f"{value:g}" if abs(value) < 1e6 else str(value)
        case _:
            return clean(str(value))


def _slip(*, value: Any, chance: Random) -> str:
    match value:
        case bool():
            return _show(not value)
        case list() if value:
            return _show([_shift(value[0], chance=chance), *value[1:]])
        case int() | float():
            return _show(_shift(value, chance=chance))
        case _:
            return f"not {_show(value)}"


def _shift(value: Any, *, chance: Random) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"not {_show(value)}"
    return value + chance.choice([1, 2, 5]) if isinstance(value, int) else value * 2 + 0.5
