"""Closing periods: what was earned up to an instant is frozen into statements, once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from payments.events import PeriodsClosed
from payments.models import Earning, Period, Statement, StatementLine
from payments.operations.earning import post_what_waits
from payments.operations.periods import ensure_periods, open_period
from payments.operations.turns import Turn, take_turn
from payments.rules.states import PeriodState
from payments.rules.weeks import Span, bank_day_after, days_between
from tasks.models import TimeEntry
from tasks.rules.states import TimeState
from tutors.models import Contract, ContractVersion
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Invalid

CONTRACTS_A_CHUNK = 200
"""Contracts that are closed by one set of statements; their number does not depend on it."""

CONTRACTS_A_CLOSE_MAX = 1_000
"""Contracts that one call closes, some ten seconds of work; the next call closes what is left."""

_INSTANT = timedelta(microseconds=1)


class CannotClosePeriods(Invalid):
    code = "periods_cannot_close"
    title = "These periods cannot be closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What a close did. `remaining` contracts wait for another call."""

    until: datetime
    periods: int
    statements: list[Statement]
    remaining: int


def close_periods(
    *,
    until: datetime,
    contracts: Sequence[int] | None,
    reason: str,
    actor: Account,
    at: datetime,
) -> Closed:
    """State everything worked before `until` and close the periods it falls into.

    A period that goes on after `until` is cut there and its rest is open. Lines of periods closed
    earlier go into the first one closed now, and say so. Closing again states what is new, and
    nothing twice. `CannotClosePeriods` when `until` lies ahead.
    """
    if until > at:
        raise CannotClosePeriods(
            _("A period is closed up to now at most, never ahead."),
            errors={"until": [_("This instant has not come yet.")]},
        )
    with transaction.atomic():
        take_turn(Turn.CLOSE)
        post_what_waits(until=until, contracts=contracts, at=at)
        wanted = _contracts_to_close(until=until, contracts=contracts)
        periods, statements = 0, list[Statement]()
        for chunk in _batched(wanted[:CONTRACTS_A_CLOSE_MAX], CONTRACTS_A_CHUNK):
            closed, made = _close_chunk(chunk, until=until, reason=reason, actor=actor, at=at)
            periods += closed
            statements += made
        remaining = max(0, len(wanted) - CONTRACTS_A_CLOSE_MAX)
    return Closed(until=until, periods=periods, statements=statements, remaining=remaining)


