"""How far two gradings agree. Two written rubrics are not compared: a person reviews them."""

from tasks.types.places import Document

WORTH = {"no": 0.0, "none": 0.0, "part": 0.5, "yes": 1.0, "full": 1.0}


def compare(task_input: Document, left: Document, right: Document) -> float | None:
    """One less the mean distance between grades, each criterion weighing its points."""
    if task_input["mode"] != "grade":
        return None
    mine, yours = _grades(left), _grades(right)
    weights: dict[str, int] = {each["id"]: abs(each["points"]) for each in task_input["rubric"]}
    distance = sum(abs(mine[name] - yours[name]) * weight for name, weight in weights.items())
    return 1 - distance / sum(weights.values())


def _grades(answer: Document) -> dict[str, float]:
    return {grade["criterion"]: WORTH[grade["grade"]] for grade in answer["grades"]}
