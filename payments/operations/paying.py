"""Payout batches: built by one, approved by others, sent once. Each step a compare-and-set."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import BatchApproved, BatchBuilt, BatchCancelled, BatchSent
from payments.models import (
    BatchApproval,
    LeftOut,
    Payout,
    PayoutBatch,
    PayoutHold,
    PayoutPart,
    Transfer,
)
from payments.operations.booking import Posting, post_all
from payments.operations.choosing import Choice, choose
from payments.operations.handing import file_of
from payments.operations.turns import Turn, take_turn
from payments.providers.accounts import NotAnAccount, checked_bic, checked_iban
from payments.queries.instructions import content_hash_of
from payments.rules import pots
from payments.rules.approvals import checkers_needed
from payments.rules.pots import Move
from payments.rules.references import end_to_end_id, message_id
from payments.rules.states import (
    BATCH_MOVES,
    BatchState,
    PayoutState,
    TransferState,
    sources,
)
from payments.rules.weeks import bank_day_after, week_label
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid, NotAllowed

PAY_DAYS_AHEAD = 1
"""Without a wish a batch is paid on the next bank day."""

PAY_DAYS_AHEAD_MAX = 60


class NothingToPay(Conflict):
    code = "nothing_to_pay"
    title = "No statement waits for its payment"


class CannotBuild(Invalid):
    code = "batch_not_valid"
    title = "This batch cannot be built"


class MakerIsNotChecker(NotAllowed):
    code = "maker_is_not_checker"
    title = "Somebody else must approve this batch"


class CannotApprove(Conflict):
    code = "batch_cannot_be_approved"
    title = "This batch cannot be approved now"


class BatchIsStale(Conflict):
    code = "batch_is_stale"
    title = "The batch no longer fits what it pays"


class CannotSend(Conflict):
    code = "batch_cannot_be_sent"
    title = "This batch cannot be sent now"


class CannotCancel(Conflict):
    code = "batch_cannot_be_cancelled"
    title = "This batch cannot be cancelled any more"


def build_batch(
    *,
    pay_on: date | None,
    statements: Sequence[int] | None,
    actor: Account,
    at: datetime,
) -> PayoutBatch:
    """Put the statements that wait for payment (all, or those named) into a new batch.

    Lines that cannot be paid are left out with a reason, the rest is taken. `NothingToPay` when
    nothing can be paid; its `errors` say what was left out. Builds take turns.
    """
    day = _pay_day(pay_on, at=at)
    with transaction.atomic():
        take_turn(Turn.BUILD)
        choices, left_out = choose(statements=statements, at=at)
        if not choices:
            raise NothingToPay(
                _("Close a period first, or see in `errors` why money was left out."),
                errors={f"E-{row.tutor_id}": [row.reason] for row in left_out},
            )
        batch = PayoutBatch.objects.create(
            built_by=actor, built_at=at, pay_on=day, file_version=settings_file_version()
        )
        _add_payouts(batch, choices)
        for row in left_out:
            row.batch = batch
        LeftOut.objects.bulk_create(left_out)
        _seal(batch, choices, at=at)
        event = BatchBuilt(
            subject=batch.public_id,
            payouts=len(choices),
            left_out=len(left_out),
            content_hash=batch.content_hash,
        )
        record(event=event, actor=actor, at=at)
    return batch


def settings_file_version() -> str:
    """`09`, or `03` where the payer's bank still wants that."""
    return str(settings.PAYER.get("file_version", "09"))


def _pay_day(wish: date | None, *, at: datetime) -> date:
    today = at.date()
    if wish is None:
        return bank_day_after(day=today, days=PAY_DAYS_AHEAD)
    if not today <= wish or (wish - today).days > PAY_DAYS_AHEAD_MAX:
        raise CannotBuild(
            _("The bank pays from today on, %(n)d days ahead at most.") % {"n": PAY_DAYS_AHEAD_MAX},
            errors={"pay_on": [_("Choose another day.")]},
        )
    return bank_day_after(day=wish, days=0)


def _add_payouts(batch: PayoutBatch, choices: Sequence[Choice]) -> None:
    payouts = Payout.objects.bulk_create(
        Payout(
            batch=batch,
            tutor_id=c.tutor_id,
            account_id=c.account_id,
            details=c.details,
            currency=c.currency,
            amount_minor=c.amount_minor,
        )
        for c in choices
    )
    PayoutPart.objects.bulk_create(
        PayoutPart(payout=payout, statement=s, amount_minor=s.total_minor)
        for payout, choice in zip(payouts, choices, strict=True)
        for s in choice.statements
    )


