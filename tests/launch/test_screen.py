"""A browser is opened for a person at a screen, and for nobody else."""

import pytest

from config.launch.up import has_screen


@pytest.mark.parametrize(
    ("terminal", "platform", "env", "opened"),
    [
        (True, "linux", {"DISPLAY": ":0"}, True),
        (True, "linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        (True, "darwin", {}, True),
        (True, "linux", {}, False),
        (False, "linux", {"DISPLAY": ":0"}, False),
        (False, "darwin", {}, False),
        (True, "darwin", {"CI": "true"}, False),
        (True, "darwin", {"SSH_CONNECTION": "10.0.0.1 22"}, False),
    ],
)
def test_who_gets_a_browser(
    terminal: bool, platform: str, env: dict[str, str], opened: bool
) -> None:
    assert has_screen(terminal=terminal, platform=platform, env=env) is opened
