"""Offers as their tutors see them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from tasks.models import Offer
from tasks.queries.plans import array_of, rows_of
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
