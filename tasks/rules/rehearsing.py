"""What a rehearsal of a routing policy is asked, and the shape of its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.rules.limits import REHEARSAL_DAYS_MAX, REHEARSAL_MINUTES_MIN
from tasks.rules.simulating.comparing import Side
from tasks.rules.simulating.staging import Happened
from workforce.rules.problems import Invalid

LOOK_BACK_DAYS_MAX = 90


class CannotRehearse(Invalid):
    """The period cannot be played again; `errors` names `since` or `until`."""

    code = "period_not_valid"
    title = "This period cannot be played again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    since: datetime
    until: datetime

    def as_json(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def from_json(cls, said: Mapping[str, str]) -> "Period":
        since, until = (datetime.fromisoformat(said[name]) for name in ("since", "until"))
        return cls(since=since, until=until)


def period(*, since: datetime, until: datetime, at: datetime) -> Period:
    """The period in whole minutes of UTC; `CannotRehearse` names what is wrong with it."""
    begins, ends = (_minute(each) for each in (since, until))
    errors: dict[str, list[str]] = {}
    if ends > at:
        errors["until"] = ["This must not lie in the future."]
    if ends - begins < timedelta(minutes=REHEARSAL_MINUTES_MIN):
        errors["since"] = ["It must begin at least an hour before it ends."]
    elif ends - begins > timedelta(days=REHEARSAL_DAYS_MAX):
        errors["since"] = [f"A period has at most {REHEARSAL_DAYS_MAX} days."]
    elif begins < at - timedelta(days=LOOK_BACK_DAYS_MAX):
        errors["since"] = [f"It may begin {LOOK_BACK_DAYS_MAX} days ago at the earliest."]
    if errors:
        raise CannotRehearse("Choose another period; nothing was begun.", errors=errors)
    return Period(since=begins, until=ends)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


BEFORE = "before"
AFTER = "after"
OWN = "own"
OTHERS = "others"


def answer_of(
    *,
    sides: Mapping[str, Mapping[str, Side]],
    was: Mapping[str, Happened],
    people: int,
    people_left_out: int,
    slots_left_out: bool,
    currency: str,
) -> dict[str, Any]:
    """The answer as it is kept: `sides` by router and part of the queue, `was` by part."""
    return {
        "people": people,
        "people_left_out": people_left_out,
        "slots_left_out": slots_left_out,
        "currency": currency,
        "was": {
            part: {
                name: getattr(found, name)
                for name in (*Happened.__dataclass_fields__, "cost_per_task")
            }
            for part, found in was.items()
        },
        "sides": {
            router: {part: side.as_json() for part, side in parts.items()}
            for router, parts in sides.items()
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure before and after. `better`: 1 when the change is for the better, -1 for the
    worse, 0 when there is none or it is no matter of good.
    """

    name: str
    was: float | None
    before: float
    after: float
    better: int


GOOD: Mapping[str, int] = {
    "late": -1,
    "wait_median": -1,
    "wait_p95": -1,
    "done": 1,
    "waiting": -1,
    "cost_minor": 0,
    "cost_per_hour": -1,
    "gini": -1,
}
"""Figures of a comparison, and whether more of them is better."""


def lines(answer: Mapping[str, Any], *, part: str) -> Sequence[Line]:
    """The figures of a part of the queue, side by side."""
    was = answer["was"][part]
    before, after = (answer["sides"][router][part] for router in (BEFORE, AFTER))
    found = []
    for name, good in GOOD.items():
        old, new = before[name], after[name]
        change = (new > old) - (new < old)
        found.append(
            Line(name=name, was=was.get(name), before=old, after=new, better=good * change)
        )
    return found
