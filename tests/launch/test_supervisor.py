import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch import watchdog
from config.launch.console import Console
from config.launch.places import ROOT
from config.launch.processes import alive, start_process, wait_until
from config.launch.supervisor import Child, Supervisor
from tests.launch.conftest import environment, pid_in

SLEEP = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
SUPERVISE_AND_WAIT = f"""
import os, time
from config.launch.console import Console
from config.launch.places import state_folder
from config.launch.supervisor import Child, Supervisor
run = state_folder() / "run"
run.mkdir()
supervisor = Supervisor(run=run, console=Console())
supervisor.start(Child(name="web", command=[{sys.executable!r}, "-c", {SLEEP!r}],
                       env=dict(os.environ), console=Console()))
print("started", flush=True)
time.sleep(60)
"""


class Stage:
    """A supervisor whose words can be read."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.output = io.StringIO()
        self.console = Console(self.output)
        (state / "run").mkdir()
        self.supervisor = Supervisor(run=state / "run", console=self.console)

    def child(self, name: str, script: str = SLEEP) -> Child:
        env = environment(self.state)
        command = [sys.executable, "-c", script]
        return Child(name=name, command=command, env=env, console=self.console)

    def look_until(self, text: str, *, seconds: float = 10) -> None:
        def said() -> bool:
            self.supervisor.look()
            return text in self.output.getvalue()

        assert wait_until(said, seconds=seconds), self.output.getvalue()

    def pid(self, name: str) -> int:
        return pid_in(self.state / "run" / f"{name}.pid")


@pytest.fixture
def stage(state: Path) -> Iterator[Stage]:
    stage = Stage(state)
    yield stage
    stage.supervisor.stop([["web", "relay"]])


def test_every_line_says_who_speaks(stage: Stage) -> None:
    stage.supervisor.start(stage.child("web"))
    stage.look_until("web     | here\n")


def test_colours_are_for_terminals(stage: Stage) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    Console(terminal).say("web", "one\ntwo")
    assert terminal.getvalue().count("\033[36mweb     |\033[0m ") == 2
    assert "\033" not in stage.output.getvalue()


def test_a_child_that_dies_is_started_again_and_it_says_so(stage: Stage) -> None:
    stage.supervisor.start(stage.child("web"))
    first = stage.pid("web")
    os.kill(first, signal.SIGKILL)
    stage.look_until("up      | web was killed by SIGKILL; starting it again in 0.2 s")
    assert not (stage.state / "run" / "web.pid").exists()
    stage.look_until("up      | web started again (process")
    assert stage.pid("web") != first
    assert alive(stage.pid("web"))


def test_a_child_that_keeps_dying_is_given_more_time(stage: Stage) -> None:
    stage.supervisor.start(stage.child("web", "raise SystemExit(3)"))
    stage.look_until("web ended with code 3; starting it again in 0.2 s")
    stage.look_until("web ended with code 3; starting it again in 1 s")
    stage.look_until("web ended with code 3; starting it again in 2 s")


def test_children_of_a_dead_child_end_too(stage: Stage) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('grandchild', child.pid, flush=True)\n"
        "time.sleep(60)"
    )
    stage.supervisor.start(stage.child("web", script))
    stage.look_until("grandchild")
    grandchild = int(stage.output.getvalue().split("grandchild ")[1].split()[0])
    os.kill(stage.pid("web"), signal.SIGKILL)
    stage.look_until("starting it again")
    assert wait_until(lambda: not alive(grandchild), seconds=5)


def test_everything_stops_in_the_order_given(stage: Stage) -> None:
    for name in ("relay", "web"):
        stage.supervisor.start(stage.child(name))
    stage.supervisor.stop([["web"], ["nobody"], ["relay"]])
    said = stage.output.getvalue()
    assert said.index("web stopped") < said.index("relay stopped")
    assert list((stage.state / "run").glob("*.pid")) == []


def test_one_that_does_not_want_to_stop_is_killed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.launch.supervisor.CHILD_STOP_SECONDS", 0.5)
    stage.supervisor.start(stage.child("web", STUBBORN))
    pid = stage.pid("web")
    time.sleep(0.3)
    stage.supervisor.stop([["web"]])
    assert not alive(pid)


def test_a_command_is_run_to_its_end_and_its_last_words_are_heard(stage: Stage) -> None:
    code = stage.supervisor.run_once(stage.child("setup", "print('done'); raise SystemExit(4)"))
    assert code == 4
    assert "setup   | done\n" in stage.output.getvalue()


def test_a_stop_ends_a_command_that_is_running(stage: Stage) -> None:
    threading.Timer(0.3, stage.supervisor.stopping.set).start()
    began = time.monotonic()
    assert stage.supervisor.run_once(stage.child("setup")) == -signal.SIGTERM
    assert time.monotonic() - began < 10


def test_children_end_with_a_killed_supervisor(state: Path) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE_AND_WAIT],
        env=environment(state),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        while supervisor.stdout.readline() != b"started\n":
            pass
    child = pid_in(state / "run" / "web.pid")
    assert alive(child)
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: not alive(child), seconds=10)


def leftover(stage: Stage, *, state: Path) -> subprocess.Popen[bytes]:
    process = start_process(
        [sys.executable, "-c", SLEEP], env=environment(state), output=subprocess.DEVNULL
    )
    (stage.state / "run" / "web.pid").write_text(f"{process.pid}\n")
    return process


def test_what_a_killed_run_left_over_is_ended(stage: Stage) -> None:
    process = leftover(stage, state=stage.state)
    waiting = threading.Thread(target=process.wait)  # somebody must take its exit code
    waiting.start()
    stage.supervisor.clear_leftovers(state=stage.state, but=["postgres"])
    waiting.join(5)
    assert process.returncode == -signal.SIGTERM
    assert f"ending web (process {process.pid}), left over" in stage.output.getvalue()


def test_a_reused_number_is_not_ours_to_end(stage: Stage, tmp_path: Path) -> None:
    process = leftover(stage, state=tmp_path)
    try:
        stage.supervisor.clear_leftovers(state=stage.state, but=[])
        assert process.poll() is None
        assert not (stage.state / "run" / "web.pid").exists()
    finally:
        process.kill()
        process.wait()


def test_the_watchdog_ends_what_has_a_pid_file(stage: Stage) -> None:
    process = leftover(stage, state=stage.state)
    watchdog.end_instance(stage.state)
    assert process.wait(10) == -signal.SIGTERM


ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("sig", ASKING)
def test_each_of_these_signals_asks_for_the_end(stage: Stage, sig: signal.Signals) -> None:
    before = {
        each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    stage.supervisor.stop_on_signals()
    try:
        os.kill(os.getpid(), sig)
        assert stage.supervisor.stopping.wait(5)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
