"""From what happened to what follows: seal events, make their jobs, ring the doorbell."""

import logging
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from workforce.models import Event, Outbox, Seal
from workforce.operations.enqueueing import enqueue
from workforce.queries.chain import canonical, last_seal
from workforce.rules.chain import digest
from workforce.rules.jobs import BATCH_MAX, REPUBLISH_AFTER, EventSeen, JobSpec, Reactions

logger = logging.getLogger(__name__)

RELAY_LOCK = 7_301
Publish = Callable[[int, str, str], None]
"""Called with a job's key, kind and queue; may raise, which only means that nobody heard."""


def relay(*, reactions: Reactions) -> int:
    """Seal and react to the next batch of events; the number passed on.

    Any number of relays may run: an advisory lock lets one of them work at a time.
    Events and their jobs move in one transaction, so each event is reacted to once.
    """
    with transaction.atomic():
        if not _locked(RELAY_LOCK):
            return 0
        ids = list(
            Outbox.objects.select_for_update(skip_locked=True)
            .order_by("event_id")
            .values_list("event_id", flat=True)[:BATCH_MAX]
        )
        if not ids:
            return 0
        events = list(Event.objects.filter(pk__in=ids).order_by("pk"))
        seal(events=events)
        for event in events:
            enqueue(specs=_following(event, reactions), event_id=event.pk)
        Outbox.objects.filter(event_id__in=ids).delete()
    return len(ids)


def seal(*, events: Sequence[Event]) -> None:
    """Append the events to the hash chain in this order."""
    position, previous = last_seal()
    rows = []
    for event in events:
        position, previous = position + 1, digest(previous=previous, event=canonical(event))
        rows.append(Seal(position=position, event=event, digest=previous))
    Seal.objects.bulk_create(rows)


def _following(event: Event, reactions: Reactions) -> list[JobSpec]:
    seen = EventSeen(id=event.pk, kind=event.kind, subject=event.subject, body=event.body)
    return [spec for reaction in reactions.get(event.kind, ()) for spec in reaction(seen)]


_RING = """
UPDATE workforce_job SET published_at = statement_timestamp()
 WHERE id IN (SELECT id FROM workforce_job
               WHERE state = 'due' AND run_at <= statement_timestamp()
                 AND (published_at IS NULL
                      OR published_at < statement_timestamp() - make_interval(secs => %s))
               ORDER BY run_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, kind, queue
"""


def ring(*, publish: Publish) -> int:
    """Publish jobs that are due and that nobody has been told of lately.

    A broker that does not answer ends the pass: the rows stay due and are told again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RING, [REPUBLISH_AFTER.total_seconds(), BATCH_MAX])
        due = cursor.fetchall()
    for rung, (job_id, kind, queue) in enumerate(due):
        try:
            publish(job_id, kind, queue)
        except Exception as problem:  # the row is the truth; a lost doorbell costs seconds
            logger.warning("Broker not reached (%s); %d jobs wait.", problem, len(due) - rung)
            return rung
    return len(due)


def _locked(key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])
