"""The one way into the event log."""

import dataclasses
from datetime import datetime
from typing import cast

from workforce.events import Happening
from workforce.models import Account, Event


def record(*, event: Happening, actor: Account | int | None, at: datetime) -> Event:
    """Append one event in the caller's transaction, and nothing else.

    `actor` is the account (or its key) that acted; None for the machine itself.
    """
    body = dataclasses.asdict(cast("dataclasses._DataclassT", event))  # type: ignore[valid-type]
    subject = body.pop("subject")
    actor_id = actor.pk if isinstance(actor, Account) else actor
    return Event.objects.create(
        kind=type(event).kind, subject=subject, body=body, actor_id=actor_id, at=at
    )
