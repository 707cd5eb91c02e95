"""The one way into the event log."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from workforce.events import Happening
from workforce.models import Account, Event
from workforce.queries.plans import prepared

_APPEND = """
INSERT INTO workforce_event (kind, subject, body, actor_id, at, recorded_at)
VALUES (%s, %s, %s, %s::bigint, %s, statement_timestamp()) RETURNING id, recorded_at
"""

_APPEND_ALL = """
INSERT INTO workforce_event (kind, subject, body, actor_id, at, recorded_at)
SELECT kind, subject, body, %s::bigint, %s, statement_timestamp()
  FROM unnest(%s::text[], %s::text[], string_to_array(%s, E'\\n')::jsonb[])
       AS happened (kind, subject, body)
"""


def record(*, event: Happening, actor: Account | int | None, at: datetime) -> Event:
    """Append one event in the caller's transaction, and nothing else.

    `actor` is the account (or its key) that acted; None for the machine itself.
    """
    body = _body(event)
    subject = body.pop("subject")
    actor_id = actor.pk if isinstance(actor, Account) else actor
    kind = type(event).kind
    row: list[Any] = [kind, subject, Jsonb(body), actor_id, at]
    with prepared() as cursor:
        cursor.execute(_APPEND, row)
        key, recorded_at = cursor.fetchone()
    return Event(
        id=key,
        kind=kind,
        subject=subject,
        body=body,
        actor_id=actor_id,
        at=at,
        recorded_at=recorded_at,
    )


def record_all(*, events: Sequence[Happening], actor: Account | int | None, at: datetime) -> None:
    """Append several events of one act in one statement, in their order."""
    if not events:
        return
    bodies = [_body(event) for event in events]
    subjects = [body.pop("subject") for body in bodies]
    kinds = [type(event).kind for event in events]
    actor_id = actor.pk if isinstance(actor, Account) else actor
    lines = "\n".join(map(json.dumps, bodies))
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_ALL, [actor_id, at, kinds, subjects, lines])


def _body(event: Happening) -> dict[str, Any]:
    """The fields of an event; they are plain values and lists of such, so nothing is copied."""
    return {each.name: getattr(event, each.name) for each in dataclasses.fields(event)}
