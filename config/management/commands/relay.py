import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from config.reactions import REACTIONS
from workforce.doors import now
from workforce.jobs import publish
from workforce.operations.relaying import relay, ring
from workforce.operations.sweeping import beat
from workforce.rules.jobs import BATCH_MAX


class Command(BaseCommand):
    help = "Seal events, make the jobs that follow and ring the doorbell; any number may run."
    requires_system_checks = []
    """`migrate` and `check` have done them; a start, also after a crash, takes half as long."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one pass, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        over = threading.Event()
        if not once:
            for ending in (signal.SIGTERM, signal.SIGINT):
                signal.signal(ending, lambda *_: over.set())
        beaten = 0.0
        while not over.is_set():
            at = now()
            try:
                moved = relay(reactions=REACTIONS)
                ring(publish=publish)
                if at.timestamp() - beaten >= settings.HEARTBEAT_SECONDS:
                    beat(name=f"relay:{os.getpid()}", kind="relay", pid=os.getpid(), queues=[],
                         at=at)  # fmt: skip
                    beaten = at.timestamp()
            except OperationalError as problem:
                self.stderr.write(f"The database is away, trying again: {problem}")
                connection.close()
                moved = 0
                over.wait(1.0)
            if once:
                return
            if moved < BATCH_MAX:
                over.wait(settings.RELAY_SECONDS)
