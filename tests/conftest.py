"""A machine as a stranger has it: no servers named, a state folder of one's own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from config.launch.places import ROOT
from tests.launch.running import Shared
from tests.strangers import OURS, stranger

# A busy machine is no fault of the rules: every example is still drawn and held to.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any of our variables."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def state(bare: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty state folder that PostgreSQL's account can reach; `tmp_path` is closed to it."""
    with tempfile.TemporaryDirectory(prefix="lectern-state-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        bare.setenv("LECTERN_STATE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """A state folder with a migrated database, made once, at rest; to be copied, not used."""
    with tempfile.TemporaryDirectory(prefix="lectern-migrated-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(
            [sys.executable, "-m", "config.launch", "manage", "migrate", "--verbosity", "0"],
            env={**stranger(), "LECTERN_STATE": str(folder)},
            cwd=ROOT,
            check=True,
        )
        yield folder


@pytest.fixture
def ready(state: Path, migrated: Path) -> Path:
    """`state` with a migrated database of its own in it, so that `up` starts at once."""
    # `cp -a` keeps the owner: the database's files belong to PostgreSQL's account.
    subprocess.run(["cp", "-a", f"{migrated}/.", str(state)], check=True)
    return state


@pytest.fixture(scope="session")
def shared(migrated: Path) -> Iterator[Shared]:
    """An instance for tests that hurt it: `shared()` starts it, or again if it has ended."""
    with tempfile.TemporaryDirectory(prefix="lectern-shared-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(["cp", "-a", f"{migrated}/.", name], check=True)
        instance = Shared(folder)
        yield instance
        instance.end()
