"""Taking work: one claim, one holder, at a rate that is fixed from then on.

Locks, in this order: the tutor's row and those of accounts linked to hers (so her capacity, her
facts and her history stand still), the slot, her running claim, the project's budget. Everybody
else who ends a claim locks claim, slot, budget.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from tasks.events import ClaimMade
from tasks.models import Offer
from tasks.operations.taking import TAKE_OFFERED, TAKE_OPEN, TAKE_PAST_HEAD_START
from tasks.queries.ahead import Ahead, OwnOffer, ahead_of
from tasks.queries.cards import cards_for
from tasks.queries.claims import ClaimSheet, as_sheet
from tasks.queries.histories import KNOWN_BY
from tasks.queries.plans import row_of
from tasks.queries.pools import (
    pools_by_id,
    requirements_of,
    with_shares,
)
from tasks.rules.ahead import PoolAhead, Way
from tasks.rules.limits import CLAIM_TRIES_MAX, PROBED_POOLS_MAX
from tasks.rules.matching import Fit, fit, standing
from tasks.rules.states import (
    OfferKind,
    OfferState,
    SlotState,
    WorkRole,
)
from tutors.queries.facts import hold_person
from tutors.rules.eligibility import Facts, Verdict, passes_rules
from workforce.models import Account
from workforce.operations import record
from workforce.operations.transacting import verb
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


STANDS_ALONE = (("cap_reached",), ("share_reached",), ("capacity_full",))
"""What is told to somebody whom it alone keeps from everything that waits."""


# --- The verbs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Who asks, and what is known at this moment about her and about what waits."""

    account: Account
    ahead: Ahead
    at: datetime

    @property
    def facts(self) -> Facts:
        return self.ahead.facts


@verb
def claim(
    *, account: Account, role: WorkRole, project_id: int | None, at: datetime
) -> ClaimSheet | None:
    """Give the account's tutor her next piece of work, or None when nothing fits.

    Her own live offers come first, then the best open slot among the pools she is eligible for.
    `CannotClaim` when something about her stands in the way (no contract, paused, hands full, the
    week's cap reached), `NotAReviewer` when the role needs it.
    """
    held = hold_person(account_id=account.pk, at=at)
    ahead = ahead_of(held=held, role=role, project_id=project_id, at=at)
    if role is not WorkRole.ATTEMPT and not ahead.facts.reviewer:
        raise NotAReviewer(_("Only reviewers take reviews. Ask a manager to make you one."))
    asking = _Asking(account=account, ahead=ahead, at=at)
    _refuse_first(standing(facts=ahead.facts, hands=ahead.hands, role=role, at=at))
    return _take_own_offer(asking) or _take_best(asking)


@verb
def accept(*, account: Account, offer_id: int, at: datetime) -> ClaimSheet:
    """Turn the tutor's own live offer into a claim.

    `OfferGone` when it expired, was withdrawn or answered already; `CannotClaim` when a verdict
    fails by now: facts are read live and held until the claim is made.
    """
    held = hold_person(account_id=account.pk, at=at)
    offer = Offer.objects.filter(pk=offer_id, tutor_id=held.tutor_id).first()
    if offer is None or offer.state != OfferState.OFFERED:
        raise OfferGone(_("This offer is over: it was answered, withdrawn, or its time ran out."))
    ahead = ahead_of(held=held, role=WorkRole(offer.role), project_id=0, at=at)
    asking = _Asking(account=account, ahead=ahead, at=at)
    kept = OwnOffer(offer_id, offer.pool_id, OfferKind(offer.kind))
    own = next(_judge_offers(asking, [kept]))
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
            met[pool.signature] = passes_rules(
                facts=asking.facts,
                requirement=requirements[pool.pool_id],
                client=pool.client,
                at=asking.at,
            )
    return [pool for pool in asking.ahead.pools if met[pool.signature]]


def _judge_offers(asking: _Asking, offers: Sequence[OwnOffer]) -> Iterator[Fit]:
    """The verdicts on each offer, worked out as they are asked for."""
    pools = pools_by_id({offer.pool_id for offer in offers})
    tutor = asking.facts.tutor_id
    hands = with_shares({tutor: asking.ahead.hands}, pools=pools.values())[tutor]
    asking = replace(asking, ahead=replace(asking.ahead, hands=hands))
    for offer in offers:
        way = Way.REVISION if offer.kind is OfferKind.REVISION else Way.OFFER
        yield _judge(asking, pools=[pools[offer.pool_id]], way=way)[0]


def _take_own_offer(asking: _Asking) -> ClaimSheet | None:
    """What is kept for her comes first; if none of it can be hers any more, the queue decides."""
    offers = asking.ahead.offers
    if not offers:
        return None
    for offer, own in zip(offers, _judge_offers(asking, offers), strict=True):
        if own.eligible:
            with suppress(OfferGone):
                return _take_offered(asking, own, offer_id=offer.offer_id)
    return None


@transaction.atomic
def _take_offered(asking: _Asking, own: Fit, *, offer_id: int) -> ClaimSheet:
    """In a savepoint of its own: a claim that does not come about leaves the offer as it was."""
    extra = {"offer": offer_id, "slot_state": SlotState.OFFERED.value, "again": True}
    taken = _run(TAKE_OFFERED, asking, [own], extra)
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
            if each.refusals in STANDS_ALONE:
                _refuse_first(each.verdicts)
        return None
    singly = [[each] for each in eligible[:CLAIM_TRIES_MAX]] if len(eligible) > 1 else []
    for again, wanted in ((False, eligible), (True, eligible), *((True, one) for one in singly)):
        extra = {"slot_state": SlotState.OPEN.value, "again": again}
        statement = TAKE_PAST_HEAD_START if any(f.held_minutes for f in wanted) else TAKE_OPEN
        taken = _run(statement, asking, wanted, extra)
        if taken is not None:
            return _recorded(asking, taken, offer_id=None)
    return None


def _run(
    statement: str, asking: _Asking, wanted: Sequence[Fit], extra: Mapping[str, Any]
) -> ClaimSheet | None:
    first = wanted[0].rates[0]
    parameters = {
        "tutor": asking.facts.tutor_id,
        "person": list(asking.facts.person),
        "account": asking.account.pk,
        "facts_version": asking.facts.facts_version,
        "version": first.contract_version_id,
        "currency": first.currency,
        "wanted": Jsonb([_wanted(each) for each in wanted]),
        **KNOWN_BY,
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
        "timely": pool.timely_minutes,
        "step": pool.policy.minutes_per_priority_step,
        "pressure": pool.policy.sla_pressure_minutes,
        "late": pool.policy.late_minutes,
        "held": each.held_minutes,
        "lease": pool.lease_seconds,
        "hold": pool.hold_seconds,
        "expected": pool.expected_seconds,
        "cap": pool.paid_cap_seconds,
        "weight": pool.weight,
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
