"""The process tree: starts units, restarts those that die and says so, stops them in order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.launch.console import Console
from config.launch.engines import EngineFailed
from config.launch.places import ROOT
from config.launch.processes import (
    alive,
    belongs_to,
    end_session,
    read_pid,
    start_process,
    stop_process,
    wait_until,
)

LOOK_SECONDS = 0.2
BACK_OFF_SECONDS = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_SECONDS = 60.0
"""A unit that ran this long starts its back-off from the beginning."""

CHILD_STOP_SECONDS = 25.0
"""Longer than the 20 s a worker takes at most to finish or hand back what it has in hand."""

LEFTOVER_SECONDS = 10.0


class Unit(Protocol):
    """An engine or a child."""

    name: str
    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start it; an engine returns when it answers."""

    def stop(self) -> None:
        """Stop it in order; nothing happens when it does not run."""


class Child:
    """One process of ours, its output on the console."""

    def __init__(
        self, *, name: str, command: Sequence[str | Path], env: dict[str, str], console: Console
    ) -> None:
        self.name = name
        self.command = command
        self.env = env
        self.console = console
        self.process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        self.process = start_process(self.command, env=self.env, cwd=ROOT, output=subprocess.PIPE)
        assert self.process.stdout is not None
        self._reader = self.console.follow(self.name, self.process.stdout)

    def stop(self) -> None:
        if self.process:
            stop_process(self.process, signals=[(signal.SIGTERM, CHILD_STOP_SECONDS)])
            self.finish_reading()

    def finish_reading(self) -> None:
        """Let the last lines reach the console."""
        if self._reader:
            self._reader.join(timeout=1)


@dataclass
class Watched:
    """A unit and how its restarts went."""

    unit: Unit
    started_at: float
    failures: int = 0
    restart_at: float | None = None


class Supervisor:
    """Runs units until `stopping` is set; every process that runs has a file in `run/NAME.pid`."""

    def __init__(self, *, run: Path, console: Console) -> None:
        self.run = run
        self.console = console
        self.stopping = threading.Event()
        self._watched: dict[str, Watched] = {}

    def say(self, text: str) -> None:
        self.console.say("up", text)

    def stop_on_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal all end the run in order."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, lambda *_: self.stopping.set())

    def clear_leftovers(self, *, state: Path, but: Sequence[str]) -> None:
        """End processes that outlived a killed supervisor; engines (`but`) see to themselves."""
        for file in sorted(self.run.glob("*.pid")):
            pid = read_pid(file)
            if file.stem in but:
                continue
            if pid is not None and belongs_to(pid, folder=state):
                self.say(
                    f"ending {file.stem} (process {pid}), left over from a run that was killed"
                )
                _end_leftover(pid)
            file.unlink(missing_ok=True)

    def start(self, unit: Unit) -> None:
        """Start a unit and look after it from now on."""
        unit.start()
        self._watched[unit.name] = Watched(unit=unit, started_at=time.monotonic())
        self._write_pid(unit)

    def run_once(self, child: Child) -> int:
        """Run a child to its end, looking after the others meanwhile; its return code."""
        child.start()
        assert child.process is not None
        self._write_pid(child)
        while child.process.poll() is None:
            if self.stopping.wait(LOOK_SECONDS / 4):
                child.stop()
            self.look()
        child.finish_reading()
        self._forget_pid(child)
        return child.process.returncode

    def look(self) -> None:
        """One round: notice what has ended, restart what is due."""
        for watched in self._watched.values():
            if self.stopping.is_set():
                return
            if watched.restart_at is not None:
                if time.monotonic() >= watched.restart_at:
                    self._restart(watched)
            elif watched.unit.process is None or watched.unit.process.poll() is not None:
                self._note_end(watched)

    def stay(self) -> None:
        """Look after everything until somebody wants it to stop."""
        while not self.stopping.wait(LOOK_SECONDS):
            self.look()

    def stop(self, order: Sequence[Sequence[str]]) -> None:
        """Stop group after group; the units of one group stop at the same time."""
        self.stopping.set()
        for group in order:
            units = [self._watched[name].unit for name in group if name in self._watched]
            with ThreadPoolExecutor(max_workers=len(group)) as threads:
                list(threads.map(self._stop_one, units))

    def _stop_one(self, unit: Unit) -> None:
        started = time.monotonic()
        ran = unit.process is not None and unit.process.poll() is None
        unit.stop()
        self._forget_pid(unit)
        if ran:
            self.say(f"{unit.name} stopped ({time.monotonic() - started:.1f} s)")

    def _note_end(self, watched: Watched) -> None:
        unit, now = watched.unit, time.monotonic()
        how = "ended"
        if unit.process is not None:
            how = _how_it_ended(unit.process.returncode)
            end_session(unit.process)
        if now - watched.started_at > STEADY_SECONDS:
            watched.failures = 0
        pause = BACK_OFF_SECONDS[min(watched.failures, len(BACK_OFF_SECONDS) - 1)]
        watched.failures += 1
        watched.restart_at = now + pause
        self._forget_pid(unit)
        self.say(f"{unit.name} {how}; starting it again in {pause:g} s")

    def _restart(self, watched: Watched) -> None:
        watched.restart_at, watched.started_at = None, time.monotonic()
        try:
            watched.unit.start()
        except EngineFailed as error:
            self.say(str(error))
            self._note_end(watched)
            return
        self._write_pid(watched.unit)
        assert watched.unit.process is not None
        self.say(f"{watched.unit.name} started again (process {watched.unit.process.pid})")

    def _write_pid(self, unit: Unit) -> None:
        assert unit.process is not None
        (self.run / f"{unit.name}.pid").write_text(f"{unit.process.pid}\n")

    def _forget_pid(self, unit: Unit) -> None:
        (self.run / f"{unit.name}.pid").unlink(missing_ok=True)


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"


def _end_leftover(pid: int) -> None:
    for sig in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sig)
        if wait_until(lambda: not alive(pid), seconds=LEFTOVER_SECONDS):
            break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # every child leads a session of its own
