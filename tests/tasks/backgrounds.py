"""Rules on right to work, ties, consent, identity and years, with how they come to be met and
how they cease to be, each by the operation that a person would use.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.tasks.crew import ASKED, Crew, moment
from tutors.models import Experience, IdentityCheck, Tutor, WorkAuthorisation
from tutors.operations.authorising import add_authorisation, end_authorisation
from tutors.operations.consenting import choose_content
from tutors.operations.experiencing import Post, add_experience, withdraw_experience
from tutors.operations.identifying import check_identity, withdraw_identity_check
from tutors.operations.tying import Bond, declare_tie
from tutors.rules.states import IdentityMethod, SensitiveContent


@dataclass(frozen=True)
class Ground:
    """A rule; `give` meets it, `take` ends that, after which claims are refused with `code`."""

    rule: dict[str, Any]
    code: str
    give: Callable[[Crew, Tutor], Any]
    take: Callable[[Crew, Tutor], Any]


def _right(crew: Crew, tutor: Tutor) -> None:
    add_authorisation(
        tutor=tutor, place="GB", basis="Citizen", valid_until=None, actor=crew.ruth, at=moment()
    )


def _no_right(crew: Crew, tutor: Tutor) -> None:
    right = WorkAuthorisation.objects.get(tutor=tutor)
    end_authorisation(authorisation=right, actor=crew.ruth, at=moment())


def _tie(crew: Crew, tutor: Tutor) -> None:
    bond = Bond(party=f"client:{crew.client.public_id}", relation="Consultant")
    declare_tie(tutor=tutor, bond=bond, actor=tutor.account, at=moment())


def _agree(*content: SensitiveContent) -> Callable[[Crew, Tutor], Any]:
    return lambda crew, tutor: choose_content(
        tutor=tutor, content=content, actor=tutor.account, at=moment()
    )


def _seen(crew: Crew, tutor: Tutor) -> None:
    check_identity(
        tutor=tutor,
        method=IdentityMethod.IN_PERSON,
        source="Passport",
        actor=crew.ruth,
        at=moment(),
    )


def _unseen(crew: Crew, tutor: Tutor) -> None:
    check = IdentityCheck.objects.get(tutor=tutor)
    withdraw_identity_check(check=check, actor=crew.ruth, at=moment())


def _years(crew: Crew, tutor: Tutor) -> None:
    post = Post(field="mathematics", role="Teacher", years=6)
    add_experience(tutor=tutor, post=post, actor=crew.ruth, at=moment())


def _no_years(crew: Crew, tutor: Tutor) -> None:
    post = Experience.objects.get(tutor=tutor)
    withdraw_experience(experience=post, actor=crew.ruth, at=moment())


GROUNDS: dict[str, Ground] = {
    "work_authorisation": Ground(
        {"kind": "work_authorisation", "where": "residence"},
        "authorisation_missing",
        give=_right,
        take=_no_right,
    ),
    "no_conflict": Ground(
        {"kind": "no_conflict", "with": ["client"], "within_days": 365},
        "conflict_tie",
        give=lambda crew, tutor: None,
        take=_tie,
    ),
    "opt_in": Ground(
        {"kind": "opt_in", "content": ["self_harm"]},
        "opt_in_missing",
        give=_agree(SensitiveContent.SELF_HARM),
        take=_agree(),
    ),
    "identity": Ground(
        {"kind": "identity", "within_days": 365}, "identity_unchecked", give=_seen, take=_unseen
    ),
    "experience": Ground(
        {"kind": "experience", "field": "mathematics", "years_min": 5},
        "experience_missing",
        give=_years,
        take=_no_years,
    ),
}


def asking(rule: dict[str, Any]) -> dict[str, Any]:
    """The crew's usual set and this rule beside it."""
    return {**ASKED, "rules": [*ASKED["rules"], {"id": "ground", "mode": "hard", "test": rule}]}
