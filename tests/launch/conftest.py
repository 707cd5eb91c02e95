"""A machine as a stranger has it: no servers named, a state folder of one's own."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("DATABASE_URL", "REDIS_URL", "LECTERN_STATE", "LECTERN_VENV", "LECTERN_TEST")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any of our variables."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def state(bare: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder that PostgreSQL's account can reach; `tmp_path` is closed to it."""
    with tempfile.TemporaryDirectory(prefix="lectern-state-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        bare.setenv("LECTERN_STATE", str(folder))
        yield folder


def pid_in(path: Path) -> int:
    return int(path.read_text().split()[0])


def environment(state: Path) -> dict[str, str]:
    """For a process that must find `state`."""
    return {**os.environ, "LECTERN_STATE": str(state)}
