"""The world of one round: waiting slots, people with a free hand, and what suits whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_in, zone_of
from tasks.queries.kinds import profiles_for
from tasks.queries.pools import requirements_of
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
from tasks.rules.fingerprints import Profile, days_asked
from tasks.rules.folding import Candidate, OpenSlot, Suits, World
from tasks.rules.limits import (
    COMPLEXITIES,
    OFFERS_PER_TUTOR_MAX,
    ROUND_AFFINITY_PEOPLE_MAX,
    ROUND_PEOPLE_MAX,
    ROUND_POOL_SLOTS_MIN,
    ROUND_SLOTS_MAX,
)
from tasks.rules.matching import NO_HISTORY, Hands, PoolAhead, Way, fit
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX, sla_pressure, task_minutes
from tutors.rules.eligibility import Facts
from tutors.rules.rates import Cards
from tutors.rules.requirements import RequirementSet
from workforce.rules.ids import internal_id

SECONDS_A_MINUTE = 60
SUITS_KEPT_MAX = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A world, how it judges, and what scores are told from: slots by id, (pool, tutor)."""

    world: World
    suits: Suits
    slots: Mapping[int, WaitingSlot]
    lately: frozenset[tuple[int, int]]


def look(*, queue: str, pools: Mapping[int, PoolAhead], at: datetime) -> Seen:
    """Read what a round of these pools of a queue is about. A fixed number of statements."""
    requirements = requirements_of(pools.values())
    present = present_tutors(
        requirements=requirements.values(),
        turn=int(at.timestamp()) // SECONDS_A_MINUTE,
        limit=ROUND_PEOPLE_MAX,
    )
    profiles = profiles_for(
        queue=queue,
        versions={person.tutor_id: person.facts_version for person in present},
        days=days_asked(requirements.values()),
        at=at,
    )
    judge = _Judge(pools, requirements, at=at)
    there = [p for p in present if p.tutor_id in profiles]
    able = [p for p in there if judge.anything(profiles[p.tutor_id])]
    zones = {p.tutor_id: zone_of(profiles[p.tutor_id].facts) for p in able}
    hands = hands_in(zones=zones, at=at)
    free = [p for p in able if _room(p, hands[p.tutor_id])]
    slots = waiting_slots(most=_most(pools, free, profiles, hands, judge))
    lately = _lately(pools, free)
    return Seen(
        world=World(
            slots=[_open_slot(slot, pools[slot.pool_id]) for slot in slots],
            people=_candidates(free, profiles, hands, pools, lately),
            seconds={pool.pool_id: pool.expected_seconds for pool in pools.values()},
            fairness=max(p.policy.fairness_minutes_per_claim for p in pools.values()),
            given_most=FAIRNESS_CLAIMS_MAX,
            apart=_apart(slots, pools),
        ),
        suits=judge.suits(profiles),
        slots={slot.slot_id: slot for slot in slots},
        lately=lately,
    )


def _room(person: Present, hands: Hands) -> int:
    """Free hands for offers; an offer that waits for an answer fills a hand as well."""
    free = person.capacity - hands.open_weight - hands.live_offers
    return max(0, min(free, OFFERS_PER_TUTOR_MAX - hands.live_offers))


