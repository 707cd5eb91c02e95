"""Where to pay, what is on its way, who agreed to it."""

from django.db import models
from django.db.models import F, Q

from payments.models.ledger import REASON_CHARS_MAX, Transfer
from payments.models.statements import Statement
from payments.rules.references import REFERENCE_CHARS_MAX
from payments.rules.states import BatchState, PayoutState
from workforce.models.fields import PublicId, state_check, state_field


class PayoutDetails(models.Model):
    """A tutor's bank account. The number is encrypted; people see `iban_masked`.

    A change makes a new row. `hold_until` keeps payouts back for a while after a change.
    """

    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+")
    holder_name = models.CharField(max_length=140)
    iban_sealed = models.TextField()
    iban_fingerprint = models.CharField(max_length=64)
    iban_masked = models.CharField(max_length=16)
    bic = models.CharField(max_length=11, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    entered_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tutor"],
                condition=Q(replaced_at__isnull=True),
                name="payout_details_one_in_force",
            )
        ]
        indexes = [models.Index(fields=["iban_fingerprint"], name="payout_details_by_iban")]


class PayoutHold(models.Model):
    """A person keeps a tutor's payouts back, for a stated reason, until a stated day."""

    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=REASON_CHARS_MAX)
    placed_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    release_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="payout_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(release_at__gt=F("placed_at")), name="payout_hold_ends"
            ),
        ]


class PayoutBatch(PublicId):
    """Payouts that go to the bank together. `content_hash` is what the checkers agree to.

    `totals_minor` and `payouts_count` say what was built, by currency.
    """

    prefix = "PB"

    state = state_field(BatchState, default=BatchState.BUILT)
    built_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    built_at = models.DateTimeField()
    pay_on = models.DateField()
    message_id = models.CharField(max_length=REFERENCE_CHARS_MAX, default="", blank=True)
    content_hash = models.CharField(max_length=64, default="", blank=True)
    checkers_needed = models.PositiveSmallIntegerField(default=1)
    totals_minor = models.JSONField(default=dict)
    payouts_count = models.PositiveIntegerField(default=0)
    approved_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("workforce.Account", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    file_version = models.CharField(max_length=2, default="09")
    file_sha256 = models.CharField(max_length=64, default="", blank=True)
    payer_name = models.CharField(max_length=140, default="", blank=True)
    payer_iban = models.CharField(max_length=34, default="", blank=True)
    payer_bic = models.CharField(max_length=11, default="", blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(BatchState, name="payout_batch_state_known"),
            models.UniqueConstraint(fields=["id", "built_by"], name="payout_batch_maker"),
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="payout_batch_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["built", "approved", "cancelled"])
                | (Q(sent_at__isnull=False) & ~Q(file_sha256="")),
                name="payout_batch_sent_with_a_file",
            ),
        ]


class BatchApproval(models.Model):
    """One checker's word on one content. The maker can never be a checker.

    `maker` repeats the batch's maker (a foreign key over both keeps it honest, migration 0002).
    """

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="approvals")
    maker = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    checker = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(maker=F("checker")), name="batch_maker_is_not_checker"
            ),
            models.UniqueConstraint(fields=["batch", "checker"], name="batch_checker_once"),
        ]


class Payout(PublicId):
    """One instruction to the bank, paid at most once. Money that came back goes as a new one.

    `bank_debited` and `bank_credited`: the account statement showed it going out, coming back.
    """

    prefix = "PO"

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="payouts")
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+")
    account = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    details = models.ForeignKey(PayoutDetails, models.PROTECT, related_name="payouts")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = state_field(PayoutState, default=PayoutState.ACCRUED)
    end_to_end_id = models.CharField(
        max_length=REFERENCE_CHARS_MAX, null=True, unique=True, default=None
    )
    reserved = models.OneToOneField(Transfer, models.PROTECT, null=True, related_name="payout")
    bank_debited = models.BooleanField(default=False)
    bank_credited = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(PayoutState, name="payout_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_amount_positive"),
            models.UniqueConstraint(
                fields=["batch", "tutor", "currency"], name="payout_once_per_tutor_and_currency"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accrued", "void"])
                | Q(reserved__isnull=False, end_to_end_id__isnull=False),
                name="payout_money_reserved_before_it_goes",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="payout_by_state")]


class PayoutPart(models.Model):
    """A statement that a payout pays; `live` until the payout fails, comes back or is given up.

    A statement is in one live part at most: that makes paying it twice impossible.
    """

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="parts")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="payout_parts")
    amount_minor = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], condition=Q(live=True), name="statement_paid_once"
            )
        ]


class LeftOut(models.Model):
    """Money that a batch did not take along, and why."""

    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="left_out")
    tutor = models.ForeignKey("tutors.Tutor", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    code = models.CharField(max_length=32)
    reason = models.CharField(max_length=REASON_CHARS_MAX)


class PayoutTally(models.Model):
    """How many payouts, and how much, stand in each state; kept by trigger."""

    state = models.CharField(max_length=24)
    currency = models.CharField(max_length=3)
    payouts_count = models.BigIntegerField(default=0)
    amount_minor = models.DecimalField(max_digits=30, decimal_places=0, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "currency"], name="payout_tally_once")
        ]
