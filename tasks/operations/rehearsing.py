"""A routing policy tried on a past period: asked for, played in the background, stopped."""

import contextlib
import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tasks.events import RehearsalAsked, RehearsalEnded
from tasks.models import Project, Rehearsal
from tasks.operations.policing import checked
from tasks.queries.policies import begun_before
from tasks.queries.policy_versions import policy_desk
from tasks.queries.stages import Past, past_of
from tasks.rules.limits import REASON_CHARS_MAX, REHEARSAL_RUNS, REHEARSALS_OPEN_MAX
from tasks.rules.policies import read_policy
from tasks.rules.rehearsing import AFTER, BEFORE, OTHERS, OWN, Period, answer_of, period
from tasks.rules.simulating import Ours
from tasks.rules.simulating.comparing import Progress, play_all
from tasks.rules.simulating.staging import EarlierAttempts, happened, stage
from tasks.rules.states import RehearsalKind, RehearsalState
from workforce.models import Account, Domain
from workforce.models.fields import database_now
from workforce.operations import record
from workforce.rules.problems import Conflict

logger = logging.getLogger(__name__)

NOT_OVER = (RehearsalState.WAITING, RehearsalState.RUNNING)
SEED = 1
"""The same past under the same policies has the same answer."""

PROGRESS_SECONDS = 1.0
"""How often a running rehearsal says how far it has come, and sees whether it was stopped."""

_PLAY_LOCK = 0x4C65_6374_5245  # "Lect" and a number of our own


class TooManyRehearsals(Conflict):
    code = "rehearsals_running"
    title = "Enough is running already"


class RehearsalOver(Conflict):
    code = "rehearsal_over"
    title = "This is over already"


class _Stopped(Exception):
    """Somebody stopped it, or another worker has it."""


@transaction.atomic
def rehearse_policy(
    *,
    owner: Project | Domain,
    document: dict[str, Any],
    since: datetime,
    until: datetime,
    actor: Account,
    at: datetime,
) -> Rehearsal:
    """Ask what this policy would have made of a past period. Nothing changes for anybody.

    `CannotReadPolicy` and `CannotRehearse` name what is wrong; `TooManyRehearsals` when the
    asker has `REHEARSALS_OPEN_MAX` that are not over.
    """
    policy = checked(document)
    asked = period(since=since, until=until, at=at)
    return _ask(
        kind=RehearsalKind.POLICY,
        owner=owner,
        question={
            **asked.as_json(),
            "before": policy_desk(owner).in_force.policy.as_json(),
            "after": policy.as_json(),
        },
        actor=actor,
        at=at,
    )


def _ask(
    *,
    kind: RehearsalKind,
    owner: Project | Domain,
    question: dict[str, Any],
    actor: Account,
    at: datetime,
) -> Rehearsal:
    Account.objects.select_for_update(no_key=True).get(pk=actor.pk)  # one count at a time
    running = Rehearsal.objects.filter(author=actor, state__in=NOT_OVER).count()
    if running >= REHEARSALS_OPEN_MAX:
        raise TooManyRehearsals(
            _("You have %(n)d running. Wait for one to end, or stop one.") % {"n": running}
        )
    row = Rehearsal.objects.create(
        kind=kind,
        project=owner if isinstance(owner, Project) else None,
        domain=owner if isinstance(owner, Domain) else None,
        question=question,
        author=actor,
        asked_at=at,
    )
    event = RehearsalAsked(subject=row.public_id, asked=kind.value)
    record(event=event, actor=actor, at=at)
    return row


@transaction.atomic
def stop_rehearsal(*, rehearsal: Rehearsal, actor: Account, at: datetime) -> Rehearsal:
    """End it without an answer; `RehearsalOver` when it has ended."""
    if not _end(rehearsal.pk, state=RehearsalState.STOPPED):
        raise RehearsalOver(_("It has ended meanwhile."))
    _tell(rehearsal, RehearsalState.STOPPED, actor=actor, at=at)
    rehearsal.refresh_from_db()
    return rehearsal


def play_rehearsal(*, rehearsal_id: int, at: datetime, say_every: float = PROGRESS_SECONDS) -> bool:
    """Work out the answer; False, and nothing is done, while another one is played.

    One at a time in the whole house: a play fills a processor for a minute, and its workers also
    load batches and pay. What is over stays; a play that fails says so and is not repeated.
    """
    with turn() as alone:
        if alone:
            _play(rehearsal_id, at=at, say_every=say_every)
        return alone