def _batched(items: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def _contracts_to_close(*, until: datetime, contracts: Sequence[int] | None) -> list[int]:
    """Contracts with lines not stated, or periods that have run out, before `until`."""
    lines = Earning.objects.filter(statement_line__isnull=True, worked_from__lt=until)
    over = Period.objects.filter(state=PeriodState.OPEN, ends_at__lte=until)
    if contracts is not None:
        lines = lines.filter(contract__in=contracts)
        over = over.filter(contract__in=contracts)
    found = {
        *lines.order_by().values_list("contract_id", flat=True).distinct(),
        *over.order_by().values_list("contract_id", flat=True).distinct(),
    }
    return sorted(found)


def _close_chunk(
    contracts: Sequence[int], *, until: datetime, reason: str, actor: Account, at: datetime
) -> tuple[int, list[Statement]]:
    lines = list(
        Earning.objects.filter(
            contract__in=contracts, statement_line__isnull=True, worked_from__lt=until
        ).order_by("contract_id", "worked_from", "pk")
    )
    _give_late_lines_a_period(lines, until=until)
    periods = _cut_and_lock(contracts, until=until)
    statements = _state(lines, periods=periods, at=at)
    closed = Period.objects.filter(pk__in=[p.pk for p in periods])
    closed.update(state=PeriodState.CLOSED, closed_at=at, closed_by=actor)
    stated = [line.time_entry_id for line in lines if line.time_entry_id]
    TimeEntry.objects.filter(pk__in=stated, state=TimeState.APPROVED).update(state=TimeState.LOCKED)
    if periods:
        event = PeriodsClosed(
            subject=periods[0].public_id,
            until=until.isoformat(),
            periods=len(periods),
            statements=len(statements),
            reason=reason,
        )
        record(event=event, actor=actor, at=at)
    return len(periods), statements


def _give_late_lines_a_period(lines: Sequence[Earning], *, until: datetime) -> None:
    """A contract whose periods are all closed gets the one that runs up to `until`."""
    contracts = {line.contract_id for line in lines}
    open_ones = Period.objects.filter(
        contract__in=contracts, state=PeriodState.OPEN, starts_at__lt=until
    )
    without = contracts - set(open_ones.values_list("contract_id", flat=True))
    if not without:
        return
    zones = dict(Contract.objects.filter(pk__in=without).values_list("pk", "zone"))
    moment = until - _INSTANT
    ensure_periods(wanted={(pk, moment): zone for pk, zone in zones.items()})


def _cut_and_lock(contracts: Sequence[int], *, until: datetime) -> list[Period]:
    """The open periods that began before `until`, none of them reaching beyond it any more."""
    rows = Period.objects.filter(
        contract__in=contracts, state=PeriodState.OPEN, starts_at__lt=until
    )
    periods = list(rows.select_for_update().order_by("contract_id", "starts_at"))
    beyond = [p for p in periods if p.ends_at > until]
    rest = [
        open_period(
            contract=p.contract_id, span=Span(starts_at=until, ends_at=p.ends_at), zone=p.zone
        )
        for p in beyond
    ]
    if beyond:
        Period.objects.filter(pk__in=[p.pk for p in beyond]).update(ends_at=until)
        Period.objects.bulk_create(rest)
        for period in beyond:
            period.ends_at = until
    return periods


_Place = tuple[Period, str]


def _state(lines: Sequence[Earning], *, periods: Sequence[Period], at: datetime) -> list[Statement]:
    """A statement per period and currency that has lines, and the lines in their places."""
    by_contract: dict[int, list[Period]] = defaultdict(list)
    for period in periods:
        by_contract[period.contract_id].append(period)
    groups: dict[_Place, list[tuple[Earning, bool]]] = defaultdict(list)
    for line in lines:
        if own := by_contract.get(line.contract_id):
            home = next((p for p in own if p.starts_at <= line.worked_from < p.ends_at), None)
            groups[home or own[0], line.currency].append((line, home is None))
    names = _payees({line.account_id for line in lines})
    due = _due_days({line.contract_version_id for line in lines})
    made = Statement.objects.bulk_create(
        _statement(place, group=group, names=names, due=due, at=at)
        for place, group in groups.items()
    )
    StatementLine.objects.bulk_create(
        StatementLine(statement=statement, position=position, earning=line, late=late)
        for statement, group in zip(made, groups.values(), strict=True)
        for position, (line, late) in enumerate(group, start=1)
    )
    return made


def _payees(accounts: set[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))


def _due_days(versions: set[int]) -> dict[int, int]:
    rows = ContractVersion.objects.filter(pk__in=versions)
    return dict(rows.values_list("pk", "payment_due_days"))


def _statement(
    place: _Place,
    *,
    group: Sequence[tuple[Earning, bool]],
    names: dict[int, str],
    due: dict[int, int],
    at: datetime,
) -> Statement:
    period, currency = place
    lines = [line for line, _ in group]
    span = Span(starts_at=period.starts_at, ends_at=period.ends_at)
    _, last_day = days_between(span=span, zone=period.zone)
    days = min(due[line.contract_version_id] for line in lines)
    return Statement(
        period=period,
        contract_id=period.contract_id,
        tutor_id=lines[0].tutor_id,
        account_id=lines[0].account_id,
        currency=currency,
        total_minor=sum(line.amount_minor for line in lines),
        seconds=sum(line.seconds for line in lines),
        lines_count=len(lines),
        payee_name=names[lines[0].account_id],
        payer_name=settings.PAYER["name"],
        due_on=bank_day_after(day=last_day, days=days),
        issued_at=at,
    )
