"""What waits in a tutor's fields, and what stands between her and it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.pools import (
    COLUMN_COUNT,
    COLUMNS,
    TABLES,
    as_pools,
    requirements_of,
    with_shares,
)
from tasks.queries.records import with_records
from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.limits import QUEUE_POOLS_MAX
from tasks.rules.matching import Fit, PoolAhead, Way, fit, rates_of, standing
from tasks.rules.states import Dispatch, WorkRole
from tutors.queries.facts import facts_of
from tutors.rules.eligibility import Facts, Verdict
from tutors.rules.rates import Cards
from workforce.rules.problems import NotFound

_WAITING = f"""
SELECT {COLUMNS}, greatest(coalesce(kept.waiting, 0), 1) AS waiting, eldest.opened_at,
       floor(extract(epoch FROM statement_timestamp() - eldest.opened_at) / 60)::int
  FROM {TABLES}
  LEFT JOIN tasks_poolcounter kept ON kept.pool_id = pool.id
  CROSS JOIN LATERAL (SELECT s.opened_at FROM tasks_slot s
                       WHERE s.pool_id = pool.id AND s.state = 'open'
                       ORDER BY s.opened_at, s.id LIMIT 1) eldest
 WHERE project.state = 'open' AND pool.role = ANY(%(roles)s) AND pool.queue = ANY(%(queues)s)
 ORDER BY eldest.opened_at, pool.id LIMIT {QUEUE_POOLS_MAX}
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One pool: how much waits, whether the tutor may take it, and if not, what would open it.

    `would_pay_minor_hourly` is known for closed pools too, where a rate covers the work.
    """

    pool: PoolAhead
    waiting: int
    oldest_at: datetime
    eligible: bool
    verdicts: tuple[Verdict, ...]
    rate_minor_hourly: int | None
    currency: str | None
    would_pay_minor_hourly: int | None = None
    would_pay_currency: str = ""

    @property
    def codes(self) -> list[str]:
        return [verdict.code for verdict in self.verdicts if not verdict.passed]

    @property
    def opens(self) -> list[str]:
        """What would turn each failing verdict."""
        return [verdict.turn for verdict in self.verdicts if not verdict.passed]

    @property
    def paid_seconds(self) -> int:
        """What waits there, in expected paid seconds of everybody together."""
        return self.waiting * self.pool.expected_seconds

    @property
    def paid_hours(self) -> float:
        return round(self.paid_seconds / SECONDS_AN_HOUR, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """`standing` says what holds for the tutor whatever the work."""

    standing: tuple[Verdict, ...]
    lines: tuple[QueueLine, ...]


def queue_of(*, account_id: int, at: datetime) -> Queue:
    """The pools with waiting work in the fields of the account's tutor, oldest first.

    `NotFound` when the account is no tutor's.
    """
    facts = facts_of(account_id=account_id, at=at)
    if facts is None:
        raise NotFound("This account has no tutor profile.")
    return queue_for(facts=facts, at=at)


def queue_for(*, facts: Facts, at: datetime) -> Queue:
    """The same for facts that are at hand already."""
    found = _waiting(facts)
    pools = [each.pool for each in found]
    hands = with_shares(hands_of(everybody=[facts], at=at), pools=pools)[facts.tutor_id]
    requirements = requirements_of(pools)
    facts = with_records({facts.tutor_id: facts}, requirements=requirements.values())[
        facts.tutor_id
    ]
    cards = cards_for(version=version_now(), pools=pools, at=at)
    lines = []
    for each in found:
        pool = each.pool
        judged = fit(
            facts=facts,
            pool=pool,
            requirement=requirements[pool.pool_id],
            hands=hands,
            cards=cards,
            at=at,
            way=Way.OFFER if pool.dispatch is Dispatch.PUSH else Way.PULL,
            waited_minutes=each.waited_minutes,
        )
        lines.append(_line(each.waiting, each.oldest_at, judged, facts=facts, cards=cards, at=at))
    return Queue(
        standing=standing(facts=facts, hands=hands, role=WorkRole.ATTEMPT, at=at),
        lines=tuple(lines),
    )


def fields_of(facts: Facts) -> list[str]:
    """The domain queues that a tutor's qualifications lie in."""
    return sorted({q.speciality.partition(".")[0] for q in facts.qualifications})


@dataclass(frozen=True, slots=True)
class _Waiting:
    pool: PoolAhead
    waiting: int
    oldest_at: datetime
    waited_minutes: int


def _waiting(facts: Facts) -> list[_Waiting]:
    roles = list(WorkRole) if facts.reviewer else [WorkRole.ATTEMPT]
    parameters = {"roles": [role.value for role in roles], "queues": fields_of(facts)}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, parameters)
        rows: list[Sequence[Any]] = cursor.fetchall()
    pools = as_pools([row[:COLUMN_COUNT] for row in rows])
    return [
        _Waiting(pool, *row[COLUMN_COUNT : COLUMN_COUNT + 3])
        for pool, row in zip(pools, rows, strict=True)
    ]


def _line(
    waiting: int, oldest_at: datetime, judged: Fit, *, facts: Facts, cards: Cards, at: datetime
) -> QueueLine:
    rate = judged.rates[0] if judged.rates else None
    would = judged.rates or rates_of(facts=facts, pool=judged.pool, cards=cards, at=at)
    return QueueLine(
        pool=judged.pool,
        waiting=waiting,
        oldest_at=oldest_at,
        eligible=judged.eligible,
        verdicts=judged.verdicts,
        rate_minor_hourly=rate.minor_hourly if rate else None,
        currency=rate.currency if rate else None,
        would_pay_minor_hourly=would[0].minor_hourly if would else None,
        would_pay_currency=would[0].currency if would else "",
    )
