"""Her time: the week against the cap, what each entry waits for, time written down by hand."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tasks.doors.words import KINDS, TIMES, days_words
from tasks.operations import timekeeping
from tasks.queries.history import own_projects
from tasks.queries.time import (
    needs_project,
    own_entries,
    project_named,
    running_entry,
    week_of_time,
)
from tasks.rules.clocks import week_of
from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import TimeKind, TimeState
from tutors.queries import people
from tutors.queries.facts import facts_of
from workforce.doors.desk import key_of
from workforce.doors.listing import CSV_ROWS_MAX, csv_file
from workforce.doors.pages import Visit, page, put_errors
from workforce.rules.ids import internal_id, public_id
from workforce.rules.problems import NotFound, Refusal
from workforce.rules.roles import Role

HANDS = frozenset({Role.TUTOR, Role.REVIEWER})
BY_HAND = (
    TimeKind.ONBOARDING, TimeKind.MEETING, TimeKind.ASSESSMENT, TimeKind.TASK, TimeKind.REVIEW,
    TimeKind.REWORK,
)  # fmt: skip
"""What a tutor writes down herself. Waiting time comes from presence."""

WEEKS_BACK_MAX = 520


class StretchForm(forms.Form):
    """A day and two times of it, in her zone; past midnight the end is on the next day."""

    kind = forms.ChoiceField(label=lazy("What for"))
    project = forms.ChoiceField(
        required=False,
        label=lazy("Project"),
        help_text=lazy("Needed for tasks, reviews and fixes."),
    )
    day = forms.DateField(
        label=lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    started_at = forms.TimeField(
        label=lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ended_at = forms.TimeField(
        label=lazy("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    reason = forms.CharField(
        label=lazy("What the time was for"),
        max_length=REASON_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("A manager reads this before approving it."),
    )

    def __init__(self, data: Any = None, *, projects: Any, **more: Any) -> None:
        super().__init__(data, **more)
        fields: Any = self.fields
        fields["kind"].choices = [(k.value, KINDS[k]) for k in BY_HAND]
        fields["project"].choices = [("", _("None")), *((p.public_id, p.name) for p in projects)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if needs_project(values.get("kind", "")) and not values.get("project"):
            self.add_error("project", _("Choose the project that the work was for."))
        return values


@page(roles=HANDS)
def time(visit: Visit) -> HttpResponseBase:
    """One pay week, in the contract's zone; `?week=` is any day of it."""
    form = StretchForm(projects=own_projects(account_id=visit.account.pk), initial=_today(visit))
    if visit.query.get("format") == "csv":
        return _csv(visit)
    return _shown(visit, form)


