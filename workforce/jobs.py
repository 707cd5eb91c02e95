"""Celery's way in: a message names a job row, the row says the rest."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.db import connection, transaction

from workforce.doors import now
from workforce.operations import admitting, leasing, noticing, sweeping
from workforce.operations.leasing import Lease, LostLease

logger = logging.getLogger(__name__)

KINDS: dict[str, Callable[..., None]] = {}


def job(kind: str, *, outside: bool = False) -> Callable[[Callable[..., None]], Any]:
    """Make a keyword-only function the handler of a kind of job.

    It is called with the job's subject and `at`, inside the transaction that also marks the
    job done, so its effect happens once. A handler that talks to the world declares
    `outside`: it gets `lease` too, runs outside a transaction, and calls `lease.finish()` in
    the transaction of its effect. Whatever it raises gives the job back for a later try.
    """

    def wrap(handler: Callable[..., None]) -> Any:
        KINDS[kind] = handler

        def run(job_id: Any = None, **_: Any) -> None:
            if type(job_id) is not int:
                logger.warning("Dropped a message without a job's key: %r", str(job_id)[:80])
                return
            perform(job_id=job_id, kind=kind, handler=handler, outside=outside)

        run.__name__ = handler.__name__
        shared_task(name=kind)(run)
        return handler

    return wrap


def perform(*, job_id: int, kind: str, handler: Callable[..., None], outside: bool) -> None:
    """Lease the job, do it, end it. A job that is not there to be done is no error."""
    lease = leasing.take(job_id=job_id, kind=kind)
    if lease is None:
        return
    try:
        with _renewing(lease):
            if outside:
                handler(**lease.subject, at=now(), lease=lease)
            else:
                with transaction.atomic():
                    handler(**lease.subject, at=now())
                    lease.finish()
    except LostLease as lost:
        logger.warning("%s", lost)
    except Exception as problem:
        logger.exception("Job %s (%s) failed.", lease.job_id, lease.kind)
        lease.fail(error=f"{type(problem).__name__}: {problem}")


class _renewing:  # noqa: N801 - reads as a verb where it is used
    """Renews a lease from a second connection while the work goes on."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        every = settings.JOB_LEASE_SECONDS / 3
        try:
            while not self._over.wait(every):
                if not self._lease.renew():
                    return
        finally:
            connection.close()


def publish(job_id: int, kind: str, queue: str) -> None:
    """Ring the doorbell. Raises when the broker does not answer; the row stays due."""
    current_app.send_task(kind, kwargs={"job_id": job_id}, queue=queue, ignore_result=True)


@job("workforce.mail_invitation")
def mail_invitation(*, invitation_id: int, at: datetime) -> None:
    admitting.mail_invitation(invitation_id=invitation_id, at=at)


@job("workforce.mail_notice")
def mail_notice(*, notice_id: int, at: datetime) -> None:
    noticing.mail_notice(notice_id=notice_id)


if settings.JOB_TEST_KINDS:

    @job("workforce.noop")
    def noop(*, at: object, **_: object) -> None:
        """Does nothing, once."""

    @job("workforce.sleep")
    def sleep(*, seconds: float, number: int, at: datetime) -> None:
        """Holds its lease for a while, and leaves a row for each time that its effect held."""
        threading.Event().wait(seconds)
        sweeping.tick(name=f"slept:{number}", slot=time.monotonic_ns(), at=at)

    @job("workforce.crash")
    def crash(*, at: object, **_: object) -> None:
        """Takes its worker down with it."""
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)


@shared_task(name="workforce.tidy")
def tidy(**_: Any) -> None:
    """Beat's hourly call: forget what is kept for a time only. Twice in an hour does it once."""
    at = now()
    if sweeping.tick(name="tidy", slot=int(at.timestamp()) // 3600, at=at):
        sweeping.forget(
            before=at - timedelta(hours=settings.IDEMPOTENCY_HOURS),
            done_before=at - timedelta(days=settings.DONE_JOB_DAYS),
        )
