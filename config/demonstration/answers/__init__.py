"""Scripted answers: what a careful tutor would hand in, and what a hasty one would.

Every answer says that it is scripted wherever its schema has a place for words of its own.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from config.demonstration.answers import (
    critique,
    hallucination,
    image,
    preference,
    rubric,
    scenario,
    video,
)
from config.demonstration.pieces import Json, Piece

Writer = Callable[..., Json]

WRITERS: dict[str, Writer] = {
    "preference": preference.write,
    "critique": critique.write,
    "rubric": rubric.write,
    "hallucination": hallucination.write,
    "image": image.write,
    "video": video.write,
    "scenario": scenario.write,
}
ESSENCES: dict[str, Callable[[Json], Any]] = {
    "preference": preference.essence,
    "critique": critique.essence,
    "rubric": rubric.essence,
    "hallucination": hallucination.essence,
    "image": image.essence,
    "video": video.essence,
    "scenario": scenario.essence,
}


def scripted(*, task_type: str, task_input: Json, hints: Json, careful: bool = True) -> Json:
    """A valid answer. With empty hints it is a guess made from the input alone."""
    return WRITERS[task_type](task_input=task_input, hints=hints, careful=careful)


def agrees(*, task_type: str, task_input: Json, hints: Json, answer: Json) -> bool:
    """Whether an answer says what the careful one says, in what matters."""
    if "cannot" in answer:
        return False
    essence = ESSENCES[task_type]
    right = scripted(task_type=task_type, task_input=task_input, hints=hints)
    return bool(essence(answer) == essence(right))


class AnswerBook:
    """What is true of each task, found by what the task says: its order and its ids may change."""

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self._hints: dict[str, Json] = {}
        for piece in pieces:
            self.add(task_type=piece.task_type, task_input=piece.input, hints=piece.hints)

    def add(self, *, task_type: str, task_input: Json, hints: Json) -> None:
        self._hints[_fingerprint(task_type, task_input)] = hints

    def hints(self, *, task_type: str, task_input: Json) -> Json:
        """Empty for a task that nobody wrote down."""
        return self._hints.get(_fingerprint(task_type, task_input), {})


def _fingerprint(task_type: str, task_input: Json) -> str:
    words = sorted(_words(task_input))
    return hashlib.sha256("\n".join([task_type, *words]).encode()).hexdigest()


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)
