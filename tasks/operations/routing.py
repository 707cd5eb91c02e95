"""One round of one queue: who of those taking work gets which waiting slot offered, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tasks.events import OffersMade
from tasks.models import Round
from tasks.operations.offering import Proposal, make_offers
from tasks.providers.solving import solve
from tasks.queries.cards import cards_for, version_now
from tasks.queries.pools import requirements_of
from tasks.queries.rounds import pools_waiting
from tasks.queries.worlds import Seen, look
from tasks.rules.folding import Fold, Pair, fold, tell
from tasks.rules.limits import ROUND_OFFERS_MAX
from tasks.rules.matching import Fit, Hands, PoolAhead, Way, fit, share_left
from tasks.rules.ranking import Score
from tutors.rules.eligibility import Facts
from workforce.operations import record
from workforce.rules.ids import public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What came of a round: offers made, slots looked at that still wait for somebody, and people
    taking work whom it knew, with a hand free or not.
    """

    offers: int
    waiting: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    pair: Pair
    facts: Facts
    hands: Hands
    fit: Fit


@transaction.atomic
def route_queue(*, queue: str, at: datetime) -> Routed:
    """Offer the waiting slots of a queue's pools to eligible people who are taking work.

    Deterministic for a given state; run twice it makes no double offer. Pools that are only
    pulled from, and projects that are not open, are left alone. What was folded, solved and made
    of it is kept as a `Round`.
    """
    pools = {pool.pool_id: pool for pool in pools_waiting(queue=queue)}
    if not pools:
        return Routed(offers=0, waiting=0, people=0)
    seen = look(queue=queue, pools=pools, at=at)
    folded = fold(seen.world, seen.suits)
    solver, flow = solve(folded.folded)
    pairs = tell(folded, flow, seen.world)[:ROUND_OFFERS_MAX]
    matches = _matches(pairs, seen, pools, at=at)
    made = 0
    if matches:
        kept = _keep(queue, seen=seen, folded=folded, solver=solver, pairs=len(pairs), at=at)
        made = _offer(matches, seen=seen, pools=pools, kept=kept, at=at)
    return Routed(offers=made, waiting=len(seen.slots) - made, people=len(seen.known))


def _matches(
    pairs: Sequence[Pair], seen: Seen, pools: Mapping[int, PoolAhead], *, at: datetime
) -> list[_Match]:
    """The pairs that every verdict on each person's own facts and hands lets pass.

    Classes look at what people have in common; this is the word on each of them. An offer is made
    only while her facts are still of the version that was judged.
    """
    facts = {tutor: seen.known[tutor].facts for tutor in {pair.tutor for pair in pairs}}
    hands = seen.hands
    requirements = requirements_of(pools.values())
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    judged: dict[tuple[int, int], Fit] = {}
    given: Counter[tuple[int, int]] = Counter()
    matches = []
    for pair in pairs:
        pool, key = pools[pair.slot.pool], (pair.slot.pool, pair.tutor)
        if key not in judged:
            judged[key] = fit(
                facts=facts[pair.tutor],
                pool=pool,
                requirement=requirements[pool.pool_id],
                hands=_with_offers(hands[pair.tutor], seen),
                cards=cards,
                at=at,
                way=Way.PUSH,
            )
        if not judged[key].eligible:
            continue
        has, part = _with_offers(hands[pair.tutor], seen), (pair.tutor, pool.project_id)
        waited = seen.slots[pair.slot.slot].waited_minutes
        if judged[key].takes(waited_minutes=waited) and _within_share(pool, has, given[part]):
            given[part] += 1
            own = facts[pair.tutor]
            matches.append(_Match(pair=pair, facts=own, hands=has, fit=judged[key]))
    return matches


def _with_offers(hands: Hands, seen: Seen) -> Hands:
    """An offer that waits for an answer fills a hand as well, and counts in a share."""
    return replace(
        hands,
        open_weight=hands.open_weight + hands.live_offers,
        attempts=seen.shares.get(hands.tutor_id, {}),
    )


def _within_share(pool: PoolAhead, hands: Hands, given: int) -> bool:
    """Whether one more is within the share that the policy allows, after those of this round."""
    if not pool.policy.limits_shares:
        return True
    own = hands.attempts.get(pool.project_id, 0) + given
    counted = replace(hands, attempts={pool.project_id: own})
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
    matches: Sequence[_Match],
    *,
    seen: Seen,
    pools: Mapping[int, PoolAhead],
    kept: Round,
    at: datetime,
) -> int:
    """Make the offers and say so, pool by pool; how many came about."""
    made = make_offers(
        proposals=[_proposal(match, seen) for match in matches],
        round_id=kept.pk,
    )
    by_pool: dict[int, list[tuple[int, int]]] = {}
    for offer, tutor, pool in made:
        by_pool.setdefault(pool, []).append((offer, tutor))
    for pool_id, offers in sorted(by_pool.items()):
        event = OffersMade(
            subject=public_id("PL", pool_id),
            queue=pools[pool_id].queue,
            offers=tuple(public_id("O", offer) for offer, _ in offers),
            tutors=tuple(public_id("E", tutor) for _, tutor in offers),
        )
        record(event=event, actor=None, at=at)
    Round.objects.filter(pk=kept.pk).update(offers=len(made))
    return len(made)


def _proposal(match: _Match, seen: Seen) -> Proposal:
    slot, pool = match.pair.slot, match.fit.pool
    rate = match.fit.rates[slot.complexity - 1]
    waiting = seen.slots[slot.slot]
    score = match.fit.score(
        priority=waiting.priority,
        waited_minutes=waiting.waited_minutes,
        complexity=slot.complexity,
        worked_here_lately=(pool.pool_id, match.facts.tutor_id) in seen.lately,
        recent_claims=match.hands.recent_claims,
    )
    return Proposal(
        slot_id=slot.slot,
        tutor_id=match.facts.tutor_id,
        facts_version=match.facts.facts_version,
        rate_minor_hourly=rate.minor_hourly,
        currency=rate.currency,
        ttl_seconds=pool.offer_ttl_seconds,
        per_tutor=pool.policy.offers_per_tutor,
        why=_why(match, score=score, rate_rule=rate.rule),
    )


def _why(match: _Match, *, score: Score, rate_rule: str) -> dict[str, Any]:
    """Why you: what you passed, and how the match scored, in minutes."""
    return {
        "verdicts": [verdict.as_json() for verdict in match.fit.verdicts],
        "score": score.terms(),
        "rate_rule": rate_rule,
        "policy": match.fit.pool.in_force.as_json(),
    }
