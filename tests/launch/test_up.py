"""A real instance, started, hurt and stopped as a person would see it."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.launch.commands import free_port
from config.launch.places import ROOT
from config.launch.processes import alive, traces_of, wait_until
from tests.launch.conftest import environment, pid_in

pytestmark = pytest.mark.faults

START_SECONDS = 60
RESTART_SECONDS = 30
STOP_SECONDS = 60
LECTERN = [sys.executable, "-m", "config.launch"]
NAMES = ("web", "relay", "domains", "services", "sweeper", "beat", "valkey", "postgres")
PRINT_PORT = "from django.conf import settings; print('port', settings.PORT)"


class Run:
    """One `up --no-demo`, and what it has printed so far."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*LECTERN, "up", "--no-demo", "--port", str(self.port)],
            env=environment(state),
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

    def wait_for(self, text: str, *, seconds: float) -> None:
        said = wait_until(lambda: any(text in line for line in list(self.lines)), seconds=seconds)
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


@pytest.fixture
def run(ready: Path) -> Iterator[Run]:
    run = Run(ready)
    yield run
    if run.process.poll() is None:
        run.end(signal.SIGTERM)


def lectern(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LECTERN, *arguments], env=environment(state), cwd=ROOT, capture_output=True, text=True
    )


def processes_of(state: Path) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    ours = [pid for pid in pids if f"LECTERN_STATE={state}" in traces_of(pid)]
    return [pid for pid in ours if pid != os.getpid() and alive(pid)]


def test_it_answers_refuses_a_second_and_serves_management_commands(run: Run) -> None:
    assert run.get("/healthz") == {"status": "ok"}
    assert wait_until(run.is_ready, seconds=RESTART_SECONDS)
    for name in NAMES:
        assert alive(run.pid(name)), name
    second = lectern(run.state, "up", "--port", str(free_port()))
    assert second.returncode == 1
    assert f"process {run.process.pid}, http://localhost:{run.port}/" in second.stderr
    managed = lectern(run.state, "manage", "shell", "--no-imports", "-c", PRINT_PORT)
    assert managed.returncode == 0, managed.stderr
    assert managed.stdout.splitlines()[-1] == f"port {run.port}"


def test_whatever_is_killed_comes_back_and_ctrl_c_stops_all_in_order(run: Run) -> None:
    for name in NAMES:
        before = run.pid(name)
        os.kill(before, signal.SIGKILL)
        run.wait_for(f"{name} was killed by SIGKILL; starting it again", seconds=RESTART_SECONDS)
        run.wait_for(f"{name} started again", seconds=RESTART_SECONDS)
        assert run.pid(name) != before
    assert wait_until(run.is_ready, seconds=RESTART_SECONDS), "\n".join(run.lines)

    assert run.end(signal.SIGINT) == 0
    stops = [line.split()[2] for line in run.lines if " stopped (" in line]
    assert stops[:4] == ["web", "beat", "relay", "sweeper"]
    assert sorted(stops[4:6]) == ["domains", "services"]
    assert stops[6:] == ["valkey", "postgres"]
    assert run.lines[-1] == "up      | stopped"
    assert list((run.state / "run").glob("*.pid")) == []
    assert processes_of(run.state) == []


def test_after_a_killed_supervisor_a_new_one_starts_at_once(run: Run) -> None:
    run.process.kill()
    run.process.wait()
    again = Run(run.state)
    try:
        assert wait_until(again.is_ready, seconds=RESTART_SECONDS), "\n".join(again.lines)
    finally:
        assert again.end(signal.SIGTERM) == 0
    assert wait_until(lambda: processes_of(run.state) == [], seconds=10)


def test_a_taken_port_is_said_and_nothing_stays_behind(run: Run, tmp_path: Path) -> None:
    with_other_state = tmp_path / "other"
    refused = lectern(with_other_state, "up", "--no-demo", "--port", str(run.port))
    assert refused.returncode == 1
    assert f"port {run.port} is taken" in refused.stdout
    assert processes_of(with_other_state) == []


def test_management_commands_bring_the_engines_when_nothing_runs(ready: Path) -> None:
    """The fixture's own folder was migrated by `manage migrate`, where nothing ran either."""
    planned = lectern(ready, "manage", "migrate", "--plan")
    assert "No planned migration operations" in planned.stdout, planned.stderr
    assert processes_of(ready) == []
