"""Mark where an argument goes wrong, judge its steps, and write it anew."""

from typing import Any

from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json

KEPT = ("span", "kind", "severity", "why", "fix")
QUOTE_MAX = 40


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: the points that the hints know. Hasty: a remark on style, every step right."""
    response = task_input["responses"][0]
    known = careful and bool(hints.get("points"))
    source = hints["points"] if known else [_remark(response)]
    points = [
        {"n": n, **{key: point[key] for key in KEPT if point.get(key) is not None}}
        for n, point in enumerate(source, start=1)
    ]
    rewrite = hints.get("rewrite") if known else None
    return {
        "points": points,
        "steps": _steps(response=response, points=source if known else []),
        "praise": scripted_text("the argument is laid out in order."),
        "rewrite": rewrite or f"{response['text']}\nChecked once more.",
        "final_answer_right": bool(hints.get("right", True)) if known else True,
        "confidence": 4 if careful else 2,
    }


def _remark(response: Json) -> Json:
    quote = response["text"][:QUOTE_MAX]
    return {
        "span": {"in": f"response:{response['id']}", "start": 0, "end": len(quote), "quote": quote},
        "kind": "style",
        "severity": "minor",
        "why": scripted_text("this could be shorter."),
    }


def _steps(*, response: Json, points: list[Json]) -> Json:
    wrong = next(((n, p["step"]) for n, p in enumerate(points, start=1) if p.get("step")), None)
    verdicts: Json = {}
    after = False
    for step in response.get("steps", []):
        if wrong is not None and step["id"] == wrong[1]:
            verdicts[step["id"]] = {"ok": False, "point": wrong[0]}
            after = True
        elif wrong is not None and after:
            verdicts[step["id"]] = {"ok": False, "point": wrong[0], "only_follows": True}
        else:
            verdicts[step["id"]] = {"ok": True}
    return verdicts


def essence(answer: Json) -> Any:
    return sorted(
        (point["kind"], point.get("span", {}).get("start", -1)) for point in answer["points"]
    )
