"""Taking work: one claim, one holder, at a rate that is fixed from then on.

Locks, in this order: the tutor's row (so her capacity and her facts stand still), the slot, her
running claim, the project's budget. Everybody else who ends a claim locks claim, slot, budget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from tasks.events import ClaimMade
from tasks.models import Offer
from tasks.operations.clocking import MOVED, RUNNING
from tasks.queries.cards import cards_for
from tasks.queries.claims import SHEET, ClaimSheet, as_sheet
from tasks.queries.plans import row_of
from tasks.queries.pools import (
    BY_AGE,
    BY_PRIORITY,
    Ahead,
    ahead_of,
    pools_by_id,
    requirements_of,
    score_of,
)
from tasks.rules import clocks
from tasks.rules.limits import CLAIM_TRIES_MAX, PROBED_POOLS_MAX
from tasks.rules.matching import Fit, PoolAhead, Way, fit, standing
from tasks.rules.states import (
    COUNTING_CLAIMS,
    GIVEN_BACK_CLAIMS,
    WITNESS_CLAIMS,
    OfferKind,
    OfferState,
    SlotState,
    WorkRole,
)
from tutors.queries.facts import locked_facts
from tutors.rules.eligibility import Facts, Verdict, judge_rules
from workforce.models import Account
from workforce.operations import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, NotAllowed


class CannotClaim(Conflict):
    """The tutor may not take this now; `code` is the verdict that stands in the way."""

    title = "You cannot take work now"

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code  # type: ignore[misc]


class NotAReviewer(NotAllowed):
    code = "not_a_reviewer"


class OfferGone(Conflict):
    code = "offer_gone"
    title = "This offer is over"


# --- The statement --------------------------------------------------------------------------


def _unknown(row: str, slot_id: str) -> str:
    """The tutor has nothing to do with the task that stands in the way.

    What she gave back comes last: only a second look (`again`) takes it.
    """
    return f"""
NOT EXISTS (SELECT 1 FROM tasks_claim k
             WHERE k.task_id = {row}.task_id AND k.tutor_id = %(tutor)s
               AND (   (k.role <> {row}.role AND k.state = ANY(%(witness)s))
                    OR (k.role = {row}.role AND k.role = 'attempt'
                        AND (k.state = ANY(%(counting)s)
                             OR (k.state = 'revision_requested' AND k.slot_id <> {slot_id})))
                    OR (k.role = {row}.role AND NOT %(again)s AND k.state = ANY(%(given_back)s))))
"""  # noqa: S608


def _probe(order: str, mode: str) -> str:
    return f"""
    (SELECT s.id, s.priority, s.opened_at, '{mode}' AS mode FROM tasks_slot s
      WHERE s.pool_id = w.pool_id AND s.state = 'open' AND {_unknown("s", "s.id")}
      ORDER BY {order} LIMIT 1)"""  # noqa: S608


def _lock(order: str, mode: str) -> str:
    return f"""
    SELECT s.id, s.pool_id FROM tasks_slot s
     WHERE s.pool_id = (SELECT pool_id FROM best WHERE mode = '{mode}')
       AND s.state = 'open' AND {_unknown("s", "s.id")}
     ORDER BY {order} LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608


_PULL = f"""
best AS MATERIALIZED (
    SELECT w.pool_id, h.mode
      FROM wanted w CROSS JOIN LATERAL ({_probe(BY_PRIORITY, "p")}
           UNION ALL {_probe(BY_AGE, "a")}) h
     ORDER BY w.base + {score_of("h", sla="w.sla")} DESC, h.id, h.mode DESC LIMIT 1),
by_priority AS MATERIALIZED ({_lock(BY_PRIORITY, "p")}),
by_age AS MATERIALIZED ({_lock(BY_AGE, "a")}),
pick AS MATERIALIZED (
    SELECT id, pool_id, NULL::bigint AS offer_id, NULL::bigint AS revises_id FROM by_priority
     UNION ALL SELECT id, pool_id, NULL, NULL FROM by_age),
"""  # noqa: S608
"""Probe the head and the eldest of each pool, take the better, lock within that pool only."""

