"""Rank the better response first."""

from typing import Any

from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: the better one first. Hasty: the other way round."""
    ids = [response["id"] for response in task_input["responses"]]
    best = hints.get("best", sorted(ids)[0])
    order = [[best], *([other] for other in sorted(ids) if other != best)]
    ranking = order if careful else order[::-1]
    ask = task_input["ask"]
    why = hints.get("why", "it was the first to be read.") if careful else "it reads well."
    return {
        "ranking": ranking,
        "strength": 2 if careful else 1,
        "all_bad": False,
        "criteria": {
            criterion["id"]: {"ranking": ranking, "strength": 2}
            for criterion in task_input.get("criteria", [])
        },
        "reason": scripted_text(why, at_least=ask.get("reason_min_chars", 0)),
        "confidence": 4 if careful else 2,
    }


def essence(answer: Json) -> Any:
    return [sorted(group) for group in answer["ranking"]]
