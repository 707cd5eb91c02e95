"""Rows of hot statements, whose plan the connection keeps."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from workforce.queries.plans import prepared

Row = tuple[Any, ...]


def rows_of(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Run a statement that returns rows. Its text must never change from call to call."""
    with prepared() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Row] = cursor.fetchall()
        return rows


def row_of(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row, if there is one."""
    return next(iter(rows_of(statement, parameters)), None)


def decoded(value: Any) -> Any:
    """A JSONB column read by a bare cursor, which Django leaves as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def array_of(plain: Iterable[object]) -> str:
    """Numbers, or words without a comma, quote or brace, as the text of an SQL array.

    For long lists: the driver looks at each element of a list by itself. Cast it where it is used.
    """
    return "{" + ",".join(map(str, plain)) + "}"
