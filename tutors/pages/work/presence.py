"""The switch “Taking work”: on until a time, off with a reason."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tutors.operations.presence import set_presence
from tutors.queries import people
from tutors.rules.states import Presence
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

REASON_CHARS_MAX = 200


class PresenceForm(forms.Form):
    """`until` is a time of day in the tutor's zone: the next one to come."""

    on = forms.BooleanField(required=False, label=lazy("Taking work"))
    until = forms.TimeField(required=False, label=lazy("Until"), input_formats=["%H:%M"])
    reason = forms.CharField(
        required=False, label=lazy("Why you pause"), max_length=REASON_CHARS_MAX
    )


@page(roles={Role.TUTOR, Role.REVIEWER})
def presence(visit: Visit) -> HttpResponse:
    """Start or stop taking work; work in hand stays either way."""
    back = _back(visit)
    if not visit.posted:
        return visit.go(back)
    tutor = people.tutor_of(account=visit.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile. A recruiter makes one."))
    form = PresenceForm(visit.request.POST)
    if not form.is_valid():
        visit.say(_("Nothing was changed. Say the time as 18:00."), bad=True)
        return visit.go(back)
    on = form.cleaned_data["on"] or visit.query.get("on") == "1"
    until = _next(form.cleaned_data["until"], at=visit.at) if form.cleaned_data["until"] else None
    changed = set_presence(
        tutor=tutor,
        state=Presence.TAKING_WORK if on else Presence.PAUSED,
        actor=visit.account,
        at=visit.at,
        reason=form.cleaned_data["reason"],
        until=until if on else None,
    )
    if on and changed.presence_until is not None:
        ends = changed.presence_until.astimezone(timezone.get_current_timezone())
        return visit.go(back, say=_("Taking work until %(time)s.") % {"time": f"{ends:%H:%M}"})
    said = _("You are paused. Offers go on to others; what you hold stays with you.")
    return visit.go(back, say=said, undo=f"{reverse('work-presence')}?on=1")


def _next(clock: Any, *, at: datetime) -> datetime:
    """The next moment at which a wall in the tutor's zone shows this time."""
    here = at.astimezone(timezone.get_current_timezone())
    wanted = here.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return wanted if wanted > here else wanted + timedelta(days=1)


def _back(visit: Visit) -> str:
    """The page that asked, if it is one of ours."""
    to = visit.request.POST.get("next", "")
    return to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else "work-home"
