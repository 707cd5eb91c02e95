"""Why this tutor may or may not have this task, in the words of claiming itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.histories import histories
from tasks.queries.pools import pools_by_id, requirements_of, with_shares
from tasks.queries.records import with_records
from tasks.queries.rounds import at_work_lately
from tasks.rules.ahead import NO_HISTORY, Hands, Way
from tasks.rules.matching import Fit, fit
from tasks.rules.policies import NOTHING_SET, InForce
from tasks.rules.states import OfferKind, SlotState, WorkRole
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts, Verdict
from workforce.rules.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Every verdict on one task and one tutor; `eligible` when all pass. Score in minutes."""

    task_id: int
    tutor_id: int
    role: WorkRole
    eligible: bool
    verdicts: tuple[Verdict, ...]
    score: dict[str, int] | None
    policy: InForce = NOTHING_SET


@dataclass(frozen=True, slots=True)
class _Slot:
    slot_id: int
    pool_id: int
    role: WorkRole
    state: SlotState
    priority: int
    complexity: int
    waited_minutes: int
    offered_to: int | None
    offered_as: str | None


_SLOTS = """
SELECT s.id, s.pool_id, s.role, s.state, s.priority, s.complexity,
       floor(extract(epoch FROM statement_timestamp() - s.opened_at) / 60)::int, o.tutor_id, o.kind
  FROM tasks_slot s
  LEFT JOIN tasks_offer o ON o.slot_id = s.id AND o.state = 'offered'
                         AND o.expires_at > statement_timestamp()
 WHERE s.task_id = %s ORDER BY s.role, s.id
"""


def explain(*, task_id: int, tutor_id: int, role: WorkRole | None, at: datetime) -> Explanation:
    """Judge a (task, tutor) as claiming would at this moment.

    Without `role` it is about what waits: an attempt first, then a review. `NotFound` for an
    unknown tutor or a task without a slot of that role.
    """
    facts = facts_for(tutor_ids=[tutor_id], at=at).get(tutor_id)
    slots = _slots(task_id, role)
    if facts is None or not slots:
        raise NotFound
    judged = [_judge(facts, slot, task_id, at=at) for slot in slots]
    return min(judged, key=lambda each: (not each.eligible, len(_failed(each))))


def _failed(explanation: Explanation) -> list[Verdict]:
    return [verdict for verdict in explanation.verdicts if not verdict.passed]


def _slots(task_id: int, role: WorkRole | None) -> list[_Slot]:
    with connection.cursor() as cursor:
        cursor.execute(_SLOTS, [task_id])
        rows = cursor.fetchall()
    found = [_Slot(r[0], r[1], WorkRole(r[2]), SlotState(r[3]), *r[4:]) for r in rows]
    if role is None:
        waiting = [s.role for s in found if s.state in (SlotState.OPEN, SlotState.OFFERED)]
        role = min(waiting, default=WorkRole.ATTEMPT, key=lambda r: r.value)
    return [slot for slot in found if slot.role is role]


def _judge(facts: Facts, slot: _Slot, task_id: int, *, at: datetime) -> Explanation:
    pool = pools_by_id([slot.pool_id])[slot.pool_id]
    own_offer = slot.state is SlotState.OFFERED and slot.offered_to == facts.tutor_id
    held = hands_of(everybody=[facts], at=at)
    hands = with_shares(held, pools=[pool])[facts.tutor_id]
    requirement = requirements_of([pool])[pool.pool_id]
    recorded = with_records({facts.tutor_id: facts}, requirements=[requirement], pools=[pool])
    facts = recorded[facts.tutor_id]
    known = histories(slots=[(slot.slot_id, task_id, pool.role)], tutor_ids=[facts.tutor_id])
    judged = fit(
        facts=facts,
        pool=pool,
        requirement=requirement,
        hands=hands,
        cards=cards_for(version=version_now(), pools=[pool], at=at),
        at=at,
        history=known.get((slot.slot_id, facts.tutor_id), NO_HISTORY),
        way=_way(slot, own_offer=own_offer),
        waited_minutes=None if own_offer else slot.waited_minutes,
    )
    waits = slot_verdict(slot.state, own_offer=own_offer)
    return Explanation(
        task_id=task_id,
        tutor_id=facts.tutor_id,
        role=pool.role,
        eligible=judged.eligible and waits.passed,
        verdicts=(waits, *judged.verdicts),
        score=_score(judged, slot, hands=hands),
        policy=pool.in_force,
    )


def _way(slot: _Slot, *, own_offer: bool) -> Way:
    """How claiming would come by it: what was offered to her first, her own revision as such."""
    if not own_offer:
        return Way.PULL
    return Way.REVISION if slot.offered_as == OfferKind.REVISION else Way.OFFER


def slot_verdict(state: SlotState, *, own_offer: bool) -> Verdict:
    if state is SlotState.OPEN or own_offer:
        return Verdict(code="slot_open", passed=True, rule="slot", fact=state.value, turn="")
    turn = {
        SlotState.OFFERED: "It is offered to somebody else; wait until that offer ends.",
        SlotState.CLAIMED: "Somebody works on it.",
    }.get(state, "Nothing of it is wanted any more.")
    return Verdict(code="slot_not_open", passed=False, rule="slot", fact=state.value, turn=turn)


def _score(judged: Fit, slot: _Slot, *, hands: Hands) -> dict[str, int] | None:
    if not judged.rates:
        return None
    lately = at_work_lately(pools=[judged.pool], tutor_ids=[hands.tutor_id])
    return judged.score(
        priority=slot.priority,
        waited_minutes=slot.waited_minutes,
        complexity=slot.complexity,
        worked_here_lately=bool(lately),
        recent_claims=hands.given,
    ).terms()
