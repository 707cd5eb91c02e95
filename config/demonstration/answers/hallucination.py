"""Mark what the source does not carry."""

from typing import Any

from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json

QUOTE_MAX = 60


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: what was planted. Hasty: misses it, or marks what is sound."""
    planted = hints.get("findings", [])
    hasty = [] if planted else [_false_alarm(task_input)]
    found = planted if careful else hasty
    return {
        "findings": [{"n": n, **finding} for n, finding in enumerate(found, start=1)],
        "checked_all": True,
        "faithful": 5 if not found else 3,
        "overall": scripted_text(f"{len(found)} found, against the source line by line."),
        "confidence": 4 if careful else 2,
    }


def _false_alarm(task_input: Json) -> Json:
    response, source = task_input["responses"][0], task_input["sources"][0]
    quote = response["text"][:QUOTE_MAX]
    return {
        "kind": "unsupported",
        "span": {"in": f"response:{response['id']}", "start": 0, "end": len(quote), "quote": quote},
        "harm": "mild",
        "correction": {"do": "remove"},
        "evidence": [
            {"in": f"source:{source['id']}", "line": 1, "quote": source["lines"][0][:QUOTE_MAX]}
        ],
    }


def essence(answer: Json) -> Any:
    return sorted(
        (finding["kind"], finding.get("span", {}).get("start", -1))
        for finding in answer["findings"]
    )
