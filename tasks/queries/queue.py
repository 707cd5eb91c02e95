"""What waits in a tutor's fields, and what stands between her and it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.models import QueueAlert
from tasks.queries.alerts import QueueKey, waiting_of
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.outlooks import OUTLOOK, TOOK_LATELY, as_outlook
from tasks.queries.plans import decoded, row_of, rows_of
from tasks.queries.pools import (
    COLUMN_COUNT,
    COLUMNS,
    TABLES,
    as_pools,
    requirements_of,
    with_shares,
)
from tasks.queries.records import with_records
from tasks.queries.rounds import wrapping_up
from tasks.rules.advising import Advice, Week, advise
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.demand import WINDOW_DAYS, Outlook
from tasks.rules.limits import QUEUE_POOLS_MAX
from tasks.rules.matching import Fit, fit, rates_of, standing
from tasks.rules.prospects import Gate, Prospect, gate_of, lasting
from tasks.rules.spans import Span
from tasks.rules.states import WorkRole
from tutors.queries.facts import facts_of
from tutors.rules.availability import planned_seconds
from tutors.rules.eligibility import Facts, Verdict
from tutors.rules.rates import Cards
from workforce.rules.problems import NotFound

_IN_HER_FIELDS = f"""
SELECT {COLUMNS}, CASE WHEN eldest.opened_at IS NULL THEN 0
                       ELSE greatest(coalesce(kept.waiting, 0), 1) END, eldest.opened_at,
       floor(extract(epoch FROM statement_timestamp() - eldest.opened_at) / 60)::int, {OUTLOOK}
  FROM {TABLES}
  LEFT JOIN tasks_poolcounter kept ON kept.pool_id = pool.id
  LEFT JOIN tasks_pooloutlook seen ON seen.pool_id = pool.id
  LEFT JOIN LATERAL (SELECT s.opened_at FROM tasks_slot s
                      WHERE s.pool_id = pool.id AND s.state = 'open'
                      ORDER BY s.opened_at, s.id LIMIT 1) eldest ON true
 WHERE project.state = 'open' AND pool.queue = ANY(%(queues)s)
 ORDER BY (pool.role = ANY(%(roles)s)) DESC, eldest.opened_at, pool.id LIMIT {QUEUE_POOLS_MAX}
"""  # noqa: S608

_HERSELF = f"SELECT t.availability, {TOOK_LATELY} FROM tutors_tutor t WHERE t.id = %(tutor)s"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One pool: how much waits, whether the tutor may take it, and if not, what would open it.

    `gate` leaves out what passes by itself, such as a pause; `eligible` counts that, too.
    `next_at`: when work is due in an empty one. `share`: her part of the project's work of this
    role, in paid seconds a week; None where it is closed to her or was never measured.
    `would_pay_minor_hourly` is known for closed pools too, where a rate covers the work.
    `alert`: she waits to be told when the queue opens.
    """

    pool: PoolAhead
    waiting: int
    oldest_at: datetime | None
    eligible: bool
    verdicts: tuple[Verdict, ...]
    rate_minor_hourly: int | None
    currency: str | None
    would_pay_minor_hourly: int | None = None
    would_pay_currency: str = ""
    gate: Gate = Gate.CLOSED
    outlook: Outlook | None = None
    next_at: datetime | None = None
    share: Span | None = None
    alert: QueueAlert | None = None

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
    """`standing` says what holds for the tutor whatever the work, `advice` what she could change.

    `as_of`: when the oldest of the figures behind the advice was measured. `rests_until`: nothing
    is offered to her before, as she handed in work a moment ago.
    """

    standing: tuple[Verdict, ...]
    lines: tuple[QueueLine, ...]
    advice: Advice
    as_of: datetime | None
    hands: Hands
    alerts: Mapping[QueueKey, QueueAlert]
    rests_until: datetime | None


def queue_of(*, account_id: int, at: datetime) -> Queue:
    """The pools in the fields of the account's tutor: those with waiting work first, eldest
    first, then one for each queue in which nothing waits.

    `NotFound` when the account is no tutor's.
    """
    facts = facts_of(account_id=account_id, at=at)
    if facts is None:
        raise NotFound("This account has no tutor profile.")
    return queue_for(facts=facts, at=at)


