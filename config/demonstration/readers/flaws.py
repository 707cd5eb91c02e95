"""Flaws of the kinds that a `hallucination` task looks for, planted in a true answer.

Each planter takes the true answer and gives the flawed text with the finding that a careful
expert would write, or None where the answer offers no place for it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from config.demonstration.pieces import Json, span

NUMBER = re.compile(r"(?<![\w.,-])\d{1,6}(?:\.\d+)?(?![\w.,-]*\d)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
QUOTE_MAX = 80
UNTOUCHED_SHARE = 0.2
WHERE = "response:a"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A true answer: how it opens, what it says, and the lines of its source."""

    opening: str
    text: str
    lines: list[str]

    @property
    def whole(self) -> str:
        return f"{self.opening} {self.text}"


Planted = tuple[str, list[Json]]


def plant(*, draft: Draft, chance: Random) -> Planted:
    """One flaw that fits, or none at all in a fifth of the answers."""
    if chance.random() < UNTOUCHED_SHARE:
        return draft.whole, []
    planters = list(PLANTERS)
    chance.shuffle(planters)
    for planter in planters:
        planted = planter(draft, chance)
        if planted is not None:
            return planted
    return draft.whole, []


def _contradict(draft: Draft, _chance: Random) -> Planted | None:
    turned = {"Yes.": "No.", "No.": "Yes."}.get(draft.opening)
    if turned is None:
        return None
    text = f"{turned} {draft.text}"
    return text, [
        {
            "kind": "contradicts",
            "span": span(text=text, quote=turned, where=WHERE),
            "harm": "severe",
            "correction": {"do": "replace", "text": draft.opening},
            "evidence": [_last_line(draft)],
        }
    ]


def _wrong_number(draft: Draft, chance: Random) -> Planted | None:
    found = NUMBER.search(draft.text)
    if found is None:
        return None
    wrong = f"{float(found[0]) * chance.choice([2, 3, 5]) + 1:g}"
    start = len(draft.opening) + 1 + found.start()
    text = draft.whole[:start] + wrong + draft.whole[start + len(found[0]) :]
    return text, [
        {
            "kind": "wrong_number",
            "span": {"in": WHERE, "start": start, "end": start + len(wrong), "quote": wrong},
            "harm": "severe",
            "correction": {"do": "replace", "text": found[0]},
            "evidence": [_line_with(draft, found[0])],
        }
    ]


def _unsupported(draft: Draft, chance: Random) -> Planted | None:
    added = f"This was confirmed in a second group of {chance.randint(200, 9000)} people."
    text = f"{draft.whole} {added}"
    return text, [
        {
            "kind": "unsupported",
            "span": span(text=text, quote=added, where=WHERE, start=len(draft.whole)),
            "harm": "moderate",
            "correction": {"do": "remove"},
            "evidence": [_last_line(draft)],
        }
    ]


def _false_citation(draft: Draft, chance: Random) -> Planted | None:
    cited = f"(Invented Review {chance.randint(100, 999)}, section 9.9)"
    text = f"{draft.whole} {cited}"
    return text, [
        {
            "kind": "false_citation",
            "span": span(text=text, quote=cited, where=WHERE, start=len(draft.whole)),
            "harm": "mild",
            "correction": {"do": "remove"},
            "evidence": [
                {"url": "https://example.org/reviews", "note": "Scripted: no such review"}
            ],
        }
    ]


def _omission(draft: Draft, _chance: Random) -> Planted | None:
    sentences = SENTENCE_END.split(draft.text)
    if len(sentences) < 2:
        return None
    text = draft.whole[: draft.whole.rindex(sentences[-1])].rstrip()
    return text, [
        {
            "kind": "omission",
            "at": {"in": WHERE, "offset": len(text)},
            "harm": "moderate",
            "correction": {"do": "insert", "text": f" {sentences[-1]}"},
            "evidence": [_last_line(draft)],
        }
    ]


def _imprecise(draft: Draft, _chance: Random) -> Planted | None:
    found = NUMBER.search(draft.text)
    if found is None:
        return None
    start = len(draft.opening) + 1 + found.start()
    text = draft.whole[:start] + "several" + draft.whole[start + len(found[0]) :]
    return text, [
        {
            "kind": "imprecise",
            "span": {"in": WHERE, "start": start, "end": start + 7, "quote": "several"},
            "harm": "mild",
            "correction": {"do": "replace", "text": found[0]},
            "evidence": [_line_with(draft, found[0])],
        }
    ]


PLANTERS: tuple[Callable[[Draft, Random], Planted | None], ...] = (
    _contradict,
    _wrong_number,
    _unsupported,
    _false_citation,
    _omission,
    _imprecise,
)


def _last_line(draft: Draft) -> Json:
    return _evidence(draft, len(draft.lines) - 1)


def _line_with(draft: Draft, words: str) -> Json:
    at = next((n for n, line in enumerate(draft.lines) if words in line), len(draft.lines) - 1)
    return _evidence(draft, at)


def _evidence(draft: Draft, at: int) -> Json:
    return {"in": "source:s1", "line": at + 1, "quote": draft.lines[at][:QUOTE_MAX].strip()}
