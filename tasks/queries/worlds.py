"""The world of one round: waiting slots, people with a free hand, and what suits whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.queries.hands import hands_in
from tasks.queries.histories import histories
from tasks.queries.judging import Judge
from tasks.queries.kinds import Known, known_of
from tasks.queries.offers import offered_already
from tasks.queries.policies import Shares
from tasks.queries.pools import requirements_of, shares_in
from tasks.queries.rounds import (
    Present,
    WaitingSlot,
    at_work_lately,
    left_alone,
    present_tutors,
    waiting_for,
    waiting_slots,
    wrapping_up,
)
from tasks.rules.ahead import NO_HISTORY, Hands, PoolAhead
from tasks.rules.clocks import SECONDS_A_MINUTE
from tasks.rules.fingerprints import asked_by
from tasks.rules.folding import Candidate, OpenSlot, Suits, World
from tasks.rules.limits import (
    ROUND_AFFINITY_PEOPLE_MAX,
    ROUND_LEFT_OUT_PEOPLE_MAX,
    ROUND_LEFT_OUT_POOLS_MAX,
    ROUND_LEFT_OUT_SLOTS_MAX,
    ROUND_PEOPLE_MAX,
    ROUND_POOL_SLOTS_MIN,
    ROUND_SLOTS_MAX,
)
from tasks.rules.matching import share_left
from tasks.rules.policies import WEIGHT_MAX
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX, urgencies
from workforce.rules.ids import internal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A world, how it judges, and what verdicts and scores are told from.

    Slots by id, `lately` as (pool, tutor), people and hands by tutor id. `shares` where a policy
    limits one person's share.
    """

    world: World
    suits: Suits
    judge: Judge
    slots: Mapping[int, WaitingSlot]
    lately: frozenset[tuple[int, int]]
    shares: Shares
    known: Mapping[int, Known]
    hands: Mapping[int, Hands]


