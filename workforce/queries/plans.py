"""Statements that PostgreSQL plans once for a connection and not at every call."""

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.types.numeric import Int8Dumper

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


class _PreparedCursor(ServerBindingCursor):
    """Sends every whole number as a bigint: psycopg would choose by its size, and each choice
    would be another statement to plan.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.adapters.register_dumper(int, Int8Dumper)  # type: ignore[attr-defined]

    def _convert_query(self, *args: Any) -> Any:
        """Keep what is sent: Django asks for it where it notes statements."""
        self._query = super()._convert_query(*args)  # type: ignore[misc]
        return self._query


def prepared() -> "CursorWrapper":
    """A cursor as from `connection.cursor()`, for hot statements whose text never changes.

    Parameters travel apart from the text: write a cast where the text alone does not say their
    type (`%s::bigint IS NULL`). A connection plans such a statement on its first few runs, then
    keeps the plan. Planning is most of what a large statement costs.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = _PreparedCursor(connection.connection)
        return connection._prepare_cursor(cursor)  # type: ignore[attr-defined, no-any-return]
