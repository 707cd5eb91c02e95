"""What one routing round of a pool looks at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tasks.queries.pools import BY_AGE, BY_PRIORITY
from tasks.rules.clocks import AFFINITY_WINDOW
from tasks.rules.limits import AFFINITY_CLAIMS_MAX, ROUTE_SLOTS_MAX
from tasks.rules.matching import History, PoolAhead
from tasks.rules.states import (
    ANSWERED_CLAIMS,
    COUNTING_CLAIMS,
    GIVEN_BACK_CLAIMS,
    WITNESS_CLAIMS,
    WorkRole,
)
from tutors.rules.requirements import Leaf, LeafKind, RequirementSet


@dataclass(frozen=True, slots=True)
class WaitingSlot:
    slot_id: int
    task_id: int
    priority: int
    complexity: int
    waited_minutes: int


def _some(order: str) -> str:
    return f"""(
SELECT s.id, s.task_id, s.priority, s.complexity,
       (extract(epoch FROM statement_timestamp() - s.opened_at) / 60)::int AS waited
  FROM tasks_slot s WHERE s.pool_id = %(pool)s AND s.state = 'open'
 ORDER BY {order} LIMIT {ROUTE_SLOTS_MAX // 2})"""  # noqa: S608


_WAITING = f"{_some(BY_PRIORITY)} UNION {_some(BY_AGE)} ORDER BY id"


def waiting_slots(*, pool_id: int) -> list[WaitingSlot]:
    """The most urgent and the oldest open slots of a pool, at most `ROUTE_SLOTS_MAX`."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"pool": pool_id})
        return [WaitingSlot(*row) for row in cursor.fetchall()]


_PRESENT = """
SELECT t.id FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
 WHERE a.is_active AND t.presence = 'taking_work'
   AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp())
   AND EXISTS (SELECT 1 FROM tutors_contract k
                WHERE k.tutor_id = t.id AND k.state IN ('active', 'notice'))
   AND NOT EXISTS (
       SELECT 1 FROM unnest(%(fields)s::text[], %(levels)s::int[]) AS need(field, level)
        WHERE NOT EXISTS (
              SELECT 1 FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
               WHERE q.tutor_id = t.id AND q.state = 'granted' AND q.level >= need.level
                 AND (d.slug = need.field OR d.slug LIKE need.field || '.%%')))
   AND NOT EXISTS (SELECT 1 FROM tasks_exclusion x
                    WHERE x.tutor_id = t.id AND x.pool_id = %(pool)s
                      AND x.excluded_until > statement_timestamp())
   AND (SELECT count(*) FROM tasks_offer o WHERE o.tutor_id = t.id AND o.state = 'offered'
           AND o.kind = 'work') < %(per_tutor)s
 ORDER BY (SELECT max(o.id) FROM tasks_offer o WHERE o.tutor_id = t.id) NULLS FIRST, t.id
 LIMIT %(limit)s
"""


def present_tutors(
    *, pool_id: int, requirement: RequirementSet, per_tutor: int, limit: int
) -> list[int]:
    """People taking work under a contract, in the fields that the set names, with room for an
    offer of this pool. Those whose last offer is longest ago come first, so that a bounded round
    still reaches everybody in turn.
    """
    needs = [
        (rule.test.text("speciality"), rule.test.number("level_min"))
        for rule in requirement.rules
        if isinstance(rule.test, Leaf) and rule.test.kind is LeafKind.QUALIFICATION
    ]
    parameters: dict[str, Any] = {
        "pool": pool_id,
        "per_tutor": per_tutor,
        "limit": limit,
        "fields": [field for field, _ in needs],
        "levels": [level for _, level in needs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, parameters)
        return [row[0] for row in cursor.fetchall()]


_AT_WORK_LATELY = """
SELECT w.tutor_id FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 WHERE EXISTS (
       SELECT 1 FROM (SELECT c.project_id, c.role, c.state, c.ended_at FROM tasks_claim c
                       WHERE c.tutor_id = w.tutor_id
                       ORDER BY c.id DESC LIMIT %(claims)s) few
        WHERE few.project_id = %(project)s AND few.role = %(role)s AND few.state = ANY(%(states)s)
          AND few.ended_at > statement_timestamp() - %(window)s)
"""


def at_work_lately(*, pool: PoolAhead, tutor_ids: Sequence[int]) -> set[int]:
    """Those who handed in work of the pool's project, in its role, within `AFFINITY_WINDOW`.

    Looks at no more than the last `AFFINITY_CLAIMS_MAX` claims of each.
    """
    if not tutor_ids:
        return set()
    parameters: dict[str, Any] = {
        "tutors": list(tutor_ids),
        "project": pool.project_id,
        "role": pool.role.value,
        "states": [state.value for state in ANSWERED_CLAIMS],
        "window": AFFINITY_WINDOW,
        "claims": AFFINITY_CLAIMS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK_LATELY, parameters)
        return {row[0] for row in cursor.fetchall()}


_HISTORY = """
SELECT c.task_id, c.tutor_id, c.slot_id, c.role, c.state
  FROM tasks_claim c
 WHERE c.task_id = ANY(%(tasks)s) AND c.tutor_id = ANY(%(tutors)s)
"""
_DECLINED = """
SELECT task_id, tutor_id FROM tasks_exclusion
 WHERE task_id = ANY(%(tasks)s) AND tutor_id = ANY(%(tutors)s)
   AND excluded_until > statement_timestamp()
"""


def histories(
    *, slots: Iterable[tuple[int, int]], tutor_ids: Sequence[int], role: WorkRole
) -> dict[tuple[int, int], History]:
    """What each tutor has to do with each (slot, task), by (slot, tutor); absent: nothing.

    Says the same as the claim statement: `on_task` for an attempt that counts, `authored` and
    `reviewed` for the other roles, `declined` for what was declined or given back.
    """
    pairs = list(slots)
    parameters = {"tasks": [task for _, task in pairs], "tutors": list(tutor_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, parameters)
        claims = cursor.fetchall()
        cursor.execute(_DECLINED, parameters)
        declined = set(cursor.fetchall())
    by_pair: dict[tuple[int, int], list[tuple[int, str, str]]] = {}
    for task, tutor, slot, held_as, state in claims:
        by_pair.setdefault((task, tutor), []).append((slot, held_as, state))
    return {
        (slot, tutor): _history(
            by_pair.get((task, tutor), []),
            slot=slot,
            role=role,
            declined=(task, tutor) in declined,
        )
        for slot, task in pairs
        for tutor in tutor_ids
        if (task, tutor) in by_pair or (task, tutor) in declined
    }


def _history(
    held: Sequence[tuple[int, str, str]], *, slot: int, role: WorkRole, declined: bool
) -> History:
    attempts = [(where, state) for where, held_as, state in held if held_as == WorkRole.ATTEMPT]
    others = [as_ for _, as_, state in held if as_ != role and state in WITNESS_CLAIMS]
    here_already = role is WorkRole.ATTEMPT and any(
        state in COUNTING_CLAIMS or (state == "revision_requested" and where != slot)
        for where, state in attempts
    )
    return History(
        on_task=here_already or (role is WorkRole.REVIEW and WorkRole.ADJUDICATE in others),
        authored=WorkRole.ATTEMPT in others,
        reviewed=any(as_ != WorkRole.ATTEMPT for as_ in others),
        declined=declined
        or any(state in GIVEN_BACK_CLAIMS for _, held_as, state in held if held_as == role),
    )
