"""One round of one pool: who of those taking work gets which waiting slot offered, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tasks.events import OffersMade
from tasks.operations.offering import Proposal, make_offers
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.pools import pools_by_id, requirements_of
from tasks.queries.rounds import (
    WaitingSlot,
    at_work_lately,
    histories,
    present_tutors,
    waiting_slots,
)
from tasks.rules import ranking
from tasks.rules.limits import OFFERS_PER_TUTOR_MAX, ROUTE_TUTORS_MAX
from tasks.rules.matching import NO_HISTORY, Fit, Hands, PoolAhead, Way, fit
from tasks.rules.ranking import Edge, best_first
from tasks.rules.states import Dispatch, ProjectState
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts
from workforce.operations import record
from workforce.rules.ids import public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round: offers made, and slots that still wait for somebody."""

    offers: int
    waiting: int
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    facts: Facts
    hands: Hands
    fit: Fit
    lately: bool


@transaction.atomic
def route_pool(*, pool_id: int, at: datetime) -> Round:
    """Offer the pool's waiting slots to eligible people who are taking work.

    Deterministic for a given state; run twice it makes no double offer. A pool that is only
    pulled from, or whose project is not open, is left alone.
    """
    pool = pools_by_id([pool_id]).get(pool_id)
    if pool is None or pool.dispatch is Dispatch.PULL or pool.state is not ProjectState.OPEN:
        return Round(offers=0, waiting=0, queue=pool.queue if pool else "")
    slots = waiting_slots(pool_id=pool_id)
    if not slots:
        return Round(offers=0, waiting=0, queue=pool.queue)
    people = _people(pool, at=at)
    edges = _edges(pool, slots, people)
    chosen = best_first(edges, per_tutor={p.facts.tutor_id: _room(p) for p in people})
    made = make_offers(
        proposals=[_proposal(edge, people, slots) for edge in chosen],
        ttl_seconds=pool.offer_ttl_seconds,
        per_tutor=OFFERS_PER_TUTOR_MAX,
    )
    if made:
        event = OffersMade(
            subject=public_id("PL", pool_id),
            queue=pool.queue,
            offers=tuple(public_id("O", offer) for offer, _ in made),
            tutors=tuple(public_id("E", tutor) for _, tutor in made),
        )
        record(event=event, actor=None, at=at)
    return Round(offers=len(made), waiting=len(slots) - len(made), queue=pool.queue)


def _people(pool: PoolAhead, *, at: datetime) -> list[_Person]:
    """Everybody here who passes every verdict that does not depend on the task."""
    requirement = requirements_of([pool])[pool.pool_id]
    ids = present_tutors(
        pool_id=pool.pool_id,
        requirement=requirement,
        per_tutor=OFFERS_PER_TUTOR_MAX,
        limit=ROUTE_TUTORS_MAX,
    )
    facts = facts_for(tutor_ids=ids, at=at) if ids else {}
    hands = hands_of(everybody=list(facts.values()), at=at)
    cards = cards_for(version=version_now(), pools=[pool], at=at)
    lately = at_work_lately(pool=pool, tutor_ids=ids)
    judged = [
        _Person(
            facts=each,
            hands=hands[each.tutor_id],
            fit=fit(
                facts=each,
                pool=pool,
                requirement=requirement,
                hands=_with_offers(hands[each.tutor_id]),
                cards=cards,
                at=at,
                way=Way.PUSH,
            ),
            lately=each.tutor_id in lately,
        )
        for each in sorted(facts.values(), key=lambda f: f.tutor_id)
    ]
    return [person for person in judged if person.fit.eligible]


def _with_offers(hands: Hands) -> Hands:
    """An offer that waits for an answer fills a hand as well."""
    return replace(hands, open_weight=hands.open_weight + hands.live_offers)


def _room(person: _Person) -> int:
    hands = person.hands
    free = person.facts.capacity - hands.open_weight - hands.live_offers
    return max(0, min(free, OFFERS_PER_TUTOR_MAX - hands.live_offers))


def _edges(pool: PoolAhead, slots: Sequence[WaitingSlot], people: Sequence[_Person]) -> list[Edge]:
    known = histories(
        slots=[(s.slot_id, s.task_id) for s in slots],
        tutor_ids=[p.facts.tutor_id for p in people],
        role=pool.role,
    )
    return [
        Edge(
            slot=slot.slot_id,
            task=slot.task_id,
            tutor=person.facts.tutor_id,
            score=_score(pool, slot, person),
        )
        for slot in slots
        for person in people
        if known.get((slot.slot_id, person.facts.tutor_id), NO_HISTORY) == NO_HISTORY
    ]


def _score(pool: PoolAhead, slot: WaitingSlot, person: _Person) -> ranking.Score:
    return ranking.score(
        priority=slot.priority,
        waited_minutes=slot.waited_minutes,
        sla_minutes=pool.sla_minutes,
        level=person.fit.level,
        worked_here_lately=person.lately,
        expected_cost_minor=person.fit.expected_cost_minor(complexity=slot.complexity),
        recent_claims=person.hands.recent_claims,
        preferred=person.fit.preferred,
        policy=pool.policy,
    )


def _proposal(edge: Edge, people: Sequence[_Person], slots: Sequence[WaitingSlot]) -> Proposal:
    person = next(p for p in people if p.facts.tutor_id == edge.tutor)
    slot = next(s for s in slots if s.slot_id == edge.slot)
    rate = person.fit.rates[slot.complexity - 1]
    return Proposal(
        slot_id=edge.slot,
        tutor_id=edge.tutor,
        facts_version=person.facts.facts_version,
        rate_minor_hourly=rate.minor_hourly,
        currency=rate.currency,
        why=_why(edge, person, rate.rule),
    )


def _why(edge: Edge, person: _Person, rate_rule: str) -> dict[str, Any]:
    """Why you: what you passed, and how the match scored, in minutes."""
    return {
        "verdicts": [verdict.as_json() for verdict in person.fit.verdicts],
        "score": edge.score.terms(),
        "rate_rule": rate_rule,
    }
