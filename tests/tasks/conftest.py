"""Who is there unless a test says otherwise; files that tests hand in die with the test."""

from pathlib import Path

import pytest

from tests.tasks.crew import Crew


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def crew() -> Crew:
    return Crew()
