"""Pay lines and their receipts, periods and statements."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments.doors import Amount, PaperDesk, amount, keys_in, paper
from payments.operations.stating import CONTRACTS_A_CLOSE_MAX, close_periods
from payments.providers.statementpaper import as_csv, as_pdf
from payments.queries import earnings as lines
from payments.queries import statements as papers
from payments.rules.states import EarningKind
from payments.rules.weeks import Span, days_between
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.problems import NotFound
from workforce.rules.roles import STAFF, Role

READERS = frozenset({Role.TUTOR, *STAFF})
STATEMENTS_NAMED_MAX = 500
REASON_CHARS_MAX = 500


class EarningFilters(Filters):
    contract = serializers.CharField(max_length=32, required=False)
    tutor = serializers.CharField(max_length=32, required=False)
    statement = serializers.CharField(max_length=32, required=False)
    time_entry = serializers.CharField(max_length=32, required=False)
    kind = serializers.ChoiceField([k.value for k in EarningKind], required=False)


class EarningAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    amount = Amount(source="*")
    kind = serializers.CharField()
    seconds = serializers.IntegerField()
    time_kind = serializers.CharField(source="bucket.time_kind", default=None, allow_null=True)
    rate_rule = serializers.CharField(source="bucket.rate_rule", default=None, allow_null=True)
    rate_minor_hourly = serializers.IntegerField(
        source="bucket.rate_minor_hourly", default=None, allow_null=True
    )
    tutor = serializers.SerializerMethodField()
    contract = serializers.SerializerMethodField()
    project = serializers.SerializerMethodField()
    time_entry = serializers.SerializerMethodField()
    statement = serializers.SerializerMethodField()
    worked_from = serializers.DateTimeField()
    worked_until = serializers.DateTimeField()
    posted_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)

    def get_tutor(self, row: Any) -> str:
        return f"E-{row.tutor_id}"

    def get_contract(self, row: Any) -> str:
        return f"K-{row.contract_id}"

    def get_project(self, row: Any) -> str | None:
        return f"P-{row.project_id}" if row.project_id else None

    def get_time_entry(self, row: Any) -> str | None:
        return f"TE-{row.time_entry_id}" if row.time_entry_id else None

    def get_statement(self, row: Any) -> str | None:
        line = getattr(row, "statement_line", None)
        return f"ST-{line.statement_id}" if line else None


class PeriodAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    week = serializers.CharField(source="label", help_text="The ISO week in the contract's zone.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    zone = serializers.CharField()
    state = serializers.CharField()


class ReceiptAnswer(serializers.Serializer[Any]):
    """A pay line explained. `recomputed` is worked out anew; `agrees` says it is the amount."""

    id = serializers.CharField(source="earning.public_id")
    amount = Amount(source="earning")
    recomputed = serializers.SerializerMethodField()
    agrees = serializers.BooleanField()
    kind = serializers.CharField(source="earning.kind")
    contract = serializers.CharField()
    contract_version = serializers.IntegerField()
    rate_rule = serializers.CharField()
    rate_minor_hourly = serializers.IntegerField(allow_null=True)
    seconds = serializers.IntegerField(source="earning.seconds")
    seconds_by_kind = serializers.DictField(child=serializers.IntegerField())
    time_entry = serializers.SerializerMethodField()
    worked_from = serializers.DateTimeField(source="earning.worked_from")
    worked_until = serializers.DateTimeField(source="earning.worked_until")
    bucket_seconds_before = serializers.IntegerField()
    bucket_seconds_after = serializers.IntegerField()
    target_before_minor = serializers.IntegerField()
    target_after_minor = serializers.IntegerField()
    period = PeriodAnswer(allow_null=True)
    late = serializers.BooleanField(help_text="Approved after its own period was closed.")
    statement = serializers.CharField(allow_null=True)
    payout = serializers.CharField(allow_null=True)
    state = serializers.CharField(help_text="How far the money is.")
    expected_on = serializers.DateField()
    reason = serializers.CharField(source="earning.reason", allow_blank=True)

    @extend_schema_field(Amount)
    def get_recomputed(self, row: lines.Receipt) -> dict[str, Any]:
        return amount(minor=row.recomputed_minor, currency=row.earning.currency)

    def get_time_entry(self, row: lines.Receipt) -> str | None:
        entry = row.earning.time_entry_id
        return f"TE-{entry}" if entry else None


def _earning(call: Call, id: str) -> Any:
    row = lines.visible_to(call.account).filter(pk=key_of("EA", id)).first()
    if row is None:
        raise NotFound
    return row


class Earnings(Desk):
    @door(
        "earnings_list",
        summary="Pay lines: my own, or everybody's for staff",
        roles=READERS,
        filters=EarningFilters,
        answer=EarningAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        p = call.params
        return lines.earnings(
            account=call.account,
            contract=_wanted("K", p.get("contract")),
            tutor=_wanted("E", p.get("tutor")),
            statement=_wanted("ST", p.get("statement")),
            time_entry=_wanted("TE", p.get("time_entry")),
            kind=p.get("kind"),
        )

    @door(
        "earnings_receipt",
        summary="How a pay line came about, to the second",
        roles=READERS,
        find=_earning,
        answer=ReceiptAnswer,
    )
    def receipt(self, call: Call) -> Any:
        return lines.receipt(earning=call.found)


def _wanted(prefix: str, text: str | None) -> int | None:
    """A filter's id; one that cannot be anything finds nothing."""
    if text is None:
        return None
    try:
        return key_of(prefix, text)
    except NotFound:
        return 0


