"""Counting statements as the targets count them: without BEGIN, COMMIT and SAVEPOINT."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Counted:
    statements: list[str]

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting() -> Iterator[Counted]:
    counted = Counted()
    with CaptureQueriesContext(connection) as captured:
        yield counted
    counted.statements = [
        q["sql"] for q in captured.captured_queries if not q["sql"].startswith(NOT_COUNTED)
    ]
