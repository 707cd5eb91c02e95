"""What an instance consists of: which processes, started how, stopped in which order."""

import os
import sys
from pathlib import Path

from config.launch.console import Console
from config.launch.places import ROOT
from config.launch.supervisor import Child

STOP_ORDER = (
    ("web",),
    ("beat",),
    ("relay",),
    ("sweeper",),
    ("domains", "services"),
    ("watchdog",),
    ("valkey",),
    ("postgres",),
)
"""Doors first, then those who hand out work, then those who do it, then what all of them need."""

WORKER_PROCESSES = 2


class Program:
    """Makes the children of one instance; `env` is what each of them is started with."""

    def __init__(self, *, env: dict[str, str], state: Path, console: Console) -> None:
        self.env = env
        self.state = state
        self.console = console

    def prepare(self) -> Child:
        """Migrations, reference data, static files."""
        return self._child("setup", [sys.executable, "-m", "config.launch.prepare"])

    def web(self, *, port: int) -> Child:
        host = os.environ.get("LECTERN_BIND", "127.0.0.1")
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"),
            *("--blocking-threads", "4", "--host", host, "--port", str(port)),
            "config.wsgi:application",
            *(
                "--no-ws",
                "--respawn-failed-workers",
                "--respawn-interval",
                "1",
                "--log-level",
                "warning",
            ),
        ]
        return self._child("web", command, LECTERN_POOL="1")

    def background(self) -> list[Child]:
        """Everything that works behind the web, in the order in which it starts."""
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
        schedule = str(self.state / "beat-schedule")
        children = [
            self.manage("relay", "relay"),
            *(self._worker(celery, kind) for kind in ("domains", "services")),
            self.manage("sweeper", "sweep"),
            self._child("beat", [*celery, "beat", "--loglevel", "WARNING", "-s", schedule]),
        ]
        if sys.platform != "linux":
            watchdog = [sys.executable, "-m", "config.launch.watchdog", str(os.getpid())]
            children.append(self._child("watchdog", watchdog))
        return children

    def manage(self, name: str, *command: str) -> Child:
        return self._child(name, [sys.executable, str(ROOT / "manage.py"), *command])

    def _worker(self, celery: list[str], kind: str) -> Child:
        command = [
            *(*celery, "worker", "--loglevel", "WARNING", "--hostname", f"{kind}@%h"),
            *("--concurrency", str(WORKER_PROCESSES), "--without-gossip", "--without-mingle"),
        ]
        # Celery warns about root, but `nobody` could not read a clone in a private home.
        quiet = "ignore:You're running the worker with superuser privileges"
        return self._child(kind, command, LECTERN_WORKER=kind, PYTHONWARNINGS=quiet)

    def _child(self, name: str, command: list[str], **more: str) -> Child:
        env = {**self.env, **more}
        return Child(name=name, command=command, env=env, console=self.console)
