"""Payout batches, their bank files, the bank's answers, and where tutors are paid."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from payments.doors import (
    Amount,
    BytesParser,
    PaperDesk,
    TextXMLParser,
    XMLParser,
    check_size,
    keys_in,
    paper,
)
from payments.operations.handing import hand_over_file
from payments.operations.payees import set_details_of
from payments.operations.paying import (
    approve_batch,
    build_batch,
    cancel_batch,
    send_batch,
)
from payments.operations.settling import import_bank_message
from payments.queries import payouts as asked
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role, Scope

WATCHERS = frozenset({Role.FINANCE, Role.MANAGER, Role.ADMIN})
STATEMENTS_NAMED_MAX = 10_000
REASON_CHARS_MAX = 500


class BatchApprovalAnswer(serializers.Serializer[Any]):
    checker = serializers.CharField(source="checker.public_id")
    content_hash = serializers.CharField()
    at = serializers.DateTimeField()


class LeftOutAnswer(serializers.Serializer[Any]):
    tutor = serializers.SerializerMethodField()
    amount = Amount(source="*")
    code = serializers.CharField()
    reason = serializers.CharField()

    def get_tutor(self, row: Any) -> str:
        return f"E-{row.tutor_id}"


class PayoutBatchAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    pay_on = serializers.DateField()
    totals = serializers.SerializerMethodField()
    payouts_count = serializers.IntegerField()
    content_hash = serializers.CharField(help_text="What a checker agrees to.")
    message_id = serializers.CharField()
    built_by = serializers.CharField(source="built_by.public_id")
    built_at = serializers.DateTimeField()
    checkers_needed = serializers.IntegerField()
    approvals = BatchApprovalAnswer(many=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    sent_by = serializers.CharField(source="sent_by.public_id", default=None, allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    file_sha256 = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    left_out = LeftOutAnswer(many=True)

    @extend_schema_field(Amount(many=True))
    def get_totals(self, row: Any) -> list[dict[str, Any]]:
        return [
            {"amount_minor": minor, "currency": currency}
            for currency, minor in sorted(row.totals_minor.items())
        ]


class PayoutAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    tutor = serializers.SerializerMethodField()
    amount = Amount(source="*")
    state = serializers.CharField()
    end_to_end_id = serializers.CharField(allow_null=True)
    holder_name = serializers.CharField(source="details.holder_name")
    iban = serializers.CharField(source="details.iban_masked", help_text="Masked.")
    statements = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_blank=True, help_text="The bank's, if it failed.")

    def get_tutor(self, row: Any) -> str:
        return f"E-{row.tutor_id}"

    def get_statements(self, row: Any) -> list[str]:
        return [f"ST-{part.statement_id}" for part in row.parts.all()]


class PayoutBatchRequest(Body):
    pay_on = serializers.DateField(required=False, help_text="Left out: the next bank day.")
    statements = serializers.ListField(
        child=serializers.CharField(max_length=32),
        required=False,
        min_length=1,
        max_length=STATEMENTS_NAMED_MAX,
        help_text="Left out: all that wait.",
    )


class PayoutApproveRequest(Body):
    content_hash = serializers.RegexField(
        r"^[0-9a-f]{64}$", required=False, help_text="What you looked at; 409 if it has changed."
    )


class PayoutCancelRequest(Body):
    reason = serializers.CharField(max_length=REASON_CHARS_MAX, required=False, default="")


def _batch(call: Call, id: str) -> Any:
    row = asked.batches().filter(pk=key_of("PB", id)).first()
    if row is None:
        raise NotFound
    return row


def _again(batch: Any) -> Any:
    """The batch as it stands after the act."""
    return asked.batches().get(pk=batch.pk)


class PayoutBatches(PaperDesk):
    @door(
        "payout_batches_list",
        summary="Payout batches",
        roles=WATCHERS,
        answer=PayoutBatchAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return asked.batches()

    @door(
        "payout_batches_create",
        summary="Build a batch of what waits for payment",
        roles=[Role.FINANCE],
        body=PayoutBatchRequest,
        answer=PayoutBatchAnswer,
        status=201,
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Money that cannot be paid is left out with a reason; the rest is taken."""
        batch = build_batch(
            pay_on=call.body.get("pay_on"),
            statements=keys_in(prefix="ST", texts=call.body.get("statements"), field="statements"),
            actor=call.account,
            at=call.at,
        )
        return _again(batch)

    @door(
        "payout_batches_show",
        summary="One batch",
        roles=WATCHERS,
        find=_batch,
        answer=PayoutBatchAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "payout_batches_payouts",
        summary="The payouts of a batch",
        roles=WATCHERS,
        find=_batch,
        answer=PayoutAnswer,
        many=True,
        order="id",
    )
    def payouts(self, call: Call) -> Any:
        return asked.payouts_of(batch=call.found)

    @door(
        "payout_batches_approve",
        summary="Agree to a batch that somebody else built",
        roles=[Role.FINANCE],
        scope=Scope.PAYOUTS_RELEASE,
        find=_batch,
        body=PayoutApproveRequest,
        answer=PayoutBatchAnswer,
        idempotent=True,
    )
    def approve(self, call: Call) -> Any:
        batch = approve_batch(
            batch=call.found,
            content_hash=call.body.get("content_hash"),
            actor=call.account,
            at=call.at,
        )
        return _again(batch)

    @door(
        "payout_batches_send",
        summary="Write the bank file; from here on the bank decides",
        roles=[Role.FINANCE],
        scope=Scope.PAYOUTS_RELEASE,
        find=_batch,
        answer=PayoutBatchAnswer,
        idempotent=True,
    )
    def send(self, call: Call) -> Any:
        return _again(send_batch(batch=call.found, actor=call.account, at=call.at))

    @door(
        "payout_batches_cancel",
        summary="Give up a batch that was not sent",
        roles=[Role.FINANCE],
        find=_batch,
        body=PayoutCancelRequest,
        answer=PayoutBatchAnswer,
        idempotent=True,
    )
    def cancel(self, call: Call) -> Any:
        batch = cancel_batch(
            batch=call.found, reason=call.body["reason"], actor=call.account, at=call.at
        )
        return _again(batch)

    @door(
        "payout_batches_file",
        summary="The bank file (pain.001), the same bytes each time",
        roles=[Role.FINANCE],
        find=_batch,
        media=("application/xml",),
        conflict=True,
    )
    def file(self, call: Call) -> HttpResponse:
        """Each reading is recorded: the file holds account numbers."""
        content = hand_over_file(batch=call.found, actor=call.account, at=call.at)
        name = f"{call.found.message_id}.xml"
        return paper(content, media="application/xml", name=name)


