import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from config.sweeps import SWEEPS
from workforce.doors import now
from workforce.jobs import publish
from workforce.operations.relaying import ring
from workforce.operations.sweeping import beat


class Command(BaseCommand):
    help = "Give back what was abandoned and ring again for what is due; any number may run."
    requires_system_checks = []
    """`migrate` and `check` have done them; a start, also after a crash, takes half as long."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one pass, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        over = threading.Event()
        if not once:
            for ending in (signal.SIGTERM, signal.SIGINT):
                signal.signal(ending, lambda *_: over.set())
        while not over.is_set():
            self._pass()
            if once:
                return
            over.wait(settings.JOB_SWEEP_SECONDS)

    def _pass(self) -> None:
        try:
            for name, sweep in SWEEPS:
                if moved := sweep(at=now()):
                    self.stdout.write(f"{name}: {moved} moved")
            ring(publish=publish)
            beat(name=f"sweeper:{os.getpid()}", kind="sweeper", pid=os.getpid(), queues=[],
                 at=now())  # fmt: skip
        except OperationalError as problem:
            self.stderr.write(f"The database is away, trying again: {problem}")
            connection.close()
