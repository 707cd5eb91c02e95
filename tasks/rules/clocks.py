"""The two clocks of a claim, what it may cost, and the pay week. Whole seconds throughout."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LEASE_SECONDS_MIN = 60
LEASE_SECONDS_MAX = 24 * 3600
LEASE_SECONDS_DEFAULT = 15 * 60
HOLD_SECONDS_MIN = 30 * 60
HOLD_SECONDS_MAX = 7 * 24 * 3600
EXPECTED_SECONDS_MIN = 1
EXPECTED_SECONDS_MAX = 24 * 3600
EXPECTED_SECONDS_DEFAULT = 15 * 60
OFFER_TTL_SECONDS_MIN = 10
OFFER_TTL_SECONDS_MAX = 24 * 3600
OFFER_TTL_SECONDS_DEFAULT = 10 * 60
PAID_CAP_SECONDS_MAX = HOLD_SECONDS_MAX

HOLD_OF_EXPECTED = 3
CAP_OF_EXPECTED = 2
IDLE_ASK_SECONDS_MIN = 3 * 60
CAP_WARN_PERCENT = 80

REVIEW_OF_EXPECTED_PERCENT = 50
"""A review is expected to take half of the attempt until there is a measured figure."""

TAKE_BACK_SECONDS = 10
REVISION_KEPT_FOR = timedelta(days=2)
REVIEW_OVERDUE_AFTER = timedelta(days=7)

MANUAL_ENTRY_SECONDS_MAX = 12 * 3600
MANUAL_ENTRY_AGE_MAX = timedelta(days=90)

SECONDS_A_MINUTE = 60
SECONDS_AN_HOUR = 3600
MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * 60
DAYS_A_WEEK = 7


def hold_seconds(*, expected_seconds: int, lease_seconds: int) -> int:
    """The latest end of a claim when the project names none: 3 × expected, at least 30 min."""
    wanted = max(HOLD_SECONDS_MIN, HOLD_OF_EXPECTED * expected_seconds, lease_seconds)
    return min(wanted, HOLD_SECONDS_MAX)


def paid_cap_seconds(*, expected_seconds: int) -> int:
    """What a claim is paid at most without asking, when the project names nothing."""
    return min(CAP_OF_EXPECTED * expected_seconds, PAID_CAP_SECONDS_MAX)


def for_role(*, seconds: int, review: bool) -> int:
    """Expected seconds or paid cap of a project, for an attempt or for a review of one."""
    return seconds if not review else max(1, seconds * REVIEW_OF_EXPECTED_PERCENT // 100)


def reserve_minor(*, paid_cap_seconds: int, rate_minor_hourly: int) -> int:
    """Minor units to set aside for a claim: its paid cap at its rate, rounded up."""
    return -(-paid_cap_seconds * rate_minor_hourly // SECONDS_AN_HOUR)


def cost_minor(*, seconds: int, rate_minor_hourly: int) -> int:
    """Minor units that worked seconds cost, half-up. For budgets; pay rounds per bucket."""
    return (2 * seconds * rate_minor_hourly + SECONDS_AN_HOUR) // (2 * SECONDS_AN_HOUR)


def week_of(*, at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The pay week [Monday, Monday) in the contract's zone that holds `at`, as UTC instants."""
    local = at.astimezone(ZoneInfo(zone)).date()
    monday = local - timedelta(days=local.weekday())
    return _midnight(monday, zone), _midnight(monday + timedelta(days=DAYS_A_WEEK), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def cuts_within(
    *, started_at: datetime, ended_at: datetime, boundaries: tuple[datetime, ...]
) -> tuple[tuple[datetime, datetime], ...]:
    """[started, ended) cut at every boundary inside it. The parts add up to the whole."""
    inside = sorted({b for b in boundaries if started_at < b < ended_at})
    points = (started_at, *inside, ended_at)
    return tuple(itertools.pairwise(points))


def weeks_within(*, started_at: datetime, ended_at: datetime, zone: str) -> tuple[datetime, ...]:
    """The Mondays 00:00 of the zone strictly between two instants."""
    mondays: list[datetime] = []
    monday = week_of(at=started_at, zone=zone)[1]
    while monday < ended_at:
        mondays.append(monday)
        monday = week_of(at=monday, zone=zone)[1]
    return tuple(mondays)
