"""The back office of this floor: everything to see but account numbers, nothing to change."""

from django.contrib import admin

from payments.models import (
    Balance,
    BankEntry,
    BankMessage,
    BatchApproval,
    Bucket,
    Earning,
    Journal,
    LedgerAccount,
    LeftOut,
    Payout,
    PayoutBatch,
    PayoutDetails,
    PayoutHold,
    Period,
    Statement,
    Transfer,
)
from workforce.admin import ReadOnly


@admin.register(Earning)
class EarningAdmin(ReadOnly):
    list_display = ("public_id", "kind", "seconds", "amount_minor", "currency", "posted_at")
    list_filter = ("kind", "currency")


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    list_display = ("public_id", "label", "starts_at", "ends_at", "state")
    list_filter = ("state",)


@admin.register(Statement)
class StatementAdmin(ReadOnly):
    list_display = ("public_id", "payee_name", "total_minor", "currency", "issued_at", "due_on")
    list_filter = ("currency",)


@admin.register(Journal)
class JournalAdmin(ReadOnly):
    list_display = ("public_id", "kind", "key", "actor", "at")
    list_filter = ("kind",)
    search_fields = ("key",)


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    list_display = ("id", "journal", "amount_minor", "currency", "state")
    list_filter = ("state", "currency")


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnly):
    list_display = ("code", "currency", "kind", "floor_minor")
    list_filter = ("kind", "currency")
    search_fields = ("code",)


@admin.register(Balance)
class BalanceAdmin(ReadOnly):
    list_display = ("account_id", "debits_minor", "credits_minor", "pending_debits_minor")


@admin.register(PayoutBatch)
class PayoutBatchAdmin(ReadOnly):
    list_display = ("public_id", "state", "pay_on", "payouts_count", "built_by", "sent_at")
    list_filter = ("state",)
    exclude = ("payer_iban",)


@admin.register(Payout)
class PayoutAdmin(ReadOnly):
    list_display = ("public_id", "state", "amount_minor", "currency", "end_to_end_id")
    list_filter = ("state", "currency")
    search_fields = ("end_to_end_id",)


@admin.register(PayoutDetails)
class PayoutDetailsAdmin(ReadOnly):
    list_display = ("tutor", "iban_masked", "confirmed_at", "hold_until", "replaced_at")
    exclude = ("iban_sealed", "iban_fingerprint")


@admin.register(BankEntry)
class BankEntryAdmin(ReadOnly):
    list_display = ("id", "booked_on", "amount_minor", "currency", "state", "end_to_end_id")
    list_filter = ("state", "currency")


admin.site.register([BankMessage, BatchApproval, Bucket, LeftOut, PayoutHold], ReadOnly)
