"""The weekly grid a tutor keeps, and her time off. A plan: presence decides about offers."""

import itertools
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workforce.rules.problems import Invalid

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPANS_PER_DAY_MAX = 8
TIME_OFF_MAX = 50
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


class CannotPlan(Invalid):
    """The grid does not hold together; `errors` names the day or the entry."""

    code = "availability_not_valid"
    title = "This week cannot be saved"


def check(*, week: Mapping[str, Any], time_off: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The plan as it is stored: spans sorted within each day, time off by its first day.

    `week` maps a day to spans `["09:00", "17:30"]` in the tutor's zone, half-open, none
    overlapping; a day left out is free of work. Raises `CannotPlan`.
    """
    errors: dict[str, list[str]] = {}
    grid = {day: _day(day, week.get(day, []), errors=errors) for day in DAYS}
    for unknown in sorted(set(week) - set(DAYS)):
        errors[f"week.{str(unknown)[:40]}"] = ["This is not a day of the week."]
    if len(time_off) > TIME_OFF_MAX:
        errors["time_off"] = [f"At most {TIME_OFF_MAX} entries."]
    away = [_away(n, entry, errors=errors) for n, entry in enumerate(time_off[:TIME_OFF_MAX])]
    if errors:
        raise CannotPlan("Look at the marked days; nothing was saved.", errors=errors)
    return {"week": grid, "time_off": sorted(away, key=lambda entry: entry["from"])}


def _day(day: str, spans: object, *, errors: dict[str, list[str]]) -> list[list[str]]:
    where = f"week.{day}"
    if not isinstance(spans, list) or len(spans) > SPANS_PER_DAY_MAX:
        errors[where] = [f"A list of at most {SPANS_PER_DAY_MAX} spans."]
        return []
    clean: list[list[str]] = []
    for span in spans:
        if not _is_span(span):
            errors[where] = ["Each span is [“09:00”, “17:30”]: from, until, later than from."]
            return []
        clean.append([span[0], span[1]])
    clean.sort()
    if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(clean)):
        errors[where] = ["Two spans overlap."]
    return clean


def _is_span(span: object) -> bool:
    if not isinstance(span, list) or len(span) != 2:
        return False
    start, end = span
    written = isinstance(start, str) and isinstance(end, str)
    return (
        written
        and _HOUR.fullmatch(start) is not None
        and _HOUR.fullmatch(end) is not None
        and start < end
    )


def _away(n: int, entry: Mapping[str, Any], *, errors: dict[str, list[str]]) -> dict[str, str]:
    start, end = entry.get("from"), entry.get("until")
    if not isinstance(start, date) or not isinstance(end, date) or end < start:
        errors[f"time_off.{n}"] = ["From a day until the same or a later one."]
        return {"from": "", "until": ""}
    return {"from": start.isoformat(), "until": end.isoformat()}


def planned_seconds(plan: Mapping[str, Any]) -> int | None:
    """How long the week of a stored plan is; None for somebody who keeps none."""
    spans = [span for day in plan.get("week", {}).values() for span in day]
    if not spans:
        return None
    return sum(_seconds(end) - _seconds(start) for start, end in spans)


def _seconds(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * 3600 + int(minutes) * 60
