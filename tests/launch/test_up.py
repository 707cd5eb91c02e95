"""A real instance, started, hurt and stopped as a person would see it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from config.launch.commands import free_port
from config.launch.places import ROOT
from config.launch.processes import alive, traces_of, wait_until
from tests.launch.running import FOR_TESTS, LECTERN, Run, Shared
from tests.strangers import stranger

pytestmark = pytest.mark.faults

RESTART_SECONDS = 30
NAMES = ("web", "relay", "domains", "services", "sweeper", "beat", "valkey", "postgres")
PRINT_PORT = "from django.conf import settings; print('port', settings.PORT)"


@pytest.fixture
def run(shared: Shared) -> Run:
    return shared()


def lectern(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**stranger(), **FOR_TESTS, "LECTERN_STATE": str(state)}
    return subprocess.run([*LECTERN, *arguments], env=env, cwd=ROOT, capture_output=True, text=True)


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


def test_a_taken_port_is_said_and_nothing_stays_behind(run: Run, tmp_path: Path) -> None:
    with_other_state = tmp_path / "other"
    refused = lectern(with_other_state, "up", "--no-demo", "--port", str(run.port))
    assert refused.returncode == 1
    assert f"port {run.port} is taken" in refused.stdout
    assert processes_of(with_other_state) == []


def test_after_a_killed_supervisor_a_new_one_starts_at_once(shared: Shared) -> None:
    before = shared()
    before.process.kill()
    before.process.wait()
    again = shared()
    assert again is not before
    assert wait_until(again.is_ready, seconds=RESTART_SECONDS), "\n".join(again.lines)


def test_whatever_is_killed_comes_back_and_ctrl_c_stops_all_in_order(run: Run) -> None:
    for name in NAMES:
        before, since = run.pid(name), len(run.lines)
        os.kill(before, signal.SIGKILL)
        for said in (f"{name} was killed by SIGKILL; starting it again", f"{name} started again"):
            run.wait_for(said, seconds=RESTART_SECONDS, since=since)
        assert run.pid(name) != before
    assert wait_until(run.is_ready, seconds=RESTART_SECONDS), "\n".join(run.lines)

    since = len(run.lines)
    assert run.end(signal.SIGINT) == 0
    stops = [line.split()[2] for line in run.lines[since:] if " stopped (" in line]
    assert stops[:4] == ["web", "beat", "relay", "sweeper"]
    assert sorted(stops[4:6]) == ["domains", "services"]
    assert stops[6:] == ["valkey", "postgres"]
    assert run.lines[-1] == "up      | stopped"
    assert list((run.state / "run").glob("*.pid")) == []
    assert processes_of(run.state) == []


def test_management_commands_bring_the_engines_when_nothing_runs(migrated: Path) -> None:
    """The fixture's folder was migrated by `manage migrate`, where nothing ran."""
    assert (migrated / "run").is_dir()
    assert processes_of(migrated) == []
