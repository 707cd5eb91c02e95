"""Judge claims about a picture, with boxes for what can be seen."""

from typing import Any

from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json

TURNED = {"true": "false", "false": "true"}


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: what was drawn. Hasty: the first claim the wrong way round."""
    truth = hints.get("claims", {})
    claims = []
    for n, claim in enumerate(task_input.get("claims", [])):
        known = truth.get(claim["id"], {})
        verdict = known.get("verdict", "cannot_tell")
        if n == 0 and not careful:
            verdict, known = TURNED.get(verdict, "true"), {}
        claims.append(_judged(claim_id=claim["id"], verdict=verdict, known=known))
    media = task_input["media"][0]["id"]
    return {
        "claims": claims,
        "regions": [
            {**region, "media": media, "shape": "box"} for region in hints.get("regions", [])
        ],
        **captioned(task_input),
        "confidence": 4 if careful else 2,
    }


def captioned(task_input: Json) -> Json:
    """A caption where one is asked for, never the one that stands there."""
    if task_input["ask"].get("caption", "none") == "none":
        return {}
    return {"caption": scripted_text("what can be seen, in one sentence.")}


def _judged(*, claim_id: str, verdict: str, known: Json) -> Json:
    judged: Json = {"id": claim_id, "verdict": verdict, "regions": known.get("regions", [])}
    if verdict == "false":
        judged["kind"] = known.get("kind", "not_there")
        judged["correction"] = scripted_text(known.get("correction", "it is not so."))
    elif verdict == "cannot_tell":
        judged["why"] = scripted_text("nothing in the picture tells.")
    return judged


def essence(answer: Json) -> Any:
    return sorted((claim["id"], claim["verdict"]) for claim in answer["claims"])
