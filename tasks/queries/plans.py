"""Statements whose plan the connection keeps.

The statements of claiming and handing in are long: planning them costs several times what they
do. Here the parameters travel apart from the text, so PostgreSQL plans each statement once for a
connection. Everything else about them is as with a bare cursor.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorDebugWrapper

Row = tuple[Any, ...]


def rows_of(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Run a statement that returns rows, by its kept plan."""
    connection.validate_no_broken_transaction()
    with connection.cursor() as shown, connection.wrap_database_errors:
        raw: psycopg.Connection[Any] = connection.connection
        with _noted(shown, statement, parameters), psycopg.Cursor(raw) as cursor:
            cursor.execute(statement.encode(), parameters, prepare=True)
            return cursor.fetchall()


def row_of(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row, if there is one."""
    return next(iter(rows_of(statement, parameters)), None)


@contextmanager
def _noted(shown: Any, statement: str, parameters: Mapping[str, Any]) -> Iterator[None]:
    """Where statements are logged or counted, these are as well."""
    if not isinstance(shown, CursorDebugWrapper):
        yield
        return
    with shown.debug_sql(statement, parameters):
        yield
