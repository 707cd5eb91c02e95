"""The switch “Taking work”, for the top bar and for phones."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutors.queries import people
from tutors.rules.states import Presence
from workforce.doors import now

register = template.Library()

PAUSES = (_("A break"), _("Done for today"), _("Other work"), _("Away for a while"))


def _state(context: Any) -> dict[str, Any]:
    """One statement a page, however often the switch stands on it."""
    request = context["request"]
    kept: dict[str, Any] | None = getattr(request, "_presence", None)
    if kept is None:
        tutor = people.tutor_of(account=request.user)
        kept = {
            "tutor": tutor,
            "on": tutor is not None and taking(tutor.presence, tutor.presence_until, at=now()),
            "until": tutor.presence_until if tutor else None,
            "ends": _ends(tutor.presence_until) if tutor else "",
            "reason": tutor.presence_reason if tutor else "",
            "next": request.path,
            "pauses": PAUSES,
        }
        request._presence = kept
    return kept


def _ends(until: datetime | None) -> str:
    """`18:00`, or with its day when that is not today: `Thu 14:39`."""
    if until is None:
        return ""
    zone = timezone.get_current_timezone()
    here = until.astimezone(zone)
    today = now().astimezone(zone).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%a %H:%M}"


def taking(state: str, until: datetime | None, *, at: datetime) -> bool:
    """Taking work at this moment: switched on, and not past its time."""
    return state == Presence.TAKING_WORK and (until is None or at < until)


@register.inclusion_tag("tutors/work/presence.html", takes_context=True)
def presence(context: Any, place: str = "bar") -> dict[str, Any]:
    """`place` is `bar` (with the menu) or `card` (the same switch on phones)."""
    return {**_state(context), "place": place, "request": context["request"]}