def queue_for(*, facts: Facts, at: datetime) -> Queue:
    """The same for facts that are at hand already."""
    found = _in_her_fields(facts)
    pools = [each.pool for each in found]
    hands = with_shares(hands_of(everybody=[facts], at=at), pools=pools)[facts.tutor_id]
    requirements = requirements_of(pools)
    facts = with_records({facts.tutor_id: facts}, requirements=requirements.values())[
        facts.tutor_id
    ]
    cards = cards_for(version=version_now(), pools=pools, at=at)
    judged = _judged(found, facts=facts, hands=hands, cards=cards, at=at)
    prospects = [
        Prospect(
            pool=each.pool,
            requirement=requirements[each.pool.pool_id],
            waiting=each.waiting,
            outlook=each.outlook,
            refusals=lasting(own.verdicts) if (own := judged.get(each.pool.pool_id)) else (),
            judged=each.pool.pool_id in judged,
        )
        for each in found
    ]
    week, counted = _herself(facts)
    advice = advise(
        facts=facts,
        hands=hands,
        prospects=prospects,
        cards=cards,
        week=week,
        counted=counted,
        at=at,
    )
    alerts = waiting_of(tutor_id=facts.tutor_id)
    lines = [
        _line(
            each,
            judged[each.pool.pool_id],
            advice=advice,
            alerts=alerts,
            facts=facts,
            cards=cards,
            at=at,
        )
        for each in found
        if each.pool.pool_id in judged
    ]
    return Queue(
        standing=standing(facts=facts, hands=hands, role=WorkRole.ATTEMPT, at=at),
        lines=tuple(_shown(lines)),
        advice=advice,
        as_of=min((each.outlook.measured_at for each in found if each.outlook), default=None),
        hands=hands,
        alerts=alerts,
        rests_until=wrapping_up(tutor_ids=[facts.tutor_id]).get(facts.tutor_id),
    )


def _judged(
    found: Sequence["_Found"], *, facts: Facts, hands: Hands, cards: Cards, at: datetime
) -> dict[int, Fit]:
    """By pool id, for the roles that she has."""
    requirements = requirements_of(each.pool for each in found)
    return {
        each.pool.pool_id: fit(
            facts=facts,
            pool=each.pool,
            requirement=requirements[each.pool.pool_id],
            hands=hands,
            cards=cards,
            at=at,
            way=Way.open_to_her(each.pool.dispatch),
            waited_minutes=each.waited_minutes,
        )
        for each in found
        if each.pool.role is WorkRole.ATTEMPT or facts.reviewer
    }


def fields_of(facts: Facts) -> list[str]:
    """The domain queues that a tutor's qualifications lie in."""
    return sorted({q.speciality.partition(".")[0] for q in facts.qualifications})


@dataclass(frozen=True, slots=True)
class _Found:
    pool: PoolAhead
    waiting: int
    oldest_at: datetime | None
    waited_minutes: int | None
    outlook: Outlook | None


def _in_her_fields(facts: Facts) -> list[_Found]:
    """The pools of open projects there, reviews as well: what a change would open."""
    roles = list(WorkRole) if facts.reviewer else [WorkRole.ATTEMPT]
    parameters = {"roles": [role.value for role in roles], "queues": fields_of(facts)}
    rows = rows_of(_IN_HER_FIELDS, parameters)
    pools = as_pools([row[:COLUMN_COUNT] for row in rows])
    return [
        _Found(
            pool=pool,
            waiting=row[COLUMN_COUNT],
            oldest_at=row[COLUMN_COUNT + 1],
            waited_minutes=row[COLUMN_COUNT + 2],
            outlook=as_outlook(row[COLUMN_COUNT + 3 :]),
        )
        for pool, row in zip(pools, rows, strict=True)
    ]


def _herself(facts: Facts) -> tuple[Week, bool]:
    """How long her week is, and whether she is one of those who took work lately."""
    row = row_of(_HERSELF, {"tutor": facts.tutor_id, "window": WINDOW_DAYS})
    plan, lately = row or ({}, False)
    cap = facts.contract.cap_seconds_week if facts.contract else None
    return Week(cap_seconds=cap, planned_seconds=planned_seconds(decoded(plan))), bool(lately)


def _shown(lines: Sequence[QueueLine]) -> list[QueueLine]:
    """The pools in which something waits; of a queue without any, where she would come in."""
    full = {(line.pool.project_id, line.pool.role) for line in lines if line.waiting}
    empty: dict[tuple[int, WorkRole], QueueLine] = {}
    for line in sorted(lines, key=lambda each: (each.gate is Gate.CLOSED, each.pool.step)):
        key = (line.pool.project_id, line.pool.role)
        if key not in full:
            empty.setdefault(key, line)
    return [line for line in lines if line.waiting] + [empty[key] for key in sorted(empty)]


def _line(
    found: _Found,
    judged: Fit,
    *,
    advice: Advice,
    alerts: Mapping[QueueKey, QueueAlert],
    facts: Facts,
    cards: Cards,
    at: datetime,
) -> QueueLine:
    pool, outlook = judged.pool, found.outlook
    rate = judged.rates[0] if judged.rates else None
    would = judged.rates or rates_of(facts=facts, pool=pool, cards=cards, at=at)
    gate = gate_of(judged.verdicts, waiting=found.waiting)
    return QueueLine(
        pool=pool,
        waiting=found.waiting,
        oldest_at=found.oldest_at,
        eligible=judged.eligible,
        verdicts=judged.verdicts,
        rate_minor_hourly=rate.minor_hourly if rate else None,
        currency=rate.currency if rate else None,
        would_pay_minor_hourly=would[0].minor_hourly if would else None,
        would_pay_currency=would[0].currency if would else "",
        gate=gate,
        outlook=outlook,
        next_at=outlook.next_at(at=at) if outlook and not found.waiting else None,
        share=None if gate is Gate.CLOSED else advice.shares.get((pool.project_id, pool.role)),
        alert=alerts.get((pool.project_id, pool.role)),
    )
