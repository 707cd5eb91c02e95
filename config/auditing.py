"""Events as people read them: who, when, what, and whether the chain holds them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from config.reactions import REACTIONS
from workforce.queries.accounts import by_email
from workforce.rules.happenings import Line, in_words, is_id, lines
from workforce.rules.ids import NotAnId, internal_id


@dataclass(frozen=True, kw_only=True)
class Row:
    """One event."""

    id: str
    kind: str
    words: str
    subject: str
    has_trail: bool
    actor: str
    actor_id: str
    at: datetime
    lines: tuple[Line, ...]
    position: int | None
    digest: str


def rows(events: Iterable[Any]) -> Iterator[Row]:
    for event in events:
        seal = getattr(event, "seal", None)
        yield Row(
            id=event.public_id,
            kind=event.kind,
            words=in_words(event.kind),
            subject=event.subject,
            has_trail=is_id(event.subject),
            actor=event.actor.name if event.actor else "",
            actor_id=event.actor.public_id if event.actor else "",
            at=event.at,
            lines=tuple(lines(event.body)),
            position=seal.position if seal else None,
            digest=seal.digest if seal else "",
        )


def kinds() -> list[tuple[str, str]]:
    """Every kind of event with its words, in the order of the words."""
    return sorted(((kind, in_words(kind)) for kind in REACTIONS), key=lambda each: each[1])


HEADER = ("event", "at", "kind", "subject", "actor", "body", "sealed at", "digest")
CSV_CHUNK = 1_000


def cells(found: QuerySet[Any]) -> Iterator[list[object]]:
    """The lines of a CSV under `HEADER`, newest first."""
    ordered = found.order_by("-id").iterator(CSV_CHUNK)
    for row in rows(ordered):
        said = "; ".join(f"{line.name}: {' '.join(line.ids)}{line.text}" for line in row.lines)
        yield [
            row.id,
            row.at.isoformat(),
            row.kind,
            row.subject,
            row.actor_id,
            said,
            row.position,
            row.digest,
        ]


NOBODY = -1


def actor_of(text: str) -> int | None:
    """The account that `A-12` or an e-mail names; `NOBODY` for an unknown one, None for no text."""
    text = text.strip()
    if not text:
        return None
    try:
        return internal_id("A", text.upper())
    except NotAnId:
        account = by_email(email=text)
        return account.pk if account else NOBODY
