"""Approved time becomes money: the target of its bucket less what is posted, once an entry."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from payments.events import EarningsPosted
from payments.models import Bucket, Earning, Journal, Period
from payments.operations.booking import Posting, post_all
from payments.operations.charging import charge_budgets
from payments.operations.periods import ensure_periods
from payments.rules import pots
from payments.rules.pots import Move
from payments.rules.pricing import amount_for, difference
from payments.rules.states import EarningKind
from tasks.models import TimeEntry
from tasks.rules.states import PAYABLE_TIME, TimeKind, TimeState
from workforce.operations import record

ENTRIES_A_CALL_MAX = 500
"""Entries that one job prices: a second or two of work."""

_KINDS = {
    TimeKind.ONBOARDING: EarningKind.ONBOARDING,
    TimeKind.ASSESSMENT: EarningKind.ASSESSMENT,
}


def post_earnings(*, entries: Sequence[int], at: datetime) -> list[Earning]:
    """Price approved time entries that are not priced yet; the new lines, in entry order.

    Entries that are not approved or are priced already are passed over, so running twice, late
    or beside another posts nothing more.
    """
    if len(entries) > ENTRIES_A_CALL_MAX:
        raise ValueError(f"at most {ENTRIES_A_CALL_MAX} entries a call")
    with transaction.atomic():
        return _price(_unpriced(entries), at=at)


def post_what_waits(
    *, until: datetime, contracts: Sequence[int] | None, at: datetime
) -> list[Earning]:
    """Price approved time worked before `until` whose job has not come yet, one chunk of it.

    For a close, so that it states what was approved a moment ago. Entries that a job holds are
    left to it: waiting for it here could end in a deadlock.
    """
    with transaction.atomic():
        waiting = TimeEntry.objects.filter(
            ~Exists(Earning.objects.filter(time_entry=OuterRef("pk"))),
            state=TimeState.APPROVED,
            started_at__lt=until,
        )
        if contracts is not None:
            waiting = waiting.filter(contract_version__contract__in=contracts)
        keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:ENTRIES_A_CALL_MAX])
        return _price(_unpriced(keys, skip_locked=True), at=at) if keys else []


def _price(fresh: Sequence[TimeEntry], *, at: datetime) -> list[Earning]:
    if not fresh:
        return []
    periods = ensure_periods(
        wanted={
            (e.contract_version.contract_id, e.started_at): e.contract_version.zone for e in fresh
        }
    )
    lines = _lines(fresh, periods=periods, at=at)
    _book(lines, at=at)
    made = Earning.objects.bulk_create(lines)
    charge_budgets(lines=made, at=at)
    _tell(made, at=at)
    return made


def _unpriced(entries: Sequence[int], *, skip_locked: bool = False) -> list[TimeEntry]:
    """The payable ones of the entries, locked: a rival waits here and then finds them priced."""
    rows = (
        TimeEntry.objects.filter(pk__in=entries, state__in=PAYABLE_TIME)
        .select_related("contract_version")
        .select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
        .order_by("pk")
    )
    locked = list(rows)
    priced = set(
        Earning.objects.filter(time_entry__in=[e.pk for e in locked]).values_list(
            "time_entry_id", flat=True
        )
    )
    return [e for e in locked if e.pk not in priced]


_Key = tuple[int, int, str, str, int, str]


def _key_of(entry: TimeEntry, *, period: Period) -> _Key:
    return (
        entry.contract_version.contract_id, period.pk, entry.kind, entry.rate_rule,
        entry.rate_minor_hourly, entry.currency,
    )  # fmt: skip


def _locked_buckets(keys: Sequence[_Key]) -> dict[_Key, Bucket]:
    """The buckets behind the keys, made where missing, held in id order."""
    names = ("contract_id", "period_id", "time_kind", "rate_rule", "rate_minor_hourly", "currency")
    wanted = sorted(set(keys))
    Bucket.objects.bulk_create(
        (Bucket(**dict(zip(names, key, strict=True))) for key in wanted), ignore_conflicts=True
    )
    rows = Bucket.objects.filter(period__in={key[1] for key in wanted})
    held = rows.select_for_update().order_by("pk")
    return {tuple(getattr(b, n) for n in names): b for b in held}


def _lines(
    entries: Sequence[TimeEntry], *, periods: dict[tuple[int, datetime], Period], at: datetime
) -> list[Earning]:
    keys = [
        _key_of(e, period=periods[e.contract_version.contract_id, e.started_at]) for e in entries
    ]
    buckets = _locked_buckets(keys)
    lines = [_line(e, bucket=buckets[key], at=at) for e, key in zip(entries, keys, strict=True)]
    touched = [buckets[key] for key in dict.fromkeys(keys)]
    Bucket.objects.bulk_update(touched, ["seconds", "posted_minor"])
    return lines


def _line(entry: TimeEntry, *, bucket: Bucket, at: datetime) -> Earning:
    """The entry's line; the bucket moves on to hold it."""
    before = bucket.seconds
    amount = difference(
        seconds_before=before, seconds=entry.seconds, rate_minor_hourly=bucket.rate_minor_hourly
    )
    bucket.seconds += entry.seconds
    bucket.posted_minor = amount_for(
        seconds=bucket.seconds, rate_minor_hourly=bucket.rate_minor_hourly
    )
    return Earning(
        tutor_id=entry.tutor_id,
        account_id=entry.account_id,
        contract_id=bucket.contract_id,
        contract_version_id=entry.contract_version_id,
        project_id=entry.project_id,
        time_entry=entry,
        bucket=bucket,
        kind=_KINDS.get(TimeKind(entry.kind), EarningKind.WAGE),
        seconds=entry.seconds,
        seconds_before=before,
        amount_minor=amount,
        currency=entry.currency,
        worked_from=entry.started_at,
        worked_until=entry.ended_at or entry.started_at,
        posted_at=at,
    )


def _book(lines: Sequence[Earning], *, at: datetime) -> None:
    """A journal for each line that is worth something, and the line's pointer to it."""
    worth = [line for line in lines if line.amount_minor]
    postings = [
        Posting(
            key=f"earning:TE-{line.time_entry_id}",
            kind="earning",
            moves=(_move(line),),
        )
        for line in worth
    ]
    journals: list[Journal] = post_all(postings=postings, actor=None, at=at)
    for line, journal in zip(worth, journals, strict=True):
        line.journal = journal


def _move(line: Earning) -> Move:
    project = f"P-{line.project_id}" if line.project_id else "general"
    return Move(
        debit=pots.expense(project=project, currency=line.currency),
        credit=pots.payable(tutor=f"E-{line.tutor_id}", currency=line.currency),
        amount_minor=line.amount_minor,
    )


def _tell(lines: Sequence[Earning], *, at: datetime) -> None:
    """One event per contract and currency, however many lines."""
    groups: dict[tuple[int, str], list[Earning]] = defaultdict(list)
    for line in lines:
        groups[line.contract_id, line.currency].append(line)
    for (contract, currency), group in groups.items():
        event = EarningsPosted(
            subject=f"K-{contract}",
            tutor=f"E-{group[0].tutor_id}",
            earnings=tuple(line.public_id for line in group),
            amount_minor=sum(line.amount_minor for line in group),
            currency=currency,
        )
        record(event=event, actor=None, at=at)
