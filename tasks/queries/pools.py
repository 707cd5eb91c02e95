"""Pools as claims and routing see them, and the requirement sets behind them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from tasks.models import Pool, Slot
from tasks.queries.cards import CARDS_VERSION
from tasks.queries.hands import HANDS, as_hands, week_arrays, zone_of
from tasks.queries.plans import rows_of
from tasks.rules import clocks
from tasks.rules.limits import CANDIDATE_POOLS_MAX
from tasks.rules.matching import Hands, PoolAhead
from tasks.rules.policies import DEFAULT
from tasks.rules.states import Dispatch, OfferKind, ProjectState, SlotState, WorkRole
from tutors.rules.eligibility import Facts
from tutors.rules.requirements import RequirementSet, parse

REQUIREMENT_CACHE_MAX = 4_096

COLUMNS = """
pool.id AS pool_id, pool.project_id, project.client_id, pool.role, pool.step, pool.signature,
pool.queue, domain.slug, project.task_type, project.state, project.dispatch,
project.lease_seconds, project.hold_seconds, project.offer_ttl_seconds, project.expected_seconds,
project.paid_cap_seconds, project.sla_minutes, project.rate_rule, budget.currency,
budget.total_minor - budget.reserved_minor - budget.used_minor AS room_minor
"""
COLUMN_COUNT = 20

TABLES = """
tasks_pool pool
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  JOIN tasks_projectbudget budget ON budget.project_id = project.id
"""


def score_of(slot: str, *, sla: str) -> str:
    """SQL of a slot's part of the score (`ranking.task_minutes` plus `ranking.sla_pressure`)."""
    waited = f"(extract(epoch FROM statement_timestamp() - {slot}.opened_at)::bigint / 60)"
    pressure = DEFAULT.sla_pressure_minutes
    return (
        f"({slot}.priority * {DEFAULT.minutes_per_priority_step} + {waited} + CASE WHEN {sla} > 0"
        f" THEN greatest(0, least({pressure}, {pressure} * (2 * {waited} - {sla}) / {sla}))"
        " ELSE 0 END)"
    )


BY_PRIORITY = "s.priority DESC, s.id"
BY_AGE = "s.opened_at, s.id"


def _first_open(order: str) -> str:
    return f"""(SELECT s.id, s.priority, s.opened_at FROM tasks_slot s
                 WHERE s.pool_id = pool.id AND s.state = 'open' ORDER BY {order} LIMIT 1)"""  # noqa: S608


_AHEAD = f"""
WITH hands AS ({HANDS})
SELECT hands.*, {CARDS_VERSION}, offer.id, offer.pool_id, offer.kind, ahead.*
  FROM hands
  LEFT JOIN LATERAL (
       SELECT o.id, o.pool_id, o.kind FROM tasks_offer o JOIN tasks_pool p ON p.id = o.pool_id
        WHERE o.tutor_id = hands.tutor_id AND o.state = 'offered' AND o.role = %(role)s
          AND o.expires_at > statement_timestamp()
          AND (%(project)s::bigint IS NULL OR p.project_id = %(project)s)
        ORDER BY (o.kind = 'revision') DESC, o.id LIMIT 1) offer ON true
  LEFT JOIN LATERAL (
       SELECT {COLUMNS}
         FROM {TABLES}
         CROSS JOIN LATERAL {_first_open(BY_PRIORITY)} head
         CROSS JOIN LATERAL {_first_open(BY_AGE)} eldest
        WHERE pool.role = %(role)s AND project.state = 'open' AND project.dispatch <> 'push'
          AND (%(project)s::bigint IS NULL OR pool.project_id = %(project)s)
        ORDER BY greatest({score_of("head", sla="project.sla_minutes")},
                          {score_of("eldest", sla="project.sla_minutes")}) DESC, pool.id
        LIMIT {CANDIDATE_POOLS_MAX}) ahead ON true
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A live offer of the tutor who asks."""

    offer_id: int
    pool_id: int
    kind: OfferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies before a tutor who asks for work: her hands, her own offer, pools with work."""

    hands: Hands
    cards_version: str
    offer: OwnOffer | None
    pools: tuple[PoolAhead, ...]


def ahead_of(*, facts: Facts, role: WorkRole, project_id: int | None, at: datetime) -> Ahead:
    """Pools of the role with something open, best waiting slot first. One statement."""
    parameters = {
        **week_arrays(zones={facts.tutor_id: zone_of(facts)}, at=at),
        "role": role.value,
        "project": project_id,
    }
    rows = rows_of(_AHEAD, parameters)
    first = rows[0]
    return Ahead(
        hands=as_hands(first[:6]),
        cards_version=first[6],
        offer=OwnOffer(first[7], first[8], OfferKind(first[9])) if first[7] else None,
        pools=tuple(as_pool(row[10:]) for row in rows if row[10] is not None),
    )


def pools_by_id(ids: Iterable[int]) -> dict[int, PoolAhead]:
    """Pools as claims see them, whatever their state and however empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE pool.id = ANY(%s)",  # noqa: S608
            [list(ids)],
        )
        return {row[0]: as_pool(row) for row in cursor.fetchall()}


def queues_with_work(*, project_id: int) -> list[str]:
    """The queues in which something of an open project waits."""
    waiting = Pool.objects.filter(project_id=project_id, project__state=ProjectState.OPEN).filter(
        Exists(Slot.objects.filter(pool=OuterRef("pk"), state=SlotState.OPEN))
    )
    return list(waiting.order_by("queue").values_list("queue", flat=True).distinct())


def as_pool(row: Sequence[Any]) -> PoolAhead:
    """The columns of `COLUMNS` as an object; seconds scaled to the role."""
    role = WorkRole(row[3])
    review = role is not WorkRole.ATTEMPT
    return PoolAhead(
        pool_id=row[0],
        project_id=row[1],
        client_id=row[2],
        role=role,
        step=row[4],
        signature=row[5],
        queue=row[6],
        domain=row[7],
        task_type=row[8],
        state=ProjectState(row[9]),
        dispatch=Dispatch(row[10]),
        lease_seconds=row[11],
        hold_seconds=row[12],
        offer_ttl_seconds=row[13],
        expected_seconds=clocks.for_role(seconds=row[14], review=review),
        paid_cap_seconds=clocks.for_role(seconds=row[15], review=review),
        sla_minutes=row[16],
        rate_rule=decoded(row[17]) or {},
        budget_currency=row[18],
        room_minor=row[19],
    )


def decoded(value: Any) -> Any:
    """A JSONB column read by a bare cursor, which Django leaves as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


_read: dict[str, RequirementSet] = {}
"""Requirement sets by signature. A signature never changes its meaning, so nothing goes stale."""


def requirements_of(pools: Iterable[PoolAhead]) -> Mapping[int, RequirementSet]:
    """The requirement set of each pool at its step; a statement only for those never seen."""
    wanted = {pool.pool_id: pool.signature for pool in pools}
    missing = [pool_id for pool_id, signature in wanted.items() if signature not in _read]
    if missing:
        if len(_read) + len(missing) > REQUIREMENT_CACHE_MAX:
            _read.clear()
            missing = list(wanted)
        found = Pool.objects.filter(pk__in=missing).values_list("signature", "document")
        _read.update({signature: parse(document) for signature, document in found})
    return {pool_id: _read[signature] for pool_id, signature in wanted.items()}
