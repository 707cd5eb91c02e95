"""What the bank told us, kept as it was understood; each booking counts once."""

from django.db import models
from django.db.models import Q

from payments.models.ledger import Journal
from payments.models.payouts import Payout
from payments.rules.states import BankMessageKind, EntryState
from workforce.models.fields import PublicId, state_check, state_field


class BankMessage(PublicId):
    """One file from the bank. The same bytes are read once."""

    prefix = "BM"

    kind = state_field(BankMessageKind, default=BankMessageKind.STATEMENT)
    message_id = models.CharField(max_length=70)
    sha256 = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    received_by = models.ForeignKey("workforce.Account", models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            state_check(BankMessageKind, name="bank_message_kind_known", field="kind"),
            models.UniqueConstraint(fields=["sha256"], name="bank_message_once"),
        ]


class BankEntry(models.Model):
    """One booked payment. `key` is the same in every message that tells of it."""

    message = models.ForeignKey(BankMessage, models.PROTECT, related_name="entries")
    key = models.CharField(max_length=80)
    account = models.CharField(max_length=34)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    end_to_end_id = models.CharField(max_length=70, default="", blank=True)
    reason = models.CharField(max_length=70, default="", blank=True)
    state = state_field(EntryState, default=EntryState.SUSPENSE)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="bank_entries")
    journal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            state_check(EntryState, name="bank_entry_state_known"),
            models.UniqueConstraint(fields=["key"], name="bank_entry_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="bank_entry_moves_money"),
        ]
