"""Time written down by hand, handed in, declined, disputed. Approval: `approving`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from tasks.events import TimeDeclined, TimeDisputed, TimeSubmitted, TimeWritten
from tasks.models import Project, TimeEntry
from tasks.operations.pricing import Terms, terms_at
from tasks.rules import clocks
from tasks.rules.states import CLOCK_KINDS, TimeKind, TimeState
from tutors.models import Tutor
from tutors.queries.facts import locked_facts
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid, NotAllowed
from workforce.rules.roles import Role

OVERLAP = "time_of_a_tutor_never_overlaps"


class CannotWriteDown(Invalid):
    """The entry does not hold together; `errors` says where."""

    code = "time_not_valid"
    title = "This time cannot be written down as it stands"


class TimeOverlaps(Conflict):
    code = "time_overlaps"
    title = "There is time in this stretch already"


class WrongTimeState(Conflict):
    code = "time_state"
    title = "The entry has moved on meanwhile"


class OwnTime(NotAllowed):
    code = "own_time"
    title = "Somebody else decides about your time"


class NotYourTime(NotAllowed):
    code = "not_your_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """[started_at, ended_at) as somebody wrote it down; both are cut to whole seconds."""

    kind: TimeKind
    started_at: datetime
    ended_at: datetime
    reason: str
    project: Project | None = None

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


@transaction.atomic
def write_down(*, tutor: Tutor, stretch: Stretch, actor: Account, at: datetime) -> TimeEntry:
    """Note time that no claim counted, as a draft; a tutor for herself, a manager for anybody.

    `CannotWriteDown` for empty, future, too long or too old time, without a reason, or outside
    the contract; `TimeOverlaps` when there is time in that stretch already.
    """
    if actor.pk != tutor.account_id and Role.MANAGER not in actor.roles:
        raise NotYourTime(_("Only the tutor herself or a manager writes down her time."))
    whole = Stretch(
        kind=stretch.kind,
        started_at=stretch.started_at.replace(microsecond=0),
        ended_at=stretch.ended_at.replace(microsecond=0),
        reason=stretch.reason.strip(),
        project=stretch.project,
    )
    _check(whole, at=at)
    terms = _terms(tutor, whole)
    entry = TimeEntry(
        tutor=tutor,
        account_id=tutor.account_id,
        contract_version_id=terms.contract_version_id,
        project=whole.project,
        kind=whole.kind,
        state=TimeState.DRAFT,
        started_at=whole.started_at,
        ended_at=whole.ended_at,
        seconds=whole.seconds,
        rate_minor_hourly=terms.minor_hourly,
        currency=terms.currency,
        rate_rule=terms.rule,
        reason=whole.reason,
        entered_by=actor,
    )
    _save(entry)
    event = TimeWritten(
        subject=entry.public_id,
        tutor=tutor.public_id,
        time_kind=whole.kind.value,
        seconds=whole.seconds,
    )
    record(event=event, actor=actor, at=at)
    return entry


def _check(whole: Stretch, *, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if whole.ended_at <= whole.started_at:
        errors["ended_at"] = [_("The end must be after the start.")]
    elif whole.seconds > clocks.MANUAL_ENTRY_SECONDS_MAX:
        hours = clocks.MANUAL_ENTRY_SECONDS_MAX // 3600
        errors["ended_at"] = [_("At most %(n)d hours in one entry; split it.") % {"n": hours}]
    if whole.ended_at > at:
        errors["ended_at"] = [_("This lies in the future.")]
    if whole.started_at < at - clocks.MANUAL_ENTRY_AGE_MAX:
        errors["started_at"] = [
            _("At most %(n)d days ago.") % {"n": clocks.MANUAL_ENTRY_AGE_MAX.days}
        ]
    if not whole.reason:
        errors["reason"] = [_("Say what the time was for.")]
    if whole.kind in CLOCK_KINDS and whole.project is None:
        errors["project"] = [_("Time of kind %(kind)s names its project.") % {"kind": whole.kind}]
    if errors:
        raise CannotWriteDown(_("Look at the marked fields; nothing was written."), errors=errors)


def _terms(tutor: Tutor, whole: Stretch) -> Terms:
    """Rate and version at the start; the contract must be in force until the end as well."""
    first = terms_at(tutor_id=tutor.pk, project=whole.project, kind=whole.kind, at=whole.started_at)
    last = terms_at(
        tutor_id=tutor.pk,
        project=whole.project,
        kind=whole.kind,
        at=whole.ended_at - timedelta(seconds=1),
    )
    if first is None or last is None:
        message = _("No contract with a rate for this work was in force for the whole stretch.")
        raise CannotWriteDown(message, errors={"started_at": [message]})
    return first


def _save(entry: TimeEntry) -> None:
    try:
        with transaction.atomic():
            entry.save(force_insert=entry.pk is None)
    except IntegrityError as problem:
        if OVERLAP not in str(problem):
            raise
        raise TimeOverlaps(
            _("Part of this stretch has time already. Look at that entry first.")
        ) from None


@transaction.atomic
def submit_entry(*, entry: TimeEntry, actor: Account, at: datetime) -> TimeEntry:
    """Hand a draft in for approval. What passes the week's cap is split off and held.

    `WrongTimeState` unless it is a draft.
    """
    if actor.pk not in (entry.account_id, entry.entered_by_id):
        raise NotYourTime(_("Only who wrote it, or the tutor herself, hands it in."))
    facts = locked_facts(account_id=entry.account_id, at=at)
    held = TimeEntry.objects.select_for_update().get(pk=entry.pk)
    if held.state != TimeState.DRAFT or held.ended_at is None:
        raise WrongTimeState(
            _("%(id)s is %(state)s; only a draft is handed in.")
            % {"id": held.public_id, "state": held.state}
        )
    contract = facts.contract
    cap = contract.cap_seconds_week if contract else None
    if cap is not None and contract is not None:
        payable = max(0, min(held.seconds, cap - _used(held, zone=contract.zone)))
        held = _hold_beyond(held, payable=payable, at=at)
    else:
        held.state = TimeState.SUBMITTED
        held.save(update_fields=["state"])
    record(event=TimeSubmitted(subject=held.public_id), actor=actor, at=at)
    return held


def _used(entry: TimeEntry, *, zone: str) -> int:
    """Seconds of the entry's week that count before it: all time that is handed in or better."""
    starts_at, ends_at = clocks.week_of(at=entry.started_at, zone=zone)
    counting = [
        TimeState.RUNNING,
        TimeState.SUBMITTED,
        TimeState.APPROVED,
        TimeState.LOCKED,
        TimeState.DISPUTED,
    ]
    found = TimeEntry.objects.filter(
        tutor_id=entry.tutor_id,
        started_at__gte=starts_at,
        started_at__lt=ends_at,
        state__in=counting,
    ).aggregate(total=Sum("seconds"))
    return int(found["total"] or 0)


