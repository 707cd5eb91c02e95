"""One line of a batch is held back; the rest goes on, and its approvals start anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import BatchLineHeld
from payments.models import LeftOut, Payout, PayoutBatch, PayoutPart
from payments.operations.payees import hold_payouts
from payments.queries.instructions import content_hash_of
from payments.rules.approvals import checkers_needed
from payments.rules.states import BatchState, PayoutState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict


class CannotHoldLine(Conflict):
    code = "line_cannot_be_held"
    title = "This line cannot be held any more"


def hold_line(
    *,
    batch: PayoutBatch,
    payout: int,
    reason: str,
    release_at: datetime,
    actor: Account,
    at: datetime,
) -> PayoutBatch:
    """Take a payee out of a batch that waits for approval, and hold her payouts.

    All her lines leave the batch, whatever their currency; her statements are free for a later
    one. The batch gets a new hash and approvals given so far are void. `CannotHoldLine` once the
    batch is approved; `CannotHoldPayouts` without a reason or a day ahead.
    """
    with transaction.atomic():
        rows = PayoutBatch.objects.select_for_update(of=("self",), no_key=True)
        held = rows.get(pk=batch.pk)
        if held.state != BatchState.BUILT:
            raise CannotHoldLine(_("Lines are held while the batch waits for approval. Cancel it."))
        line = held.payouts.filter(pk=payout, state=PayoutState.ACCRUED).first()
        if line is None:
            raise CannotHoldLine(_("This line is not in the batch any more."))
        tutor = line.tutor
        hold_payouts(tutor=tutor, reason=reason, release_at=release_at, actor=actor, at=at)
        _take_out(held, tutor=tutor.pk, reason=reason)
        _reseal(held)
        event = BatchLineHeld(
            subject=held.public_id,
            payout=line.public_id,
            tutor=tutor.public_id,
            reason=reason,
            content_hash=held.content_hash,
        )
        record(event=event, actor=actor, at=at)
    return held


def _take_out(batch: PayoutBatch, *, tutor: int, reason: str) -> None:
    lines = list(batch.payouts.filter(tutor=tutor, state=PayoutState.ACCRUED))
    keys = [line.pk for line in lines]
    Payout.objects.filter(pk__in=keys).update(state=PayoutState.VOID)
    PayoutPart.objects.filter(payout__in=keys, live=True).update(live=False)
    LeftOut.objects.bulk_create(
        LeftOut(
            batch=batch, tutor_id=tutor, currency=line.currency, amount_minor=line.amount_minor,
            code="held", reason=reason,
        )
        for line in lines
    )  # fmt: skip


def _reseal(batch: PayoutBatch) -> None:
    """New sums and a new hash; what checkers agreed to is not this batch any more."""
    totals: dict[str, int] = {}
    going = batch.payouts.filter(state=PayoutState.ACCRUED)
    for currency, minor in going.values_list("currency", "amount_minor"):
        totals[currency] = totals.get(currency, 0) + minor
    batch.totals_minor, batch.payouts_count = totals, going.count()
    batch.checkers_needed = checkers_needed(largest_total_minor=max(totals.values(), default=0))
    batch.content_hash = content_hash_of(batch=batch)
    batch.save(update_fields=["totals_minor", "payouts_count", "checkers_needed", "content_hash"])
    batch.approvals.all().delete()