def _seal(batch: PayoutBatch, choices: Sequence[Choice], *, at: datetime) -> None:
    """Give the batch its reference and the hash that its checkers agree to."""
    totals: dict[str, int] = {}
    for choice in choices:
        totals[choice.currency] = totals.get(choice.currency, 0) + choice.amount_minor
    week = week_label(starts_at=at, zone="UTC")
    batch.message_id = message_id(number=batch.pk, week=week)
    batch.checkers_needed = checkers_needed(largest_total_minor=max(totals.values(), default=0))
    batch.totals_minor, batch.payouts_count = totals, len(choices)
    batch.content_hash = content_hash_of(batch=batch)
    batch.save()


def approve_batch(
    *, batch: PayoutBatch, content_hash: str | None, actor: Account, at: datetime
) -> PayoutBatch:
    """Agree to the batch as it stands; with the last approval needed its money is reserved.

    `content_hash` is what the checker looked at, if she says so. `MakerIsNotChecker` for the one
    who built it, `CannotApprove` when it is not waiting, was edited, or its money is not there.
    """
    with transaction.atomic():
        held = _held(batch)
        if held.built_by_id == actor.pk:
            raise MakerIsNotChecker(_("You built this batch. Ask a colleague to check it."))
        if held.state != BatchState.BUILT:
            raise CannotApprove(_("This batch is %(state)s.") % {"state": held.state})
        _unchanged(held, seen=content_hash)
        _still_payable(held, at=at)
        if held.approvals.filter(checker=actor).exists():
            raise CannotApprove(_("You approved it already; a second person must, too."))
        BatchApproval.objects.create(
            batch=held,
            maker_id=held.built_by_id,
            checker=actor,
            content_hash=held.content_hash,
            at=at,
        )
        whole = held.approvals.filter(content_hash=held.content_hash).count()
        enough = whole >= held.checkers_needed
        if enough:
            _reserve(held, actor=actor, at=at)
        event = BatchApproved(subject=held.public_id, content_hash=held.content_hash, whole=enough)
        record(event=event, actor=actor, at=at)
    return held


def _held(batch: PayoutBatch) -> PayoutBatch:
    return PayoutBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)


def _unchanged(batch: PayoutBatch, *, seen: str | None) -> None:
    """What is in the batch now is what was built, and what the checker saw."""
    now_in_it = content_hash_of(batch=batch)
    if now_in_it != batch.content_hash or seen not in (None, now_in_it):
        raise CannotApprove(
            _("The batch is not the one you looked at. Read it again, then decide."),
            errors={"content_hash": [_("This is not the hash of the batch as it stands.")]},
        )


def _still_payable(batch: PayoutBatch, *, at: datetime) -> None:
    """Nobody in the batch changed her account or was held since it was built."""
    going = batch.payouts.exclude(state=PayoutState.VOID)
    changed = going.filter(details__replaced_at__isnull=False)
    holds = PayoutHold.objects.filter(released_at__isnull=True, release_at__gt=at)
    held = going.filter(tutor__in=holds.values("tutor"))
    errors = {f"E-{p.tutor_id}": [_("The bank account was changed.")] for p in changed}
    errors |= {f"E-{p.tutor_id}": [_("The payouts are held.")] for p in held}
    if errors:
        raise BatchIsStale(
            _("Something changed since the batch was built. Cancel it and build it again."),
            errors=errors,
        )


def _reserve(batch: PayoutBatch, *, actor: Account, at: datetime) -> None:
    payouts = list(batch.payouts.filter(state=PayoutState.ACCRUED).order_by("pk"))
    if not payouts:
        raise CannotApprove(_("There is nothing in this batch to pay. Cancel it."))
    postings = [
        Posting(key=f"reserve:{p.public_id}", kind="payout_reserved", moves=(_reserving(p),))
        for p in payouts
    ]
    journals = post_all(postings=postings, actor=actor.pk, at=at)
    transfers = Transfer.objects.filter(journal__in=journals, state=TransferState.PENDING)
    by_journal = {t.journal_id: t.pk for t in transfers}
    for payout, journal in zip(payouts, journals, strict=True):
        payout.state = PayoutState.APPROVED
        payout.reserved_id = by_journal[journal.pk]
        payout.end_to_end_id = end_to_end_id(number=payout.pk)
    Payout.objects.bulk_update(payouts, ["state", "reserved", "end_to_end_id"])
    batch.state, batch.approved_at = BatchState.APPROVED, at
    batch.save(update_fields=["state", "approved_at"])