def _hold_beyond(entry: TimeEntry, *, payable: int, at: datetime) -> TimeEntry:
    """Submit the first `payable` seconds; keep the rest apart as a held entry."""
    excess = entry.seconds - payable
    if payable == 0:
        entry.state = TimeState.HELD
        entry.decision_reason = "beyond the weekly cap"
        entry.save(update_fields=["state", "decision_reason"])
        return entry
    entry.state = TimeState.SUBMITTED
    ended_at = entry.ended_at
    entry.seconds = payable
    entry.ended_at = entry.started_at + timedelta(seconds=payable)
    entry.save(update_fields=["state", "seconds", "ended_at"])
    if excess:
        rest = TimeEntry.objects.get(pk=entry.pk)
        rest.pk = None
        rest.state = TimeState.HELD
        rest.started_at, rest.ended_at, rest.seconds = entry.ended_at, ended_at, excess
        rest.decision_reason = "beyond the weekly cap"
        rest.save(force_insert=True)
    return entry


@transaction.atomic
def decline(*, entry: TimeEntry, reason: str, actor: Account, at: datetime) -> TimeEntry:
    """Refuse to pay time, with a reason the tutor reads and may dispute.

    `OwnTime` for one's own, `WrongTimeState` unless it waits for a decision.
    """
    if actor.pk == entry.account_id:
        raise OwnTime(_("Somebody else has to decide about your own time."))
    if not reason.strip():
        raise CannotWriteDown(_("Say why."), errors={"reason": [_("A decline has a reason.")]})
    held = TimeEntry.objects.select_for_update().get(pk=entry.pk)
    check_second_pair_of_eyes(held, actor=actor)
    if held.state not in (TimeState.SUBMITTED, TimeState.HELD, TimeState.DISPUTED):
        raise WrongTimeState(
            _("%(id)s is %(state)s; it waits for no decision.")
            % {"id": held.public_id, "state": held.state}
        )
    held.state = TimeState.DECLINED
    held.decided_by, held.decided_at, held.decision_reason = actor, at, reason.strip()
    held.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    event = TimeDeclined(subject=held.public_id, tutor=f"E-{held.tutor_id}", reason=reason)
    record(event=event, actor=actor, at=at)
    return held


def check_second_pair_of_eyes(entry: TimeEntry, *, actor: Account) -> None:
    """A disputed decision is not taken again by who took it."""
    if entry.state == TimeState.DISPUTED and entry.decided_by_id == actor.pk:
        raise OwnTime(_("You declined this entry; somebody else decides about the dispute."))


@transaction.atomic
def dispute(*, entry: TimeEntry, reason: str, actor: Account, at: datetime) -> TimeEntry:
    """Disagree with a decline; somebody other than who declined decides again.

    `NotYourTime` for somebody else's entry, `WrongTimeState` unless it was declined.
    """
    if actor.pk != entry.account_id:
        raise NotYourTime(_("Only the tutor herself disputes her time."))
    if not reason.strip():
        raise CannotWriteDown(_("Say why."), errors={"reason": [_("A dispute has a reason.")]})
    held = TimeEntry.objects.select_for_update().get(pk=entry.pk)
    if held.state != TimeState.DECLINED:
        raise WrongTimeState(
            _("%(id)s is %(state)s; only declined time is disputed.")
            % {"id": held.public_id, "state": held.state}
        )
    held.state = TimeState.DISPUTED
    held.reason = f"{held.reason}\n{reason.strip()}".strip()[-1000:]
    _save(held)
    event = TimeDisputed(subject=held.public_id, tutor=f"E-{held.tutor_id}", reason=reason)
    record(event=event, actor=actor, at=at)
    return held
