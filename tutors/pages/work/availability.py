"""My week: when I mean to work, and when I am away. A plan for people; offers follow presence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.operations.presence import set_availability
from tutors.queries import people
from tutors.rules.availability import DAYS, TIME_OFF_MAX, CannotPlan
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

HALVES = tuple(f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48))
"""Where each half hour of a day begins; it ends where the next begins, the last at 24:00."""
ENDS = (*HALVES[1:], "24:00")
AWAY_ROWS_MORE = 2
NAMES: dict[str, Any] = {
    "monday": gettext_lazy("Mon"),
    "tuesday": gettext_lazy("Tue"),
    "wednesday": gettext_lazy("Wed"),
    "thursday": gettext_lazy("Thu"),
    "friday": gettext_lazy("Fri"),
    "saturday": gettext_lazy("Sat"),
    "sunday": gettext_lazy("Sun"),
}


class AwayForm(forms.Form):
    """One stretch of time off, both days included."""

    start = forms.DateField(
        label=gettext_lazy("From"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    end = forms.DateField(
        label=gettext_lazy("Until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if not self.errors and (start is None) != (end is None):
            self.add_error("end" if start else "start", _("Say both days."))
        elif start and end and end < start:
            self.add_error("end", _("The same day or a later one."))
        return found


@page(roles={Role.TUTOR})
def availability(visit: Visit) -> HttpResponse:
    """The grid has a box for each half hour of each day; what is saved are spans."""
    tutor = people.tutor_of(account=visit.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile. A recruiter makes one."))
    kept = tutor.availability
    forms_ = _away_forms(visit, kept)
    chosen = _chosen(visit.request.POST) if visit.posted else _halves(kept.get("week", {}))
    faults = ""
    sound = [form.is_valid() for form in forms_]
    if visit.posted and all(sound):
        try:
            set_availability(
                tutor=tutor,
                week=_spans(chosen),
                time_off=_time_off(forms_),
                actor=visit.account,
                at=visit.at,
            )
        except CannotPlan as refusal:
            faults = refusal.detail
        else:
            return visit.go("work-availability", say=_("Your week is saved."))
    context = {
        "rows": [
            (half, [(day, f"{day}-{half}", f"{day}-{half}" in chosen) for day in DAYS])
            for half in HALVES
        ],
        "days": [(day, NAMES[day]) for day in DAYS],
        "names": NAMES,
        "total": f"{len(chosen) / 2:g}",
        "away": forms_,
        "faults": faults,
        "zone": visit.account.time_zone,
    }
    failed = bool(faults) or (visit.posted and any(form.errors for form in forms_))
    return visit.render("tutors/work/availability.html", context, status=422 if failed else 200)


def _away_forms(visit: Visit, kept: Mapping[str, Any]) -> list[AwayForm]:
    entries = kept.get("time_off", [])[:TIME_OFF_MAX]
    if visit.posted:
        number = min(TIME_OFF_MAX, _count(visit.request.POST))
        return [AwayForm(visit.request.POST, prefix=f"away{n}") for n in range(number)]
    first = [
        AwayForm(
            initial={
                "start": date.fromisoformat(entry["from"]),
                "end": date.fromisoformat(entry["until"]),
            },
            prefix=f"away{n}",
        )
        for n, entry in enumerate(entries)
    ]
    more = range(len(first), min(TIME_OFF_MAX, len(first) + AWAY_ROWS_MORE))
    return [*first, *(AwayForm(prefix=f"away{n}") for n in more)]


def _count(posted: QueryDict) -> int:
    return sum(1 for name in posted if name.startswith("away") and name.endswith("-start"))


def _time_off(forms_: list[AwayForm]) -> list[Mapping[str, Any]]:
    said = [form.cleaned_data for form in forms_ if form.cleaned_data.get("start")]
    return [{"from": each["start"], "until": each["end"]} for each in said]


def _chosen(posted: QueryDict) -> set[str]:
    """The half hours that were ticked; anything else in the list is passed over."""
    known = {f"{day}-{half}" for day in DAYS for half in HALVES}
    return known & set(posted.getlist("half"))


def _halves(week: Mapping[str, Any]) -> set[str]:
    """Every half hour that a kept span touches."""
    return {
        f"{day}-{begins}"
        for day in DAYS
        for start, end in week.get(day, [])
        for begins, ends in zip(HALVES, ENDS, strict=True)
        if begins < end and ends > start
    }


def _spans(chosen: set[str]) -> dict[str, list[list[str]]]:
    """Half hours side by side become one span."""
    return {day: _day({half for half in HALVES if f"{day}-{half}" in chosen}) for day in DAYS}


def _day(halves: set[str]) -> list[list[str]]:
    spans: list[list[str]] = []
    for begins, ends in zip(HALVES, ENDS, strict=True):
        if begins not in halves:
            continue
        if spans and spans[-1][1] == begins:
            spans[-1][1] = ends
        else:
            spans.append([begins, ends])
    return spans
