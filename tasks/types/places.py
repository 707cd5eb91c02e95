"""Where in a task a mark may stand: texts by place, spans, points, and evidence for them.

Offsets are Unicode code points, half-open, which is how Python slices. JavaScript counts UTF-16
units; the workspace converts, in one place of its own.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from tasks.types.problems import Code, Problem, clip

Document = dict[str, Any]

RESPONSES = ("response",)
EVERYWHERE = ("response", "source", "turn", "caption")


def places_of(task_input: Document) -> dict[str, str]:
    """Every text that can be marked, by the name a span gives it in its field ``in``."""
    places = {
        f"response:{response['id']}": response["text"]
        for response in task_input.get("responses", ())
        if "text" in response
    }
    for source in task_input.get("sources", ()):
        places[f"source:{source['id']}"] = "\n".join(source["lines"])
    for number, turn in enumerate(task_input.get("conversation", ()), start=1):
        places[f"turn:{number}"] = turn["text"]
    if "caption" in task_input:
        places["caption"] = task_input["caption"]["text"]
    return places


def span_problems(
    span: Document, *, path: str, places: dict[str, str], kinds: Collection[str] = RESPONSES
) -> Iterator[Problem]:
    """A span must lie inside its text, and its quote must be the slice."""
    text = places.get(span["in"])
    if text is None or span["in"].partition(":")[0] not in kinds:
        yield _misplaced(span["in"], path=path, places=places, kinds=kinds)
        return
    start, end = span["start"], span["end"]
    if start >= end:
        yield Problem(
            f"{path}.end", Code.SPAN_EMPTY, "The end must come after the start (it is half-open)."
        )
    elif end > len(text):
        yield Problem(
            f"{path}.end", Code.SPAN_OUTSIDE, f"The text ends at {len(text)}, before {end}."
        )
    elif text[start:end] != span["quote"]:
        yield Problem(
            f"{path}.quote",
            Code.QUOTE_DIFFERS,
            f"From {start} to {end}, counted in Unicode code points, the text reads "
            f"“{clip(text[start:end])}”.",
        )


def point_problems(
    point: Document, *, path: str, places: dict[str, str], kinds: Collection[str] = RESPONSES
) -> Iterator[Problem]:
    """A point must lie inside its text or at its end."""
    text = places.get(point["in"])
    if text is None or point["in"].partition(":")[0] not in kinds:
        yield _misplaced(point["in"], path=path, places=places, kinds=kinds)
    elif point["offset"] > len(text):
        yield Problem(
            f"{path}.offset",
            Code.SPAN_OUTSIDE,
            f"The text ends at {len(text)}, before {point['offset']}.",
        )


def _misplaced(place: str, *, path: str, places: dict[str, str], kinds: Collection[str]) -> Problem:
    open_to_marks = [name for name in places if name.partition(":")[0] in kinds]
    code = Code.WRONG_PLACE if place in places else Code.NO_SUCH_PLACE
    return Problem(
        f"{path}.in",
        code,
        f"Mark one of: {clip(', '.join(open_to_marks), 200) or 'nothing, this task has no text'}.",
    )


def evidence_problems(
    evidence: Iterable[Document], *, path: str, task_input: Document, places: dict[str, str]
) -> Iterator[Problem]:
    """Source lines must exist and hold the quote; passages follow the rules of spans.

    Evidence from elsewhere is taken only where the task asks ``outside_sources``.
    """
    lines = {f"source:{each['id']}": each["lines"] for each in task_input.get("sources", ())}
    for number, piece in enumerate(evidence):
        here = f"{path}[{number}]"
        if "url" in piece:
            if not task_input["ask"].get("outside_sources"):
                yield Problem(
                    f"{here}.url",
                    Code.OUTSIDE_SOURCE,
                    "This task takes evidence from its own sources only; name a source and a line.",
                )
        elif "start" in piece:
            yield from span_problems(piece, path=here, places=places, kinds=EVERYWHERE)
        else:
            yield from _line_problems(piece, path=here, lines=lines)


def _line_problems(piece: Document, *, path: str, lines: dict[str, list[str]]) -> Iterator[Problem]:
    source = lines.get(piece["in"])
    if source is None:
        known = clip(", ".join(lines), 200) or "this task has none"
        yield Problem(f"{path}.in", Code.NO_SUCH_PLACE, f"Name one of the sources: {known}.")
    elif piece["line"] > len(source):
        yield Problem(f"{path}.line", Code.NO_SUCH_LINE, f"This source has {len(source)} lines.")
    elif piece["quote"] not in source[piece["line"] - 1]:
        yield Problem(
            f"{path}.quote",
            Code.QUOTE_DIFFERS,
            f"Line {piece['line']} reads “{clip(source[piece['line'] - 1])}”.",
        )


def repeated_problems(
    things: Iterable[Document], *, path: str, key: str = "id"
) -> Iterator[Problem]:
    """No two things of a list may share an id (or a number)."""
    seen = set()
    for number, thing in enumerate(things):
        if thing[key] in seen:
            yield Problem(
                f"{path}[{number}].{key}",
                Code.ID_REPEATED,
                f"“{thing[key]}” is used before; give each its own.",
            )
        seen.add(thing[key])


def reference_problems(
    names: Iterable[Any], *, path: str, known: Collection[Any], what: str
) -> Iterator[Problem]:
    """Every name in a list must be known. `what` says of what: "a region of this answer"."""
    for number, name in enumerate(names):
        if name not in known:
            yield Problem(f"{path}[{number}]", Code.NO_SUCH_ID, f"“{name}” is not {what}.")