_ACCEPT = f"""
pick AS MATERIALIZED (
    UPDATE tasks_offer o SET state = 'accepted', ended_at = statement_timestamp()
     WHERE o.id = %(offer)s AND o.tutor_id = %(tutor)s AND o.state = 'offered'
       AND o.expires_at > statement_timestamp() AND {_unknown("o", "o.slot_id")}
    RETURNING o.slot_id AS id, o.pool_id, o.id AS offer_id, o.revises_id),
"""  # noqa: S608

_TAKE = f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(wanted)s) AS w(
        pool_id bigint, project_id bigint, base int, sla int, lease int, hold int, expected int,
        cap int, limited boolean, rates bigint[], rules text[], verdicts jsonb)),
{{pick}}
{{running}},
chosen AS MATERIALIZED (
    SELECT s.id AS slot_id, s.task_id, s.role, s.complexity, p.offer_id, p.revises_id, w.*,
           w.rates[s.complexity] AS rate, w.rules[s.complexity] AS rule,
           CASE WHEN w.limited
                THEN (w.cap * w.rates[s.complexity] + {clocks.SECONDS_AN_HOUR - 1})
                     / {clocks.SECONDS_AN_HOUR} ELSE 0
           END AS reserve,
           (SELECT count(*) FROM running) AS waited_for
      FROM pick p JOIN tasks_slot s ON s.id = p.id JOIN wanted w ON w.pool_id = p.pool_id),
budget AS (
    UPDATE tasks_projectbudget b SET reserved_minor = b.reserved_minor + c.reserve
      FROM chosen c
     WHERE c.limited AND c.waited_for >= 0 AND b.project_id = c.project_id
       AND (b.total_minor IS NULL
            OR b.reserved_minor + b.used_minor + c.reserve <= b.total_minor)
    RETURNING b.project_id),
slot AS (
    UPDATE tasks_slot s SET state = 'claimed', fence = s.fence + 1
      FROM chosen c
     WHERE s.id = c.slot_id AND s.state = %(slot_state)s
       AND (NOT c.limited OR EXISTS (SELECT 1 FROM budget))
    RETURNING s.id, s.fence),
made AS (
    INSERT INTO tasks_claim (
        slot_id, task_id, pool_id, project_id, tutor_id, offer_id, revises_id,
        contract_version_id, fence, role, state, rate_minor_hourly, currency, rate_rule, weight,
        lease_seconds, expected_seconds, paid_cap_seconds, seconds_worked, reserved_minor,
        extended, lease_until, hold_until, reason)
    SELECT c.slot_id, c.task_id, c.pool_id, c.project_id, %(tutor)s, c.offer_id, c.revises_id,
           %(version)s, slot.fence, c.role, 'claimed', c.rate, %(currency)s, c.rule, 1,
           c.lease, c.expected, c.cap, 0, c.reserve, false,
           statement_timestamp() + make_interval(secs => least(c.lease, c.hold)),
           statement_timestamp() + make_interval(secs => c.hold), ''
      FROM slot JOIN chosen c ON c.slot_id = slot.id
    RETURNING *),
grounds AS (
    INSERT INTO tasks_claimverdicts (claim_id, facts_version, verdicts)
    SELECT made.id, %(facts_version)s, c.verdicts
      FROM made JOIN chosen c ON c.slot_id = made.slot_id),
figures AS (
    INSERT INTO tasks_counterchange (pool_id, waiting, offered, in_hand, claimed)
    SELECT made.pool_id, -(made.offer_id IS NULL)::int, -(made.offer_id IS NOT NULL)::int, 1, 1
      FROM made),
{{clock}}
{{sheet}}
"""  # noqa: S608


def _statement(pick: str) -> str:
    return _TAKE.format(
        pick=pick,
        running=RUNNING,
        clock=MOVED,
        sheet=SHEET.format(source="made"),
    )


_TAKE_OPEN = _statement(_PULL)
_TAKE_OFFERED = _statement(_ACCEPT)


# --- The verbs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Who asks, and what is known at this moment about her and about what waits."""

    account: Account
    facts: Facts
    ahead: Ahead
    at: datetime


