"""The databases tests work in: clones of one migrated template with the reference data.

The first test process that wants a database migrates the template; every process (each xdist
worker is one) then works in a clone of it, which takes 0.1 s.

- `@pytest.mark.django_db`: the process's clone; the test's transaction is rolled back. The usual.
- the fixture `own_database` (or the context manager `fresh_database()`): a clone of its own,
  dropped afterwards. For races on several connections, for workers in other processes, and for
  anything else that must commit.
- `@pytest.mark.django_db(transaction=True)`: the process's clone, which is made anew afterwards.
- `kept_database(...)` and `pointed_at(...)`: a clone for processes that outlive one test, and
  Django's way into it; see tests/browser.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

RUN = "LECTERN_TEST_RUN"
"""Names this run's databases; xdist workers inherit it with the rest of the environment."""


@dataclass(frozen=True)
class OwnDatabase:
    """A clone of the migrated template; `url` is what another process gets as `DATABASE_URL`."""

    name: str
    url: str


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's fixture, with a clone of the template in place of its migrations."""
    with django_db_blocker.unblock(), _cloned("own"), _cloning_instead_of_flushing():
        yield


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[OwnDatabase]:
    """A database of this test's own, in which it may commit; see `fresh_database`."""
    with django_db_blocker.unblock(), fresh_database() as database:
        yield database


@contextlib.contextmanager
def fresh_database() -> Iterator[OwnDatabase]:
    """Point Django, in this process, at a new clone of the template; drop the clone afterwards.

    Threads started inside get the clone too, and must close their connections
    (`connections.close_all()`); other processes need its `url` as `DATABASE_URL`. What is still
    connected when the block ends is disconnected. Database access must be unblocked: use the
    fixture `own_database` unless you need several databases in one test.
    """
    with _cloned(secrets.token_hex(4)) as database:
        yield database


@contextlib.contextmanager
def kept_database(label: str, *, template: str | None = None) -> Iterator[OwnDatabase]:
    """A clone (of the migrated template, or of `template`) that Django is not pointed at."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"lectern_test_{os.environ[RUN]}_{process}_{label}"
    _clone_template(name, template=template)
    try:
        yield OwnDatabase(name=name, url=_url_of(name))
    finally:
        with _server() as server:
            _drop(server, name)


@contextlib.contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Point Django, in this process, at a database; back where it was afterwards."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    try:
        _point_django_at(name)
        yield
    finally:
        _point_django_at(before)


def shared_template(label: str, fill: Callable[[OwnDatabase], None]) -> str:
    """Name of a template that `fill` has put more into; made once a run, whoever asks first."""
    name = f"{_template()}_{label}"
    source = _migrated_template()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not _is_template(server, name):
            _clone_template(name, template=source)
            fill(OwnDatabase(name=name, url=_url_of(name)))
            _keep_as_template(server, name)
    return name


def drop_template() -> None:
    """Drop this run's templates, if any were made; for a server that outlives the run."""
    with contextlib.suppress(psycopg.OperationalError), _server() as server:
        known = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in server.execute(known, [_template()]).fetchall():
            _drop(server, name)


@contextlib.contextmanager
def _cloned(label: str) -> Iterator[OwnDatabase]:
    with kept_database(label) as database, pointed_at(database.name):
        yield database


def _clone_template(name: str, *, template: str | None = None) -> None:
    """Make the database `name` as the template is, whatever it was before.

    Its files are copied: a third of what it takes to log the copy for a recovery nobody will ask.
    """
    template = template or _migrated_template()
    clone = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with _server() as server:
        _drop(server, name)
        server.execute(clone.format(sql.Identifier(name), sql.Identifier(template)))


@contextlib.contextmanager
def _cloning_instead_of_flushing() -> Iterator[None]:
    """After a transactional test, clone the template again.

    Django would empty every table, which takes the reference data with it and which append-only
    triggers refuse.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    def clone_again(_: TransactionTestCase) -> None:
        connection.close()
        _clone_template(connection.settings_dict["NAME"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clone_again)
        yield


def _point_django_at(name: str) -> None:
    """Connections of all threads read the one settings dictionary when they connect."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _migrated_template() -> str:
    """Name of the run's template; the first caller of all processes migrates it, others wait."""
    name = _template()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not _is_template(server, name):
            _drop(server, name)
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            _migrate(name)
            _keep_as_template(server, name)
    return name


def _is_template(server: psycopg.Connection[tuple[Any, ...]], name: str) -> bool:
    known = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
    return server.execute(known, [name]).fetchone() is not None


def _keep_as_template(server: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    ready = sql.SQL("ALTER DATABASE {} IS_TEMPLATE true")
    server.execute(ready.format(sql.Identifier(name)))


def _migrate(name: str) -> None:
    from django.core.management import call_command

    with pointed_at(name):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("found", verbosity=0)


def _template() -> str:
    return f"lectern_template_{os.environ[RUN]}"


def _url_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _server() -> psycopg.Connection[tuple[Any, ...]]:
    """A connection for creating and dropping databases, from outside all of them."""
    return psycopg.connect(_url_of("postgres"), autocommit=True)


def _drop(server: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    known = "SELECT datistemplate FROM pg_database WHERE datname = %s"
    row = server.execute(known, [name]).fetchone()
    if row is None:
        return
    database = sql.Identifier(name)
    if row[0]:
        server.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(database))
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