def look(*, queue: str, pools: Mapping[int, PoolAhead], at: datetime) -> Seen:
    """Read what a round of these pools of a queue is about.

    A fixed number of statements, and four more where the past of some hides what waits for them.
    """
    requirements = requirements_of(pools.values())
    present = present_tutors(
        requirements=requirements.values(),
        turn=int(at.timestamp()) // SECONDS_A_MINUTE,
        limit=ROUND_PEOPLE_MAX,
    )
    known = known_of(
        queue=queue,
        versions={person.tutor_id: (person.facts_version, person.reviewer) for person in present},
        asked=asked_by(
            requirements.values(), proven=any(pool.weighs_standing for pool in pools.values())
        ),
        at=at,
    )
    judge = Judge(pools, requirements, at=at)
    kinds = judge.kinds({each.key: each for each in known.values()})
    able = [p for p in present if p.tutor_id in known and kinds[known[p.tutor_id].key]]
    zones = {p.tutor_id: known[p.tutor_id].zone for p in able}
    hands = hands_in(zones=zones, at=at)
    offers, lightest = _offers_most(pools), min(pool.weight for pool in pools.values())
    rooms = {
        p.tutor_id: _room(p, hands[p.tutor_id], offers=offers, lightest=lightest) for p in able
    }
    resting = wrapping_up(tutor_ids=[p.tutor_id for p in able])
    free = [p for p in able if rooms[p.tutor_id] and p.tutor_id not in resting]
    kind_of = {p.tutor_id: kinds[known[p.tutor_id].key] for p in free}
    crowd = _Crowd(free=free, known=known, kind_of=kind_of, hands=hands, rooms=rooms)
    hands_for = _hands_for(pools, crowd, judge)
    slots = waiting_slots(most=_most(hands_for), pools=pools)
    lately, shared = _lately(pools, free), shares_in(pools=pools.values())
    barred = _too_heavy(free, hands, pools, barred=_barred(free, hands, pools, shared))
    apart = _apart(slots, pools)
    if pairs := _left_out(slots, apart, crowd, judge, hands_for, barred=barred):
        read = {slot.slot_id for slot in slots}
        more = [s for s in _waiting_for(pairs, offers=offers) if s.slot_id not in read]
        slots, apart = [*slots, *more], apart | _apart(more, pools)
    return Seen(
        world=World(
            slots=list(_open_slots(slots, pools)),
            people=_candidates(crowd, pools, lately=lately, barred=barred),
            seconds={pool.pool_id: pool.expected_seconds for pool in pools.values()},
            fairness=max(p.policy.fairness_minutes_per_claim for p in pools.values()),
            given_most=FAIRNESS_CLAIMS_MAX,
            apart=apart,
        ),
        suits=judge.worth,
        judge=judge,
        slots={slot.slot_id: slot for slot in slots},
        lately=lately,
        shares=shared,
        known=known,
        hands=hands,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crowd:
    """People with a free hand, and what is known of them by tutor id."""

    free: Sequence[Present]
    known: Mapping[int, Known]
    kind_of: Mapping[int, str]
    hands: Mapping[int, Hands]
    rooms: Mapping[int, int]


def _offers_most(pools: Mapping[int, PoolAhead]) -> int:
    return max(pool.policy.offers_per_tutor for pool in pools.values())


def _room(person: Present, hands: Hands, *, offers: int, lightest: int) -> int:
    """Offers for which she has hands, were all as light as the lightest; an offer that waits for
    an answer fills hands as well.
    """
    free = person.capacity - hands.promised_weight
    return max(0, min(free // lightest, offers - hands.live_offers))


def _hands_for(pools: Mapping[int, PoolAhead], crowd: _Crowd, judge: Judge) -> dict[int, int]:
    """The free hands of everybody whom a pool suits; only pools that have some."""
    by_kind: Counter[str] = Counter()
    for tutor, kind in crowd.kind_of.items():
        by_kind[kind] += crowd.rooms[tutor]
    free: Counter[int] = Counter()
    for kind, room in by_kind.items():
        for pool_id in judge.pools_of(kind):
            free[pool_id] += room
    return {pool_id: free[pool_id] for pool_id in pools if free[pool_id]}


def _most(hands_for: Mapping[int, int]) -> dict[int, int]:
    """How many slots of each pool are worth reading: no more than there are hands for them."""
    share = max(ROUND_POOL_SLOTS_MIN, ROUND_SLOTS_MAX // max(1, len(hands_for)))
    # Twice, for they are read in halves: by priority, by age, by age what is in time.
    return {pool_id: min(share, 2 * free) for pool_id, free in hands_for.items()}


def _left_out(
    slots: Sequence[WaitingSlot],
    apart: frozenset[tuple[int, int]],
    crowd: _Crowd,
    judge: Judge,
    hands_for: Mapping[int, int],
    *,
    barred: Mapping[int, frozenset[int]],
) -> list[tuple[int, int]]:
    """(tutor, pool) of those for whom the slots that were read may not do, where more wait.

    What somebody declined or did already comes back to the head of its pool. When it leaves her
    fewer slots than there are hands for them, others may take these.
    """
    pool_of = {slot.slot_id: slot.pool_id for slot in slots}
    read = Counter(pool_of.values())
    most = _most(hands_for)
    hers: dict[int, Counter[int]] = {}
    for slot, tutor in apart:
        if tutor in crowd.kind_of:
            hers.setdefault(tutor, Counter())[pool_of[slot]] += 1
    pairs: list[tuple[int, int]] = []
    for tutor in [p.tutor_id for p in crowd.free if p.tutor_id in hers]:
        able = [p for p in judge.pools_of(crowd.kind_of[tutor]) if p not in barred.get(tutor, ())]
        if all(read[pool] - hers[tutor][pool] < hands_for[pool] for pool in able):
            beyond = [pool for pool in able if read[pool] >= (most[pool] + 1) // 2]
            pairs += [(tutor, pool) for pool in beyond[:ROUND_LEFT_OUT_POOLS_MAX]]
        if len(pairs) >= ROUND_LEFT_OUT_PEOPLE_MAX:
            break
    return pairs


def _waiting_for(pairs: Sequence[tuple[int, int]], *, offers: int) -> list[WaitingSlot]:
    """As many for each as there are people, so that there is one for everybody; what an offer of
    hers stands in the way of is read as well.
    """
    return waiting_for(pairs=pairs, most=min(len(pairs), ROUND_LEFT_OUT_SLOTS_MAX) + offers)


def _open_slots(slots: Iterable[WaitingSlot], pools: Mapping[int, PoolAhead]) -> Iterator[OpenSlot]:
    urgent, first = {}, {}
    for pool_id, pool in pools.items():
        policy = pool.policy
        urgent[pool_id] = urgencies(
            sla_minutes=pool.sla_minutes, expected_seconds=pool.expected_seconds, policy=policy
        )
        first[pool_id] = policy.specialist_first_minutes, policy.specialist_level
    for slot_id, task, pool_id, priority, complexity, waited in slots:
        held, level = first[pool_id]
        yield OpenSlot(
            slot_id,
            task,
            pool_id,
            complexity,
            urgent[pool_id](priority, waited),
            level if waited < held else 0,
        )


def _lately(pools: Mapping[int, PoolAhead], free: list[Present]) -> frozenset[tuple[int, int]]:
    if len(free) > ROUND_AFFINITY_PEOPLE_MAX:
        return frozenset()
    ids = [person.tutor_id for person in free]
    return frozenset(at_work_lately(pools=list(pools.values()), tutor_ids=ids))


def _candidates(
    crowd: _Crowd,
    pools: Mapping[int, PoolAhead],
    *,
    lately: frozenset[tuple[int, int]],
    barred: Mapping[int, frozenset[int]],
) -> list[Candidate]:
    liked: dict[int, dict[int, int]] = {}
    for pool, tutor in lately:
        liked.setdefault(tutor, {})[pool] = pools[pool].policy.affinity_minutes
    for pool, tutor, minutes in _preferred(pools.values()):
        own = liked.setdefault(tutor, {})
        own[pool] = own.get(pool, 0) + minutes
    nobody: frozenset[int] = frozenset()
    nothing: dict[int, int] = {}
    return [
        Candidate(
            tutor=tutor,
            kind=crowd.kind_of[tutor],
            room=crowd.rooms[tutor],
            given=crowd.hands[tutor].given,
            reach=_reach(crowd.known[tutor], crowd.hands[tutor]),
            liked=liked.get(tutor, nothing),
            barred=barred.get(tutor, nobody),
            person=person.person,
        )
        for person in crowd.free
        for tutor in (person.tutor_id,)
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


def _too_heavy(
    free: Iterable[Present],
    hands: Mapping[int, Hands],
    pools: Mapping[int, PoolAhead],
    *,
    barred: Mapping[int, set[int]],
) -> dict[int, frozenset[int]]:
    """The same, with what fills more hands than she has free: one set for all with as many."""
    found = {tutor: frozenset(ids) for tutor, ids in barred.items()}
    heavier = {
        few: frozenset(pool.pool_id for pool in pools.values() if pool.weight > few)
        for few in range(1, WEIGHT_MAX)
    }
    for person in free:
        tutor = person.tutor_id
        heavy = heavier.get(person.capacity - hands[tutor].promised_weight)
        if heavy:
            found[tutor] = found[tutor] | heavy if tutor in found else heavy
    return found


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
