"""Statements that PostgreSQL plans once for a connection and not at every call."""

import functools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from psycopg import Connection, RawCursor, errors
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult
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


class _LastingPlans(PrepareManager):
    """Keeps what a connection has planned when a transaction is undone.

    The driver forgets all of it then, for a table of that transaction would be gone. Ours are made
    by migrations alone, and each refused request undoes one: whoever came next would pay for
    planning everything again, five times what a claim takes in the database. The class is the
    driver's own and not public: `test_plans.py` notices if another version has it otherwise.
    """

    def clear(self) -> bool:
        """What the driver calls as it undoes a transaction."""
        return False

    def forget(self) -> bool:
        return super().clear()

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_: Any) -> bool:
        changed = any((each.command_status or b"").startswith(_CHANGES) for each in results)
        return changed and self.forget()


_CHANGES = (b"DROP", b"ALTER", b"DISCARD ALL", b"DEALLOCATE ALL")
_STALE = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
"""What PostgreSQL says of a plan whose table got other columns meanwhile, and of one it lost."""


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
        try:
            return super().execute(text, values, **options)
        except _STALE:
            _plans_of(self.connection).forget()
            raise

    def _convert_query(self, *args: Any) -> Any:
        """Keep what is sent: Django asks for it where it notes statements."""
        self._query = super()._convert_query(*args)
        return self._query


def _plans_of(raw: Connection[Any]) -> _LastingPlans:
    """The plans of a connection, which last from the first time that they are asked for."""
    usual = raw._prepared
    if not isinstance(usual, _LastingPlans):
        raw._prepared = lasting = _LastingPlans()
        lasting.prepare_threshold = usual.prepare_threshold
        lasting.prepared_max = usual.prepared_max
        return lasting
    return usual


def prepared() -> "CursorWrapper":
    """A cursor as from `connection.cursor()`, for hot statements whose text never changes.

    Parameters travel apart from the text: write a cast where the text alone does not say their
    type (`%s::bigint IS NULL`). A connection plans such a statement once, whatever its values,
    and keeps the plan, also when a transaction is undone. Planning is most of what a large
    statement costs.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        _plans_of(connection.connection)
        cursor = _PreparedCursor(connection.connection)
        return connection._prepare_cursor(cursor)  # type: ignore[attr-defined, no-any-return]
