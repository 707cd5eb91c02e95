"""One round of one queue: who of those taking work gets which waiting slot offered, and why."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tasks.events import OffersMade
from tasks.models import Round
from tasks.operations.offering import Proposal, keep_grounds, make_offers
from tasks.providers.collecting import not_collecting
from tasks.providers.solving import solve
from tasks.queries.offers import without_promised
from tasks.queries.rounds import pools_waiting
from tasks.queries.worlds import Seen, look
from tasks.rules import clocks
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.folding import Fold, OpenSlot, Pair, fold, tell
from tasks.rules.grounds import Asked, Passed, document_of, hands_told, why_of
from tasks.rules.limits import ROUND_OFFERS_MAX
from tasks.rules.matching import Fit, share_left, share_verdict
from workforce.operations.recording import record_all
from workforce.rules.ids import public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What came of a round: offers made, slots looked at that still wait for somebody, and people
    taking work whom it knew, with a hand free or not.
    """

    offers: int
    waiting: int
    people: int


@dataclass(frozen=True, slots=True)
class _Able:
    """Somebody who may have work of a pool, by every verdict on her own facts and hands."""

    pool: PoolAhead
    weight: int
    fit: Fit
    passed: Passed
    version: int
    hands: Hands
    told: str
    grounds: str
    free: int
    """Hands that neither claims nor offers fill."""
    held: int
    """How old a slot must be before she gets it."""


@transaction.atomic
def route_queue(*, queue: str, at: datetime) -> Routed:
    """Offer the waiting slots of a queue's pools to eligible people who are taking work.

    Deterministic for a given state; run twice it makes no double offer. Pools that are only
    pulled from, and projects that are not open, are left alone. What was folded, solved and made
    of it is kept as a `Round`.
    """
    pools = {pool.pool_id: pool for pool in without_promised(pools_waiting(queue=queue))}
    if not pools:
        return Routed(offers=0, waiting=0, people=0)
    with not_collecting():
        return _routed(queue, pools, at=at)


def _routed(queue: str, pools: Mapping[int, PoolAhead], *, at: datetime) -> Routed:
    seen = look(queue=queue, pools=pools, at=at)
    folded = fold(seen.world, seen.suits)
    solver, flow = solve(folded.folded)
    pairs = tell(folded, flow, seen.world)[:ROUND_OFFERS_MAX]
    proposals, grounds = _proposals(pairs, seen, pools)
    made = 0
    if proposals:
        kept = _keep(queue, seen=seen, folded=folded, solver=solver, pairs=len(pairs), at=at)
        made = _offer(proposals, grounds=grounds, pools=pools, kept=kept, at=at)
    return Routed(offers=made, waiting=len(seen.slots) - made, people=len(seen.known))


def _proposals(
    pairs: Sequence[Pair], seen: Seen, pools: Mapping[int, PoolAhead]
) -> tuple[list[Proposal], dict[str, str]]:
    """Offers for the pairs that every verdict on each person's own facts and hands lets pass,
    and the grounds on which they stand.

    Classes look at what people have in common; this is the word on each of them. An offer is made
    only while her facts are still of the version that was judged, and while the project's budget
    has room for it beside the others.
    """
    grounds, money = _Grounds(), _Money(pools)
    able: dict[tuple[int, int], _Able | None] = {}
    given: Counter[tuple[int, int]] = Counter()
    filled: Counter[int] = Counter()
    proposals = []
    for pair in pairs:
        slot, tutor = pair
        key = slot.pool, tutor
        if key not in able:
            able[key] = _able(tutor, pools[slot.pool], seen, grounds)
        who = able[key]
        if who is None or filled[tutor] + who.weight > who.free:
            continue
        if (
            seen.slots[slot.slot].waited_minutes >= who.held
            and _within_share(who, seen, given)
            and money.takes(who, slot)
        ):
            given[tutor, who.pool.project_id] += 1
            filled[tutor] += who.weight
            proposals.append(_proposal(pair, who, seen))
    return proposals, grounds.documents


class _Money:
    """What is left of limited budgets while a round gives out work."""

    def __init__(self, pools: Mapping[int, PoolAhead]) -> None:
        self._left = {
            pool.project_id: pool.room_minor
            for pool in pools.values()
            if pool.room_minor is not None
        }

    def takes(self, who: _Able, slot: OpenSlot) -> bool:
        """Set aside what accepting this takes; False where the budget has no room for it."""
        left = self._left.get(who.pool.project_id)
        if left is None:
            return True
        cost = clocks.reserve_minor(
            paid_cap_seconds=who.pool.paid_cap_seconds,
            rate_minor_hourly=who.fit.rates[slot.complexity - 1].minor_hourly,
        )
        if cost > left:
            return False
        self._left[who.pool.project_id] = left - cost
        return True