@transaction.atomic
def claim(
    *, account: Account, role: WorkRole, project_id: int | None, at: datetime
) -> ClaimSheet | None:
    """Give the account's tutor her next piece of work, or None when nothing fits.

    Her own live offer comes first, then the best open slot among the pools she is eligible for.
    `CannotClaim` when something about her stands in the way (no contract, paused, hands full, the
    week's cap reached), `NotAReviewer` when the role needs it.
    """
    facts = locked_facts(account_id=account.pk, at=at)
    if role is not WorkRole.ATTEMPT and not facts.reviewer:
        raise NotAReviewer(_("Only reviewers take reviews. Ask a manager to make you one."))
    ahead = ahead_of(facts=facts, role=role, project_id=project_id, at=at)
    asking = _Asking(account=account, facts=facts, ahead=ahead, at=at)
    _refuse_first(standing(facts=facts, hands=ahead.hands, role=role, at=at))
    return _take_own_offer(asking) or _take_best(asking)


@transaction.atomic
def accept(*, account: Account, offer_id: int, at: datetime) -> ClaimSheet:
    """Turn the tutor's own live offer into a claim.

    `OfferGone` when it expired, was withdrawn or answered already; `CannotClaim` when a verdict
    fails by now: facts are read live and held until the claim is made.
    """
    facts = locked_facts(account_id=account.pk, at=at)
    offer = Offer.objects.filter(pk=offer_id, tutor_id=facts.tutor_id).first()
    if offer is None or offer.state != OfferState.OFFERED:
        raise OfferGone(_("This offer is over: it was answered, withdrawn, or its time ran out."))
    ahead = ahead_of(facts=facts, role=WorkRole(offer.role), project_id=0, at=at)
    asking = _Asking(account=account, facts=facts, ahead=ahead, at=at)
    own = _judge_offer(asking, pool_id=offer.pool_id, kind=OfferKind(offer.kind))
    _refuse_first(own.verdicts)
    return _take_offered(asking, own, offer_id=offer_id)


# --- The parts ------------------------------------------------------------------------------


def _judge(asking: _Asking, *, pools: Sequence[PoolAhead], way: Way = Way.PULL) -> list[Fit]:
    requirements = requirements_of(pools)
    cards = cards_for(version=asking.ahead.cards_version, pools=pools, at=asking.at)
    return [
        fit(
            facts=asking.facts,
            pool=pool,
            requirement=requirements[pool.pool_id],
            hands=asking.ahead.hands,
            cards=cards,
            at=asking.at,
            way=way,
        )
        for pool in pools
    ]


def _met(asking: _Asking) -> list[PoolAhead]:
    """The pools whose own rules she meets, each set of rules asked once.

    Most pools fail here, so that rates and the rest are worked out for the few others only.
    """
    requirements = requirements_of(asking.ahead.pools)
    met: dict[str, bool] = {}
    for pool in asking.ahead.pools:
        if pool.signature not in met:
            verdicts = judge_rules(
                facts=asking.facts,
                requirement=requirements[pool.pool_id],
                client=pool.client,
                at=asking.at,
            )
            met[pool.signature] = all(verdict.passed for verdict in verdicts)
    return [pool for pool in asking.ahead.pools if met[pool.signature]]


def _judge_offer(asking: _Asking, *, pool_id: int, kind: OfferKind) -> Fit:
    way = Way.REVISION if kind is OfferKind.REVISION else Way.OFFER
    return _judge(asking, pools=[pools_by_id([pool_id])[pool_id]], way=way)[0]


