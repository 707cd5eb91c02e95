"""Offers as their tutors see them."""

from django.db.models import QuerySet

from tasks.models import Offer
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
        "pool__project", "pool__project__domain"
    )
