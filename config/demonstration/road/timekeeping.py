"""Hours: history that tutors write down by hand, and the manager who approves all of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.demonstration.answers.marks import scripted_text
from config.demonstration.road.calling import Caller, Refused
from config.demonstration.road.company import Company
from config.demonstration.story.people import Expert

HISTORY_BEFORE = timedelta(days=9)
HISTORY_STEP = timedelta(hours=3)
HISTORY_KINDS = ("onboarding", "meeting")
APPROVE_MAX = 200


class TimeWentWrong(Exception):
    """Somebody could do with hours what nobody may."""


def write_history(*, company: Company, experts: Sequence[Expert], at: datetime) -> int:
    """Everybody with an agreed rate hands in hours of last week; the number of entries.

    The others are paid by their level, which nobody had certified then.
    """
    experts = [expert for expert in experts if expert.agreed_minor_hourly is not None]
    start = (at - HISTORY_BEFORE).replace(minute=0, second=0, microsecond=0)
    for n, expert in enumerate(experts):
        person = company.caller(expert.email)
        for m, kind in enumerate(HISTORY_KINDS):
            began = start + m * HISTORY_STEP
            entry = person.post(
                "time-entries/",
                {
                    "kind": kind,
                    "started_at": began.isoformat(),
                    "ended_at": (began + timedelta(minutes=30 + n)).isoformat(),
                    "reason": scripted_text("worked before the contract was on paper."),
                },
            )
            person.post(f"time-entries/{entry['id']}/submit/")
        person.close()
    return len(experts) * len(HISTORY_KINDS)


def approve_all(*, manager: Caller, own: Caller) -> int:
    """Approve what waits, in bulk; first somebody tries to approve her own. The number approved."""
    waiting = [entry["id"] for entry in manager.pages("time-entries/", state="submitted")]
    _show_own_time(own)
    for start in range(0, len(waiting), APPROVE_MAX):
        manager.post("time-entries/approve/", {"ids": waiting[start : start + APPROVE_MAX]})
    return sum(1 for _ in manager.pages("time-entries/", state="approved"))


def _show_own_time(own: Caller) -> None:
    mine = next(own.pages("time-entries/", state="submitted"), None)
    if mine is None:
        return
    try:
        own.post(f"time-entries/{mine['id']}/approve/")
    except Refused:
        return
    raise TimeWentWrong("a tutor approved her own time")
