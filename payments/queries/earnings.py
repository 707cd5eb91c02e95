"""Pay lines: who may see them, and each one explained to the second."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from payments.models import Earning, Payout, PayoutPart, Period
from payments.rules.pricing import amount_for, difference
from payments.rules.states import PayoutState
from payments.rules.weeks import Span, bank_day_after, days_between
from tutors.models import ContractVersion
from workforce.models import Account
from workforce.rules.roles import STAFF


def visible_to(account: Account) -> QuerySet[Earning]:
    """Staff see all lines; anybody else her own."""
    rows = Earning.objects.select_related("bucket", "statement_line")
    return rows if account.roles & STAFF else rows.filter(account=account)


def earnings(
    *,
    account: Account,
    contract: int | None = None,
    tutor: int | None = None,
    statement: int | None = None,
    time_entry: int | None = None,
    kind: str | None = None,
) -> QuerySet[Earning]:
    """The lines that the account may see, narrowed down."""
    wanted: dict[str, Any] = {
        "contract_id": contract,
        "tutor_id": tutor,
        "statement_line__statement_id": statement,
        "time_entry_id": time_entry,
        "kind": kind,
    }
    return visible_to(account).filter(**{k: v for k, v in wanted.items() if v is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How a line came about. `recomputed_minor` is worked out anew from what the line says."""

    earning: Earning
    contract: str
    contract_version: int
    rate_rule: str
    rate_minor_hourly: int | None
    seconds_by_kind: dict[str, int]
    bucket_seconds_before: int
    bucket_seconds_after: int
    target_before_minor: int
    target_after_minor: int
    recomputed_minor: int
    period: Period | None
    late: bool
    statement: str | None
    payout: str | None
    state: PayoutState
    expected_on: date

    @property
    def agrees(self) -> bool:
        return self.recomputed_minor == self.earning.amount_minor


def receipt(*, earning: Earning) -> Receipt:
    """The line's receipt: contract version, rate rule, seconds by kind, and its way to the bank."""
    version = ContractVersion.objects.get(pk=earning.contract_version_id)
    bucket = earning.bucket
    before, after = earning.seconds_before, earning.seconds_before + earning.seconds
    rate = bucket.rate_minor_hourly if bucket else None
    line = getattr(earning, "statement_line", None)
    statement = line.statement if line else None
    payout = _payout(statement.pk) if statement else None
    return Receipt(
        earning=earning,
        contract=f"K-{earning.contract_id}",
        contract_version=version.number,
        rate_rule=bucket.rate_rule if bucket else earning.kind,
        rate_minor_hourly=rate,
        seconds_by_kind={bucket.time_kind: earning.seconds} if bucket else {},
        bucket_seconds_before=before,
        bucket_seconds_after=after,
        target_before_minor=_target(before, rate),
        target_after_minor=_target(after, rate) if bucket else earning.amount_minor,
        recomputed_minor=_recomputed(earning, rate),
        period=bucket.period if bucket else None,
        late=bool(line and line.late),
        statement=statement.public_id if statement else None,
        payout=payout.public_id if payout else None,
        state=PayoutState(payout.state) if payout else PayoutState.ACCRUED,
        expected_on=_expected(earning, version=version, payout=payout),
    )


def _target(seconds: int, rate: int | None) -> int:
    return amount_for(seconds=seconds, rate_minor_hourly=rate) if rate else 0


def _recomputed(earning: Earning, rate: int | None) -> int:
    """For worked time the difference, worked out anew; other lines are what was posted."""
    if rate is None:
        return earning.amount_minor
    return difference(
        seconds_before=earning.seconds_before, seconds=earning.seconds, rate_minor_hourly=rate
    )


def _payout(statement: int) -> Payout | None:
    """The payout that pays the statement now, or the last that tried."""
    parts = PayoutPart.objects.filter(statement=statement).select_related("payout__batch")
    part = parts.order_by("-live", "-pk").first()
    return part.payout if part else None


def _expected(earning: Earning, *, version: ContractVersion, payout: Payout | None) -> date:
    """The batch's day, else the statement's, else what the contract promises for its week."""
    if payout is not None:
        return payout.batch.pay_on
    line = getattr(earning, "statement_line", None)
    if line is not None:
        due: date = line.statement.due_on
        return due
    bucket = earning.bucket
    span = Span(
        starts_at=bucket.period.starts_at if bucket else earning.worked_from,
        ends_at=bucket.period.ends_at if bucket else earning.worked_until,
    )
    _, last = days_between(span=span, zone=version.zone)
    return bank_day_after(day=last, days=version.payment_due_days)
