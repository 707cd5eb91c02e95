"""Offers of somebody whose facts changed: those that do not fit any more go back at once."""

from datetime import datetime

from django.db import transaction

from tasks.models import Offer
from tasks.operations.offering import withdraw
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.pools import pools_by_id, requirements_of
from tasks.rules.matching import Way, fit
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
        .values_list("id", "pool_id")
    )
    facts = facts_for(tutor_ids=[tutor_id], at=at).get(tutor_id)
    if not live or facts is None:
        return 0
    pools = pools_by_id({pool_id for _, pool_id in live})
    requirements = requirements_of(pools.values())
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    hands = hands_of(everybody=[facts], at=at)[tutor_id]
    refused: dict[int, str] = {}
    for pool_id, pool in pools.items():
        judged = fit(
            facts=facts,
            pool=pool,
            requirement=requirements[pool_id],
            hands=hands,
            cards=cards,
            at=at,
            way=Way.OFFER,
        )
        if not judged.eligible:
            refused[pool_id] = judged.refusals[0]
    ended = 0
    for code in sorted(set(refused.values())):
        ids = [offer for offer, pool_id in live if refused.get(pool_id) == code]
        ended += withdraw(offer_ids=ids, reason=code, at=at)
    return ended
