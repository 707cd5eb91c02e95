"""What findings must satisfy beyond their schema."""

from collections.abc import Iterator

from tasks.types.places import (
    Document,
    evidence_problems,
    places_of,
    point_problems,
    repeated_problems,
    span_problems,
)
from tasks.types.problems import Code, Problem


def input_rules(task_input: Document) -> Iterator[Problem]:
    """Evidence that is required must be to be had."""
    ask = task_input["ask"]
    if (
        ask.get("evidence") == "required"
        and not task_input.get("sources")
        and not ask.get("outside_sources")
    ):
        yield Problem(
            "sources",
            Code.CONTRADICTS,
            "Evidence is required: give sources, or allow outside ones.",
        )


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Findings stand somewhere, once each, with harm, correction and evidence as asked."""
    findings = answer["findings"]
    yield from repeated_problems(findings, path="findings", key="n")
    places = places_of(task_input)
    seen = set()
    for number, finding in enumerate(findings):
        here = f"findings[{number}]"
        yield from _where_problems(finding, here, places)
        yield from _asked_problems(finding, here, task_input["ask"])
        yield from _correction_problems(finding, here)
        yield from evidence_problems(
            finding.get("evidence", ()),
            path=f"{here}.evidence",
            task_input=task_input,
            places=places,
        )
        mark = (finding["kind"], str(finding.get("span")), str(finding.get("at")))
        if mark in seen and finding["kind"] != "omission":
            yield Problem(here, Code.REPEATED, "The same passage is marked so before.")
        seen.add(mark)
    if not answer["checked_all"]:
        yield Problem(
            "checked_all", Code.NOT_CONFIRMED, "Check every statement before you hand in."
        )


def _where_problems(finding: Document, path: str, places: dict[str, str]) -> Iterator[Problem]:
    field = "at" if finding["kind"] == "omission" else "span"
    other = "span" if field == "at" else "at"
    if other in finding:
        yield Problem(
            f"{path}.{other}",
            Code.NOT_ALLOWED,
            "An omission has a place (at); everything else has a span.",
        )
    if field not in finding:
        yield Problem(f"{path}.{field}", Code.MISSING, "Say where in the answer.")
    elif field == "at":
        yield from point_problems(finding["at"], path=f"{path}.at", places=places)
    else:
        yield from span_problems(finding["span"], path=f"{path}.span", places=places)


def _asked_problems(finding: Document, path: str, ask: Document) -> Iterator[Problem]:
    if finding["kind"] not in ask["kinds"]:
        yield Problem(
            f"{path}.kind", Code.NOT_ALLOWED, f"This task asks for: {', '.join(ask['kinds'])}."
        )
    if ask.get("harm") and "harm" not in finding:
        yield Problem(f"{path}.harm", Code.MISSING, "Say how much harm it does if left in.")
    if ask.get("correction") and "correction" not in finding:
        yield Problem(f"{path}.correction", Code.MISSING, "Say how to put it right.")
    if ask.get("evidence") == "required" and not finding.get("evidence"):
        yield Problem(f"{path}.evidence", Code.EVIDENCE_MISSING, "Show the line that tells.")


def _correction_problems(finding: Document, path: str) -> Iterator[Problem]:
    correction = finding.get("correction")
    if correction is None:
        return
    here, act = f"{path}.correction", correction["do"]
    if (act == "insert") != (finding["kind"] == "omission"):
        yield Problem(
            f"{here}.do",
            Code.CONTRADICTS,
            "Insert what was left out; remove or replace what is there.",
        )
    if act == "remove" and "text" in correction:
        yield Problem(f"{here}.text", Code.NOT_ALLOWED, "Removing needs no text.")
    if act != "remove" and "text" not in correction:
        yield Problem(f"{here}.text", Code.MISSING, "Write the words that belong there.")
    quote = finding.get("span", {}).get("quote")
    if act == "replace" and correction.get("text") == quote is not None:
        yield Problem(f"{here}.text", Code.UNCHANGED, "This is what stands there already.")
