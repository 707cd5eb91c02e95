"""A real instance for browser tests: the processes of `./lectern up` on a database of its own."""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from config.launch.commands import free_port
from config.launch.console import Console
from config.launch.engines import Valkey
from config.launch.places import ROOT
from config.launch.processes import wait_until
from config.launch.program import Program
from config.launch.supervisor import Child
from config.launch.up import answers
from tests.databases import OwnDatabase, kept_database, shared_template

RUNNING = "LECTERN_SITE"
"""Names a running instance to test, such as http://localhost:8000, in its own environment."""

START_SECONDS = 180.0
SETTLE_SECONDS = 30.0
MANAGE = str(ROOT / "manage.py")
FILL = ("store_samples", "demo_load")
NOT_OURS = ("LECTERN_TEST", "LECTERN_BROKER_SOCKET", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")


@dataclass(kw_only=True)
class Site:
    """A running instance, and what a test may ask of it."""

    base_url: str
    database: OwnDatabase
    state: Path
    env: dict[str, str]
    children: list[Child] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        """Run a management command in the instance; what it printed."""
        return manage(self.env, *arguments)

    def child(self, name: str) -> Child:
        """One of web, relay, domains, services, sweeper, beat."""
        return next(child for child in self.children if child.name == name)

    def settle(self, *, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until every event has been relayed and no job is due or being done."""
        assert wait_until(self._is_settled, seconds=seconds), self._unsettled()

    def log(self) -> str:
        log = self.state / "site.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def dead(self) -> list[str]:
        """Processes that have ended, though nobody stopped them."""
        return [
            child.name
            for child in self.children
            if child.process is None or child.process.poll() is not None
        ]

    def _is_settled(self) -> bool:
        return not self._unsettled()

    def _unsettled(self) -> list[str]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 'event ' || event_id FROM workforce_outbox UNION ALL "
                "SELECT kind || ' ' || last_error FROM workforce_job WHERE state = 'leased' "
                "OR state = 'due' AND run_at <= statement_timestamp()"
            )
            return [row[0] for row in cursor.fetchall()]


def already_running(address: str) -> Site:
    """The instance that `./lectern up` runs, for a quick look while writing a test."""
    url = os.environ["DATABASE_URL"]
    name = urlsplit(url).path.lstrip("/")
    state, env = Path(os.environ["LECTERN_STATE"]), {**os.environ, "LECTERN_DEBUG": "1"}
    env.pop("LECTERN_TEST", None)
    own = OwnDatabase(name=name, url=url)
    return Site(base_url=address.rstrip("/"), database=own, state=state, env=env)


@contextlib.contextmanager
def running(*, shared: Path, label: str = "site") -> Iterator[Site]:
    """An instance with the demonstration while the block runs.

    `shared` is a folder of the whole test run: the first process that comes loads the
    demonstration there, and everybody's instance starts from a copy.
    """
    source = shared / "demonstration"
    template = shared_template("demonstration", lambda database: _fill(database, source))
    state = shared / f"{label}-{secrets.token_hex(4)}"
    shutil.copytree(source, state)
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(kept_database(label, template=template))
        valkey = Valkey(state=state, durable=False)
        stack.callback(valkey.stop)
        valkey.start()
        yield stack.enter_context(_serving(database, valkey=valkey, state=state))


@contextlib.contextmanager
def _serving(database: OwnDatabase, *, valkey: Valkey, state: Path) -> Iterator[Site]:
    port = free_port()
    env = _environment(database, state=state, port=port) | valkey.environment()
    site = Site(base_url=f"http://localhost:{port}", database=database, state=state, env=env)
    with (state / "site.log").open("w") as log:
        program = Program(env=env, state=state, console=Console(log))
        site.children = [program.web(port=port), *program.background()]
        try:
            for child in site.children:
                child.start()
            _wait_for_web(site)
            yield site
        finally:
            with ThreadPoolExecutor(max_workers=len(site.children)) as threads:
                list(threads.map(Child.stop, site.children))


def _wait_for_web(site: Site) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"{site.base_url}/healthz"):
        if time.monotonic() > deadline or site.dead():
            raise RuntimeError(f"The instance did not start:\n{site.log()[-3_000:]}")
        time.sleep(0.1)


def _fill(database: OwnDatabase, state: Path) -> None:
    """Load the demonstration; media go to the folder that instances copy."""
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    env = _environment(database, state=state, port=0)
    for command in FILL:
        manage(env, command, "--skip-checks")


def manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, MANAGE, *arguments], env=env, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"manage {' '.join(arguments)}: {done.stderr[-3_000:]}")
    return done.stdout


def _environment(database: OwnDatabase, *, state: Path, port: int) -> dict[str, str]:
    """As `up` sets it; the secret key is the test's own, so that both read each other's fields."""
    ours = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
    return {
        **ours,
        "DATABASE_URL": database.url,
        "LECTERN_DEBUG": "1",
        "LECTERN_NO_THROTTLE": "1",
        "LECTERN_PORT": str(port),
        "LECTERN_STATE": str(state),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
