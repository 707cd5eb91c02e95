"""Where tutors are paid, and when not: details, their holds, holds by a person."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import PayoutDetailsSet, PayoutsHeld, PayoutsReleased
from payments.models import PayoutDetails, PayoutHold
from payments.providers.accounts import NotAnAccount, checked_bic, checked_iban, masked
from payments.rules.banktext import NOT_WRITABLE, fold
from tutors.models import Tutor
from workforce.models import Account
from workforce.operations import record
from workforce.providers.vault import ring
from workforce.rules.problems import Conflict, Invalid, NotAllowed

IBAN_CONTEXT = "payments_payoutdetails.iban"
CHANGE_HOLD = timedelta(hours=72)
"""Payouts wait this long after confirmed details were changed."""


class CannotUseDetails(Invalid):
    code = "payout_details_not_valid"
    title = "These payout details do not hold together"


class CannotHoldPayouts(Invalid):
    code = "hold_not_valid"
    title = "A hold needs a reason and a day on which it ends"


class CannotReleaseHold(Conflict):
    code = "hold_is_over"
    title = "This hold is over already"


def set_details(
    *, tutor: Tutor, holder_name: str, iban: str, bic: str, actor: Account, at: datetime
) -> PayoutDetails:
    """Take down a tutor's bank account in place of the one before.

    The first one counts at once; a change holds payouts for `CHANGE_HOLD`. The same account
    again changes nothing. `CannotUseDetails` when a check digit, shape or name does not hold.
    """
    number, code = check_details(holder_name=holder_name, iban=iban, bic=bic)
    with transaction.atomic():
        Tutor.objects.select_for_update(no_key=True).get(pk=tutor.pk)
        before = PayoutDetails.objects.filter(tutor=tutor, replaced_at__isnull=True).first()
        fingerprint = ring().fingerprint(number, context=IBAN_CONTEXT)
        same = before is not None and (
            (before.iban_fingerprint, before.holder_name, before.bic)
            == (fingerprint, holder_name, code)
        )
        if before is not None and same:
            return before
        hold_until = at + CHANGE_HOLD if before is not None and before.confirmed_at else None
        PayoutDetails.objects.filter(tutor=tutor, replaced_at__isnull=True).update(replaced_at=at)
        details = PayoutDetails.objects.create(
            tutor=tutor,
            holder_name=holder_name,
            iban_sealed=ring().close(number, context=IBAN_CONTEXT),
            iban_fingerprint=fingerprint,
            iban_masked=masked(number),
            bic=code,
            confirmed_at=at,
            hold_until=hold_until,
            entered_by=actor,
            entered_at=at,
        )
        event = PayoutDetailsSet(
            subject=tutor.public_id,
            changed=before is not None,
            hold_until=hold_until.isoformat() if hold_until else "",
        )
        record(event=event, actor=actor, at=at)
    return details


def check_details(*, holder_name: str, iban: str, bic: str) -> tuple[str, str]:
    """The IBAN and BIC as they would be kept; `CannotUseDetails` names the fields at fault."""
    errors: dict[str, list[str]] = {}
    number = code = ""
    try:
        number = checked_iban(iban)
    except NotAnAccount as problem:
        errors["iban"] = [str(problem)]
    try:
        code = checked_bic(bic)
    except NotAnAccount as problem:
        errors["bic"] = [str(problem)]
    if fold(holder_name) == NOT_WRITABLE:
        errors["holder_name"] = [_("Write the name as your bank does, in Latin letters.")]
    if errors:
        raise CannotUseDetails(_("Look at the marked fields; nothing was saved."), errors=errors)
    return number, code


def opened_iban(details: PayoutDetails) -> str:
    """The number in clear, for a bank file being written and nothing else."""
    return ring().open(details.iban_sealed, context=IBAN_CONTEXT)


def hold_payouts(
    *, tutor: Tutor, reason: str, release_at: datetime, actor: Account, at: datetime
) -> PayoutHold:
    """Keep a tutor's payouts back until `release_at`, for a stated reason."""
    if not reason.strip() or release_at <= at:
        raise CannotHoldPayouts(_("Say why, and give a release date that lies ahead."))
    with transaction.atomic():
        hold = PayoutHold.objects.create(
            tutor=tutor, reason=reason, placed_by=actor, placed_at=at, release_at=release_at
        )
        event = PayoutsHeld(
            subject=tutor.public_id, reason=reason, release_at=release_at.isoformat()
        )
        record(event=event, actor=actor, at=at)
    return hold


def release_hold(*, hold: PayoutHold, actor: Account, at: datetime) -> None:
    """End a hold early. `CannotReleaseHold` when it is over."""
    with transaction.atomic():
        alive = PayoutHold.objects.filter(pk=hold.pk, released_at__isnull=True, release_at__gt=at)
        if not alive.update(released_at=at):
            raise CannotReleaseHold(_("The hold was released or has run out."))
        record(event=PayoutsReleased(subject=hold.tutor.public_id), actor=actor, at=at)


def set_details_of(
    *, account: Account, holder_name: str, iban: str, bic: str, at: datetime
) -> PayoutDetails:
    """`set_details` by the tutor herself. `NotAllowed` for an account that is no tutor's."""
    tutor = Tutor.objects.filter(account=account).first()
    if tutor is None:
        raise NotAllowed(_("Only tutors are paid through here."))
    return set_details(
        tutor=tutor, holder_name=holder_name, iban=iban, bic=bic, actor=account, at=at
    )