class PeriodsCloseRequest(Body):
    until = serializers.DateTimeField(required=False, help_text="Left out: now.")
    contracts = serializers.ListField(
        child=serializers.CharField(max_length=32),
        required=False,
        min_length=1,
        max_length=CONTRACTS_A_CLOSE_MAX,
        help_text="Left out: all.",
    )
    reason = serializers.CharField(max_length=REASON_CHARS_MAX, required=False, default="")


class PeriodsCloseAnswer(serializers.Serializer[Any]):
    until = serializers.DateTimeField()
    periods = serializers.IntegerField(help_text="How many were closed.")
    statements = serializers.SerializerMethodField()
    statements_count = serializers.SerializerMethodField()
    remaining = serializers.IntegerField(help_text="Contracts that wait for another call.")

    def get_statements(self, row: Any) -> list[str]:
        return [s.public_id for s in row.statements[:STATEMENTS_NAMED_MAX]]

    def get_statements_count(self, row: Any) -> int:
        return len(row.statements)


class Periods(Desk):
    @door(
        "periods_close",
        summary="Freeze what was earned into statements",
        roles=[Role.FINANCE],
        body=PeriodsCloseRequest,
        answer=PeriodsCloseAnswer,
        idempotent=True,
    )
    def close(self, call: Call) -> Any:
        """A period that goes on after `until` is cut there; its rest stays open."""
        return close_periods(
            until=call.body.get("until", call.at),
            contracts=keys_in(prefix="K", texts=call.body.get("contracts"), field="contracts"),
            reason=call.body["reason"],
            actor=call.account,
            at=call.at,
        )


class StatementFilters(Filters):
    contract = serializers.CharField(max_length=32, required=False)
    tutor = serializers.CharField(max_length=32, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)


class StatementAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    contract = serializers.SerializerMethodField()
    tutor = serializers.SerializerMethodField()
    period = PeriodAnswer()
    first_day = serializers.SerializerMethodField()
    last_day = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    seconds = serializers.IntegerField()
    lines_count = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    state = serializers.SerializerMethodField(help_text="How far the money is.")
    payout = serializers.SerializerMethodField()

    def get_contract(self, row: Any) -> str:
        return f"K-{row.contract_id}"

    def get_tutor(self, row: Any) -> str:
        return f"E-{row.tutor_id}"

    def get_first_day(self, row: Any) -> str:
        return self._days(row)[0].isoformat()

    def get_last_day(self, row: Any) -> str:
        return self._days(row)[1].isoformat()

    @extend_schema_field(Amount)
    def get_total(self, row: Any) -> dict[str, Any]:
        return amount(minor=row.total_minor, currency=row.currency)

    def get_state(self, row: Any) -> str:
        return str(getattr(row, "payout_state", None) or "accrued")

    def get_payout(self, row: Any) -> str | None:
        payout = getattr(row, "payout_id", None)
        return f"PO-{payout}" if payout else None

    @staticmethod
    def _days(row: Any) -> tuple[date, date]:
        span = Span(starts_at=row.period.starts_at, ends_at=row.period.ends_at)
        return days_between(span=span, zone=row.period.zone)


def _statement(call: Call, id: str) -> Any:
    row = papers.statements(account=call.account).filter(pk=key_of("ST", id)).first()
    if row is None:
        raise NotFound
    return row


class Statements(PaperDesk):
    @door(
        "statements_list",
        summary="Statements of closed periods: my own, or everybody's for staff",
        roles=READERS,
        filters=StatementFilters,
        answer=StatementAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return papers.statements(
            account=call.account,
            contract=_wanted("K", call.params.get("contract")),
            tutor=_wanted("E", call.params.get("tutor")),
            currency=call.params.get("currency"),
        )

    @door(
        "statements_show",
        summary="One statement",
        roles=READERS,
        find=_statement,
        answer=StatementAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "statements_pdf",
        summary="A statement as PDF, the same bytes each time",
        roles=READERS,
        find=_statement,
        media=("application/pdf",),
    )
    def pdf(self, call: Call) -> HttpResponse:
        content = as_pdf(papers.paper_of(statement=call.found))
        return paper(content, media="application/pdf", name=f"{call.found.public_id}.pdf")

    @door(
        "statements_csv",
        summary="A statement as CSV, the same bytes each time",
        roles=READERS,
        find=_statement,
        media=("text/csv",),
    )
    def csv(self, call: Call) -> HttpResponse:
        content = as_csv(papers.paper_of(statement=call.found))
        return paper(content, media="text/csv; charset=utf-8", name=f"{call.found.public_id}.csv")
