"""Approving time: cut where a week or the terms change, priced, and frozen from then on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import TimeApproved
from tasks.models import TimeEntry
from tasks.operations.pricing import Terms, terms_at
from tasks.operations.timekeeping import OwnTime, WrongTimeState, check_second_pair_of_eyes
from tasks.rules import clocks
from tasks.rules.limits import BULK_APPROVE_MAX
from tasks.rules.states import FROZEN_TIME, TimeKind, TimeState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.ids import public_id
from workforce.rules.problems import Invalid

WAITING = (TimeState.SUBMITTED, TimeState.HELD, TimeState.DISPUTED)


WITHIN_THE_SECOND = timedelta(microseconds=999_999)
"""Time is kept in whole seconds: a change within a second counts from its start."""


class TooMany(Invalid):
    code = "too_many"


class UnknownTime(Invalid):
    code = "unknown_time_entry"


@transaction.atomic
def approve(*, entry_ids: Sequence[int], actor: Account, at: datetime) -> list[TimeEntry]:
    """Approve entries, all of them or none; those approved before are passed over.

    An entry is cut at the start of a pay week and wherever its terms changed, and each part gets
    the rate of its moment, never less than the claim's. `OwnTime` when one is the actor's own,
    `WrongTimeState` when one waits for no decision, `UnknownTime` when there is none of an id.
    """
    if len(entry_ids) > BULK_APPROVE_MAX:
        raise TooMany(_("At most %(n)d entries at once.") % {"n": BULK_APPROVE_MAX})
    wanted = sorted(set(entry_ids))
    entries = list(
        TimeEntry.objects.filter(pk__in=wanted)
        .select_related("contract_version", "claim", "project__domain", "claim__slot")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(entries) != len(wanted):
        unknown = sorted(set(wanted) - {e.pk for e in entries})
        names = [public_id("TE", each) for each in unknown]
        raise UnknownTime(
            _("There is no time entry %(ids)s.") % {"ids": ", ".join(names)}, errors={"ids": names}
        )
    _check(entries, actor=actor)
    waiting = [e for e in entries if e.state in WAITING]
    approved = _freeze(_cut(waiting), actor=actor, at=at)
    _tell(approved, actor=actor, at=at)
    fresh = {e.pk: e for e in approved}
    return [fresh.get(e.pk, e) for e in entries] + [e for e in approved if e.pk not in wanted]


def _check(entries: Iterable[TimeEntry], *, actor: Account) -> None:
    for entry in entries:
        if entry.account_id == actor.pk:
            raise OwnTime(
                _("%(id)s is your own; somebody else has to approve it.") % {"id": entry.public_id}
            )
        if entry.state not in (*WAITING, *FROZEN_TIME):
            raise WrongTimeState(
                _("%(id)s is %(state)s; only handed-in time is approved.")
                % {"id": entry.public_id, "state": entry.state}
            )
        check_second_pair_of_eyes(entry, actor=actor)


def _freeze(entries: Sequence[TimeEntry], *, actor: Account, at: datetime) -> list[TimeEntry]:
    ids = [e.pk for e in entries]
    TimeEntry.objects.filter(pk__in=ids, state__in=WAITING).update(
        state=TimeState.APPROVED, decided_by=actor, decided_at=at
    )
    for entry in entries:
        entry.state, entry.decided_by, entry.decided_at = TimeState.APPROVED, actor, at
    return list(entries)


def _tell(entries: Sequence[TimeEntry], *, actor: Account, at: datetime) -> None:
    groups: dict[tuple[int, int], list[TimeEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.tutor_id, entry.contract_version_id), []).append(entry)
    for (tutor_id, version_id), group in groups.items():
        event = TimeApproved(
            subject=public_id("E", tutor_id),
            tutor=public_id("E", tutor_id),
            contract_version=version_id,
            entries=tuple(e.public_id for e in group),
            seconds=sum(e.seconds for e in group),
        )
        record(event=event, actor=actor, at=at)


# --- Cutting --------------------------------------------------------------------------------

_CHANGES = """
SELECT NULL::bigint, moment FROM (
       SELECT lower(effective) AS moment FROM workforce_paytier
       UNION SELECT lower(effective) FROM workforce_ratemultiplier) cards
 WHERE moment > %(since)s AND moment < %(until)s
