"""Pay periods come into being with the work that falls into them."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db.models import Q

from payments.models import Period
from payments.rules.weeks import Span, week_label, week_of

Instant = tuple[int, datetime]
"""A contract's key and a moment under it."""


def ensure_periods(*, wanted: Mapping[Instant, str]) -> dict[Instant, Period]:
    """The period that holds each moment; made, as the pay week in the given zone, where missing.

    Runs in the caller's transaction. Where part of the week is taken (a cut, a change of zone)
    the new period is what is left around the moment.
    """
    found = _holding(wanted)
    missing = {key: zone for key, zone in wanted.items() if key not in found}
    if not missing:
        return found
    known = _known({contract for contract, _ in missing})
    made: dict[int, list[Span]] = {}
    new: list[Period] = []
    for (contract, instant), zone in sorted(missing.items()):
        spans = made.setdefault(contract, [])
        if not any(s.holds(instant) for s in spans):
            span = free_around(instant=instant, zone=zone, taken=[*known.get(contract, []), *spans])
            spans.append(span)
            new.append(open_period(contract=contract, span=span, zone=zone))
    # A rival may make the same week first; then its period serves.
    Period.objects.bulk_create(new, ignore_conflicts=True)
    return _holding(wanted)


def open_period(*, contract: int, span: Span, zone: str) -> Period:
    """A period not saved yet."""
    label = week_label(starts_at=span.starts_at, zone=zone)
    return Period(
        contract_id=contract, starts_at=span.starts_at, ends_at=span.ends_at, zone=zone, label=label
    )


def free_around(*, instant: datetime, zone: str, taken: list[Span]) -> Span:
    """The pay week around the instant, less what other periods of the contract hold."""
    week = week_of(instant=instant, zone=zone)
    starts = [s.ends_at for s in taken if s.ends_at <= instant]
    ends = [s.starts_at for s in taken if s.starts_at > instant]
    return Span(starts_at=max([week.starts_at, *starts]), ends_at=min([week.ends_at, *ends]))


def _holding(wanted: Mapping[Instant, str]) -> dict[Instant, Period]:
    if not wanted:
        return {}
    contracts = {contract for contract, _ in wanted}
    moments = [moment for _, moment in wanted]
    near = Period.objects.filter(
        contract__in=contracts, ends_at__gt=min(moments), starts_at__lte=max(moments)
    )
    by_contract: dict[int, list[Period]] = {}
    for period in near:
        by_contract.setdefault(period.contract_id, []).append(period)
    return {
        (contract, moment): period
        for contract, moment in wanted
        for period in by_contract.get(contract, ())
        if period.starts_at <= moment < period.ends_at
    }


def _known(contracts: set[int]) -> dict[int, list[Span]]:
    rows = Period.objects.filter(Q(contract__in=contracts)).values_list(
        "contract_id", "starts_at", "ends_at"
    )
    spans: dict[int, list[Span]] = {}
    for contract, starts_at, ends_at in cast("list[tuple[int, datetime, datetime]]", list(rows)):
        spans.setdefault(contract, []).append(Span(starts_at=starts_at, ends_at=ends_at))
    return spans
