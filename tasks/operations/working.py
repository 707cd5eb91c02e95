"""While a claim is in hand: signs of work, drafts, pauses, more time, giving it back."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from tasks.events import ClaimExtended, ClaimPaused, ClaimResumed, SlotReturned
from tasks.models import Claim
from tasks.operations.clocking import ENDING, move_clock
from tasks.operations.ending import give_back
from tasks.operations.excluding import leave_alone
from tasks.queries.claims import ClaimSheet, SavedDraft, sheet
from tasks.queries.plans import row_of
from tasks.rules import clocks
from tasks.rules.limits import DRAFT_BYTES_MAX
from tasks.rules.states import OPEN_CLAIMS, ClaimState, ExclusionReason
from workforce.models import Account
from workforce.operations import record
from workforce.operations.transacting import verb
from workforce.rules.ids import public_id
from workforce.rules.problems import Conflict, Invalid, NotFound


class ClaimOver(Conflict):
    """The claim is not in hand any more; the message says where the draft is."""

    code = "claim_over"
    title = "This claim is over"


class CannotSkip(Conflict):
    code = "already_started"
    title = "You have started this one"


class CannotExtend(Conflict):
    code = "already_extended"
    title = "This claim was extended before"


class DraftTooBig(Invalid):
    code = "draft_too_big"


class DraftOutdated(Conflict):
    code = "draft_outdated"
    title = "A newer draft is here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What a heartbeat tells: until when the claim is held, and the time counted so far."""

    claim_id: int
    state: ClaimState
    lease_until: datetime
    hold_until: datetime
    seconds_worked: int
    paid_cap_seconds: int

    @property
    def near_cap(self) -> bool:
        """Worth a warning: most of what is paid without asking is used."""
        return self.seconds_worked * 100 >= self.paid_cap_seconds * clocks.CAP_WARN_PERCENT


_BEAT = """
WITH mine AS MATERIALIZED (
    SELECT id FROM tutors_tutor WHERE account_id = %(account)s FOR NO KEY UPDATE)
UPDATE tasks_claim c
   SET seen_at = statement_timestamp(), state = coalesce(%(state)s, c.state),
       lease_until = least(c.hold_until,
                           statement_timestamp() + make_interval(secs => c.lease_seconds))
  FROM mine
 WHERE c.id = %(claim)s AND c.tutor_id = mine.id
   AND c.state = ANY(%(open)s) AND (%(fence)s::int IS NULL OR c.fence = %(fence)s)
RETURNING c.id, c.state, c.lease_until, c.hold_until, c.paid_cap_seconds, c.tutor_id, c.slot_id,
          c.seconds_worked + coalesce((
              SELECT extract(epoch FROM date_trunc('second', statement_timestamp()) - e.started_at)
                FROM tasks_timeentry e
               WHERE e.tutor_id = c.tutor_id AND e.state = 'running' AND e.claim_id = c.id),
              0)::int,
          EXISTS (SELECT 1 FROM tasks_timeentry e
                   WHERE e.tutor_id = c.tutor_id AND e.state = 'running' AND e.claim_id = c.id)
"""
"""The tutor's row first, as where work is taken: moving the clock holds it too, and two browsers
that beat on two claims would deadlock.
"""


@verb
def heartbeat(*, account: Account, claim_id: int, at: datetime, fence: int | None = None) -> Pulse:
    """A sign of work: the lease is renewed (never beyond `hold_until`), the clock runs here.

    A paused claim keeps its lease and stays paused. `ClaimOver` when it is not in hand any more.
    """
    return _beat(account=account, claim_id=claim_id, into=None, fence=fence)[0]


