"""The pytest plugin that gives the suite a real PostgreSQL and a real Valkey.

It is named in `pyproject.toml`, so plain `pytest` works. Before Django's settings are read it
starts a throw-away PostgreSQL (fsync off) and Valkey and sets `DATABASE_URL`, `REDIS_URL` and
`LECTERN_TEST=1`. Servers already named by `DATABASE_URL` or `REDIS_URL` are used instead; the
database role must be a superuser then, as the embedded one is. Nothing survives the run.

Which database a test gets, and how to get one of its own: `tests.databases`.
"""

import atexit
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from config.launch.engines import TESTING, Engine, Postgres, Valkey
from config.launch.processes import alive
from tests import databases

FOLDER_PREFIX = "lectern-test-"
PLACES = (Path("/dev/shm"), Path("/tmp"))
ROOM_BYTES = 4 * 1024**3
HEADER = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before pytest-django's own hook, which is the one that reads the settings."""
    os.environ["LECTERN_TEST"] = "1"
    os.environ.setdefault("LECTERN_SECRET_KEY", secrets.token_urlsafe(50))
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ[databases.RUN] = f"{os.getpid()}_{secrets.token_hex(3)}"
        started = time.perf_counter()
        what = _start_engines()
        seconds = time.perf_counter() - started
        early_config.stash[HEADER] = f"engines: {what} ({seconds:.1f} s)"
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    return config.stash.get(HEADER, "engines: those of the run")


def pytest_configure(config: pytest.Config) -> None:
    # Registered this late, because of two fixtures of one name the later plugin's wins.
    config.pluginmanager.register(databases, "lectern-databases")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--dist loadgroup`, tests that kill processes run one after the other."""
    for item in items:
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.xdist_group("faults"))


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        databases.drop_template()


def _start_engines() -> str:
    """Start what the environment does not name yet; stop it and forget it when pytest ends."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if name not in os.environ]
    if not missing:
        return "the servers of DATABASE_URL and REDIS_URL"
    _clear_dead_runs()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=_quickest_place()))
    folder.chmod(0o711)
    engines: list[Engine] = []
    atexit.register(_stop, engines, folder)
    if "DATABASE_URL" in missing:
        engines.append(Postgres(state=folder, settings=TESTING))
    if "REDIS_URL" in missing:
        engines.append(Valkey(state=folder, durable=False))
    for engine in engines:
        engine.start()
        os.environ.update(engine.environment())
    return "throw-away " + " and ".join(engine.name for engine in engines)


def _stop(engines: list[Engine], folder: Path) -> None:
    for engine in engines:
        engine.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _clear_dead_runs() -> None:
    """Remove folders of runs that were killed; their engines ended with them."""
    for place in PLACES:
        for folder in place.glob(f"{FOLDER_PREFIX}*"):
            pid = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
            if pid.isdigit() and not alive(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)


def _quickest_place() -> Path:
    """Memory, if there is plenty of it: a clone takes 0.01 s there and 0.2 s on some disks."""
    for place in PLACES:
        if place.is_dir() and shutil.disk_usage(place).free > ROOM_BYTES:
            return place
    return PLACES[-1]
