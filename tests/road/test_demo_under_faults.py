"""The demonstration with real data ends green, its books right, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch.places import ROOT
from config.launch.processes import wait_until
from tests.faults.test_jobs import flush
from tests.launch.conftest import environment, pid_in

pytestmark = [pytest.mark.faults, pytest.mark.demo]

WHOLE_SECONDS = 15 * 60
AT_WORK_SECONDS = 5 * 60
BETWEEN_FAULTS_SECONDS = 6
FROZEN_SECONDS = 8
SHARE = "20"
"""Percent of the data: enough work to outlast the faults; `./lectern demo --data` takes all."""
DEMO = [sys.executable, "-m", "config.launch", "demo"]


class Demo:
    """One run of `./lectern demo`, and what it has printed so far."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self.home = state / "demo"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*DEMO, *arguments],
            env=environment(state),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            self.lines.extend(line.rstrip() for line in self.process.stdout)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, text: str, *, seconds: float) -> None:
        heard = wait_until(
            lambda: text in self.said or self.process.poll() is not None, seconds=seconds
        )
        assert heard and text in self.said, self.said

    def kill(self, name: str) -> None:
        """Kill one process of its instance for good; the supervisor starts it again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def freeze(self, name: str, *, seconds: float) -> None:
        """Stop one process without a word, and let it go on later."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def pid(self, name: str) -> int:
        file = self.home / "run" / f"{name}.pid"
        assert wait_until(file.exists, seconds=30), f"{name} does not run"
        return pid_in(file)

    def end(self, *, seconds: float) -> int:
        code = self.process.wait(seconds)
        self._reader.join(10)
        return code


@pytest.fixture
def data() -> Path:
    folder = os.environ.get("LECTERN_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LECTERN_DATA names no folder: the demonstration with real data is not tested")
    return Path(folder)


@pytest.fixture
def demo(state: Path, data: Path) -> Iterator[Demo]:
    running = Demo(state, "--data", str(data), "--share", SHARE)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            running.end(seconds=120)


def test_the_demonstration_survives_whatever_dies(demo: Demo) -> None:
    """Workers killed, the broker flushed, killed and frozen, the web and the database killed."""
    demo.wait_for("people work", seconds=AT_WORK_SECONDS)
    for name in ("domains", "services", "sweeper", "relay"):
        demo.kill(name)
        flush(demo.home)
        time.sleep(BETWEEN_FAULTS_SECONDS)
    demo.freeze("valkey", seconds=FROZEN_SECONDS)
    for name in ("valkey", "web", "postgres"):
        demo.kill(name)
        time.sleep(BETWEEN_FAULTS_SECONDS)
    assert demo.end(seconds=WHOLE_SECONDS) == 0, demo.said
    assert "payouts settled" in demo.said
    log = (demo.home / "up.log").read_text(errors="replace")
    assert "domains was killed by SIGKILL" in log
