"""How far people get through a set's rules: counted by the rules that each of them fails.

Every figure of a funnel is a sum over the same counts. Where not everybody was looked at, a figure
is an estimate with an interval.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, floor, sqrt

from tutors.rules.eligibility import Facts, Situation, judge_rules
from tutors.rules.eligibility.conditions import conditions
from tutors.rules.requirements import RequirementSet

CERTAINTY_Z = 1.96
"""Intervals hold with 95 % certainty (Wilson's)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person ends: bit n of `failed` says that rule n stops her. `ready`: she meets all
    of them and could begin at once.
    """

    failed: int
    ready: bool = False

    @property
    def passes(self) -> bool:
        return self.failed == 0


def standing_of(
    *, facts: Facts, requirement: RequirementSet, client: str | None, at: datetime
) -> Standing:
    """Asks the one eligibility function; nothing here decides by itself."""
    found = judge_rules(facts=facts, requirement=requirement, client=client, at=at)
    failed = sum(1 << n for n, verdict in enumerate(found) if not verdict.passed)
    if failed:
        return Standing(failed)
    others = conditions(facts=facts, situation=Situation(), at=at)
    return Standing(0, all(finding.passed for finding in others.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many people; between `low` and `high` where it is an estimate."""

    n: int
    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(slots=True)
class Part:
    """People of one kind of sample: `size` of them, of whom those in `counts` were looked at."""

    size: int
    counts: Counter[Standing] = field(default_factory=Counter)

    @property
    def looked(self) -> int:
        return self.counts.total()

    @property
    def scale(self) -> float:
        """How many people each one looked at stands for."""
        return self.size / self.looked if self.looked else 0.0


def counted(parts: Iterable[Part], which: Callable[[Standing], bool]) -> Count:
    """How many people of all parts are of that kind."""
    n, low, high = 0.0, 0.0, 0.0
    for part in parts:
        seen = sum(times for each, times in part.counts.items() if which(each))
        if part.looked == part.size:
            n, low, high = n + seen, low + seen, high + seen
        elif part.looked:
            least, most = _wilson(seen, part.looked)
            unseen = part.size - part.looked
            n += seen * part.scale
            low += max(seen, least * part.size)
            high += min(seen + unseen, most * part.size)
    return Count(n=round(n), low=floor(low), high=ceil(high))


def _wilson(seen: int, looked: int) -> tuple[float, float]:
    share, z2 = seen / looked, CERTAINTY_Z**2
    middle = (share + z2 / (2 * looked)) / (1 + z2 / looked)
    spread = (
        CERTAINTY_Z * sqrt(share * (1 - share) / looked + z2 / (4 * looked**2)) / (1 + z2 / looked)
    )
    return max(0.0, middle - spread), min(1.0, middle + spread)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rule of the funnel: who passes it alone, who is left after it and those before it, and
    how many more would pass everything without it.
    """

    rule: str
    alone: Count
    left: Count
    more_without: Count
    people: int

    @property
    def passing(self) -> int:
        return self.alone.n

    @property
    def excluded(self) -> int:
        return self.people - self.alone.n


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How far people get: each rule by itself and after the ones before it, all together, and who
    could begin at once. `tightest` is the rule that excludes most for itself; `costliest` the one
    without which most people more would pass. Empty when there is no such rule.
    """

    people: int
    looked: int
    steps: tuple[Step, ...]
    qualifying: Count
    nearly: Count
    could_start: Count
    free_seconds: int = 0
    uncapped: int = 0

    @property
    def is_sample(self) -> bool:
        return self.looked < self.people

    @property
    def qualified(self) -> int:
        return self.qualifying.n

    @property
    def ready(self) -> int:
        return self.could_start.n

    @property
    def rules(self) -> tuple[Step, ...]:
        return self.steps

    @property
    def nobody(self) -> bool:
        return self.qualified == 0

    @property
    def tightest(self) -> str:
        worst = max(self.steps, key=lambda step: step.excluded, default=None)
        return worst.rule if worst and worst.excluded else ""

    @property
    def costliest(self) -> str:
        worst = max(self.steps, key=lambda step: step.more_without.n, default=None)
        return worst.rule if worst and worst.more_without.n else ""

    @property
    def sentence(self) -> str:
        """Said at once when a requirement is met by nobody."""
        if not self.nobody:
            return f"{self.qualified} of {self.people} people meet every requirement."
        if not self.tightest:
            return "Nobody is here yet to meet these requirements."
        worst = next(step for step in self.steps if step.rule == self.tightest)
        return (
            f"Nobody meets these requirements. The rule “{worst.rule}” excludes most: "
            f"{worst.excluded} of {self.people} people."
        )


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What those who pass have left of this week: seconds under their caps, and who has none."""

    free_seconds: int = 0
    uncapped: int = 0


def funnel_of(*, rules: Iterable[str], parts: Sequence[Part], hours: Hours | None = None) -> Funnel:
    """The funnel of these counts; `rules` are the ids in the order of the set."""
    every = tuple(parts)
    people = sum(part.size for part in every)
    kept = hours or Hours()
    return Funnel(
        people=people,
        looked=sum(part.looked for part in every),
        steps=tuple(_step(n, rule, every, people=people) for n, rule in enumerate(rules)),
        qualifying=counted(every, lambda each: each.passes),
        nearly=counted(every, lambda each: each.failed.bit_count() == 1),
        could_start=counted(every, lambda each: each.ready),
        free_seconds=kept.free_seconds,
        uncapped=kept.uncapped,
    )


def _step(n: int, rule: str, parts: tuple[Part, ...], *, people: int) -> Step:
    bit, before = 1 << n, (2 << n) - 1
    return Step(
        rule=rule,
        people=people,
        alone=counted(parts, lambda each: not each.failed & bit),
        left=counted(parts, lambda each: not each.failed & before),
        more_without=counted(parts, lambda each: each.failed == bit),
    )
