"""Offers as their tutors see them."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from tasks.models import Offer
from tasks.queries.plans import array_of, rows_of
from tasks.rules import clocks
from tasks.rules.ahead import PoolAhead
from tasks.rules.states import OfferState
from workforce.models.fields import database_now


def live_offers(*, account_id: int) -> QuerySet[Offer]:
    """What waits for the account's answer."""
    return own_offers(account_id=account_id).filter(
        state=OfferState.OFFERED, expires_at__gt=database_now()
    )


def own_offers(*, account_id: int) -> QuerySet[Offer]:
    """Every offer that the account's tutor ever got."""
    return Offer.objects.filter(tutor__account_id=account_id).select_related(
        "pool__project", "pool__project__domain", "grounds"
    )


HOLDS = f"""(((CASE WHEN o.role = 'attempt' THEN j.paid_cap_seconds
     ELSE greatest(1, j.paid_cap_seconds * {clocks.REVIEW_OF_EXPECTED_PERCENT} / 100) END)
     * o.rate_minor_hourly + {clocks.SECONDS_AN_HOUR - 1}) / {clocks.SECONDS_AN_HOUR})"""
"""SQL of `clocks.reserve_minor`: what accepting the offer `o` takes of project `j`'s budget."""

_PROMISED = f"""
SELECT j.id, sum({HOLDS})::bigint
  FROM tasks_offer o JOIN tasks_pool p ON p.id = o.pool_id
  JOIN tasks_project j ON j.id = p.project_id
 WHERE o.state = 'offered' AND j.id = ANY(%(projects)s::bigint[]) GROUP BY j.id
"""  # noqa: S608


def without_promised(pools: Iterable[PoolAhead]) -> list[PoolAhead]:
    """The pools with what offers that wait will take, once accepted, off their budgets' room.

    No statement where no budget is limited.
    """
    asked = list(pools)
    limited = {pool.project_id for pool in asked if pool.room_minor is not None}
    if not limited:
        return asked
    promised: dict[int, int] = dict(rows_of(_PROMISED, {"projects": array_of(limited)}))
    return [
        pool
        if pool.room_minor is None
        else replace(pool, room_minor=pool.room_minor - promised.get(pool.project_id, 0))
        for pool in asked
    ]


_OFFERED = """
SELECT o.task_id, who.id
  FROM tasks_offer o
 CROSS JOIN LATERAL (
       SELECT o.tutor_id AS id
        UNION ALL
       SELECT p.id FROM tutors_tutor holder JOIN tutors_tutor p ON p.person = holder.person
        WHERE holder.id = o.tutor_id AND p.id <> o.tutor_id) who
 WHERE o.task_id = ANY(%(tasks)s::bigint[]) AND o.state = 'offered'
"""


def offered_already(*, task_ids: Iterable[int]) -> dict[int, set[int]]:
    """By task: whom one of its slots is offered to now, and the accounts linked to theirs."""
    found: dict[int, set[int]] = {}
    for task, tutor in rows_of(_OFFERED, {"tasks": array_of(task_ids)}):
        found.setdefault(task, set()).add(tutor)
    return found
