"""Offers of somebody whose facts changed: those that do not fit any more go back at once."""

from datetime import datetime

from django.db import transaction

from tasks.models import Offer
from tasks.operations.offering import withdraw
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.histories import histories
from tasks.queries.pools import pools_by_id, requirements_of
from tasks.queries.records import with_records
from tasks.rules.ahead import NO_HISTORY, History, Way
from tasks.rules.matching import Fit, fit
from tasks.rules.states import OfferKind, OfferState
from tutors.queries.facts import facts_for


@transaction.atomic
def recheck_tutor(*, tutor_id: int, at: datetime) -> int:
    """Withdraw the tutor's live offers that she could not accept any more; how many.

    Revisions of her own work stay: nobody else is waiting for them yet.
    """
    live = list(
        Offer.objects.filter(tutor_id=tutor_id, state=OfferState.OFFERED, kind=OfferKind.WORK)
        .order_by("id")
        .values_list("id", "pool_id", "slot_id", "task_id")
    )
    facts = facts_for(tutor_ids=[tutor_id], at=at).get(tutor_id)
    if not live or facts is None:
        return 0
    pools = pools_by_id({pool_id for _, pool_id, _, _ in live})
    slots = [(slot, task, pools[pool].role) for _, pool, slot, task in live]
    known = histories(slots=slots, tutor_ids=[tutor_id])
    requirements = requirements_of(pools.values())
    facts = with_records({tutor_id: facts}, requirements=requirements.values())[tutor_id]
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    hands = hands_of(everybody=[facts], at=at)[tutor_id]
    judged: dict[tuple[int, History], Fit] = {}
    refused: dict[str, list[int]] = {}
    for offer, pool_id, slot, _ in live:
        history = known.get((slot, tutor_id), NO_HISTORY)
        if (pool_id, history) not in judged:
            judged[pool_id, history] = fit(
                facts=facts,
                pool=pools[pool_id],
                requirement=requirements[pool_id],
                hands=hands,
                cards=cards,
                at=at,
                history=history,
                way=Way.OFFER,
            )
        for code in judged[pool_id, history].refusals[:1]:
            refused.setdefault(code, []).append(offer)
    return sum(withdraw(offer_ids=refused[code], reason=code, at=at) for code in sorted(refused))