@transaction.atomic
def save_draft(
    *, account: Account, claim_id: int, answer: Any, version: int | None, at: datetime
) -> SavedDraft:
    """Keep unfinished work. It renews the lease and starts the work, as a heartbeat does.

    `version` is what the caller last saw, plus one; one not newer than what this claim saved is
    `DraftOutdated`, so two browsers do not overwrite each other. Without it the draft is saved.
    """
    if len(json.dumps(answer)) > DRAFT_BYTES_MAX:
        raise DraftTooBig(_("The draft is larger than 1 MB."), errors={"answer": [_("Too large.")]})
    _pulse, tutor_id, slot_id = _beat(
        account=account, claim_id=claim_id, into=ClaimState.IN_PROGRESS
    )
    parameters: dict[str, Any] = {
        "claim": claim_id,
        "slot": slot_id,
        "tutor": tutor_id,
        "answer": Jsonb(answer),
        "version": version,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, parameters)
        row = cursor.fetchone()
    if row is None:
        raise DraftOutdated(_("Another window saved a newer draft. Load it before you go on."))
    return SavedDraft(answer=answer, version=row[0], saved_at=row[1])


_SAVE = """
INSERT INTO tasks_draft AS d (slot_id, tutor_id, version, answer)
VALUES (%(slot)s, %(tutor)s, coalesce(%(version)s::int, 1), %(answer)s)
    ON CONFLICT (slot_id, tutor_id) DO UPDATE
   SET answer = excluded.answer, saved_at = statement_timestamp(),
       version = greatest(d.version + 1, %(version)s::int)
 WHERE %(version)s::int IS NULL OR %(version)s::int > d.version
    OR d.saved_at < (SELECT claimed_at FROM tasks_claim WHERE id = %(claim)s)
RETURNING version, saved_at
"""

_PAUSE = f"""
WITH held AS MATERIALIZED (
    SELECT c.id, c.lease_until, c.seen_at, false AS idle, 0 AS idle_seconds
      FROM tasks_claim c JOIN tutors_tutor t ON t.id = c.tutor_id
     WHERE c.id = %(claim)s AND t.account_id = %(account)s
       AND c.state IN ('claimed', 'in_progress') FOR UPDATE OF c),
{ENDING}
UPDATE tasks_claim c
   SET state = 'paused', seen_at = statement_timestamp(),
       seconds_worked = c.seconds_worked + coalesce((SELECT sum(seconds) FROM stopped), 0)
  FROM held h WHERE c.id = h.id RETURNING c.id
"""  # noqa: S608


