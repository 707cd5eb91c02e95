"""Results leave the house as lines of JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from tasks.models import Client, Project
from tasks.queries.exporting import answers_of
from workforce.providers import vault
from workforce.rules.ids import public_id

PSEUDONYM_CHARS = 12


def export(
    *, project: Project, batch_id: int | None, status: str | None, at: datetime
) -> Iterator[bytes]:
    """One line for each answer, a few hundred read at a time; `answer` or `cannot` is null."""
    client = public_id(Client.prefix, project.client_id)

    @cache
    def pseudonym(tutor_id: int) -> str:
        return pseudonym_of(tutor_id=tutor_id, client=client)

    for line in answers_of(
        project=project, batch_id=batch_id, status=status, pseudonym=pseudonym, at=at
    ):
        yield json.dumps(line, ensure_ascii=False, default=_moment).encode() + b"\n"


def pseudonym_of(*, tutor_id: int, client: str) -> str:
    """A tutor's name towards one client: always the same there, another one elsewhere."""
    mark = vault.ring().fingerprint(str(tutor_id), context=f"tasks.export.{client}")
    return f"tutor-{mark[:PSEUDONYM_CHARS]}"


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not go into JSON")