def _take_own_offer(asking: _Asking) -> ClaimSheet | None:
    """What is kept for her comes first; if it cannot be hers any more, the queue decides."""
    offer = asking.ahead.offer
    if offer is None:
        return None
    own = _judge_offer(asking, pool_id=offer.pool_id, kind=offer.kind)
    if not own.eligible:
        return None
    try:
        return _take_offered(asking, own, offer_id=offer.offer_id)
    except OfferGone:
        return None


@transaction.atomic
def _take_offered(asking: _Asking, own: Fit, *, offer_id: int) -> ClaimSheet:
    """In a savepoint of its own: a claim that does not come about leaves the offer as it was."""
    extra = {"offer": offer_id, "slot_state": SlotState.OFFERED.value, "again": True}
    taken = _run(_TAKE_OFFERED, asking, [own], extra)
    if taken is None:
        raise OfferGone(_("This offer is over: it was answered, withdrawn, or its time ran out."))
    return _recorded(asking, taken, offer_id=offer_id)


def _take_best(asking: _Asking) -> ClaimSheet | None:
    """Try all eligible pools at once; then what she gave back; then pool by pool, since the heads
    of the best one may all be in other people's hands at this moment.
    """
    fits = _judge(asking, pools=_met(asking))
    eligible = [each for each in fits if each.eligible][:PROBED_POOLS_MAX]
    if not eligible:
        for each in fits:
            if each.refusals == ("cap_reached",):
                _refuse_first(each.verdicts)
        return None
    singly = [[each] for each in eligible[:CLAIM_TRIES_MAX]] if len(eligible) > 1 else []
    for again, wanted in ((False, eligible), (True, eligible), *((True, one) for one in singly)):
        extra = {"slot_state": SlotState.OPEN.value, "again": again}
        taken = _run(_TAKE_OPEN, asking, wanted, extra)
        if taken is not None:
            return _recorded(asking, taken, offer_id=None)
    return None


def _run(
    statement: str, asking: _Asking, wanted: Sequence[Fit], extra: Mapping[str, Any]
) -> ClaimSheet | None:
    first = wanted[0].rates[0]
    parameters = {
        "tutor": asking.facts.tutor_id,
        "account": asking.account.pk,
        "facts_version": asking.facts.facts_version,
        "version": first.contract_version_id,
        "currency": first.currency,
        "wanted": Jsonb([_wanted(each) for each in wanted]),
        "witness": [s.value for s in WITNESS_CLAIMS],
        "counting": [s.value for s in COUNTING_CLAIMS],
        "given_back": [s.value for s in GIVEN_BACK_CLAIMS],
        **extra,
    }
    row = row_of(statement, parameters)
    return as_sheet(row) if row else None


def _wanted(each: Fit) -> dict[str, Any]:
    pool = each.pool
    return {
        "pool_id": pool.pool_id,
        "project_id": pool.project_id,
        "base": each.base_minutes(),
        "sla": pool.sla_minutes or 0,
        "lease": pool.lease_seconds,
        "hold": pool.hold_seconds,
        "expected": pool.expected_seconds,
        "cap": pool.paid_cap_seconds,
        "limited": pool.room_minor is not None,
        "rates": [rate.minor_hourly for rate in each.rates],
        "rules": [rate.rule for rate in each.rates],
        "verdicts": [verdict.as_json() for verdict in each.verdicts],
    }


def _recorded(asking: _Asking, taken: ClaimSheet, *, offer_id: int | None) -> ClaimSheet:
    event = ClaimMade(
        subject=taken.public_id,
        task=public_id("T", taken.task_id),
        tutor=asking.facts.name,
        pool=public_id("PL", taken.pool_id),
        role=taken.role.value,
        fence=taken.fence,
        rate_minor_hourly=taken.rate_minor_hourly,
        currency=taken.currency,
        rate_rule=taken.rate_rule,
        offer=public_id("O", offer_id) if offer_id else None,
    )
    record(event=event, actor=asking.account, at=asking.at)
    return taken


def _refuse_first(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        if not verdict.passed:
            raise CannotClaim(f"{verdict.fact}. {verdict.turn}".strip(), code=verdict.code)
