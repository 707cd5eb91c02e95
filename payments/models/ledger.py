"""Our books: a transfer holds both sides, so debits equal credits by construction.

Journals and transfers are append-only; a trigger applies each transfer to its two balances and
the balances' floors refuse what may not happen (migration 0002).
"""

from django.db import models
from django.db.models import F, Q

from payments.rules.states import AccountKind, TransferState
from workforce.models.fields import PublicId, state_check, state_field

CODE_CHARS_MAX = 80
REASON_CHARS_MAX = 500


class LedgerAccount(models.Model):
    """One pot of one currency. `floor_minor` null means that it may go any way."""

    code = models.CharField(max_length=CODE_CHARS_MAX)
    currency = models.CharField(max_length=3)
    kind = state_field(AccountKind, default=AccountKind.SUSPENSE)
    floor_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            state_check(AccountKind, name="ledger_account_kind_known", field="kind"),
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_once"),
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_currency"),
        ]
        indexes = [models.Index(fields=["kind", "currency"], name="ledger_account_by_kind")]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Balance(models.Model):
    """What an account's transfers add up to; kept by trigger, never written from here.

    Credits less debits less what is reserved is what can still be taken: never below the floor.
    """

    account = models.OneToOneField(
        LedgerAccount, models.PROTECT, primary_key=True, related_name="balance"
    )
    debits_minor = models.BigIntegerField(default=0)
    credits_minor = models.BigIntegerField(default=0)
    pending_debits_minor = models.BigIntegerField(default=0)
    pending_credits_minor = models.BigIntegerField(default=0)
    floor_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    debits_minor__gte=0,
                    credits_minor__gte=0,
                    pending_debits_minor__gte=0,
                    pending_credits_minor__gte=0,
                ),
                name="balance_sides_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(floor_minor__isnull=True)
                | Q(
                    credits_minor__gte=F("debits_minor")
                    + F("pending_debits_minor")
                    + F("floor_minor")
                ),
                name="balance_not_below_floor",
            ),
        ]


class Journal(PublicId):
    """Why money moved: one act, one key. The same key and body is the same journal."""

    prefix = "JL"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=32)
    body_sha256 = models.CharField(max_length=64)
    actor = models.ForeignKey("workforce.Account", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_CHARS_MAX, default="", blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField()


class Transfer(models.Model):
    """One amount from one account to another. Pending ones are resolved by another, once."""

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="debited")
    credit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="credited")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = state_field(TransferState, default=TransferState.POSTED)
    resolves = models.OneToOneField("self", models.PROTECT, null=True, related_name="resolved_by")

    class Meta:
        constraints = [
            state_check(TransferState, name="transfer_state_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="transfer_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"
            ),
            models.CheckConstraint(
                condition=Q(state="posted")
                | Q(state="pending", resolves__isnull=True)
                | Q(state="released", resolves__isnull=False),
                name="transfer_resolves_or_not",
            ),
        ]
