"""Taking work or not, until when; and the week a tutor plans."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import AvailabilityChanged, PresenceChanged
from tutors.models import Tutor
from tutors.operations.facts import raise_version
from tutors.rules import availability
from tutors.rules.shifts import PRESENCE_DAYS_MAX, PRESENCE_HOURS
from tutors.rules.states import Presence
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Invalid


class CannotBePresent(Invalid):
    code = "presence_not_valid"


@transaction.atomic
def set_presence(
    *,
    tutor: Tutor,
    state: Presence,
    actor: Account,
    at: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> Tutor:
    """Start or stop taking work, until `until` (default 12 h, at most 7 days on).

    Pausing gives offers back through the reaction to its event; work in hand stays.
    """
    latest = at + timedelta(days=PRESENCE_DAYS_MAX)
    if until is not None and not at < until <= latest:
        raise CannotBePresent(
            _("Say a time within %d days.") % PRESENCE_DAYS_MAX,
            errors={"until": [_("Later than now, at most %d days on.") % PRESENCE_DAYS_MAX]},
        )
    working = state is Presence.TAKING_WORK
    ends_at = (until or at + timedelta(hours=PRESENCE_HOURS)) if working else None
    raise_version(tutor_id=tutor.pk)
    Tutor.objects.filter(pk=tutor.pk).update(
        presence=state, presence_until=ends_at, presence_reason="" if working else reason.strip()
    )
    event = PresenceChanged(
        subject=tutor.public_id,
        state=state.value,
        until=ends_at.isoformat() if ends_at else "",
    )
    record(event=event, actor=actor, at=at)
    tutor.refresh_from_db()
    return tutor


@transaction.atomic
def set_availability(
    *,
    tutor: Tutor,
    week: Mapping[str, Any],
    time_off: list[Mapping[str, Any]],
    actor: Account,
    at: datetime,
) -> Tutor:
    """Keep the plan of a week and the time off; raises `CannotPlan`."""
    plan = availability.check(week=week, time_off=time_off)
    Tutor.objects.filter(pk=tutor.pk).update(availability=plan)
    record(event=AvailabilityChanged(subject=tutor.public_id), actor=actor, at=at)
    tutor.refresh_from_db()
    return tutor
