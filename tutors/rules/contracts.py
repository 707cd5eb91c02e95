"""The life of a contract: its states, its dates, its rate, its notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tutors.rules.states import ContractState, WorkRole
from workforce.rules.problems import Invalid

NOTICE_DAYS = 14
NOTICE_DAYS_MAX = 180
CAP_SECONDS_WEEK_MAX = 80 * 3600
TERM_DAYS_MAX = 10 * 366
BACKDATE_DAYS_MAX = 366
"""Work done on a promise may be put on paper afterwards; its hours come in by hand."""

START_AHEAD_DAYS_MAX = 366
PAYMENT_DUE_DAYS = 7
SPECIAL_RATES_MAX = 20
VERSION_AT_LEAST = timedelta(seconds=1)
"""No version is empty: each is in force for a second at least, so that history shows it."""

NEXT: Mapping[ContractState, frozenset[ContractState]] = MappingProxyType(
    {
        ContractState.OFFERED: frozenset({ContractState.SIGNED, ContractState.ENDED}),
        ContractState.SIGNED: frozenset({ContractState.ACTIVE, ContractState.ENDED}),
        ContractState.ACTIVE: frozenset({ContractState.NOTICE, ContractState.ENDED}),
        ContractState.NOTICE: frozenset({ContractState.ENDED}),
        ContractState.ENDED: frozenset(),
    }
)
"""What may follow each state; nothing leads back."""

IN_FORCE = frozenset({ContractState.ACTIVE, ContractState.NOTICE})
OPEN = frozenset(ContractState) - {ContractState.ENDED}


class CannotAgree(Invalid):
    """The conditions do not hold together; `errors` says which."""

    code = "contract_not_valid"
    title = "These conditions do not hold together"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialRate:
    """A rate agreed for one project (`P-3`), one role, or both."""

    minor_hourly: int
    project: str = ""
    role: WorkRole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a contract version says. Dates are days in `zone`; on `ends_on` it is still in force."""

    starts_on: date
    ends_on: date | None
    currency: str
    zone: str
    rate_minor_hourly: int | None
    cap_seconds_week: int | None
    notice_days: int
    special_rates: tuple[SpecialRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The tier's range that an agreed rate must keep to, and whose it is."""

    speciality: str
    level: int
    low: int
    high: int


def may_follow(*, now: ContractState, then: ContractState) -> bool:
    return then in NEXT[now]


YEARS = range(2000, 2200)
"""Days outside these years are typing mistakes, and some have no instant in UTC."""


def sound_day(day: date, *, field: str) -> date:
    """The day, or `CannotAgree` naming the field."""
    if day.year not in YEARS:
        raise CannotAgree(
            "Look at the marked fields; nothing was changed.",
            errors={field: [f"A day from {YEARS[0]} to {YEARS[-1]}."]},
        )
    return day


def day_start(day: date, *, zone: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day_end(day: date, *, zone: str) -> datetime:
    """The instant at which the day is over in a zone, in UTC."""
    return day_start(day + timedelta(days=1), zone=zone)


def today_in(*, zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def check(*, conditions: Conditions, span: Span | None, notice_waived: bool, at: datetime) -> None:
    """Raise `CannotAgree` unless the conditions hold together as of `at`.

    `span` is the range for an agreed rate, None when no card covers the person's work. Without
    an agreed rate the tier of the day pays, and work that no tier covers is not offered.
    `notice_waived`: a second person approved a shorter notice.
    """
    errors = {
        **_dates(conditions, at=at),
        **_rate(conditions, span=span),
        **_special(conditions, span=span),
        **_cap(conditions),
        **_notice(conditions, waived=notice_waived),
    }
    if errors:
        raise CannotAgree("Look at the marked fields; nothing was offered.", errors=errors)


def _dates(conditions: Conditions, *, at: datetime) -> dict[str, list[str]]:
    start, end = conditions.starts_on, conditions.ends_on
    today = today_in(zone=conditions.zone, at=at)
    if start < today - timedelta(days=BACKDATE_DAYS_MAX):
        return {"start": [f"A contract starts at most {BACKDATE_DAYS_MAX} days ago."]}
    if start > today + timedelta(days=START_AHEAD_DAYS_MAX):
        return {"start": [f"A contract starts within {START_AHEAD_DAYS_MAX} days."]}
    if end is not None and end < start:
        return {"end": [f"The end ({end}) is before the start ({start})."]}
    if end is not None and end > start + timedelta(days=TERM_DAYS_MAX):
        return {"end": ["A contract lasts ten years at most; leave the end open instead."]}
    return {}


def _rate(conditions: Conditions, *, span: Span | None) -> dict[str, list[str]]:
    rate = conditions.rate_minor_hourly
    if rate is None:
        return {}
    if span is None:
        return {
            "rate_minor_hourly": [
                "No rate card in this currency gives a range for this person's work."
            ]
        }
    if not span.low <= rate <= span.high:
        where = f"{span.speciality}, level {span.level}"
        return {
            "rate_minor_hourly": [f"The rate must be from {span.low} to {span.high} ({where})."]
        }
    return {}


def _special(conditions: Conditions, *, span: Span | None) -> dict[str, list[str]]:
    special = conditions.special_rates
    if len(special) > SPECIAL_RATES_MAX:
        return {"special_rates": [f"At most {SPECIAL_RATES_MAX}."]}
    scopes = {(rate.project, rate.role) for rate in special}
    if len(scopes) < len(special) or ("", None) in scopes:
        return {"special_rates": ["Each is for a project, a role or both, and each once."]}
    if special and span is None:
        return {"special_rates": ["No rate card in this currency gives a range for them."]}
    if span and any(not span.low <= rate.minor_hourly <= span.high for rate in special):
        return {"special_rates": [f"Each must be from {span.low} to {span.high}."]}
    return {}


def _cap(conditions: Conditions) -> dict[str, list[str]]:
    cap = conditions.cap_seconds_week
    if cap is not None and not 0 < cap <= CAP_SECONDS_WEEK_MAX:
        return {"cap_seconds_week": [f"The cap must be from 1 to {CAP_SECONDS_WEEK_MAX} seconds."]}
    return {}


def _notice(conditions: Conditions, *, waived: bool) -> dict[str, list[str]]:
    days = conditions.notice_days
    if not 0 <= days <= NOTICE_DAYS_MAX:
        return {"notice_days": [f"Notice must be from 0 to {NOTICE_DAYS_MAX} days."]}
    if days < NOTICE_DAYS and not waived:
        return {"notice_days": [f"Less than {NOTICE_DAYS} days needs a second approver."]}
    return {}


def earliest_amendment(
    *, old_rate: int | None, new_rate: int | None, notice_days: int, signed_at: datetime
) -> datetime:
    """When an amendment may take effect: a lower rate after notice, anything else when signed."""
    lower = old_rate is not None and new_rate is not None and new_rate < old_rate
    return signed_at + timedelta(days=notice_days) if lower else signed_at


def earliest_end(*, by_tutor: bool, waived: bool, notice_days: int, at: datetime) -> datetime:
    """When an end may take effect: the tutor may leave at once, the house gives notice."""
    return at if by_tutor or waived else at + timedelta(days=notice_days)