class _Grounds:
    """The grounds of a round's offers by digest, each written down once."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self._digests: dict[tuple[int, Asked], str] = {}

    def digest_of(self, pool: PoolAhead, asked: Asked) -> str:
        key = (pool.pool_id, asked)
        if key not in self._digests:
            document = document_of(asked, policy=pool.in_force.as_json())
            text = json.dumps(document, sort_keys=True)
            digest = hashlib.sha256(text.encode()).hexdigest()
            self.documents[digest] = text
            self._digests[key] = digest
        return self._digests[key]


def _able(tutor: int, pool: PoolAhead, seen: Seen, grounds: _Grounds) -> _Able | None:
    known = seen.known[tutor]
    found = seen.judge.passed(tutor, known, pool.pool_id)
    if found is None:
        return None
    hands = seen.hands[tutor]
    told = hands_told(
        in_hand=hands.promised_weight,
        most=known.capacity,
        weight=pool.weight,
        cap_seconds=known.cap_seconds_week,
        used_seconds=hands.used_seconds + hands.promised_seconds,
        expected_seconds=pool.expected_seconds,
        share=share_verdict(pool, hands=_with_shares(hands, seen), way=Way.PUSH)
        if pool.policy.limits_shares
        else (),
    )
    if told is None:
        return None
    fit = found.fit(pool)
    return _Able(
        pool=pool,
        weight=pool.weight,
        fit=fit,
        passed=found,
        version=known.version[0],
        hands=hands,
        told=told,
        grounds=grounds.digest_of(pool, found.asked),
        free=known.capacity - hands.promised_weight,
        held=fit.held_minutes,
    )


def _with_shares(hands: Hands, seen: Seen) -> Hands:
    return replace(hands, attempts=seen.shares.get(hands.tutor_id, {}))


def _within_share(who: _Able, seen: Seen, given: Counter[tuple[int, int]]) -> bool:
    """Whether one more is within the share that the policy allows, after those of this round."""
    pool, tutor = who.pool, who.hands.tutor_id
    if not pool.policy.limits_shares:
        return True
    before = seen.shares.get(tutor, {}).get(pool.project_id, 0)
    own = before + given[tutor, pool.project_id]
    counted = replace(who.hands, attempts={pool.project_id: own})
    return share_left(pool=pool, hands=counted, most=1) > 0


def _keep(queue: str, *, seen: Seen, folded: Fold, solver: str, pairs: int, at: datetime) -> Round:
    return Round.objects.create(
        queue=queue,
        at=at,
        digest=folded.digest,
        solver=solver,
        pools=len(seen.world.seconds),
        slots=len(seen.slots),
        people=len(seen.world.people),
        works=len(folded.work),
        crews=len(folded.crews),
        ties=len(folded.folded.worth),
        pairs=pairs,
    )


def _offer(
    proposals: Sequence[Proposal],
    *,
    grounds: Mapping[str, str],
    pools: Mapping[int, PoolAhead],
    kept: Round,
    at: datetime,
) -> int:
    """Make the offers and say so, pool by pool; how many came about."""
    made = make_offers(proposals=proposals, grounds=keep_grounds(documents=grounds), round=kept)
    by_pool: dict[int, list[tuple[int, int]]] = {}
    for offer, tutor, pool in made:
        by_pool.setdefault(pool, []).append((offer, tutor))
    events = [
        OffersMade(
            subject=public_id("PL", pool_id),
            queue=pools[pool_id].queue,
            offers=tuple(public_id("O", offer) for offer, _ in offers),
            tutors=tuple(public_id("E", tutor) for _, tutor in offers),
        )
        for pool_id, offers in sorted(by_pool.items())
    ]
    record_all(events=events, actor=None, at=at)
    Round.objects.filter(pk=kept.pk).update(offers=len(made))
    return len(made)


def _proposal(pair: Pair, who: _Able, seen: Seen) -> Proposal:
    slot, pool = pair.slot, who.fit.pool
    rate = who.fit.rates[slot.complexity - 1]
    waiting = seen.slots[slot.slot]
    score = who.fit.score(
        priority=waiting.priority,
        waited_minutes=waiting.waited_minutes,
        complexity=slot.complexity,
        worked_here_lately=(pool.pool_id, pair.tutor) in seen.lately,
        recent_claims=who.hands.given,
    )
    return Proposal(
        slot_id=slot.slot,
        tutor_id=pair.tutor,
        facts_version=who.version,
        rate_minor_hourly=rate.minor_hourly,
        currency=rate.currency,
        ttl_seconds=pool.offer_ttl_seconds,
        per_tutor=pool.policy.offers_per_tutor,
        weight=pool.weight,
        grounds=who.grounds,
        why=why_of(passed=who.passed, hands=who.told, score=score, rate_rule=rate.rule),
    )
