"""Rules for criteria that somebody wrote; shared by the types in which criteria are written."""

from collections.abc import Iterator, Sequence

from tasks.types.places import Document, repeated_problems
from tasks.types.problems import Code, Problem


def criteria_problems(criteria: Sequence[Document], *, path: str) -> Iterator[Problem]:
    """Each has its own id and text, is worth something, and a fault is never a must."""
    yield from repeated_problems(criteria, path=path)
    texts = set()
    for number, criterion in enumerate(criteria):
        here = f"{path}[{number}]"
        text = " ".join(criterion["text"].casefold().split())
        if text in texts:
            yield Problem(f"{here}.text", Code.REPEATED, "This criterion is there already.")
        texts.add(text)
        if criterion["points"] == 0:
            yield Problem(
                f"{here}.points", Code.OUT_OF_RANGE, "Give points above or below zero, not zero."
            )
        if criterion["points"] < 0 and criterion.get("must"):
            yield Problem(
                f"{here}.must", Code.CONTRADICTS, "A fault (points below zero) cannot be a must."
            )


def count_problems(
    criteria: Sequence[Document], *, path: str, least: int | None, most: int | None
) -> Iterator[Problem]:
    """As many criteria as the task asks for."""
    if least is not None and len(criteria) < least:
        yield Problem(path, Code.TOO_FEW, f"Write at least {least}; there are {len(criteria)}.")
    if most is not None and len(criteria) > most:
        yield Problem(path, Code.TOO_MANY, f"Write at most {most}; there are {len(criteria)}.")
