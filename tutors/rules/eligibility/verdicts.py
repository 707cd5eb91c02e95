"""How a judgement is told: code, fact, rule, and what would turn it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "account_active": "The account is open.",
        "account_closed": "The account is closed.",
        "role_open": "Attempts are open to every tutor.",
        "reviewer": "The person may review.",
        "not_a_reviewer": "Reviews need the reviewer role.",
        "contract_in_force": "A contract is in force.",
        "contract_missing": "There is no contract.",
        "contract_unsigned": "A contract waits for the tutor's signature.",
        "contract_not_countersigned": "A signed contract waits for the countersignature.",
        "contract_not_started": "The contract has not started.",
        "contract_ended": "The contract has ended.",
        "present": "The tutor is taking work.",
        "paused": "The tutor paused.",
        "presence_lapsed": "The tutor's time of taking work ran out.",
        "capacity_free": "There is a free hand.",
        "capacity_full": "Too few hands are free.",
        "capacity_small": "This work fills more hands than there are.",
        "within_cap": "The work fits into the week.",
        "cap_reached": "The work would pass the weekly cap.",
        "budget_left": "The project's budget covers it.",
        "budget_spent": "The project's budget does not cover it.",
        "new_to_task": "Nothing done on this task stands in the way.",
        "already_on_task": "Every slot of a task goes to a different person.",
        "own_work": "Nobody judges her own work.",
        "own_review": "Somebody who judged this may not do or decide it.",
        "not_declined": "It was not declined before.",
        "declined_before": "It was declined before, so it is not offered again yet.",
        "qualification_held": "The qualification is held.",
        "qualification_missing": "The qualification is missing.",
        "qualification_level": "The qualification's level is too low.",
        "qualification_expiring": "The qualification lapses too soon.",
        "credential_held": "The credential is held.",
        "credential_missing": "There is no such credential.",
        "credential_status": "The credential is not in the state asked for.",
        "credential_unverified": "The credential needs a stronger check.",
        "credential_expiring": "The credential runs out too soon.",
        "language_held": "The language is spoken well enough.",
        "language_missing": "The language is not spoken.",
        "language_level": "The language's level is too low.",
        "residence_fits": "The place fits.",
        "residence_elsewhere": "The place does not fit.",
        "residence_too_new": "The tutor has not lived there long enough.",
        "agreement_signed": "The paper is signed.",
        "agreement_missing": "The paper is not signed.",
        "agreement_version": "A newer version of the paper must be signed.",
        "authorisation_held": "The right to work there is held.",
        "authorisation_missing": "The right to work there is missing.",
        "authorisation_unverified": "The right to work needs a stronger check.",
        "authorisation_expiring": "The right to work ends too soon.",
        "conflict_free": "No tie stands in the way.",
        "conflict_tie": "A tie to one of the parties stands in the way.",
        "opt_in_given": "The tutor agreed to see such content.",
        "opt_in_missing": "The tutor has not agreed to see such content.",
        "identity_checked": "The identity is checked.",
        "identity_unchecked": "The identity was never checked.",
        "identity_stale": "The identity was checked too long ago.",
        "experience_enough": "The years of experience suffice.",
        "experience_missing": "No experience in this field is noted.",
        "experience_short": "The years of experience do not suffice.",
        "experience_unverified": "The experience needs a stronger check.",
        "standing_held": "The reviewed work is good enough.",
        "standing_unproven": "Too little of the work was reviewed to say how good it is.",
        "standing_one_sided": "One reviewer judged more than half of the work.",
        "standing_low": "The reviewed work is not good enough.",
    }
)
"""Every code a verdict may carry. Stable: clients and translations rely on them."""


class Effort(IntEnum):
    """How far away a change is, to find the branch with the least left to do."""

    NOTHING = 0
    SIGN = 1
    VERIFY = 2
    WAIT = 3
    RENEW = 4
    LEARN = 5
    MOVE = 8
    IMPOSSIBLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one condition found. `turn` is empty when it passed."""

    code: str
    passed: bool
    fact: str
    turn: str = ""
    effort: Effort = Effort.NOTHING

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown verdict code {self.code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement on one rule of a set, or on a condition that holds for all work.

    `rule` is the rule's id, or the condition's name; `turn` says what would turn a failure.
    A failing `any` shows the branch with the least left to do; `branches` holds all of them.
    """

    code: str
    passed: bool
    rule: str
    fact: str
    turn: str
    branches: tuple[tuple[Finding, ...], ...] = ()

    def as_json(self) -> dict[str, str | bool]:
        """What is stored with a claim and shown in lists."""
        return {
            "code": self.code,
            "passed": self.passed,
            "rule": self.rule,
            "fact": self.fact,
            "turn": self.turn,
        }


def passing(code: str, fact: str) -> Finding:
    return Finding(code=code, passed=True, fact=fact)


def failing(code: str, fact: str, turn: str, *, effort: Effort) -> Finding:
    return Finding(code=code, passed=False, fact=fact, turn=turn, effort=effort)
