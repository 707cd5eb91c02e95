import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.launch.instance import AlreadyRunning, Holder, Instance
from config.launch.places import ROOT
from tests.launch.conftest import environment

HOLD = """
import time
from config.launch.instance import Instance
from config.launch.places import state_folder
with Instance(state_folder()).held(what="./lectern up", port=8000):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def instance(state: Path) -> Instance:
    return Instance(state)


def hold_elsewhere(state: Path) -> subprocess.Popen[str]:
    """Another process that has the state folder, until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=environment(state),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "held\n"
    return process


def test_nobody_holds_a_new_state_folder(instance: Instance) -> None:
    assert instance.holder() is None


def test_a_second_up_is_refused_and_told_who_runs(instance: Instance, state: Path) -> None:
    first = hold_elsewhere(state)
    try:
        with pytest.raises(AlreadyRunning) as refused, instance.held(what="./lectern up"):
            pass
        assert str(refused.value) == (
            f"./lectern up is running here already (process {first.pid}, http://localhost:8000/)"
        )
        assert instance.holder() == Holder(
            what="./lectern up", pid=first.pid, port=8000, embedded=("postgres", "valkey")
        )
    finally:
        first.kill()
        first.wait()


def test_a_killed_up_leaves_no_lock(instance: Instance, state: Path) -> None:
    first = hold_elsewhere(state)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert instance.holder() is None
    with instance.held(what="./lectern up", port=8001):
        holder = instance.holder()
        assert holder is not None
        assert holder.port == 8001
    assert instance.holder() is None


def test_keys_are_made_once_and_are_private(instance: Instance, state: Path) -> None:
    first, second = (instance.environment([], port=None) for _ in range(2))
    for name in ("LECTERN_SECRET_KEY", "LECTERN_FIELD_KEYS"):
        assert first[name] == second[name]
        assert len(first[name]) > 40
    for file in ("secret-key", "field-keys"):
        assert (state / file).stat().st_mode & 0o777 == 0o600


def test_what_the_caller_set_stays(instance: Instance, bare: pytest.MonkeyPatch) -> None:
    bare.setenv("LECTERN_DEBUG", "0")
    bare.setenv("DATABASE_URL", "postgresql://db.example.org/lectern")
    env = instance.environment(instance.embedded(), port=8000)
    assert env["LECTERN_DEBUG"] == "0"
    assert env["DATABASE_URL"] == "postgresql://db.example.org/lectern"
    assert env["REDIS_URL"].startswith("redis+socket:///")
    assert [engine.name for engine in instance.embedded()] == ["valkey"]


def test_starting_over_keeps_the_keys_and_the_environment(instance: Instance, state: Path) -> None:
    env = instance.environment([], port=None)
    for name in ("postgres", "valkey", "venv", "media"):
        (state / name).mkdir()
        (state / name / "file").touch()
    (state / "beat-schedule").touch()
    instance.clear()
    assert sorted(path.name for path in state.iterdir()) == ["field-keys", "secret-key", "venv"]
    assert (state / "venv" / "file").exists()
    assert instance.environment([], port=None)["LECTERN_SECRET_KEY"] == env["LECTERN_SECRET_KEY"]


def test_a_note_that_is_being_written_is_no_trouble(instance: Instance, state: Path) -> None:
    with instance.held(what="./lectern manage"):
        (state / "run" / "lock").write_text('{"what": ')
        holder = instance.holder()
        assert holder == Holder(what="Another ./lectern", pid=0)
        (state / "run" / "lock").write_text(
            json.dumps({"what": "./lectern up", "pid": os.getpid(), "port": None, "embedded": []})
        )
        assert instance.holder() == Holder(what="./lectern up", pid=os.getpid())