def _reserving(payout: Payout) -> Move:
    return Move(
        debit=pots.payable(tutor=f"E-{payout.tutor_id}", currency=payout.currency),
        credit=pots.clearing(batch=f"PB-{payout.batch_id}", currency=payout.currency),
        amount_minor=payout.amount_minor,
        state=TransferState.PENDING,
    )


def send_batch(*, batch: PayoutBatch, actor: Account, at: datetime) -> PayoutBatch:
    """Write the bank file and call the batch sent; from here on only the bank decides.

    `CannotSend` when it is not approved, was edited since, or the payer's account is not set.
    """
    with transaction.atomic():
        take_turn(Turn.BANK)
        held = _held(batch)
        if held.state != BatchState.APPROVED:
            raise CannotSend(_("This batch is %(state)s, not approved.") % {"state": held.state})
        _unchanged(held, seen=None)
        _still_payable(held, at=at)
        held.payer_name, held.payer_iban, held.payer_bic = _payer()
        held.state, held.sent_by, held.sent_at = BatchState.SENT, actor, at
        going = held.payouts.filter(state=PayoutState.APPROVED)
        going.update(state=PayoutState.LOCKED)
        held.file_sha256 = hashlib.sha256(file_of(batch=held)).hexdigest()
        held.save(
            update_fields=[
                "payer_name", "payer_iban", "payer_bic", "state", "sent_by", "sent_at",
                "file_sha256",
            ]
        )  # fmt: skip
        sent = held.payouts.filter(state=PayoutState.LOCKED)
        names = tuple(p.public_id for p in sent.only("pk").order_by("pk"))
        sent.update(state=PayoutState.SENT)
        event = BatchSent(
            subject=held.public_id,
            message_id=held.message_id,
            file_sha256=held.file_sha256,
            payouts=names,
        )
        record(event=event, actor=actor, at=at)
    return held


def _payer() -> tuple[str, str, str]:
    """Who pays, by the settings; `CannotSend` when its account does not hold."""
    payer = settings.PAYER
    try:
        return payer["name"], checked_iban(payer["iban"]), checked_bic(payer["bic"])
    except NotAnAccount as problem:
        raise CannotSend(
            _("The account that we pay from is not set up (LECTERN_PAYER_IBAN). %(why)s")
            % {"why": problem}
        ) from problem


def cancel_batch(*, batch: PayoutBatch, reason: str, actor: Account, at: datetime) -> PayoutBatch:
    """Give up a batch that was not sent; its money and statements are free again."""
    with transaction.atomic():
        held = _held(batch)
        before = sources(moves=BATCH_MOVES, target=BatchState.CANCELLED)
        if held.state not in before:
            raise CannotCancel(_("This batch is %(state)s.") % {"state": held.state})
        payouts = list(held.payouts.exclude(state=PayoutState.VOID).order_by("pk"))
        release(payouts=payouts, kind="payout_cancelled", actor=actor, at=at)
        Payout.objects.filter(pk__in=[p.pk for p in payouts]).update(state=PayoutState.VOID)
        PayoutPart.objects.filter(payout__batch=held, live=True).update(live=False)
        held.state, held.closed_at = BatchState.CANCELLED, at
        held.save(update_fields=["state", "closed_at"])
        record(event=BatchCancelled(subject=held.public_id, reason=reason), actor=actor, at=at)
    return held


def release(*, payouts: Sequence[Payout], kind: str, actor: Account | None, at: datetime) -> None:
    """Give back what the payouts reserved."""
    postings = [
        Posting(
            key=f"release:{p.public_id}",
            kind=kind,
            moves=(resolving(p, state=TransferState.RELEASED),),
        )
        for p in payouts
        if p.reserved_id
    ]
    if postings:
        post_all(postings=postings, actor=actor.pk if actor else None, at=at)


def resolving(payout: Payout, *, state: TransferState) -> Move:
    """The move that posts or gives back a payout's reservation."""
    move = _reserving(payout)
    return Move(
        debit=move.debit,
        credit=move.credit,
        amount_minor=move.amount_minor,
        state=state,
        resolves=payout.reserved_id,
    )
