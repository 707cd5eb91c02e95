"""The schedule under a contract's text: the same conditions, in words, to be signed."""

from dataclasses import dataclass
from datetime import date

from workforce.rules.shown import money


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One line of the schedule; `minor_hourly` in minor units of the currency."""

    minor_hourly: int
    source: str
    project: str = ""
    role: str = ""
    speciality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    contract: str
    version: int
    tutor: str
    starts_on: date
    ends_on: date | None
    zone: str
    currency: str
    rates: tuple[RateLine, ...]
    cap_seconds_week: int | None
    notice_days: int
    payment_due_days: int


def contract_text(*, terms: str, schedule: Schedule) -> str:
    """The exact text that is shown, hashed and signed. Markup in names stays text."""
    lines = [
        terms.rstrip("\n"),
        "",
        f"## Schedule: {schedule.contract}, version {schedule.version}",
        "",
        f"- Tutor: {_plain(schedule.tutor)}",
        f"- Starts: {schedule.starts_on} (days are days in {schedule.zone})",
        f"- Ends: {schedule.ends_on or 'open'}",
        *(f"- Rate: {_rate(rate, currency=schedule.currency)}" for rate in schedule.rates),
        *(["- Rate: the rate card's, for each level and field"] if not schedule.rates else []),
        f"- Weekly cap: {_cap(schedule.cap_seconds_week)}",
        f"- Notice: {schedule.notice_days} days; you may leave at once",
        f"- Payment: within {schedule.payment_due_days} days of the end of each week",
    ]
    return "\n".join(lines) + "\n"


def _rate(rate: RateLine, *, currency: str) -> str:
    scope = [
        part
        for part in (
            f"in {rate.speciality}" if rate.speciality else "",
            f"for {rate.role}" if rate.role else "",
            f"on project {rate.project}" if rate.project else "",
        )
        if part
    ]
    kind = "at least, by rate card" if rate.source == "tier" else "agreed"
    amount = f"{money(rate.minor_hourly, currency)} {currency}"
    return " ".join([f"{amount} an hour ({kind})", *scope])


def _cap(seconds: int | None) -> str:
    if seconds is None:
        return "none"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min a week"


def _plain(text: str) -> str:
    return " ".join(text.split())
