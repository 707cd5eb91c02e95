"""A worker takes a job, keeps it while it works, and ends it: each step one compare-and-set."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from workforce.models import Job
from workforce.models.fields import database_now
from workforce.rules.jobs import ERROR_CHARS_MAX, JobState, backoff


class LostLease(Exception):
    """Somebody else holds this job now; whatever was done under the old lease is undone."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to do one job, as long as its fence is the job's newest."""

    job_id: int
    kind: str
    subject: dict[str, Any]
    fence: int
    attempts: int

    def finish(self) -> None:
        """Mark the job done inside the effect's own transaction; `LostLease` undoes both."""
        if not self._held().update(
            state=JobState.DONE, lease_until=None, done_at=database_now(), last_error=""
        ):
            raise LostLease(f"Job {self.job_id}: fence {self.fence} is no longer the newest.")

    def renew(self) -> bool:
        """Push the lease's end out; False when it is lost. Called from a second connection."""
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [settings.JOB_LEASE_SECONDS, self.job_id, self.fence])
            return bool(cursor.rowcount == 1)

    def fail(self, *, error: str) -> None:
        """Give the job back, to run again after its back-off; the sweeper parks it in the end."""
        fields = {"lease_until": None, "last_error": error[:ERROR_CHARS_MAX], "published_at": None}
        again = database_now() + backoff(self.attempts)
        try:
            with transaction.atomic():
                self._held().update(state=JobState.DUE, run_at=again, **fields)
        except IntegrityError:  # one of the same key is due already, and will do what we did not
            self._held().update(state=JobState.DONE, done_at=database_now(), **fields)

    def _held(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job_id, fence=self.fence, state=JobState.LEASED)


_TAKE = """
UPDATE workforce_job
   SET state = 'leased', attempts = attempts + 1, fence = fence + 1,
       lease_until = statement_timestamp() + make_interval(secs => %s)
 WHERE id = %s AND kind = %s AND attempts < attempts_max
   AND (   (state = 'due' AND run_at <= statement_timestamp())
        OR (state = 'leased' AND lease_until < statement_timestamp()))
RETURNING subject, fence, attempts
"""
_RENEW = """
UPDATE workforce_job
   SET lease_until = statement_timestamp() + make_interval(secs => %s)
 WHERE id = %s AND fence = %s AND state = 'leased'
"""


def take(*, job_id: int, kind: str) -> Lease | None:
    """Lease a job that is due or was abandoned; None when there is nothing to do.

    Nor is there where the key is another kind's: a broker may still ring for jobs of a database
    that was restored since.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [settings.JOB_LEASE_SECONDS, job_id, kind])
        row = cursor.fetchone()
    if row is None:
        return None
    subject, fence, attempts = row
    subject = json.loads(subject) if isinstance(subject, str) else subject
    return Lease(job_id=job_id, kind=kind, subject=subject, fence=fence, attempts=attempts)
