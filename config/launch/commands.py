"""`./lectern test`, `manage`, `demo`, `pictures` and `bench`."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.launch.command_line import QUICK_TESTS
from config.launch.instance import AlreadyRunning, Holder, Instance
from config.launch.places import ROOT, state_folder
from config.launch.processes import start_process, stop_process

MANAGE = str(ROOT / "manage.py")
MANAGE_WAIT_SECONDS = 120.0
INSTANCE_START_SECONDS = 180.0
INSTANCE_STOP_SECONDS = 120.0
TEST_PROCESSES_MAX = 8


class CannotRun(Exception):
    """The command has nothing to run on; the message says what to do."""


def test(arguments: Sequence[str]) -> int:
    """Become pytest; without arguments all but the slow tests, on all processors."""
    processes = min(os.cpu_count() or 1, TEST_PROCESSES_MAX)
    whole = ["-n", str(processes), "--dist", "loadgroup", "-m", QUICK_TESTS]
    chosen = list(arguments) or whole
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *chosen], dict(os.environ))  # noqa: S606


def manage(arguments: Sequence[str]) -> int:
    """Run `manage.py` against the running instance, or on engines started for it alone."""
    instance = Instance(state_folder())
    with _engines(instance, what="./lectern manage") as env:
        return run_here([sys.executable, MANAGE, *arguments], env=env)


def bench(arguments: Sequence[str]) -> int:
    """Run the programs in `bench/` on a PostgreSQL of their own; they make their databases."""
    instance = Instance(state_folder() / "bench")
    with _engines(instance, what="./lectern bench") as env:
        return run_here([sys.executable, "-m", "bench", *arguments], env=env)


def demo(*, data: Path | None, share: int = 100) -> int:
    """Tell the demonstration's story on an instance of its own; its exit code."""
    real = ("--data", str(data.resolve()), "--share", str(share)) if data else ()
    story = ["demo_run", *real]
    settings = {"LECTERN_NO_THROTTLE": "1", "LECTERN_WEBHOOK_ALLOW_PRIVATE": "1"}
    with own_instance(state_folder() / "demo", env=settings) as (env, address):
        return run_here([sys.executable, MANAGE, *story, "--base-url", address], env=env)


def pictures(arguments: Sequence[str]) -> int:
    """Capture every page of an instance of its own, with the demonstration."""
    with own_instance(state_folder() / "pictures", env={"LECTERN_NO_THROTTLE": "1"}) as running:
        env, address = running
        loaded = run_here([sys.executable, MANAGE, "demo_load"], env=env)
        camera = [sys.executable, "-m", "tests.browser.pictures", "--base-url", address]
        return loaded or run_here([*camera, *arguments], env=env)


@contextlib.contextmanager
def own_instance(state: Path, *, env: dict[str, str]) -> Iterator[tuple[dict[str, str], str]]:
    """A fresh, empty instance in `state` while the block runs: its environment and its address.

    Its log goes to `state`/up.log. Raises CannotRun when it does not come up.
    """
    state.mkdir(parents=True, exist_ok=True)
    log, port = state / "up.log", free_port()
    command = [sys.executable, "-m", "config.launch", "up", "--no-demo", "--fresh"]
    instance_env = {**os.environ, **env, "LECTERN_STATE": str(state), "PYTHONPATH": str(ROOT)}
    print(f"starting an instance in {state}, its log is {log}", flush=True)
    with log.open("wb") as output:
        process = start_process(
            [*command, "--port", str(port)], env=instance_env, cwd=ROOT, output=output
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for_start(process, log=log)
        instance = Instance(state)
        yield instance.environment(instance.embedded(), port=port) | env, address
    finally:
        stop_process(process, signals=[(signal.SIGINT, INSTANCE_STOP_SECONDS)])


def run_here(command: Sequence[str], *, env: dict[str, str]) -> int:
    """Run in the foreground, in the caller's folder; Ctrl-C reaches the command, not us."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # a child does not inherit a handler
    try:
        code = subprocess.run(command, env=env, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


def free_port() -> int:
    """A port that nobody listens on now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _engines(instance: Instance, *, what: str) -> Iterator[dict[str, str]]:
    """The environment of the running instance, or of engines that run while the block does."""
    holder = _settled_holder(instance)
    if holder:
        engines = instance.embedded()
        strange = {engine.name for engine in engines} ^ set(holder.embedded)
        if strange:
            raise CannotRun(
                f"{holder.what} (process {holder.pid}) uses another {' and '.join(strange)}: "
                "call this with the same DATABASE_URL and REDIS_URL."
            )
        yield instance.environment(engines, port=holder.port)
        return
    with instance.held(what=what), contextlib.ExitStack() as running:
        engines = instance.embedded()
        for engine in engines:
            running.callback(engine.stop)
            engine.start()
        yield instance.environment(engines, port=None)


def _settled_holder(instance: Instance) -> Holder | None:
    """Who runs the instance; a passing `manage` or `bench` is waited for."""
    deadline = time.monotonic() + MANAGE_WAIT_SECONDS
    while (holder := instance.holder()) and holder.what != "./lectern up":
        if time.monotonic() > deadline:
            raise AlreadyRunning(holder)
        time.sleep(0.2)
    return holder


def _wait_for_start(process: subprocess.Popen[bytes], *, log: Path) -> None:
    deadline = time.monotonic() + INSTANCE_START_SECONDS
    while "everything started" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise CannotRun(f"the instance did not start. {log} ends:\n{tail}")
        time.sleep(0.1)