UNION
SELECT contract_id, lower(effective) FROM tutors_contractversion
 WHERE contract_id = ANY(%(contracts)s) AND state = 'in_force'
   AND lower(effective) > %(since)s AND lower(effective) < %(until)s
"""


@dataclass(frozen=True, slots=True)
class _Changes:
    """When terms changed: cards for everybody, versions by contract."""

    found: tuple[tuple[int | None, datetime], ...]

    def of(self, entry: TimeEntry) -> tuple[datetime, ...]:
        """Changes after the entry's own terms were fixed and before its end."""
        fixed_at = entry.claim.claimed_at if entry.claim else entry.started_at
        ended_at = entry.ended_at or entry.started_at
        contract = entry.contract_version.contract_id
        return tuple(
            moment
            for whose, moment in self.found
            if whose in (None, contract) and fixed_at < moment < ended_at
        )


def _cut(entries: Sequence[TimeEntry]) -> list[TimeEntry]:
    """The entries with every part that a boundary makes of them; parts are stored."""
    if not entries:
        return []
    changes = _changes(entries)
    return [part for entry in entries for part in _parts(entry, changes.of(entry))]


def _changes(entries: Sequence[TimeEntry]) -> _Changes:
    since = min(e.claim.claimed_at if e.claim else e.started_at for e in entries)
    until = max(e.ended_at or e.started_at for e in entries)
    contracts = sorted({e.contract_version.contract_id for e in entries})
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"since": since, "until": until, "contracts": contracts})
        return _Changes(tuple(cursor.fetchall()))


def _parts(entry: TimeEntry, changes: tuple[datetime, ...]) -> list[TimeEntry]:
    assert entry.ended_at is not None
    weeks = clocks.weeks_within(
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        zone=entry.contract_version.zone,
    )
    whole = tuple(change.replace(microsecond=0) for change in changes)
    spans = clocks.cuts_within(
        started_at=entry.started_at, ended_at=entry.ended_at, boundaries=(*weeks, *whole)
    )
    if len(spans) == 1 and not changes:
        return [entry]
    parts = [entry, *(_copy(entry) for _span in spans[1:])]
    for part, span in zip(parts, spans, strict=True):
        _set_terms(part, span, changes)
    parts[0].save(
        update_fields=[
            "ended_at",
            "seconds",
            "rate_minor_hourly",
            "rate_rule",
            "contract_version",
        ]
    )
    for part in parts[1:]:
        part.save(force_insert=True)
    return parts


def _set_terms(
    part: TimeEntry, span: tuple[datetime, datetime], changes: tuple[datetime, ...]
) -> None:
    """Give a part its span and the terms of its first instant; a claim's rate is a floor."""
    part.started_at, part.ended_at = span
    part.seconds = int((span[1] - span[0]).total_seconds())
    within = span[0] + WITHIN_THE_SECOND
    if not any(change <= within for change in changes):
        return
    terms = _terms(part, at=within)
    if terms is None or terms.currency != part.currency:
        return
    part.contract_version_id = terms.contract_version_id
    if part.claim is None or terms.minor_hourly > part.claim.rate_minor_hourly:
        part.rate_minor_hourly, part.rate_rule = terms.minor_hourly, terms.rule


def _copy(entry: TimeEntry) -> TimeEntry:
    names = [f.attname for f in TimeEntry._meta.concrete_fields if not f.primary_key]
    return TimeEntry(**{name: getattr(entry, name) for name in names})


def _terms(entry: TimeEntry, *, at: datetime) -> Terms | None:
    return terms_at(
        tutor_id=entry.tutor_id,
        project=entry.project,
        kind=TimeKind(entry.kind),
        complexity=entry.claim.slot.complexity if entry.claim else 1,
        at=at,
    )
