"""Short forms in which the tasks of the story are written, and the pieces they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from config.demonstration.pieces import Json, Piece, span

META = {"written_for": "the demonstration"}


def _says(question: str) -> list[Json]:
    return [{"role": "user", "text": question}]


def preference(*, name: str, question: str, good: str, bad: str, why: str, first: str) -> Piece:
    """Two answers; `first` says which of `good` and `bad` stands first, as response a."""
    texts = (good, bad) if first == "good" else (bad, good)
    return Piece(
        task_type="preference",
        external_id=name,
        input={
            "conversation": _says(question),
            "responses": [{"id": "a", "text": texts[0]}, {"id": "b", "text": texts[1]}],
            "sources": [],
            "criteria": [
                {"id": "right", "label": "Correct result"},
                {"id": "clear", "label": "Steps that can be followed"},
            ],
            "ask": {
                "mode": "pair",
                "strength": True,
                "ties": True,
                "reason_min_chars": 40,
                "rewrite_when_all_bad": True,
            },
        },
        hints={"best": "a" if first == "good" else "b", "why": why},
        meta=META,
    )


def critique(
    *, name: str, question: str, steps: Sequence[str], slip: tuple[int, str, str, str]
) -> Piece:
    """A worked answer; `slip` is the step it is in (from 1), its words, why, and the right ones."""
    text = "\n".join(steps)
    starts = [sum(len(step) + 1 for step in steps[:n]) for n in range(len(steps))]
    number, quote, why, fix = slip
    point = {
        "span": span(text=text, quote=quote, where="response:a", start=starts[number - 1]),
        "kind": "reasoning_error",
        "severity": "major",
        "step": f"s{number}",
        "why": why,
        "fix": fix,
    }
    return Piece(
        task_type="critique",
        external_id=name,
        input={
            "conversation": _says(question),
            "responses": [
                {
                    "id": "a",
                    "text": text,
                    "steps": [
                        {"id": f"s{n + 1}", "start": at, "end": at + len(steps[n])}
                        for n, at in enumerate(starts)
                    ],
                }
            ],
            "sources": [],
            "ask": {"points_min": 1, "steps": True, "rewrite": "whole"},
        },
        hints={"points": [point], "right": False, "rewrite": text.replace(quote, fix)},
        meta=META,
        complexity=2,
    )


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One flaw of an answer: its words (none for an omission), and the source line that tells."""

    kind: str
    quote: str = ""
    harm: str = "moderate"
    instead: str = ""  # empty: remove it
    line: int = 1


def hallucination(
    *, name: str, question: str, title: str, lines: list[str], answer: str, wrong: Sequence[Wrong]
) -> Piece:
    return Piece(
        task_type="hallucination",
        external_id=name,
        input={
            "conversation": _says(question),
            "responses": [{"id": "a", "text": answer}],
            "sources": [{"id": "s1", "title": title, "lines": lines}],
            "ask": {
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
            },
        },
        hints={"findings": [_finding(each, answer=answer, lines=lines) for each in wrong]},
        meta=META,
        complexity=2,
    )


def _finding(wrong: Wrong, *, answer: str, lines: list[str]) -> Json:
    evidence = [{"in": "source:s1", "line": wrong.line, "quote": lines[wrong.line - 1]}]
    around: Json = {"kind": wrong.kind, "harm": wrong.harm, "evidence": evidence}
    if not wrong.quote:
        at = {"in": "response:a", "offset": len(answer)}
        return {**around, "at": at, "correction": {"do": "insert", "text": f" {wrong.instead}"}}
    replace = {"do": "replace", "text": wrong.instead} if wrong.instead else {"do": "remove"}
    place = span(text=answer, quote=wrong.quote, where="response:a")
    return {**around, "span": place, "correction": replace}


Graded = tuple[str, int, str, str, str]  # text, points, scale, grade, the words that decide it


def rubric(
    *, name: str, question: str, lines: list[str], answer: str, criteria: Sequence[Graded]
) -> Piece:
    return Piece(
        task_type="rubric",
        external_id=name,
        input={
            "mode": "grade",
            "conversation": _says(question),
            "sources": [{"id": "s1", "title": "Papers (invented)", "lines": lines}],
            "responses": [{"id": "a", "text": answer}],
            "rubric": [
                {"id": f"c{n}", "text": text, "points": points, "scale": scale}
                for n, (text, points, scale, _, _) in enumerate(criteria, start=1)
            ],
            "ask": {"evidence": "required_when_given", "one_at_a_time": True},
        },
        hints={
            "grades": {f"c{n}": row[3] for n, row in enumerate(criteria, start=1)},
            "quotes": {f"c{n}": row[4] for n, row in enumerate(criteria, start=1)},
        },
        meta=META,
        complexity=2,
    )


def rubric_to_write(*, name: str, question: str, reference: str) -> Piece:
    return Piece(
        task_type="rubric",
        external_id=name,
        input={
            "mode": "write",
            "conversation": _says(question),
            "sources": [],
            "responses": [],
            "ask": {
                "criteria_min": 4,
                "criteria_max": 6,
                "points_total": 20,
                "negative_min": 1,
                "reference_answer": True,
            },
        },
        hints={"reference": reference},
        meta=META,
        complexity=3,
    )


def scenario(*, name: str, brief: str, must_have: list[str], case: Json) -> Piece:
    return Piece(
        task_type="scenario",
        external_id=name,
        input={
            "brief": brief,
            "must_have": must_have,
            "model": {"turns_max": 6, "versions": ["demo-1"], "goal": "make_it_fail"},
            "ask": {"rubric": [2, 6], "reference_answer": True},
        },
        hints=case,
        meta=META,
        complexity=3,
    )


def video(*, name: str, clip: Json, caption: str, claims: list[tuple[str, bool]]) -> Piece:
    """A task on the clip that every instance holds as the sample of its type."""
    return Piece(
        task_type="video",
        external_id=name,
        input=_video_input(clip=clip, caption=caption, claims=claims),
        hints={
            "claims": {
                f"k{n}": {"verdict": "true" if true else "false"}
                for n, (_, true) in enumerate(claims, start=1)
            }
        },
        meta=META,
        complexity=2,
    )


def _video_input(*, clip: Json, caption: str, claims: list[tuple[str, bool]]) -> dict[str, Any]:
    return {
        "media": [clip],
        "caption": {"id": "cap", "text": caption},
        "tracks": [{"id": "action", "labels": ["still", "moving"], "overlap": False}],
        "claims": [
            {"id": f"k{n}", "text": text, "about": "action"}
            for n, (text, _) in enumerate(claims, start=1)
        ],
        "ask": {"segments": True, "description_min_chars": 60, "links": False, "caption": "none"},
    }
