"""TAT-QA → `rubric`: an answer about a company's figures, graded against table and notes."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from config.demonstration.chance import SEED, dice
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers.files import CannotReadData, clean, take, whole

FILE = Path("tatqa") / "tatqa_dataset_dev.json"
ASK: Json = {"evidence": "required_when_given", "one_at_a_time": True}
SLIP_SHARE = 0.5
WORDS = re.compile(r"\s+")


def read(data: Path, *, seed: int = SEED) -> Iterator[Piece]:
    pages = whole(data / FILE)
    if not isinstance(pages, list):
        raise CannotReadData(f"{data / FILE}: a list of pages was expected")
    for number, page in enumerate(pages, start=1):
        where = f"{data / FILE}, page {number}"
        sources = _sources(page=page, where=where)
        for question in take(page, "questions", list, where=where):
            yield _piece(question=question, sources=sources, where=where, seed=seed)


def _sources(*, page: Any, where: str) -> list[Json]:
    rows = take(take(page, "table", dict, where=where), "table", list, where=where)
    table = [" | ".join(_line(str(cell)) for cell in row) for row in rows]
    notes = [
        _line(take(paragraph, "text", str, where=where))
        for paragraph in take(page, "paragraphs", list, where=where)
    ]
    found = [
        {"id": "s1", "title": "Table", "lines": [line for line in table if line.strip(" |")]},
        {"id": "s2", "title": "Notes", "lines": [line for line in notes if line]},
    ]
    return [source for source in found if source["lines"]]


def _line(text: str) -> str:
    return WORDS.sub(" ", clean(text)).strip()


def _piece(*, question: Any, sources: list[Json], where: str, seed: int) -> Piece:
    uid = take(question, "uid", str, where=where)
    chance = dice(seed, "tatqa", uid)
    right = _answer(question)
    slipped = chance.random() < SLIP_SHARE
    given = _slip(question=question, chance=chance) if slipped else right
    derivation = _line(str(question.get("derivation") or ""))
    shown = f" Worked out as {derivation}." if derivation and chance.random() < 0.7 else ""
    return Piece(
        task_type="rubric",
        external_id=f"tatqa-{uid}",
        input={
            "mode": "grade",
            "conversation": [
                {"role": "user", "text": _line(take(question, "question", str, where=where))}
            ],
            "sources": sources,
            "responses": [{"id": "a", "text": f"The answer is {given}.{shown}"}],
            "rubric": _rubric(right),
            "ask": ASK,
        },
        hints={
            "grades": {
                "c1": "yes" if given == right else "no",
                "c2": "full" if shown else "none",
                "c3": "no" if given == right else "yes",
            },
            "quotes": {"c1": f"The answer is {given}", "c2": shown.strip(), "c3": given},
        },
        meta={"response:a": "composed by the reader", "data_set": "TAT-QA"},
    )


def _rubric(right: str) -> list[Json]:
    return [
        {"id": "c1", "text": f"Gives {right}", "points": 5, "scale": "yes_no", "must": True},
        {
            "id": "c2",
            "text": "Shows how the figure is worked out from the papers",
            "points": 3,
            "scale": "none_part_full",
        },
        {
            "id": "c3",
            "text": "States a figure or a fact that the papers do not hold",
            "points": -4,
            "scale": "yes_no",
        },
    ]


def _answer(question: Json) -> str:
    value, scale = question.get("answer"), str(question.get("scale") or "")
    text = "; ".join(_line(str(part)) for part in value) if isinstance(value, list) else str(value)
    return _scaled(text=text, scale=scale)


def _scaled(*, text: str, scale: str) -> str:
    if scale == "percent":
        return text if "%" in text else f"{text} %"
    return f"{text} {scale}".strip()


def _slip(*, question: Json, chance: Random) -> str:
    """A mistake of the kind that is made with tables: sign, scale, a wrong cell, a lost item."""
    value, scale = question.get("answer"), str(question.get("scale") or "")
    if isinstance(value, int | float):
        slips = [str(-value) if value else "1", str(round(value * 10, 2) or 1)]
        return _scaled(text=chance.choice(slips), scale=scale)
    parts = [_line(str(part)) for part in value] if isinstance(value, list) else [str(value)]
    if len(parts) > 1:
        return _scaled(text="; ".join(parts[:-1]), scale=scale)
    digits = re.sub(r"\d(?=\D*$)", lambda found: str((int(found[0]) + 3) % 10), parts[0])
    return _scaled(text=digits if digits != parts[0] else f"not {parts[0]}", scale=scale)
