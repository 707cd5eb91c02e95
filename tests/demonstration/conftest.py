"""The real data, where this machine has it."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    folder = os.environ.get("LECTERN_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LECTERN_DATA names no folder: the readers of real data are not tested")
    return Path(folder)