def _play(rehearsal_id: int, *, at: datetime, say_every: float) -> None:
    row = Rehearsal.objects.select_related("project__domain", "domain").get(pk=rehearsal_id)
    if not _begun(row.pk):
        return
    try:
        answer = _policy_answer(row, at=at, progress=_Progress(row.pk, every=say_every))
    except _Stopped:
        return
    except Exception as problem:
        logger.exception("Rehearsal %s failed.", row.public_id)
        _finish(row, RehearsalState.FAILED, trouble=f"{type(problem).__name__}: {problem}", at=at)
        return
    _finish(row, RehearsalState.DONE, answer=answer, at=at)


@contextlib.contextmanager
def turn() -> Iterator[bool]:
    """Whether it is ours to play, as nobody else does. The server lets go when the connection
    ends, however it does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_PLAY_LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_PLAY_LOCK])


def _begun(rehearsal_id: int) -> bool:
    """Also what another worker began and did not end: it begins anew."""
    rows = Rehearsal.objects.filter(pk=rehearsal_id, state__in=NOT_OVER)
    return bool(rows.update(state=RehearsalState.RUNNING, percent=0))


@transaction.atomic
def _finish(
    row: Rehearsal,
    state: RehearsalState,
    *,
    at: datetime,
    answer: dict[str, Any] | None = None,
    trouble: str = "",
) -> None:
    if _end(row.pk, state=state, answer=answer, trouble=trouble[:REASON_CHARS_MAX]):
        _tell(row, state, actor=None, at=at)


def _end(rehearsal_id: int, *, state: RehearsalState, **more: Any) -> bool:
    done = {"percent": 100} if state is RehearsalState.DONE else {}
    rows = Rehearsal.objects.filter(pk=rehearsal_id, state__in=NOT_OVER)
    return bool(rows.update(state=state, ended_at=database_now(), **done, **more))


def _tell(row: Rehearsal, state: RehearsalState, *, actor: Account | None, at: datetime) -> None:
    event = RehearsalEnded(subject=row.public_id, state=state.value)
    record(event=event, actor=actor, at=at)


class _Progress:
    """Says now and then how far it is; raises `_Stopped` once the row is not running any more."""

    def __init__(self, rehearsal_id: int, *, every: float) -> None:
        self._every = every
        self._rows = Rehearsal.objects.filter(pk=rehearsal_id, state=RehearsalState.RUNNING)
        self._said = time.monotonic()

    def __call__(self, part: float) -> None:
        if time.monotonic() - self._said < self._every:
            return
        self._said = time.monotonic()
        if not self._rows.update(percent=min(99, int(100 * part))):
            raise _Stopped


def _policy_answer(row: Rehearsal, *, at: datetime, progress: Progress) -> dict[str, Any]:
    asked = Period.from_json(row.question)
    owner = row.project or row.domain
    assert owner is not None  # a constraint of the table
    past = past_of(owner=owner, since=asked.since, until=asked.until, at=at)
    routers = {name: _router(past, row.question[name]) for name in (BEFORE, AFTER)}
    scene = stage(
        came=past.came,
        people=past.people,
        pools=past.sim_pools,
        since=asked.since,
        until=asked.until,
        seed=SEED,
        earlier=_earlier(past, routers.values(), since=asked.since),
    )
    parts = {OWN: past.own, OTHERS: past.pools.keys() - past.own}
    sides = play_all(
        scene,
        routers,
        runs=REHEARSAL_RUNS,
        parts=parts,
        progress=progress,
    )
    pools = past.sim_pools
    was = {
        part: happened(came=past.came, pools={n: pools[n] for n in some}, until=asked.until)
        for part, some in parts.items()
    }
    return answer_of(
        sides=sides,
        was=was,
        people=len(past.people),
        people_left_out=past.people_left_out,
        slots_left_out=past.slots_left_out,
        currency=past.currency,
    )


def _earlier(past: Past, routers: Iterable[Ours], *, since: datetime) -> list[EarlierAttempts]:
    """What counts for shares that one of these policies limits; no statement where none does."""
    pools = past.sim_pools.values()
    limited = {pool.project for each in routers for pool in pools if each.of(pool).limits_shares}
    return begun_before(project_ids=sorted(limited), since=since) if limited else []


def _router(past: Past, document: dict[str, Any]) -> Ours:
    """The live router with this policy for the pools in question, and the others' own."""
    others = {key: pool.policy for key, pool in past.pools.items()}
    return Ours(of_pool=others | dict.fromkeys(past.own, read_policy(document)))
