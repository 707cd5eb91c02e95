"""Statements that PostgreSQL plans once for a connection and not at every call."""

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from psycopg import RawCursor
from psycopg.types.numeric import Int8Dumper

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_PLACE = re.compile(r"%(?:\((\w+)\))?s|%%")
TEXTS_MAX = 256
"""Statements whose numbered text a process keeps; there are far fewer."""


@functools.lru_cache(maxsize=TEXTS_MAX)
def _numbered(text: str) -> tuple[str, tuple[str | None, ...]]:
    """The text with PostgreSQL's own `$1` for each place, and the name that stands there.

    The driver would read the text again at each call: it keeps only short ones.
    """
    names: list[str | None] = []

    def number(place: re.Match[str]) -> str:
        if place.group() == "%%":
            return "%"
        name = place.group(1)
        if name is None or name not in names:
            names.append(name)
            return f"${len(names)}"
        return f"${names.index(name) + 1}"

    return _PLACE.sub(number, text), tuple(names)


class _PreparedCursor(RawCursor[Any]):
    """Sends every whole number as a bigint: psycopg would choose by its size, and each choice
    would be another statement to plan.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.adapters.register_dumper(int, Int8Dumper)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        text, names = _numbered(query)
        values = [params[name] for name in names] if isinstance(params, Mapping) else params
        return super().execute(text, values, **options)

    def _convert_query(self, *args: Any) -> Any:
        """Keep what is sent: Django asks for it where it notes statements."""
        self._query = super()._convert_query(*args)
        return self._query


def prepared() -> "CursorWrapper":
    """A cursor as from `connection.cursor()`, for hot statements whose text never changes.

    Parameters travel apart from the text: write a cast where the text alone does not say their
    type (`%s::bigint IS NULL`). A connection plans such a statement once, whatever its values,
    and keeps the plan. Planning is most of what a large statement costs.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = _PreparedCursor(connection.connection)
        return connection._prepare_cursor(cursor)  # type: ignore[attr-defined, no-any-return]
