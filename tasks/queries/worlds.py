"""The world of one round: waiting slots, people with a free hand, and what suits whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_in
from tasks.queries.kinds import Known, known_of
from tasks.queries.offers import offered_already
from tasks.queries.policies import Shares
from tasks.queries.pools import requirements_of, shares_in
from tasks.queries.rounds import (
    Present,
    WaitingSlot,
    at_work_lately,
    histories,
    left_alone,
    present_tutors,
    waiting_slots,
)
from tasks.rules import clocks, ranking
from tasks.rules.fingerprints import asked_by, at_rest
from tasks.rules.folding import Candidate, OpenSlot, Suits, World
from tasks.rules.limits import (
    COMPLEXITIES,
    ROUND_AFFINITY_PEOPLE_MAX,
    ROUND_PEOPLE_MAX,
    ROUND_POOL_SLOTS_MIN,
    ROUND_SLOTS_MAX,
)
from tasks.rules.matching import (
    NO_HISTORY,
    PRICED,
    Fit,
    Hands,
    PoolAhead,
    Way,
    budget_covers,
    fit,
    rates_of,
    share_left,
)
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX, sla_pressure, task_minutes
from tutors.rules.eligibility import Facts, passes_rules
from tutors.rules.rates import Cards, level_in
from tutors.rules.requirements import RequirementSet
from workforce.rules.ids import internal_id

SECONDS_A_MINUTE = 60
KEPT_MAX = 500_000
"""Judgements that a process remembers before it begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A world, how it judges, and what verdicts and scores are told from.

    Slots by id, `lately` as (pool, tutor), people and hands by tutor id. `shares` where a policy
    limits one person's share.
    """

    world: World
    suits: Suits
    slots: Mapping[int, WaitingSlot]
    lately: frozenset[tuple[int, int]]
    shares: Shares
    known: Mapping[int, Known]
    hands: Mapping[int, Hands]


def look(*, queue: str, pools: Mapping[int, PoolAhead], at: datetime) -> Seen:
    """Read what a round of these pools of a queue is about. A fixed number of statements."""
    requirements = requirements_of(pools.values())
    present = present_tutors(
        requirements=requirements.values(),
        turn=int(at.timestamp()) // SECONDS_A_MINUTE,
        limit=ROUND_PEOPLE_MAX,
    )
    known = known_of(
        queue=queue,
        versions={person.tutor_id: (person.facts_version, person.reviewer) for person in present},
        asked=asked_by(requirements.values()),
        at=at,
    )
    judge = _Judge(pools, requirements, at=at)
    kinds = judge.kinds({each.key: each for each in known.values()})
    able = [p for p in present if p.tutor_id in known and kinds[known[p.tutor_id].key]]
    zones = {p.tutor_id: known[p.tutor_id].zone for p in able}
    hands = hands_in(zones=zones, at=at)
    offers = _offers_most(pools)
    free = [p for p in able if _room(p, hands[p.tutor_id], offers=offers)]
    kind_of = {p.tutor_id: kinds[known[p.tutor_id].key] for p in free}
    slots = waiting_slots(most=_most(pools, free, kind_of, hands, judge), pools=pools)
    lately, shared = _lately(pools, free), shares_in(pools=pools.values())
    barred = _barred(free, hands, pools, shared)
    return Seen(
        world=World(
            slots=[_open_slot(slot, pools[slot.pool_id]) for slot in slots],
            people=_candidates(free, known, kind_of, hands, pools, lately=lately, barred=barred),
            seconds={pool.pool_id: pool.expected_seconds for pool in pools.values()},
            fairness=max(p.policy.fairness_minutes_per_claim for p in pools.values()),
            given_most=FAIRNESS_CLAIMS_MAX,
            apart=_apart(slots, pools),
        ),
        suits=judge.worth,
        slots={slot.slot_id: slot for slot in slots},
        lately=lately,
        shares=shared,
        known=known,
        hands=hands,
    )


def _offers_most(pools: Mapping[int, PoolAhead]) -> int:
    return max(pool.policy.offers_per_tutor for pool in pools.values())


def _room(person: Present, hands: Hands, *, offers: int) -> int:
    """Free hands for offers; an offer that waits for an answer fills a hand as well."""
    free = person.capacity - hands.open_weight - hands.live_offers
    return max(0, min(free, offers - hands.live_offers))


def _most(
    pools: Mapping[int, PoolAhead],
    free: Iterable[Present],
    kind_of: Mapping[int, str],
    hands: Mapping[int, Hands],
    judge: "_Judge",
) -> dict[int, int]:
    """How many slots of each pool are worth reading: no more than there are hands for them."""
    offers = _offers_most(pools)
    rooms: dict[str, int] = {}
    for person in free:
        kind = kind_of[person.tutor_id]
        rooms[kind] = rooms.get(kind, 0) + _room(person, hands[person.tutor_id], offers=offers)
    share = max(ROUND_POOL_SLOTS_MIN, ROUND_SLOTS_MAX // len(pools))
    most = {}
    for pool_id in pools:
        able = sum(
            room for kind, room in rooms.items() if judge.worth(kind, pool_id, 1, 0) is not None
        )
        if able:
            # Twice, for they are read in halves: by priority, by age, by age what is in time.
            most[pool_id] = min(share, 2 * able)
    return most


def _open_slot(slot: WaitingSlot, pool: PoolAhead) -> OpenSlot:
    urgency = task_minutes(
        priority=slot.priority, waited_minutes=slot.waited_minutes, policy=pool.policy
    ) + sla_pressure(
        waited_minutes=slot.waited_minutes, sla_minutes=pool.sla_minutes, policy=pool.policy
    )
    held = slot.waited_minutes < pool.policy.specialist_first_minutes
    return OpenSlot(
        slot=slot.slot_id,
        task=slot.task_id,
        pool=slot.pool_id,
        complexity=slot.complexity,
        urgency=urgency,
        level=pool.policy.specialist_level if held else 0,
    )


def _lately(pools: Mapping[int, PoolAhead], free: list[Present]) -> frozenset[tuple[int, int]]:
    if len(free) > ROUND_AFFINITY_PEOPLE_MAX:
        return frozenset()
    ids = [person.tutor_id for person in free]
    return frozenset(at_work_lately(pools=list(pools.values()), tutor_ids=ids))


def _candidates(
    free: Iterable[Present],
    known: Mapping[int, Known],
    kind_of: Mapping[int, str],
    hands: Mapping[int, Hands],
    pools: Mapping[int, PoolAhead],
    *,
    lately: frozenset[tuple[int, int]],
    barred: Mapping[int, set[int]],
) -> list[Candidate]:
    offers = _offers_most(pools)
    liked: dict[int, dict[int, int]] = {}
    for pool, tutor in lately:
        liked.setdefault(tutor, {})[pool] = pools[pool].policy.affinity_minutes
    for pool, tutor, minutes in _preferred(pools.values()):
        own = liked.setdefault(tutor, {})
        own[pool] = own.get(pool, 0) + minutes
    return [
        Candidate(
            tutor=person.tutor_id,
            kind=kind_of[person.tutor_id],
            room=_room(person, hands[person.tutor_id], offers=offers),
            given=hands[person.tutor_id].recent_claims,
            reach=_reach(known[person.tutor_id], hands[person.tutor_id]),
            liked=liked.get(person.tutor_id, {}),
            barred=frozenset(barred.get(person.tutor_id, ())),
            person=person.person,
        )
        for person in free
    ]


def _barred(
    free: Iterable[Present],
    hands: Mapping[int, Hands],
    pools: Mapping[int, PoolAhead],
    shared: Shares,
) -> dict[int, set[int]]:
    """Pools by tutor that offer her nothing now: after a silence, or by a limit of their policy."""
    barred: dict[int, set[int]] = {}
    for pool_id, tutor in left_alone(pool_ids=list(pools)):
        barred.setdefault(tutor, set()).add(pool_id)
    most = _offers_most(pools)
    few = [
        pool
        for pool in pools.values()
        if pool.policy.limits_shares or pool.policy.offers_per_tutor < most
    ]
    for person in free if few else ():
        own = replace(hands[person.tutor_id], attempts=shared.get(person.tutor_id, {}))
        for pool in few:
            full = own.live_offers >= pool.policy.offers_per_tutor
            if full or not share_left(pool=pool, hands=own, most=1):
                barred.setdefault(person.tutor_id, set()).add(pool.pool_id)
    return barred


def _preferred(pools: Iterable[PoolAhead]) -> Iterable[tuple[int, int, int]]:
    for pool in pools:
        for name in pool.policy.preferred_tutors:
            yield pool.pool_id, internal_id("E", name), pool.policy.preferred_minutes


def _reach(known: Known, hands: Hands) -> int | None:
    """The seconds of work that still fit into her week."""
    cap = known.cap_seconds_week
    return None if cap is None else cap - hands.used_seconds - hands.promised_seconds


def _apart(
    slots: Iterable[WaitingSlot], pools: Mapping[int, PoolAhead]
) -> frozenset[tuple[int, int]]:
    """(slot, tutor) that may not meet: by what she did with the task, or has on offer of it."""
    waiting = list(slots)
    known = histories(slots=[(s.slot_id, s.task_id, pools[s.pool_id].role) for s in waiting])
    offered = offered_already(task_ids={slot.task_id for slot in waiting})
    return frozenset(
        [pair for pair, history in known.items() if history != NO_HISTORY]
        + [(s.slot_id, tutor) for s in waiting for tutor in offered.get(s.task_id, ())]
    )


Worths = tuple[int, ...]
"""What a pair is worth by complexity, beside the slot's own urgency; then, where the policy gives
specialists a head start, the person's level, else 0."""

