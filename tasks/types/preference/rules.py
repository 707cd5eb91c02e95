"""What a ranking must satisfy beyond its schema."""

from collections.abc import Iterator

from tasks.types.places import Document, places_of, span_problems
from tasks.types.problems import Code, Problem

PAIR = 2


def input_rules(task_input: Document) -> Iterator[Problem]:
    """A pair is two."""
    count = len(task_input["responses"])
    if task_input["ask"]["mode"] == "pair" and count != PAIR:
        yield Problem(
            "responses", Code.CONTRADICTS, f"Mode pair takes two responses; here are {count}."
        )


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Rankings cover every response once; criteria, flags, reason and rewrite as asked."""
    yield from _judgement_problems(answer, path="", task_input=task_input)
    yield from _criteria_problems(answer.get("criteria", {}), task_input)
    places = places_of(task_input)
    for number, flag in enumerate(answer.get("flags", ())):
        yield from _flag_problems(flag, f"flags[{number}]", task_input, places)
    yield from _text_problems(task_input["ask"], answer)


def _judgement_problems(
    judgement: Document, *, path: str, task_input: Document
) -> Iterator[Problem]:
    here = f"{path}." if path else ""
    ask, ranking = task_input["ask"], judgement["ranking"]
    yield from _ranking_problems(ranking, f"{here}ranking", task_input)
    if not ask.get("ties"):
        for number, group in enumerate(ranking):
            if len(group) > 1:
                yield Problem(
                    f"{here}ranking[{number}]",
                    Code.NOT_ALLOWED,
                    "This task takes no ties; put one before the other.",
                )
    strength = judgement.get("strength")
    if strength is None:
        if ask.get("strength"):
            yield Problem(f"{here}strength", Code.MISSING, "Say by how much, from 0 to 3.")
    elif (strength == 0) != (len(ranking) == 1):
        yield Problem(
            f"{here}strength",
            Code.CONTRADICTS,
            "Strength is 0 when all are tied, and 1 to 3 when one comes first.",
        )


def _ranking_problems(
    ranking: list[list[str]], path: str, task_input: Document
) -> Iterator[Problem]:
    open_ids = [response["id"] for response in task_input["responses"]]
    known = set(open_ids)
    for number, group in enumerate(ranking):
        for place, name in enumerate(group):
            if name in open_ids:
                open_ids.remove(name)
                continue
            here = f"{path}[{number}][{place}]"
            if name in known:
                yield Problem(here, Code.REPEATED, f"“{name}” is ranked before; rank it once.")
            else:
                yield Problem(here, Code.NO_SUCH_ID, f"“{name}” is not a response of this task.")
    if open_ids:
        yield Problem(path, Code.MISSING, f"Not ranked yet: {', '.join(open_ids)}.")


def _criteria_problems(judged: Document, task_input: Document) -> Iterator[Problem]:
    wanted = [criterion["id"] for criterion in task_input.get("criteria", ())]
    for name in wanted:
        if name not in judged:
            yield Problem(f"criteria.{name}", Code.MISSING, "This criterion is still open.")
    for name, judgement in judged.items():
        if name in wanted:
            yield from _judgement_problems(
                judgement, path=f"criteria.{name}", task_input=task_input
            )
        else:
            yield Problem(f"criteria.{name}", Code.NO_SUCH_ID, "Not a criterion of this task.")


def _flag_problems(
    flag: Document, path: str, task_input: Document, places: dict[str, str]
) -> Iterator[Problem]:
    if "start" in flag:
        yield from span_problems(flag, path=path, places=places)
    elif flag["in"] not in {f"response:{each['id']}" for each in task_input["responses"]}:
        yield Problem(f"{path}.in", Code.NO_SUCH_PLACE, "Flag one of the responses.")


def _text_problems(ask: Document, answer: Document) -> Iterator[Problem]:
    wanted, given = ask.get("reason_min_chars", 0), len(answer.get("reason", "").strip())
    if given < wanted:
        yield Problem(
            "reason", Code.TOO_SHORT, f"Write at least {wanted} characters; there are {given}."
        )
    wanted_rewrite = ask.get("rewrite_when_all_bad") and answer["all_bad"]
    if wanted_rewrite and not (answer.get("rewrite") or "").strip():
        yield Problem("rewrite", Code.MISSING, "All are bad: write what a good answer says.")
