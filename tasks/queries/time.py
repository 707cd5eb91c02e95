"""Time entries: who sees which, and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tasks.models import Project, TimeEntry
from tasks.rules.states import CLOCK_KINDS, TimeState
from workforce.models import Account
from workforce.rules.problems import Invalid
from workforce.rules.roles import STAFF

WEEK_ENTRIES_MAX = 1_000


def entries_for(*, account: Account) -> QuerySet[TimeEntry]:
    """Staff see all time; anybody else her own."""
    rows = TimeEntry.objects.select_related("contract_version")
    if account.roles & STAFF:
        return rows
    return rows.filter(account_id=account.pk)


def project_named(project_id: int) -> Project:
    """The project that time was spent on; `Invalid` when there is none of this id."""
    found = Project.objects.select_related("domain").filter(pk=project_id).first()
    if found is None:
        message = "There is no such project."
        raise Invalid(message, errors={"project": [message]})
    return found


def own_entries(*, account_id: int) -> QuerySet[TimeEntry]:
    """The account's own time with its project, whatever other roles it has."""
    return (
        TimeEntry.objects.filter(tutor__account_id=account_id)
        .select_related("project")
        .defer("project__requirements", "project__review_requirements")
    )


@dataclass(slots=True, kw_only=True)
class WeekOfTime:
    """One pay week's entries and their seconds. Declined time is in no sum."""

    starts_at: datetime
    ends_at: datetime
    entries: Sequence[Any]
    cut: bool = False
    used_seconds: int = 0
    by_state: dict[TimeState, int] = field(default_factory=dict)

    @property
    def drafts(self) -> int:
        return sum(entry.state == TimeState.DRAFT for entry in self.entries)


def week_of_time(
    *, account_id: int, starts_at: datetime, ends_at: datetime, at: datetime
) -> WeekOfTime:
    """The entries that start in the week, newest first, with sums by state.

    A running entry counts up to `at`; each entry is given `shown_seconds`.
    """
    rows: Any = own_entries(account_id=account_id).filter(
        started_at__gte=starts_at, started_at__lt=ends_at
    )
    found = list(rows.order_by("-started_at", "-id")[: WEEK_ENTRIES_MAX + 1])
    cut = len(found) > WEEK_ENTRIES_MAX
    week = WeekOfTime(
        starts_at=starts_at, ends_at=ends_at, entries=found[:WEEK_ENTRIES_MAX], cut=cut
    )
    for entry in week.entries:
        state = TimeState(entry.state)
        seconds = entry.seconds
        if entry.ended_at is None:
            seconds = max(0, int((at - entry.started_at).total_seconds()))
        entry.shown_seconds = seconds
        week.by_state[state] = week.by_state.get(state, 0) + seconds
        if state is not TimeState.DECLINED:
            week.used_seconds += seconds
    return week


def running_entry(*, account_id: int) -> TimeEntry | None:
    """The entry whose clock runs now, if one does."""
    rows = own_entries(account_id=account_id).filter(state=TimeState.RUNNING)
    return rows.select_related("claim").first()


def needs_project(kind: str) -> bool:
    """Time of this kind, written by hand, names its project."""
    return kind in CLOCK_KINDS