LEVEL = len(COMPLEXITIES)

_marks: dict[tuple[int, str], int] = {}
"""A number for each pool with what prices it and the day."""

_worths: dict[str, dict[int, Worths | None]] = {}
"""By profile and mark; None where a verdict stands in the way. A profile's key changes with its
facts; a pool's requirement set never does."""

_passes: dict[tuple[str, int], bool] = {}
"""By skills and mark: whether the rules of the set and what holds for all work let pass."""


class _Judge:
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
        self.of_kind: dict[str, dict[int, Worths]] = {}

    def _mark(self, pool: PoolAhead) -> int:
        told = (
            f"{connection.settings_dict['NAME']} {self.version} {sorted(pool.rate_rule.items())}"
            f" {pool.policy.digest} {pool.dispatch} {_room_left(pool)} {self.at:%Y%m%d}"
        )
        return _marks.setdefault((pool.pool_id, told), len(_marks))

    def kinds(self, people: Mapping[str, Known]) -> dict[str, str]:
        """The kind of each profile by its key; empty for those who may do nothing here."""
        named: dict[tuple[Worths | None, ...], str] = {}
        kinds: dict[str, str] = {}
        for key, known in people.items():
            worths = self._of_all_pools(known)
            if worths not in named:
                able = {
                    pool: worth for pool, worth in zip(self.marks, worths, strict=True) if worth
                }
                named[worths] = ",".join(f"{pool}={able[pool]}" for pool in sorted(able))
                self.of_kind[named[worths]] = able
            kinds[key] = named[worths]
        return kinds

    def _of_all_pools(self, known: Known) -> tuple[Worths | None, ...]:
        kept = _worths.setdefault(known.key, {})
        unknown = [pool for pool, mark in self.marks.items() if mark not in kept]
        if unknown:
            facts = at_rest(known.facts)
            for pool_id in unknown:
                pool, mark = self.pools[pool_id], self.marks[pool_id]
                passes = self._passes(known, pool, facts)
                kept[mark] = self._worth_in(pool, facts) if passes else None
        return tuple([kept[mark] for mark in self.marks.values()])

    def worth(self, kind: str, pool: int, complexity: int, level: int) -> int | None:
        worths = self.of_kind[kind].get(pool)
        if worths is None or worths[LEVEL] < level:
            return None
        return worths[complexity - 1]

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
        priced = Fit(pool=pool, verdicts=(), rates=rates, level=found[1] if found else 1)
        head_start = priced.level if pool.policy.specialist_first_minutes else 0
        totals = tuple(
            ranking.score(
                priority=0,
                waited_minutes=0,
                sla_minutes=None,
                level=priced.level,
                expected_cost_minor=priced.expected_cost_minor(complexity=complexity),
                policy=pool.policy,
            ).total
            for complexity in COMPLEXITIES
        )
        return (*totals, head_start)


def _forget_when_full() -> None:
    if max(len(_marks), len(_worths), len(_passes)) >= KEPT_MAX:
        _marks.clear()
        _worths.clear()
        _passes.clear()


AMPLE_MINOR_HOURLY = 1_000_000


def _room_left(pool: PoolAhead) -> int | None:
    """What is left of a budget, where it is so little that a rate decides; else None."""
    if pool.room_minor is None:
        return None
    ample = clocks.reserve_minor(
        paid_cap_seconds=pool.paid_cap_seconds, rate_minor_hourly=AMPLE_MINOR_HOURLY
    )
    return pool.room_minor if pool.room_minor < ample else None
