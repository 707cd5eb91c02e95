"""Cut a clip into segments, describe it, and judge claims about it."""

from itertools import pairwise
from typing import Any

from config.demonstration.answers.image import captioned
from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json

TURNED = {"true": "false", "false": "true"}


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: two halves and what the hints know. Hasty: one segment, first claim turned."""
    clip, track = task_input["media"][0], task_input["tracks"][0]
    end = clip["duration_ms"]
    cuts = [0, end // 2, end] if careful and len(track["labels"]) > 1 else [0, end]
    segments = [
        {
            "id": f"t{n}",
            "track": track["id"],
            "label": track["labels"][(n - 1) % len(track["labels"])],
            "start_ms": start,
            "end_ms": until,
        }
        for n, (start, until) in enumerate(pairwise(cuts), start=1)
    ]
    truth = hints.get("claims", {})
    claims = []
    for n, claim in enumerate(task_input.get("claims", [])):
        verdict = truth.get(claim["id"], {}).get("verdict", "cannot_tell")
        if n == 0 and not careful:
            verdict = TURNED.get(verdict, "true")
        claims.append(_judged(claim_id=claim["id"], verdict=verdict))
    length = task_input["ask"].get("description_min_chars", 0)
    return {
        "segments": segments,
        "claims": claims,
        **captioned(task_input),
        "description": scripted_text("the clip from start to end.", at_least=length),
        "confidence": 4 if careful else 2,
    }


def _judged(*, claim_id: str, verdict: str) -> Json:
    judged: Json = {"id": claim_id, "verdict": verdict, "segments": ["t1"]}
    if verdict == "false":
        judged["kind"] = "other"
        judged["correction"] = scripted_text("it is not so.")
    elif verdict == "cannot_tell":
        judged["why"] = scripted_text("nothing in the clip tells.")
    return judged


def essence(answer: Json) -> Any:
    return (
        len(answer["segments"]),
        sorted((claim["id"], claim["verdict"]) for claim in answer["claims"]),
    )
