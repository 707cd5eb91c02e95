"""What restores order after crashes: expired leases go back, spent jobs are parked."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from workforce.events import JobParked, JobRetried
from workforce.models import Account, IdempotencyKey, Job, Tick, WorkerHeartbeat
from workforce.models.fields import database_now
from workforce.operations.recording import record
from workforce.rules.jobs import BATCH_MAX, JobState
from workforce.rules.problems import Conflict

SWEEP_LOCK = 7_302

_PARK = """
UPDATE workforce_job SET state = 'parked', lease_until = NULL
 WHERE id IN (SELECT id FROM workforce_job
               WHERE attempts >= attempts_max
                 AND (state = 'due' OR (state = 'leased' AND lease_until < statement_timestamp()))
               ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, kind, attempts
"""
_GIVE_BACK = """
UPDATE workforce_job j
   SET lease_until = NULL, published_at = NULL,
       state = CASE WHEN EXISTS (SELECT 1 FROM workforce_job d
                                  WHERE d.kind = j.kind AND d.key = j.key AND d.state = 'due')
                    THEN 'done' ELSE 'due' END
 WHERE id IN (SELECT DISTINCT ON (kind, key) id FROM workforce_job
               WHERE state = 'leased' AND lease_until < statement_timestamp()
                 AND attempts < attempts_max
               ORDER BY kind, key, id LIMIT %s)
   AND state = 'leased' AND lease_until < statement_timestamp()
RETURNING id
"""


class CannotRetry(Conflict):
    code = "job_not_parked"


def sweep(*, at: datetime) -> int:
    """One pass over abandoned jobs; how many were moved. Twice in a row changes nothing more.

    Any number of sweepers may run: an advisory lock lets one of them work at a time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_PARK, [BATCH_MAX])
        parked = cursor.fetchall()
        for job_id, kind, attempts in parked:
            subject = f"{Job.prefix}-{job_id}"
            record(
                event=JobParked(subject=subject, job_kind=kind, attempts=attempts),
                actor=None,
                at=at,
            )
        cursor.execute(_GIVE_BACK, [BATCH_MAX])
        return len(parked) + len(cursor.fetchall())


@transaction.atomic
def retry(*, job_id: int, actor: Account, at: datetime) -> None:
    """Let a parked job run again from its first attempt.

    `CannotRetry` for any other state, and while another job is due that does the same.
    """
    job = Job.objects.filter(pk=job_id).first()
    try:
        with transaction.atomic():
            moved = Job.objects.filter(pk=job_id, state=JobState.PARKED).update(
                state=JobState.DUE, attempts=0, run_at=database_now(), published_at=None
            )
    except IntegrityError:
        raise CannotRetry(
            _("Another job that does the same is due already. Wait for what becomes of it.")
        ) from None
    if job is None or not moved:
        raise CannotRetry(_("Only a parked job can be retried; this one is not parked."))
    record(event=JobRetried(subject=job.public_id, job_kind=job.kind), actor=actor, at=at)


@transaction.atomic
def tick(*, name: str, slot: int, at: datetime) -> bool:
    """Claim one slot of periodic work; False when another beat has had it."""
    _tick, mine = Tick.objects.get_or_create(name=name, slot=slot, defaults={"at": at})
    return mine


def beat(*, name: str, kind: str, pid: int, queues: list[str], at: datetime) -> None:
    """Note a sign of life."""
    WorkerHeartbeat.objects.update_or_create(
        name=name,
        defaults={"kind": kind, "pid": pid, "queues": queues, "seen_at": at},
        create_defaults={
            "kind": kind,
            "pid": pid,
            "queues": queues,
            "seen_at": at,
            "started_at": at,
        },
    )


_FORGET = """
DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s)
"""


def forget(*, before: datetime, done_before: datetime) -> int:
    """Drop what is kept for a time only: old answers, ticks and finished jobs; rows dropped."""
    dropped = 0
    with connection.cursor() as cursor:
        for model, column, limit in (
            (IdempotencyKey, "created_at", before),
            (Tick, "at", before),
            (Job, "done_at", done_before),
        ):
            sql = _FORGET.format(table=model._meta.db_table, column=column)
            cursor.execute(sql, [limit, settings.FORGET_MAX])
            dropped += cursor.rowcount
    return dropped
