"""Making jobs: rows first, the doorbell later."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.types.json import Jsonb

from workforce.rules.jobs import JobSpec

_INSERT = """
INSERT INTO workforce_job
       (kind, queue, key, subject, event_id, state, run_at, attempts, attempts_max, fence,
        last_error)
VALUES (%s, %s, %s, %s, %s, 'due', coalesce(%s, statement_timestamp()), 0, %s, 0, '')
    ON CONFLICT (kind, key) WHERE state = 'due'
    DO UPDATE SET run_at = least(workforce_job.run_at, excluded.run_at)
"""


def enqueue(*, specs: Sequence[JobSpec], event_id: int | None = None) -> None:
    """Make sure that each job is due once, in the caller's transaction.

    A job of the same kind and key that is due already is kept, at the earlier `run_at`.
    """
    rows: list[tuple[Any, ...]] = [
        (s.kind, s.queue, s.key, Jsonb(dict(s.subject)), event_id, s.run_at,
         settings.JOB_MAX_ATTEMPTS)
        for s in specs
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