class BankMessageRequest(Body):
    file = serializers.FileField(
        help_text="A pain.002 or camt.053; `application/xml` as the body itself does as well."
    )

    def validate_file(self, file: Any) -> Any:
        check_size(file.size)
        return file


class BankMessageAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="message.public_id")
    kind = serializers.CharField(source="message.kind")
    message_id = serializers.CharField(source="message.message_id")
    duplicate = serializers.BooleanField(help_text="It was read before; nothing changed now.")
    settled = serializers.ListField(child=serializers.CharField(), source="result.settled")
    failed = serializers.ListField(child=serializers.CharField(), source="result.failed")
    returned = serializers.ListField(child=serializers.CharField(), source="result.returned")
    matched = serializers.IntegerField(source="result.matched")
    fees = serializers.IntegerField(source="result.fees")
    suspense = serializers.IntegerField(source="result.suspense")
    duplicates = serializers.IntegerField(source="result.duplicates")
    unknown = serializers.IntegerField(source="result.unknown")


class BankMessageRow(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    message_id = serializers.CharField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()


class BankStatements(Desk):
    @door(
        "bank_statements_list",
        summary="What the bank sent",
        roles=WATCHERS,
        answer=BankMessageRow,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return asked.messages()

    @door(
        "bank_statements_import",
        summary="Read a status report or an account statement of the bank",
        roles=[Role.FINANCE],
        body=BankMessageRequest,
        answer=BankMessageAnswer,
        parsers=(XMLParser, TextXMLParser, BytesParser, MultiPartParser),
        idempotent=True,
    )
    def create(self, call: Call) -> Any:
        """Read once, however often it is sent. One that does not add up changes nothing."""
        content = call.body["file"].read()
        return import_bank_message(content=content, actor=call.account, at=call.at)


class PayoutStageAnswer(serializers.Serializer[Any]):
    state = serializers.CharField()
    payouts_count = serializers.IntegerField()
    amount_minor = serializers.IntegerField()


class CurrencySummary(serializers.Serializer[Any]):
    currency = serializers.CharField()
    accrued_minor = serializers.IntegerField(help_text="Owed to tutors, in no approved payout.")
    stages = serializers.SerializerMethodField()
    suspense_minor = serializers.IntegerField(help_text="Booked by the bank, not explained yet.")
    fees_minor = serializers.IntegerField()

    @extend_schema_field(PayoutStageAnswer(many=True))
    def get_stages(self, row: asked.Summary) -> list[dict[str, Any]]:
        return [
            {"state": state, "payouts_count": count, "amount_minor": minor}
            for state, (count, minor) in sorted(row.by_state.items())
        ]


class PayoutSummaryAnswer(serializers.Serializer[Any]):
    currencies = CurrencySummary(many=True)


class PayoutSummary(Desk):
    @door(
        "ops_payouts_summary",
        summary="Where the money stands, by currency and stage",
        roles=WATCHERS,
        answer=PayoutSummaryAnswer,
    )
    def show(self, call: Call) -> Any:
        return {"currencies": asked.summary()}


class PayoutDetailsRequest(Body):
    holder_name = serializers.CharField(max_length=140)
    iban = serializers.CharField(max_length=64)
    bic = serializers.CharField(max_length=16, required=False, default="", allow_blank=True)


class PayoutDetailsAnswer(serializers.Serializer[Any]):
    holder_name = serializers.CharField()
    iban = serializers.CharField(source="iban_masked", help_text="Masked.")
    bic = serializers.CharField(allow_blank=True)
    entered_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    hold_until = serializers.DateTimeField(
        allow_null=True, help_text="After a change, payouts wait until then."
    )


class MyPayoutDetails(Desk):
    @door(
        "work_payout_details_show",
        summary="Where I am paid",
        roles=[Role.TUTOR],
        answer=PayoutDetailsAnswer,
        empty="No bank account yet.",
    )
    def show(self, call: Call) -> Any:
        return asked.details_of(account=call.account)

    @door(
        "work_payout_details_set",
        summary="Say where to pay me",
        roles=[Role.TUTOR],
        body=PayoutDetailsRequest,
        answer=PayoutDetailsAnswer,
        idempotent=True,
    )
    def put(self, call: Call) -> Any:
        """The first account counts at once; a change holds payouts for 72 hours."""
        return set_details_of(account=call.account, at=call.at, **call.body)
