"""Grade an answer by its criteria with the words that decide, or write criteria."""

from typing import Any

from config.demonstration.answers.marks import scripted_text
from config.demonstration.pieces import Json, span

TURNED = {"yes": "no", "no": "yes", "none": "full", "part": "none", "full": "none"}
CRITERIA = ("Reaches the right result", "Names the figures it uses", "Says what follows from it")


def write(*, task_input: Json, hints: Json, careful: bool) -> Json:
    """Careful: the grades that the hints know. Hasty: the first grade turned round."""
    if task_input["mode"] == "write":
        return _criteria(task_input=task_input, hints=hints, careful=careful)
    grades = []
    for n, criterion in enumerate(task_input["rubric"]):
        fallback = "no" if criterion["scale"] == "yes_no" else "none"
        grade = hints.get("grades", {}).get(criterion["id"], fallback)
        if n == 0 and not careful:
            grade = TURNED[grade]
        quote = hints.get("quotes", {}).get(criterion["id"], "")
        grades.append(_graded(task_input, criterion=criterion["id"], grade=grade, quote=quote))
    return {
        "grades": grades,
        "overall": scripted_text("each criterion on its own, against the papers."),
        "confidence": 4 if careful else 2,
    }


def _graded(task_input: Json, *, criterion: str, grade: str, quote: str) -> Json:
    graded: Json = {"criterion": criterion, "grade": grade}
    if grade not in ("no", "none"):
        response = task_input["responses"][0]
        where = f"response:{response['id']}"
        graded["evidence"] = [
            span(text=response["text"], quote=quote or response["text"], where=where)
        ]
    return graded


def _criteria(*, task_input: Json, hints: Json, careful: bool) -> Json:
    ask = task_input["ask"]
    count = max(ask.get("criteria_min", 3), 2) - 1
    share, rest = divmod(ask.get("points_total", 20), count)
    rows = [
        _criterion(
            n=n,
            text=f"{CRITERIA[(n - 1) % len(CRITERIA)]} ({n})",
            points=share + (rest if n == 1 else 0),
        )
        for n in range(1, count + 1)
    ]
    rows += [
        _criterion(n=count + m, text=f"States what the question does not hold ({m})", points=-2)
        for m in range(1, max(1, ask.get("negative_min", 0)) + 1)
    ]
    reference = hints.get("reference", "The result, with the figures it rests on.")
    return {
        "rubric": rows,
        "reference_answer": reference if careful else "See above.",
        "overall": scripted_text("criteria that can be checked one by one."),
        "confidence": 4 if careful else 2,
    }


def _criterion(*, n: int, text: str, points: int) -> Json:
    return {
        "id": f"c{n}",
        "text": text,
        "points": points,
        "scale": "yes_no",
        "why": scripted_text("the reader needs it."),
        "passes": "It is said in so many words.",
        "fails": "It is left to be guessed.",
    }


def essence(answer: Json) -> Any:
    if "rubric" in answer:
        return answer.get("reference_answer")
    return sorted((grade["criterion"], grade["grade"]) for grade in answer["grades"])
