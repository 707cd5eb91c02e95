"""What grades, and written criteria, must satisfy beyond their schema."""

from collections.abc import Iterator

from tasks.types.criteria import count_problems, criteria_problems
from tasks.types.places import Document, evidence_problems, places_of
from tasks.types.problems import Code, Problem

GRADES = {"yes_no": ("yes", "no"), "none_part_full": ("none", "part", "full")}
NOTHING_GIVEN = ("no", "none")


def input_rules(task_input: Document) -> Iterator[Problem]:
    """Criteria are sound; what is asked of a writer can be done."""
    if task_input["mode"] == "grade":
        yield from criteria_problems(task_input["rubric"], path="rubric")
        return
    ask = task_input["ask"]
    least, most = ask.get("criteria_min", 1), ask.get("criteria_max", 60)
    if least > most:
        yield Problem("ask.criteria_max", Code.CONTRADICTS, f"The least is {least}; allow as many.")
    if ask.get("negative_min", 0) >= most:
        yield Problem(
            "ask.negative_min", Code.CONTRADICTS, "Leave room for a criterion above zero."
        )


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """The answer is of the task's mode and complete in it."""
    graded = "grades" in answer
    if graded != (task_input["mode"] == "grade"):
        yield Problem(
            "rubric" if graded else "grades",
            Code.MISSING,
            "This task asks you to write criteria." if graded else "This task asks for grades.",
        )
    elif graded:
        yield from _grade_problems(task_input, answer)
    else:
        yield from _written_problems(task_input["ask"], answer)


def _grade_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    criteria = {criterion["id"]: criterion for criterion in task_input["rubric"]}
    places = places_of(task_input)
    seen = set()
    for number, grade in enumerate(answer["grades"]):
        here, name = f"grades[{number}]", grade["criterion"]
        if name not in criteria:
            yield _unknown(here, name)
            continue
        if name in seen:
            yield Problem(f"{here}.criterion", Code.REPEATED, f"“{name}” is graded before.")
        seen.add(name)
        yield from _one_grade_problems(grade, here, criteria[name]["scale"], task_input)
        yield from evidence_problems(
            grade.get("evidence", ()),
            path=f"{here}.evidence",
            task_input=task_input,
            places=places,
        )
    for name in criteria:
        if name not in seen:
            yield Problem("grades", Code.MISSING, f"The criterion “{name}” is still open.")
    for number, problem in enumerate(answer.get("criterion_problems", ())):
        if problem["criterion"] not in criteria:
            yield _unknown(f"criterion_problems[{number}]", problem["criterion"])


def _unknown(path: str, name: str) -> Problem:
    return Problem(f"{path}.criterion", Code.NO_SUCH_ID, f"“{name}” is not a criterion here.")


def _one_grade_problems(
    grade: Document, path: str, scale: str, task_input: Document
) -> Iterator[Problem]:
    if grade["grade"] not in GRADES[scale]:
        yield Problem(
            f"{path}.grade", Code.NOT_A_CHOICE, f"Choose one of: {', '.join(GRADES[scale])}."
        )
    wanted = task_input["ask"].get("evidence", "optional")
    given = grade["grade"] not in NOTHING_GIVEN
    if not grade.get("evidence") and (
        wanted == "required" or (wanted == "required_when_given" and given)
    ):
        yield Problem(f"{path}.evidence", Code.EVIDENCE_MISSING, "Mark what shows it.")


def _written_problems(ask: Document, answer: Document) -> Iterator[Problem]:
    rubric = answer["rubric"]
    yield from criteria_problems(rubric, path="rubric")
    yield from count_problems(
        rubric, path="rubric", least=ask.get("criteria_min"), most=ask.get("criteria_max")
    )
    for number, criterion in enumerate(rubric):
        for field in ("why", "passes", "fails"):
            if field not in criterion:
                yield Problem(
                    f"rubric[{number}].{field}",
                    Code.MISSING,
                    "Say why it matters, and show what passes and what fails.",
                )
    total = sum(criterion["points"] for criterion in rubric if criterion["points"] > 0)
    if ask.get("points_total", total) != total:
        yield Problem(
            "rubric",
            Code.WRONG_TOTAL,
            f"The points above zero add up to {total}; make it {ask['points_total']}.",
        )
    negative = sum(criterion["points"] < 0 for criterion in rubric)
    if negative < ask.get("negative_min", 0):
        yield Problem(
            "rubric", Code.TOO_FEW, f"Write at least {ask['negative_min']} with points below zero."
        )
    if ask.get("reference_answer") and not (answer.get("reference_answer") or "").strip():
        yield Problem("reference_answer", Code.MISSING, "Write the answer that earns all points.")
