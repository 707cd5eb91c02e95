"""Pools as claims and routing see them, and the requirement sets behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from tasks.models import Pool, Slot
from tasks.queries.plans import decoded
from tasks.queries.policies import (
    ATTEMPTS,
    JOIN,
    LATE,
    PRESSURE,
    STEP,
    Shares,
    all_shares,
    in_force_by_id,
    shares,
)
from tasks.rules import clocks
from tasks.rules.ahead import Hands, PoolAhead
from tasks.rules.limits import HELD_HEADS_MAX
from tasks.rules.policies import InForce
from tasks.rules.ranking import SPARE_OF_EXPECTED
from tasks.rules.states import Dispatch, ProjectState, SlotState, WorkRole
from tutors.rules.requirements import RequirementSet, parse

REQUIREMENT_CACHE_MAX = 4_096

COLUMNS = f"""
pool.id AS pool_id, pool.project_id, project.client_id, pool.role, pool.step, pool.signature,
pool.queue, domain.slug, project.task_type, project.state, project.dispatch,
project.lease_seconds, project.hold_seconds, project.offer_ttl_seconds, project.expected_seconds,
project.paid_cap_seconds, project.sla_minutes, project.rate_rule, budget.currency,
budget.total_minor - budget.reserved_minor - budget.used_minor AS room_minor,
policy.id AS policy_id, policy.digest AS policy_digest, {ATTEMPTS} AS attempts
"""
COLUMN_COUNT = 23

TABLES = f"""
tasks_pool pool
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
  JOIN tasks_projectbudget budget ON budget.project_id = project.id
  {JOIN}
"""


_EXPECTED = f"""CASE WHEN pool.role = 'attempt' THEN project.expected_seconds
     ELSE greatest(1, project.expected_seconds * {clocks.REVIEW_OF_EXPECTED_PERCENT} / 100) END"""
TIMELY = f"""greatest(
     project.sla_minutes - {SPARE_OF_EXPECTED} * ({_EXPECTED}) / {clocks.SECONDS_A_MINUTE},
     project.sla_minutes / 2)"""
"""SQL of `ranking.timely_minutes` of a pool; null without an SLA."""


def score_of(
    slot: str,
    *,
    sla: str,
    timely: str,
    step: str = STEP,
    pressure: str = PRESSURE,
    late: str = LATE,
) -> str:
    """SQL of a slot's part of the score (`ranking.task_minutes` plus `ranking.sla_pressure`).

    The last three say the policy's weights; left out, `policy` is the version in force.
    """
    waited = f"(extract(epoch FROM statement_timestamp() - {slot}.opened_at)::bigint / 60)"
    return (
        f"({slot}.priority * {step} + {waited} + CASE WHEN {sla} > 0 AND {waited} <= {timely}"
        f" THEN {pressure} * {waited} / {sla} WHEN {sla} > 0 THEN -{late} ELSE 0 END)"
    )


BY_PRIORITY = "s.priority DESC, s.id"
BY_AGE = "s.opened_at, s.id"


def in_time(timely: str) -> str:
    """SQL: the slot `s` has an SLA and can still be in time. Its eldest is the third head of a
    pool: those before it in age are late already, those in priority may have come just now.
    """
    since = f"statement_timestamp() - make_interval(mins => ({timely}) + 1)"
    return f"AND {timely} > 0 AND s.opened_at > {since}"


def old_enough(order: str, *, pool: str, held: str) -> str:
    """SQL: the slot `s` is past the specialists' head start of `held` minutes.

    By age the first that is old enough is found at once. By priority a thousand newer ones might
    stand before it, so only the most urgent few are looked at: after them the oldest counts.
    """
    past = f"AND s.opened_at <= statement_timestamp() - make_interval(mins => {held})"
    if order == BY_AGE:
        return past
    return f"""{past} AND s.id = ANY(ARRAY(
        SELECT s.id FROM tasks_slot s WHERE s.pool_id = {pool} AND s.state = 'open'
         ORDER BY {order} LIMIT {HELD_HEADS_MAX}))"""  # noqa: S608


def first_open(order: str, only: str = "") -> str:
    """SQL: the first open slot of `pool` in an order."""
    return f"""(SELECT s.id, s.priority, s.opened_at FROM tasks_slot s
                 WHERE s.pool_id = pool.id AND s.state = 'open' {only}
                 ORDER BY {order} LIMIT 1)"""  # noqa: S608


def pools_by_id(ids: Iterable[int]) -> dict[int, PoolAhead]:
    """Pools as claims see them, whatever their state and however empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE pool.id = ANY(%s)",  # noqa: S608
            [list(ids)],
        )
        rows = cursor.fetchall()
    return {pool.pool_id: pool for pool in as_pools(rows)}


def with_shares(hands: Mapping[int, Hands], *, pools: Iterable[PoolAhead]) -> Mapping[int, Hands]:
    """Hands by tutor, with what she did of the pools' projects where a policy limits shares.

    No statement where none does.
    """
    limited = sorted({pool.project_id for pool in pools if pool.attempts is not None})
    if not limited or not hands:
        return hands
    found = shares(tutor_ids=hands, project_ids=limited)
    return {tutor: replace(each, attempts=found.get(tutor, {})) for tutor, each in hands.items()}


def shares_in(*, pools: Iterable[PoolAhead]) -> Shares:
    """Everybody's part of the pools' projects where a policy limits it; no statement elsewhere."""
    limited = sorted({pool.project_id for pool in pools if pool.attempts is not None})
    return all_shares(project_ids=limited) if limited else {}


def queue_of(*, pool_id: int) -> str | None:
    """The queue in which a pool is routed, or None for an unknown pool."""
    return Pool.objects.filter(pk=pool_id).values_list("queue", flat=True).first()


def waits(*, queue: str) -> bool:
    """Whether anything of a queue waits that is offered at all."""
    offered = Pool.objects.filter(queue=queue, project__state=ProjectState.OPEN).exclude(
        project__dispatch=Dispatch.PULL
    )
    return offered.filter(
        Exists(Slot.objects.filter(pool=OuterRef("pk"), state=SlotState.OPEN))
    ).exists()


def queues_with_work(*, project_id: int) -> list[str]:
    """The queues in which something of an open project waits."""
    waiting = Pool.objects.filter(project_id=project_id, project__state=ProjectState.OPEN).filter(
        Exists(Slot.objects.filter(pool=OuterRef("pk"), state=SlotState.OPEN))
    )
    return list(waiting.order_by("queue").values_list("queue", flat=True).distinct())


def as_pools(rows: Sequence[Sequence[Any]]) -> list[PoolAhead]:
    """Rows of `COLUMNS` as objects; a statement only for policies never seen."""
    policies = in_force_by_id((row[20], row[21]) for row in rows)
    return [_as_pool(row, in_force=policies[row[20]]) for row in rows]


def _as_pool(row: Sequence[Any], *, in_force: InForce) -> PoolAhead:
    """Seconds are scaled to the role."""
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
        offer_ttl_seconds=in_force.policy.offer_ttl_seconds or row[13],
        expected_seconds=clocks.for_role(seconds=row[14], review=review),
        paid_cap_seconds=clocks.for_role(seconds=row[15], review=review),
        sla_minutes=row[16],
        rate_rule=decoded(row[17]) or {},
        budget_currency=row[18],
        room_minor=row[19],
        in_force=in_force,
        attempts=row[22],
    )


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
