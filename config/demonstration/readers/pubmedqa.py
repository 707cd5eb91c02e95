"""PubMedQA → `hallucination`: a question, its abstract, and an answer with or without a flaw."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.demonstration.chance import SEED, dice
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers.files import CannotReadData, clean, take, whole
from config.demonstration.readers.flaws import Draft, plant

FILE = Path("pubmedqa") / "ori_pqal.json"
LINES_MAX = 60
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(\"'])")
OPENINGS = {"yes": "Yes.", "no": "No.", "maybe": "This is not settled."}
ASK: Json = {
    "kinds": [
        "unsupported",
        "contradicts",
        "wrong_number",
        "false_citation",
        "omission",
        "imprecise",
    ],
    "harm": True,
    "correction": True,
    "evidence": "required",
    "outside_sources": True,
}


def read(data: Path, *, seed: int = SEED) -> Iterator[Piece]:
    articles = whole(data / FILE)
    if not isinstance(articles, dict):
        raise CannotReadData(f"{data / FILE}: an object of articles by id was expected")
    for pmid, article in articles.items():
        yield _piece(pmid=pmid, article=article, where=f"{data / FILE}, {pmid}", seed=seed)


def _piece(*, pmid: str, article: Any, where: str, seed: int) -> Piece:
    decision = take(article, "final_decision", str, where=where)
    if decision not in OPENINGS:
        raise CannotReadData(f"{where}: final_decision should be one of {', '.join(OPENINGS)}")
    lines = _sentences(take(article, "CONTEXTS", list, where=where))
    answer = clean(take(article, "LONG_ANSWER", str, where=where))
    draft = Draft(opening=OPENINGS[decision], text=answer, lines=lines)
    flawed, findings = plant(draft=draft, chance=dice(seed, "pubmedqa", pmid))
    return Piece(
        task_type="hallucination",
        external_id=f"pubmedqa-{pmid}",
        input={
            "conversation": [
                {"role": "user", "text": clean(take(article, "QUESTION", str, where=where))}
            ],
            "responses": [{"id": "a", "text": flawed}],
            "sources": [{"id": "s1", "title": f"Abstract {pmid}", "lines": lines}],
            "ask": ASK,
        },
        hints={"findings": findings},
        meta={"response:a": "composed by the reader", "data_set": "PubMedQA"},
    )


def _sentences(contexts: list[Any]) -> list[str]:
    found = [
        sentence.strip()
        for context in contexts
        for sentence in SENTENCE.split(clean(str(context)).replace("\n", " "))
        if sentence.strip()
    ]
    return found[:LINES_MAX]
