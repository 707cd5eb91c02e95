"""What kinds of people may do in the pools of a round, and what each pool is worth to them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.kinds import Known, Version
from tasks.rules import clocks
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.fingerprints import at_rest, is_own
from tasks.rules.folding import LEVEL, Suited, Worths, of_few_kinds
from tasks.rules.grounds import Passed, passed
from tasks.rules.limits import COMPLEXITIES
from tasks.rules.matching import PRICED, Fit, budget_covers, fit, proven, rates_of
from tutors.rules.eligibility import Facts, passes_rules
from tutors.rules.rates import Cards, level_in
from tutors.rules.requirements import RequirementSet

KEPT_MAX = 500_000
PASSED_KEPT_MAX = 40_000
"""Judgements that a process remembers before it begins anew; with words they take more room."""

_marks: dict[tuple[int, str], int] = {}
"""A number for each pool with what prices it and the day."""

_worths: dict[str, dict[int, Worths | None]] = {}
"""By profile and mark; None where a verdict stands in the way. A profile's key changes with its
facts; a pool's requirement set never does."""

_all: dict[str, tuple[tuple[int, ...], Suited]] = {}
"""By profile: the worths of the pools that it was asked for last, by the marks of these."""

_suits: dict[Suited, Suited] = {}
"""Every `Suited` once, so that equal ones are the same object."""

_passes: dict[tuple[str, int], bool] = {}
"""By skills and mark: whether the rules of the set and what holds for all work let pass."""

_passed: dict[tuple[int, Version, int], Passed | None] = {}
"""By tutor, version of her facts, and mark: what lets her have work there, with its words."""


class Judge:
    """What kinds of people may do in these pools. Empty hands: those are each person's own.

    People are of one kind when every pool is worth the same to them.
    """

    def __init__(
        self,
        pools: Mapping[int, PoolAhead],
        requirements: Mapping[int, RequirementSet],
        *,
        at: datetime,
    ) -> None:
        self.pools = pools
        self.requirements = requirements
        self.at = at
        self.version = version_now()
        self.cards: Cards = cards_for(version=self.version, pools=pools.values(), at=at)
        _forget_when_full()
        self.marks = {pool_id: self._mark(pool) for pool_id, pool in pools.items()}
        self.asked = tuple(self.marks.values())
        self.of_kind: dict[str, dict[int, Worths]] = {}

    def _mark(self, pool: PoolAhead) -> int:
        told = (
            f"{connection.settings_dict['NAME']} {self.version} {sorted(pool.rate_rule.items())}"
            f" {pool.policy.digest} {pool.dispatch} {_room_left(pool)} {self.at:%Y%m%d}"
        )
        return _marks.setdefault((pool.pool_id, told), len(_marks))

    def kinds(self, people: Mapping[str, Known]) -> dict[str, str]:
        """The kind of each profile by its key; empty for those who may do nothing here."""
        suited = {key: self._of_all_pools(known) for key, known in people.items()}
        different = {id(each): each for each in suited.values()}
        few = of_few_kinds(different)
        names = {worths: self._named(worths) for worths in dict.fromkeys(few.values())}
        named = {each: names[worths] for each, worths in few.items()}
        return {key: named[id(worths)] for key, worths in suited.items()}

    def _named(self, worths: Suited) -> str:
        able = {pool: worth for pool, worth in zip(self.marks, worths, strict=True) if worth}
        name = ",".join(f"{pool}={able[pool]}" for pool in sorted(able))
        self.of_kind[name] = able
        return name

    def _of_all_pools(self, known: Known) -> Suited:
        last = _all.get(known.key)
        if last is not None and last[0] == self.asked:
            return last[1]
        kept = _worths.setdefault(known.key, {})
        unknown = [pool for pool, mark in self.marks.items() if mark not in kept]
        if unknown:
            facts = at_rest(known.facts)
            for pool_id in unknown:
                pool, mark = self.pools[pool_id], self.marks[pool_id]
                passes = self._passes(known, pool, facts)
                kept[mark] = self._worth_in(pool, facts) if passes else None
        suited = tuple([kept[mark] for mark in self.asked])
        suited = _suits.setdefault(suited, suited)
        _all[known.key] = self.asked, suited
        return suited

    def pools_of(self, kind: str) -> Collection[int]:
        """The pools that suit people of a kind."""
        return self.of_kind[kind].keys()

    def worth(self, kind: str, pool: int, complexity: int, level: int) -> int | None:
        worths = self.of_kind[kind].get(pool)
        if worths is None or worths[LEVEL] < level:
            return None
        return worths[complexity - 1]

    def passed(self, tutor: int, known: Known, pool_id: int) -> Passed | None:
        """What of every verdict on her own facts does not depend on her hands; None where one
        stands in the way. Judged once until her facts, the pool's money or the day change.
        """
        key = (tutor, known.version, self.marks[pool_id])
        if is_own(known.key) or key not in _passed:
            _passed[key] = passed(self._fit(self.pools[pool_id], at_rest(known.facts)))
        return _passed[key]

    def _passes(self, known: Known, pool: PoolAhead, facts: Facts) -> bool:
        """Every verdict but those on money; most people fall away by the set's own rules."""
        key = (known.skills, self.marks[pool.pool_id])
        if key not in _passes:
            requirement = self.requirements[pool.pool_id]
            _passes[key] = (
                passes_rules(facts=facts, requirement=requirement, client=pool.client, at=self.at)
                and not set(self._fit(pool, facts).refusals) - PRICED
            )
        return _passes[key]

    def _fit(self, pool: PoolAhead, facts: Facts) -> Fit:
        return fit(
            facts=facts,
            pool=pool,
            requirement=self.requirements[pool.pool_id],
            hands=Hands(tutor_id=facts.tutor_id),
            cards=self.cards,
            at=self.at,
            way=Way.PUSH,
        )

    def _worth_in(self, pool: PoolAhead, facts: Facts) -> Worths | None:
        rates = rates_of(facts=facts, pool=pool, cards=self.cards, at=self.at)
        if not rates or not budget_covers(pool, rates):
            return None
        found = level_in(facts=facts, domain=pool.domain, at=self.at)
        priced = Fit(
            pool=pool,
            verdicts=(),
            rates=rates,
            level=found[1] if found else 1,
            proven=proven(facts=facts, pool=pool),
        )
        head_start = priced.level if pool.policy.specialist_first_minutes else 0
        totals = tuple(priced.base_minutes(complexity=each) for each in COMPLEXITIES)
        return (*totals, head_start)


def _forget_when_full() -> None:
    if max(len(_marks), len(_worths), len(_passes), len(_suits)) >= KEPT_MAX:
        _marks.clear()
        _worths.clear()
        _all.clear()
        _suits.clear()
        _passes.clear()
        _passed.clear()
    if len(_passed) >= PASSED_KEPT_MAX:
        _passed.clear()


AMPLE_MINOR_HOURLY = 1_000_000


def _room_left(pool: PoolAhead) -> int | None:
    """What is left of a budget, where it is so little that a rate decides; else None."""
    if pool.room_minor is None:
        return None
    ample = clocks.reserve_minor(
        paid_cap_seconds=pool.paid_cap_seconds, rate_minor_hourly=AMPLE_MINOR_HOURLY
    )
    return pool.room_minor if pool.room_minor < ample else None