def _most(
    pools: Mapping[int, PoolAhead],
    free: Iterable[Present],
    profiles: Mapping[int, Profile],
    hands: Mapping[int, Hands],
    judge: "_Judge",
) -> dict[int, int]:
    """How many slots of each pool are worth reading: no more than there are hands for them."""
    rooms: dict[str, int] = {}
    some: dict[str, Profile] = {}
    for person in free:
        profile = profiles[person.tutor_id]
        some[profile.key] = profile
        rooms[profile.key] = rooms.get(profile.key, 0) + _room(person, hands[person.tutor_id])
    share = max(ROUND_POOL_SLOTS_MIN, ROUND_SLOTS_MAX // len(pools))
    most = {}
    for pool_id in pools:
        able = sum(room for key, room in rooms.items() if judge.suit(some[key], pool_id))
        if able:
            # Twice, for half are read by priority and half by age.
            most[pool_id] = min(share, 2 * able)
    return most


def _open_slot(slot: WaitingSlot, pool: PoolAhead) -> OpenSlot:
    urgency = task_minutes(
        priority=slot.priority, waited_minutes=slot.waited_minutes, policy=pool.policy
    ) + sla_pressure(
        waited_minutes=slot.waited_minutes, sla_minutes=pool.sla_minutes, policy=pool.policy
    )
    return OpenSlot(slot.slot_id, slot.task_id, slot.pool_id, slot.complexity, urgency)


def _lately(pools: Mapping[int, PoolAhead], free: list[Present]) -> frozenset[tuple[int, int]]:
    if len(free) > ROUND_AFFINITY_PEOPLE_MAX:
        return frozenset()
    ids = [person.tutor_id for person in free]
    return frozenset(at_work_lately(pools=list(pools.values()), tutor_ids=ids))


def _candidates(
    free: Iterable[Present],
    profiles: Mapping[int, Profile],
    hands: Mapping[int, Hands],
    pools: Mapping[int, PoolAhead],
    lately: frozenset[tuple[int, int]],
) -> list[Candidate]:
    barred: dict[int, set[int]] = {}
    for pool, tutor in left_alone(pool_ids=list(pools)):
        barred.setdefault(tutor, set()).add(pool)
    liked: dict[int, dict[int, int]] = {}
    for pool, tutor in lately:
        liked.setdefault(tutor, {})[pool] = pools[pool].policy.affinity_minutes
    for pool, tutor, minutes in _preferred(pools.values()):
        own = liked.setdefault(tutor, {})
        own[pool] = own.get(pool, 0) + minutes
    return [
        Candidate(
            tutor=person.tutor_id,
            kind=profiles[person.tutor_id].key,
            room=_room(person, hands[person.tutor_id]),
            given=hands[person.tutor_id].recent_claims,
            reach=_reach(profiles[person.tutor_id].facts, hands[person.tutor_id]),
            liked=liked.get(person.tutor_id, {}),
            barred=frozenset(barred.get(person.tutor_id, ())),
        )
        for person in free
    ]


def _preferred(pools: Iterable[PoolAhead]) -> Iterable[tuple[int, int, int]]:
    for pool in pools:
        for name in pool.policy.preferred_tutors:
            yield pool.pool_id, internal_id("E", name), pool.policy.preferred_minutes


def _reach(facts: Facts, hands: Hands) -> int | None:
    """The seconds of work that still fit into her week."""
    cap = facts.contract.cap_seconds_week if facts.contract else None
    return None if cap is None else cap - hands.used_seconds - hands.promised_seconds


def _apart(
    slots: Iterable[WaitingSlot], pools: Mapping[int, PoolAhead]
) -> frozenset[tuple[int, int]]:
    known = histories(slots=[(s.slot_id, s.task_id, pools[s.pool_id].role) for s in slots])
    return frozenset(pair for pair, history in known.items() if history != NO_HISTORY)


@dataclass(frozen=True, slots=True)
class _Suit:
    """What a kind of people is in a pool: her level in its field, expected cost by complexity."""

    level: int
    cost_minor: tuple[int, ...]


_suits: dict[tuple[str, int, str], _Suit | None] = {}
"""Judgements by profile, pool and mark of what prices it; None where a verdict stands in the
way. A profile's key changes with its facts, the mark with the day, a requirement set never."""


class _Judge:
    """What kinds of people may do in these pools. Empty hands: those are each person's own."""

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
        self.marks = {
            pool_id: f"{self.version} {sorted(pool.rate_rule.items())} {pool.policy.digest}"
            f" {pool.dispatch} {_room_left(pool)} {at:%Y%m%d}"
            for pool_id, pool in pools.items()
        }

    def suit(self, profile: Profile, pool_id: int) -> _Suit | None:
        key = (profile.key, pool_id, self.marks[pool_id])
        if key not in _suits:
            if len(_suits) >= SUITS_KEPT_MAX:
                _suits.clear()
            _suits[key] = self._judge(profile, self.pools[pool_id])
        return _suits[key]

    def _judge(self, profile: Profile, pool: PoolAhead) -> _Suit | None:
        judged = fit(
            facts=profile.facts,
            pool=pool,
            requirement=self.requirements[pool.pool_id],
            hands=Hands(tutor_id=profile.facts.tutor_id),
            cards=self.cards,
            at=self.at,
            way=Way.PUSH,
        )
        if not judged.eligible:
            return None
        costs = (judged.expected_cost_minor(complexity=each) for each in COMPLEXITIES)
        return _Suit(judged.level, tuple(costs))

    def anything(self, profile: Profile) -> bool:
        return any(self.suit(profile, pool_id) for pool_id in self.pools)

    def suits(self, profiles: Mapping[int, Profile]) -> Suits:
        """What a pair is worth beside the slot's own urgency: fit less cost, as in the score."""
        of_key = {profile.key: profile for profile in profiles.values()}

        def worth(kind: str, pool: int, complexity: int) -> int | None:
            suit = self.suit(of_key[kind], pool)
            if suit is None:
                return None
            own = ranking.score(
                priority=0,
                waited_minutes=0,
                sla_minutes=None,
                level=suit.level,
                expected_cost_minor=suit.cost_minor[complexity - 1],
                policy=self.pools[pool].policy,
            )
            return own.total

        return worth


AMPLE_MINOR_HOURLY = 1_000_000


def _room_left(pool: PoolAhead) -> int | None:
    """What is left of a budget, where it is so little that a rate decides; else None."""
    if pool.room_minor is None:
        return None
    ample = clocks.reserve_minor(
        paid_cap_seconds=pool.paid_cap_seconds, rate_minor_hourly=AMPLE_MINOR_HOURLY
    )
    return pool.room_minor if pool.room_minor < ample else None
