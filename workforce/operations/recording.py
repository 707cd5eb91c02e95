"""The one way into the event log."""

import dataclasses
from datetime import datetime
from typing import Any, cast

from psycopg.types.json import Jsonb

from workforce.events import Happening
from workforce.models import Account, Event
from workforce.queries.plans import prepared

_APPEND = """
INSERT INTO workforce_event (kind, subject, body, actor_id, at, recorded_at)
VALUES (%s, %s, %s, %s::bigint, %s, statement_timestamp()) RETURNING id, recorded_at
"""


def record(*, event: Happening, actor: Account | int | None, at: datetime) -> Event:
    """Append one event in the caller's transaction, and nothing else.

    `actor` is the account (or its key) that acted; None for the machine itself.
    """
    body = dataclasses.asdict(cast("dataclasses._DataclassT", event))  # type: ignore[valid-type]
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
