"""GSM8K's model solutions → `preference`: two solutions of one problem, one right, one wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

from config.demonstration.chance import SEED, dice
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers.files import clean, json_lines, take

FILE = Path("gsm8k") / "example_model_solutions.jsonl"
MODELS = ("175b_finetuning", "175b_verification")  # of these two, one is right in 436 problems
CALCULATOR = re.compile(r"<<[^<>]*>>")
ASK: Json = {
    "mode": "pair",
    "strength": True,
    "ties": True,
    "reason_min_chars": 40,
    "rewrite_when_all_bad": True,
}
CRITERIA = [
    {"id": "right", "label": "Correct result"},
    {"id": "clear", "label": "Steps that can be followed"},
]


def read(data: Path, *, seed: int = SEED) -> Iterator[Piece]:
    for number, record in json_lines(data / FILE):
        where = f"{data / FILE}, line {number}"
        solutions = {model: take(record, model, dict, where=where) for model in MODELS}
        right = [m for m in MODELS if take(solutions[m], "is_correct", bool, where=where)]
        if len(right) == 1:
            question = clean(take(record, "question", str, where=where))
            texts = {m: _text(take(solutions[m], "solution", str, where=where)) for m in MODELS}
            yield _piece(number=number, question=question, texts=texts, right=right[0], seed=seed)


def _text(solution: str) -> str:
    return clean(re.sub(r"\nA: ", "\nAnswer: ", CALCULATOR.sub("", solution)))


def _piece(*, number: int, question: str, texts: dict[str, str], right: str, seed: int) -> Piece:
    order = list(MODELS)
    dice(seed, "gsm8k", number).shuffle(order)
    letters = dict(zip(order, "ab", strict=True))
    return Piece(
        task_type="preference",
        external_id=f"gsm8k-{number:04d}",
        input={
            "conversation": [{"role": "user", "text": question}],
            "responses": [{"id": letters[m], "text": texts[m]} for m in order],
            "sources": [],
            "criteria": CRITERIA,
            "ask": ASK,
        },
        hints={
            "best": letters[right],
            "why": f"{letters[right]} reaches the right result and the other one does not.",
        },
        meta={f"response:{letters[m]}": f"gsm8k {m}" for m in order} | {"data_set": "GSM8K"},
    )
