"""Answers to tasks with known ones, good and bad, and the days that pass until they count."""

import copy
from datetime import timedelta
from typing import Any

from tasks.models import Project, Submission
from tasks.operations.claiming import claim
from tasks.operations.comparing import compare_next
from tasks.operations.submitting import submit
from tasks.queries.claims import ClaimSheet
from tasks.queries.handing_in import in_hand
from tasks.rules.states import WorkRole
from tests.tasks.crew import ANSWER, moment
from tutors.models import Tutor

KNOWN = ANSWER
HALF: dict[str, Any] = copy.deepcopy(ANSWER)
HALF["points"] = HALF["points"][:1]
"""Agrees to two thirds: one of its points of one, one of the known two."""


def answer(tutor: Tutor, project: Project, what: dict[str, Any] = KNOWN) -> Submission:
    """The tutor takes the next task of the project and hands this in."""
    held = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    return hand_in(tutor, held, what)


def hand_in(tutor: Tutor, held: ClaimSheet | None, what: dict[str, Any] = KNOWN) -> Submission:
    """Hand in what she took."""
    assert held is not None
    own = in_hand(claim_id=held.claim_id, account_id=tutor.account_id)
    assert own is not None
    return submit(
        account=tutor.account, own=own, fence=held.fence, answer=what, at=moment()
    ).submission


def days_pass(days: int = 2) -> None:
    """Whatever is due by then is compared."""
    for _ in range(100):
        if not compare_next(at=moment() + timedelta(days=days)):
            return
    raise AssertionError("There is no end to what is due.")
