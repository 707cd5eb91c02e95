"""What the tests of a started instance share: its environment and its process numbers."""

import os
from pathlib import Path


def pid_in(path: Path) -> int:
    return int(path.read_text().split()[0])


def environment(state: Path) -> dict[str, str]:
    """For a process that must find `state`."""
    return {**os.environ, "LECTERN_STATE": str(state)}