@page(roles=HANDS)
def time_write(visit: Visit) -> HttpResponse:
    """Write time down by hand, as a draft."""
    if not visit.posted:
        return visit.go("work-time")
    projects = own_projects(account_id=visit.account.pk)
    form = StretchForm(visit.request.POST, projects=projects)
    tutor = people.tutor_of(account=visit.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile."))
    if not form.is_valid():
        return _shown(visit, form, status=422)
    try:
        entry = timekeeping.write_down(
            tutor=tutor, stretch=_stretch(form), actor=visit.account, at=visit.at
        )
    except Refusal as refusal:
        put_errors(form, refusal)
        return _shown(visit, form, status=422)
    said = _("Written down as a draft: %(id)s. Hand it in when it is right.")
    return visit.go("work-time", say=said % {"id": entry.public_id})


@page(roles=HANDS)
def time_submit(visit: Visit, *, id: str) -> HttpResponse:
    """Hand a draft in."""
    entry = _own(visit, id)
    if not visit.posted:
        return visit.go("work-time")
    entry = timekeeping.submit_entry(entry=entry, actor=visit.account, at=visit.at)
    said = _("Handed in. A manager approves it.")
    if entry.state == TimeState.HELD:
        said = _("Handed in, but it lies beyond your weekly cap: held until a manager decides.")
    return visit.go(_back(visit, entry), say=said)


@page(roles=HANDS)
def time_dispute(visit: Visit, *, id: str) -> HttpResponse:
    """Disagree with a decline: somebody else decides again."""
    entry = _own(visit, id)
    if not visit.posted:
        return visit.go("work-time")
    reason = visit.request.POST.get("reason", "").strip()
    if not reason or len(reason) > REASON_CHARS_MAX:
        visit.say(_("Nothing was sent. Say in a sentence why you disagree."), bad=True)
        return visit.go(_back(visit, entry))
    timekeeping.dispute(entry=entry, reason=reason, actor=visit.account, at=visit.at)
    said = _("Sent. Somebody other than who declined it decides again.")
    return visit.go(_back(visit, entry), say=said)


# --- The parts ------------------------------------------------------------------------------


def _own(visit: Visit, id: str) -> Any:
    found = own_entries(account_id=visit.account.pk).filter(pk=key_of("TE", id)).first()
    if found is None:
        raise NotFound
    return found


def _back(visit: Visit, entry: Any) -> str:
    """The week that the entry is in."""
    here = entry.started_at.astimezone(timezone.get_current_timezone())
    return f"{reverse('work-time')}?week={here:%Y-%m-%d}"


def _today(visit: Visit) -> dict[str, Any]:
    return {"day": visit.at.astimezone(timezone.get_current_timezone()).date()}


def _stretch(form: StretchForm) -> timekeeping.Stretch:
    values = form.cleaned_data
    zone = timezone.get_current_timezone()
    started = datetime.combine(values["day"], values["started_at"], tzinfo=zone)
    ended = datetime.combine(values["day"], values["ended_at"], tzinfo=zone)
    if values["ended_at"] < values["started_at"]:
        ended = datetime.combine(values["day"] + timedelta(days=1), values["ended_at"], tzinfo=zone)
    project = values.get("project")
    return timekeeping.Stretch(
        kind=TimeKind(values["kind"]),
        started_at=started,
        ended_at=ended,
        reason=values["reason"],
        project=project_named(internal_id("P", project)) if project else None,
    )


def _week(visit: Visit, zone: str) -> tuple[datetime, datetime]:
    """The week that the address asks for, else this one; nonsense means this one."""
    try:
        asked = date.fromisoformat(visit.query.get("week", ""))
        noon = datetime.combine(asked, datetime.min.time(), tzinfo=ZoneInfo(zone))
        moment = noon + timedelta(hours=12)
    except (ValueError, OverflowError):
        moment = visit.at
    oldest = visit.at - timedelta(weeks=WEEKS_BACK_MAX)
    return week_of(at=min(max(moment, oldest), visit.at), zone=zone)


def _shown(visit: Visit, form: StretchForm, *, status: int = 200) -> HttpResponse:
    facts = facts_of(account_id=visit.account.pk, at=visit.at)
    contract = facts.contract if facts else None
    zone = contract.zone if contract else visit.account.time_zone
    starts_at, ends_at = _week(visit, zone)
    week = week_of_time(
        account_id=visit.account.pk, starts_at=starts_at, ends_at=ends_at, at=visit.at
    )
    monday = starts_at.astimezone(ZoneInfo(zone)).date()
    this_week = week_of(at=visit.at, zone=zone)[0] == starts_at
    return visit.render(
        "tasks/work/time.html",
        {
            "form": form,
            "week": week,
            "days": _days(week.entries, zone=zone),
            "zone": zone,
            "cap": contract.cap_seconds_week if contract else None,
            "monday": monday,
            "span": days_words(monday, monday + timedelta(days=6)),
            "before": monday - timedelta(days=7),
            "after": None if this_week else monday + timedelta(days=7),
            "sums": [(TIMES[s], week.by_state[s]) for s in TimeState if s in week.by_state],
            "states": list(TIMES.values()),
            **_running(visit),
            "tutor": facts is not None,
        },
        status=status,
    )


def _running(visit: Visit) -> dict[str, Any]:
    entry = running_entry(account_id=visit.account.pk)
    if entry is None:
        return {"running": None}
    seconds = max(0, int((visit.at - entry.started_at).total_seconds()))
    return {"running": entry, "running_seconds": seconds, "running_claim": _claim(entry)}


def _days(entries: Any, *, zone: str) -> list[dict[str, Any]]:
    """Entries by day of the contract's zone, newest day first, each with its sum."""
    days: dict[date, dict[str, Any]] = {}
    for entry in entries:
        day = entry.started_at.astimezone(ZoneInfo(zone)).date()
        found = days.setdefault(day, {"day": day, "lines": [], "seconds": 0})
        status = TIMES[TimeState(entry.state)]
        found["lines"].append((entry, status, KINDS[TimeKind(entry.kind)], _claim(entry)))
        if entry.state != TimeState.DECLINED:
            found["seconds"] += entry.shown_seconds
    return list(days.values())


def _claim(entry: Any) -> str:
    return public_id("CL", entry.claim_id) if entry.claim_id else ""


_HEADER = (
    "entry", "kind", "state", "project", "claim", "started_at", "ended_at", "seconds", "hours",
    "rate_minor_hourly", "currency", "reason", "decision_reason",
)  # fmt: skip


def _csv(visit: Visit) -> HttpResponseBase:
    """All her time, or with `?week=` that week's; decimals for hours only here."""
    rows = own_entries(account_id=visit.account.pk)
    if "week" in visit.query:
        facts = facts_of(account_id=visit.account.pk, at=visit.at)
        zone = facts.contract.zone if facts and facts.contract else visit.account.time_zone
        starts_at, ends_at = _week(visit, zone)
        rows = rows.filter(started_at__gte=starts_at, started_at__lt=ends_at)
    lines = (
        (
            e.public_id, e.kind, e.state, e.project.name if e.project else "", _claim(e),
            e.started_at.isoformat(), e.ended_at.isoformat() if e.ended_at else "", e.seconds,
            f"{e.seconds / 3600:.4f}", e.rate_minor_hourly, e.currency, e.reason,
            e.decision_reason,
        )
        for e in rows.order_by("-started_at", "-id")[:CSV_ROWS_MAX].iterator()
    )  # fmt: skip
    return csv_file("time", _HEADER, lines)
