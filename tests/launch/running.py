"""An instance that tests share: started once, hurt by each, started anew only when it is gone."""

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from config.launch.commands import free_port
from config.launch.places import ROOT
from config.launch.processes import wait_until
from tests.launch.conftest import pid_in
from tests.strangers import stranger

START_SECONDS = 60
STOP_SECONDS = 60
LECTERN = [sys.executable, "-m", "config.launch"]
FOR_TESTS = {"LEASE_SECONDS": "3", "LECTERN_TEST_JOBS": "1"}


class Run:
    """One `up --no-demo` of a state folder, and what it has printed so far.

    Leases are short, and the kinds of jobs are there that tests enqueue.
    """

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.lines: list[str] = []
        self.env = {**stranger(), **FOR_TESTS, "LECTERN_STATE": str(state)}
        self.process = subprocess.Popen(
            [*LECTERN, "up", "--no-demo", "--port", str(self.port)],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.wait_for("everything started", seconds=START_SECONDS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            self.lines.extend(line.rstrip() for line in self.process.stdout)

    def wait_for(self, text: str, *, seconds: float, since: int = 0) -> None:
        """Until a line, after the first `since` ones, says so."""
        said = wait_until(lambda: any(text in line for line in self.lines[since:]), seconds=seconds)
        assert said, f"never said {text!r}:\n" + "\n".join(self.lines)

    def pid(self, name: str) -> int:
        return pid_in(self.state / "run" / f"{name}.pid")

    def get(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as page:
            found: dict[str, Any] = json.load(page)
            return found

    def is_ready(self) -> bool:
        try:
            return bool(self.get("/readyz")["status"] == "ok")
        except (OSError, urllib.error.URLError):
            return False

    def end(self, sig: signal.Signals) -> int:
        self.process.send_signal(sig)
        code = self.process.wait(STOP_SECONDS)
        self._reader.join(10)
        return code

    @property
    def running(self) -> bool:
        return self.process.poll() is None


class Shared:
    """The running instance of a state folder; one that has ended is started again."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._run: Run | None = None

    def __call__(self) -> Run:
        if self._run is None or not self._run.running:
            self._run = Run(self._state)
        return self._run

    def end(self) -> None:
        if self._run is not None and self._run.running:
            self._run.end(signal.SIGTERM)
