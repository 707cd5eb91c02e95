"""When people were taking work, told from the events of their presence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tutors.events import PresenceChanged
from tutors.rules.shifts import PRESENCE_DAYS_MAX, PRESENCE_HOURS, Change, Shift, shifts
from tutors.rules.states import Presence
from workforce.rules.ids import internal_id

CHANGES_MAX = 200_000
"""Newest changes of presence that one look goes through."""

_CHANGES = """
SELECT few.subject, few.at, few.body ->> 'state', few.body ->> 'until'
  FROM (SELECT e.id, e.subject, e.at, e.body FROM workforce_event e
         WHERE e.kind = %(kind)s ORDER BY e.id DESC LIMIT %(most)s) few
 WHERE few.at >= %(from)s AND few.at < %(until)s
 ORDER BY few.at, few.id
"""


def shifts_between(*, since: datetime, until: datetime) -> Mapping[int, list[Shift]]:
    """When each tutor was taking work within the period, by tutor id; absent: never.

    One statement, over the newest `CHANGES_MAX` changes.
    """
    parameters: dict[str, Any] = {
        "kind": PresenceChanged.kind,
        "most": CHANGES_MAX,
        "from": since - timedelta(days=PRESENCE_DAYS_MAX),
        "until": until,
    }
    changes: dict[int, list[Change]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, parameters)
        for subject, at, state, said in cursor.fetchall():
            ends = None
            if state == Presence.TAKING_WORK:
                ends = (
                    datetime.fromisoformat(said) if said else at + timedelta(hours=PRESENCE_HOURS)
                )
            changes.setdefault(internal_id("E", subject), []).append(Change(at=at, until=ends))
    found = {tutor: shifts(changes=own, since=since, until=until) for tutor, own in changes.items()}
    return {tutor: own for tutor, own in found.items() if own}
