"""Why somebody may or may not have a task now, and why it was offered to somebody then."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from tasks.queries.dossier import tutors_called
from tasks.queries.explaining import explain
from tasks.rules.matching import OWN_CODES
from tasks.rules.ranking import LOSSES
from tasks.rules.states import WorkRole
from tutors.rules.eligibility import CODES
from workforce.doors.pages import Visit
from workforce.rules.problems import NotFound
from workforce.rules.shown import money

SCORE_TERMS = {
    "priority": lazy("Priority"),
    "waited": lazy("Time waited"),
    "sla": lazy("Promised time running out, or missed"),
    "fit": lazy("Level of the qualification"),
    "standing": lazy("How good her answers were, by reviews and known ones"),
    "affinity": lazy("Handed in work of this project lately"),
    "preferred": lazy("Preferred by the client"),
    "cost": lazy("Expected pay"),
    "fairness": lazy("Claims of the last day, so that others come first"),
    "total": lazy("Together"),
}
RATE = re.compile(r"(\d+) ([A-Z]{3})/h")


def explained(visit: Visit, *, task_id: int, asked: str) -> dict[str, Any]:
    """The verdicts and the score of the person whose name or id is `asked`, as of now."""
    people = tutors_called(account=visit.account, text=asked)
    context: dict[str, Any] = {"asked": asked, "matches": people}
    if len(people) != 1:
        return context
    (person,) = people
    try:
        found = explain(task_id=task_id, tutor_id=person.pk, role=None, at=visit.at)
    except NotFound:
        return context | {"nothing_wanted": True}
    verdicts = _verdict_lines(verdict.as_json() for verdict in found.verdicts)
    return context | {
        "person": person,
        "explanation": found,
        "is_review": found.role is WorkRole.REVIEW,
        "failed": [v for v in verdicts if not v["passed"]],
        "passed": [v for v in verdicts if v["passed"]],
        "score": _score_lines(found.score or {}),
    }


def reasons_then(why: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept with an offer or a claim: the facts of its moment, whatever is true now, and
    the score of an offer.

    Empty for a revision, which goes to its author without a match.
    """
    if not why.get("verdicts"):
        return {}
    return {
        "passed": _verdict_lines(why["verdicts"]),
        "score": _score_lines(why.get("score") or {}),
    }


def _verdict_lines(verdicts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    said = {**CODES, **OWN_CODES}
    return [
        {**v, "said": said.get(v["code"], v["code"]), "fact": _fact(v["fact"])} for v in verdicts
    ]


def _score_lines(terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """The terms of a score by name, losses below zero, so that they add up as they are read."""
    return [
        (str(said), -terms[name] if name in LOSSES else terms[name])
        for name, said in SCORE_TERMS.items()
        if name in terms
    ]


def _fact(text: str) -> str:
    """The fact as people write it; a rate comes in minor units."""
    found = RATE.fullmatch(text)
    return f"{money(int(found[1]), found[2])}/h" if found else text
