"""The web server, started as `./lectern up` starts it, on a database of the bench."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import databases
from bench.world import log_file
from config.launch.commands import free_port
from config.launch.console import Console
from config.launch.places import ROOT
from config.launch.processes import start_process, stop_process
from config.launch.program import Program
from config.launch.up import answers

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Web:
    """A running server."""

    pid: int
    port: int


@contextlib.contextmanager
def serving(database: str) -> Iterator[Web]:
    """A web server on the database while the block runs; its log is web.log."""
    port = free_port()
    env = databases.environment(database)
    child = Program(env=env, state=Path(env["LECTERN_STATE"]), console=Console()).web(port=port)
    log = os.open(log_file("web"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = start_process(child.command, env=child.env, cwd=ROOT, output=log)
    finally:
        os.close(log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"bench: the web did not start, see {log_file('web')}")
            time.sleep(0.1)
        yield Web(pid=process.pid, port=port)
    finally:
        stop_process(process, signals=[(signal.SIGTERM, STOP_SECONDS)])