@transaction.atomic
def pause(*, account: Account, claim_id: int, reason: str, at: datetime) -> ClaimSheet:
    """Stop the clock; the claim stays in hand until its lease ends. Pausing twice is no error."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, {"claim": claim_id, "account": account.pk})
        paused = cursor.fetchone() is not None
    found = _in_hand(account=account, claim_id=claim_id)
    if paused:
        event = ClaimPaused(subject=found.public_id, reason=reason)
        record(event=event, actor=account, at=at)
    return found


@transaction.atomic
def resume(*, account: Account, claim_id: int, at: datetime) -> ClaimSheet:
    """Go on with a claim: the clock runs here, and stops wherever it ran."""
    before = _in_hand(account=account, claim_id=claim_id)
    _beat(account=account, claim_id=claim_id, into=ClaimState.IN_PROGRESS)
    if before.state is ClaimState.PAUSED:
        record(event=ClaimResumed(subject=before.public_id), actor=account, at=at)
    return _in_hand(account=account, claim_id=claim_id)


@transaction.atomic
def extend(*, account: Account, claim_id: int, reason: str, at: datetime) -> ClaimSheet:
    """Push the latest end of a claim out by its own length, once, without asking anybody.

    `CannotExtend` the second time, `ClaimOver` when it is not in hand.
    """
    found = _in_hand(account=account, claim_id=claim_id)
    length = found.hold_until - found.claimed_at
    longest = found.claimed_at + timedelta(seconds=2 * clocks.HOLD_SECONDS_MAX)
    extended = Claim.objects.filter(
        pk=claim_id, extended=False, state__in=[s.value for s in OPEN_CLAIMS]
    ).update(extended=True, hold_until=min(found.hold_until + length, longest))
    if not extended:
        raise CannotExtend(_("A claim is extended once. Ask the manager if you need longer."))
    _beat(account=account, claim_id=claim_id, into=None)
    record(event=ClaimExtended(subject=found.public_id, reason=reason), actor=account, at=at)
    return _in_hand(account=account, claim_id=claim_id)


@transaction.atomic
def hand_back(*, account: Account, claim_id: int, reason: str, at: datetime) -> ClaimSheet:
    """Return: give the task back after the start. The time is kept, the slot keeps its age."""
    return _give_back(account, claim_id, ClaimState.RETURNED, reason, at)


@transaction.atomic
def skip(*, account: Account, claim_id: int, reason: str, at: datetime) -> ClaimSheet:
    """Give the task back before anything was written; `CannotSkip` afterwards: return it then."""
    return _give_back(account, claim_id, ClaimState.SKIPPED, reason, at)


def _give_back(
    account: Account, claim_id: int, state: ClaimState, reason: str, at: datetime
) -> ClaimSheet:
    own = _in_hand(account=account, claim_id=claim_id)
    tutor_id = _tutor_of(claim_id)
    ended = give_back(claim_id=claim_id, tutor_id=tutor_id, state=state, reason=reason)
    if ended is None:
        if state is ClaimState.SKIPPED:
            raise CannotSkip(_("You have written something already. Return the task instead."))
        raise ClaimOver(over_message(own))
    skipped = state is ClaimState.SKIPPED
    leave_alone(
        tutor_id=tutor_id,
        task_id=ended.task_id,
        reason=ExclusionReason.SKIPPED if skipped else ExclusionReason.RETURNED,
    )
    event = SlotReturned(
        subject=own.public_id,
        task=public_id("T", ended.task_id),
        tutor=public_id("E", tutor_id),
        pool=public_id("PL", ended.pool_id),
        queue=ended.queue,
        state=state.value,
        seconds_worked=ended.seconds_worked,
        reason=reason,
    )
    record(event=event, actor=account, at=at)
    return _own(account=account, claim_id=claim_id)


# --- The parts ------------------------------------------------------------------------------


def _beat(
    *, account: Account, claim_id: int, into: ClaimState | None, fence: int | None = None
) -> tuple[Pulse, int, int]:
    """Renew the lease; the pulse, the tutor and the slot. One statement while the clock is here."""
    parameters = {
        "claim": claim_id,
        "account": account.pk,
        "state": into.value if into else None,
        "fence": fence,
        "open": [s.value for s in OPEN_CLAIMS],
    }
    row = row_of(_BEAT, parameters)
    if row is None:
        raise ClaimOver(over_message(_own(account=account, claim_id=claim_id)))
    pulse = Pulse(
        claim_id=row[0],
        state=ClaimState(row[1]),
        lease_until=row[2],
        hold_until=row[3],
        seconds_worked=row[7],
        paid_cap_seconds=row[4],
    )
    if not row[8] and pulse.state is not ClaimState.PAUSED:
        move_clock(claim_id=claim_id, tutor_id=row[5], account_id=account.pk)
    return pulse, row[5], row[6]


def _own(*, account: Account, claim_id: int) -> ClaimSheet:
    found = sheet(claim_id=claim_id, account_id=account.pk)
    if found is None:
        raise NotFound
    return found


def _in_hand(*, account: Account, claim_id: int) -> ClaimSheet:
    found = _own(account=account, claim_id=claim_id)
    if found.state not in OPEN_CLAIMS:
        raise ClaimOver(over_message(found))
    return found


def _tutor_of(claim_id: int) -> int:
    return Claim.objects.values_list("tutor_id", flat=True).get(pk=claim_id)


def over_message(over: ClaimSheet) -> str:
    """What happened to a claim that is not in hand any more, and where the draft is."""
    word = over.state.value.replace("_", " ")
    if over.ended_at is None:
        return _("The fence of %(id)s is %(fence)d; give that one.") % {
            "id": over.public_id,
            "fence": over.fence,
        }
    if over.state in (ClaimState.EXPIRED, ClaimState.RELEASED):
        kept = (
            _(
                "Your draft (version %(version)d) is kept with %(id)s: "
                "GET /api/v1/work/claims/%(id)s/."
            )
            % {"version": over.draft.version, "id": over.public_id}
            if over.draft
            else _("No draft had been saved.")
        )
        return _("%(id)s is %(state)s; its time is kept and paid. %(kept)s") % {
            "id": over.public_id,
            "state": word,
            "kept": kept,
        }
    return _("%(id)s is %(state)s already.") % {"id": over.public_id, "state": word}
