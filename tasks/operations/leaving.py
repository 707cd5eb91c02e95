"""Somebody left: what is hers to do goes back to the queues."""

from datetime import datetime

from django.db import transaction

from tasks.events import SlotReturned
from tasks.operations.ending import release_tutor
from tasks.operations.rechecking import recheck_tutor
from tasks.rules.states import ClaimState
from tutors.queries.facts import facts_of
from workforce.operations import record
from workforce.rules.ids import public_id

REASON = "account_closed"


@transaction.atomic
def give_all_back(*, account_id: int, at: datetime) -> int:
    """Withdraw the offers of a closed account and take what it holds out of its hands; how many
    pieces of work that were.

    Drafts and worked time are kept. Nothing where the account is open, or is no tutor's.
    """
    facts = facts_of(account_id=account_id, at=at)
    if facts is None or facts.active:
        return 0
    recheck_tutor(tutor_id=facts.tutor_id, at=at)
    ended = release_tutor(tutor_id=facts.tutor_id, reason=REASON)
    for each in ended:
        event = SlotReturned(
            subject=public_id("CL", each.claim_id),
            task=public_id("T", each.task_id),
            tutor=facts.name,
            pool=public_id("PL", each.pool_id),
            queue=each.queue,
            state=ClaimState.RELEASED.value,
            seconds_worked=each.seconds_worked,
            reason=REASON,
        )
        record(event=event, actor=None, at=at)
    return len(ended)
