"""A pool before one person: open, empty or closed, and what lasts of what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tasks.rules.ahead import PoolAhead
from tasks.rules.demand import Outlook
from tasks.rules.matching import PRICED
from tutors.rules.eligibility import Verdict
from tutors.rules.requirements import RequirementSet, Rule

PASSING = frozenset(
    {"paused", "presence_lapsed", "capacity_full", "cap_reached", "held_for_specialists"}
)
"""What stands in the way for a while only."""

CONDITIONS = frozenset({"account", "role", "contract"})
"""Conditions of all work that are judged anew on her changed facts."""


class Gate(StrEnum):
    """How a queue stands before one person, whether or not she is taking work now."""

    OPEN = "open"  # something waits that she may take
    EMPTY = "empty"  # she may, but nothing waits
    CLOSED = "closed"  # something lasts that stands in the way


def lasting(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The refusals that do not pass by themselves."""
    return tuple(v for v in verdicts if not v.passed and v.code not in PASSING)


def gate_of(verdicts: Iterable[Verdict], *, waiting: int) -> Gate:
    if lasting(verdicts):
        return Gate.CLOSED
    return Gate.OPEN if waiting else Gate.EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A pool before her. `refusals`: what lasts of the verdicts of `fit`; none: open to her. None
    is known of a pool of another role than hers (`judged`): it is closed, whatever its rules say.
    """

    pool: PoolAhead
    requirement: RequirementSet
    waiting: int
    outlook: Outlook | None
    refusals: tuple[Verdict, ...] = ()
    judged: bool = True

    @property
    def is_open(self) -> bool:
        return self.judged and not self.refusals

    def failed(self) -> tuple[Rule, ...]:
        """The rules of its set that she may not meet now."""
        if not self.judged:
            return self.requirement.rules
        refused = {verdict.rule for verdict in self.refusals}
        return tuple(rule for rule in self.requirement.rules if rule.id in refused)

    def beyond_change(self) -> bool:
        """Whether something stands in the way that no fact of hers turns, such as her share."""
        rules = {rule.id for rule in self.requirement.rules}
        kept = {v.code for v in self.refusals if v.rule not in rules and v.rule not in CONDITIONS}
        return bool(kept - PRICED)
