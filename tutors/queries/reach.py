"""Who could do this, and which rule stands in the way of most."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts, RecordFacts, Situation, judge, judge_rules
from tutors.rules.requirements import RequirementSet

Records = Mapping[int, tuple[RecordFacts, ...]]
"""By tutor id."""

NO_RECORDS: Records = MappingProxyType({})
NAMES_MAX = 200
"""People named in one answer; the counts cover everybody."""


@dataclass(frozen=True, kw_only=True)
class Passing:
    """How many people pass one rule, taken for itself."""

    rule: str
    passing: int
    excluded: int


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How far people get: each rule by itself, all together, and who could start now.

    `tightest` is the rule that excludes most, empty when none excludes anybody.
    """

    people: int
    rules: tuple[Passing, ...]
    qualified: int
    ready: int
    tightest: str

    @property
    def nobody(self) -> bool:
        return self.qualified == 0

    @property
    def sentence(self) -> str:
        """Said at once when a requirement is met by nobody."""
        if not self.nobody:
            return f"{self.qualified} of {self.people} people meet every requirement."
        if not self.tightest:
            return "Nobody is here yet to meet these requirements."
        worst = next(r for r in self.rules if r.rule == self.tightest)
        return (
            f"Nobody meets these requirements. The rule “{worst.rule}” excludes most: "
            f"{worst.excluded} of {self.people} people."
        )


def funnel(
    *,
    requirement: RequirementSet,
    client: str | None,
    at: datetime,
    records: Records = NO_RECORDS,
) -> Funnel:
    """How many people with open accounts pass each rule, and all of them; one statement.

    `records`: what `tasks` counted, for a set that asks for standing.
    """
    everybody = list(_everybody(records, at=at).values())
    verdicts = {
        f.tutor_id: judge_rules(facts=f, requirement=requirement, client=client, at=at)
        for f in everybody
    }
    rules = tuple(
        _passing(rule.id, [found[n].passed for found in verdicts.values()])
        for n, rule in enumerate(requirement.rules)
    )
    qualified = [f for f in everybody if all(v.passed for v in verdicts[f.tutor_id])]
    tightest = max(rules, key=lambda r: r.excluded, default=None)
    return Funnel(
        people=len(everybody),
        rules=rules,
        qualified=len(qualified),
        ready=sum(_ready(f, requirement=requirement, client=client, at=at) for f in qualified),
        tightest=tightest.rule if tightest and tightest.excluded else "",
    )


def who_could(
    *,
    requirement: RequirementSet,
    client: str | None,
    at: datetime,
    records: Records = NO_RECORDS,
) -> tuple[Facts, ...]:
    """People who meet every rule, present or not, by tutor id; at most 200."""
    everybody = _everybody(records, at=at)
    found = (
        everybody[n]
        for n in sorted(everybody)
        if all(
            v.passed
            for v in judge_rules(facts=everybody[n], requirement=requirement, client=client, at=at)
        )
    )
    return tuple(facts for facts, _ in zip(found, range(NAMES_MAX), strict=False))


def _everybody(records: Records, *, at: datetime) -> dict[int, Facts]:
    found = facts_for(tutor_ids=None, at=at)
    known = {n: replace(found[n], record=held) for n, held in records.items() if n in found}
    return {**found, **known}


def _passing(rule: str, passed: list[bool]) -> Passing:
    return Passing(rule=rule, passing=sum(passed), excluded=len(passed) - sum(passed))


def _ready(facts: Facts, *, requirement: RequirementSet, client: str | None, at: datetime) -> bool:
    """Qualified, under contract and taking work: could begin at once."""
    found = judge(facts=facts, requirement=requirement, client=client, situation=Situation(), at=at)
    return all(v.passed for v in found)
