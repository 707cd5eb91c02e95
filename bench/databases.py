"""Databases of the bench: made once, kept as templates, cloned for each run."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

FIRST = "postgres"
RUN = "bench_run"
"""The clone that a run may spoil."""


def url(name: str) -> str:
    """The address of a database on the server that `DATABASE_URL` names."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def environment(name: str) -> dict[str, str]:
    """What a process needs that works on this database, unlimited by throttles."""
    return {**os.environ, "DATABASE_URL": url(name), "LECTERN_NO_THROTTLE": "1"}


def connect(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url(name), autocommit=True)


def mark_of(name: str) -> str | None:
    """What `keep` wrote on the database; None when it is not there or was not finished."""
    with connect(FIRST) as server:
        row = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
    return str(row[0]) if row and row[0] else None


def hasten(name: str) -> None:
    """Commit without waiting for the disk until `keep`: people come by dozens of commits each, and
    what a crash leaves unfinished is made anew.
    """
    with connect(FIRST) as server:
        server.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(_name(name))
        )


def keep(name: str, *, mark: str) -> None:
    """Say what is in the database; without this it counts as unfinished."""
    with connect(FIRST) as server:
        server.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(_name(name)))
        server.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark))
        )


def drop(name: str) -> None:
    with connect(FIRST) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(name)))


def make(name: str) -> None:
    drop(name)
    with connect(FIRST) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(_name(name)))
    hasten(name)


def clone(template: str, *, to: str) -> None:
    """A copy of the files, checkpointed: the runs after it start with nothing left to write."""
    drop(to)
    with connect(FIRST) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                _name(to), _name(template)
            )
        )
        server.execute("CHECKPOINT")


def settle(name: str) -> None:
    """Vacuum, analyse, checkpoint: no housekeeping is owed to what was loaded."""
    with connect(name) as database:
        database.execute("VACUUM (ANALYZE)")
        database.execute("CHECKPOINT")


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
