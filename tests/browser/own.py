"""For a module that spoils the instance: `from tests.browser.own import the_site`.

Keep its tests in one process, else each process starts another instance:
`pytestmark = pytest.mark.xdist_group("hostile")`.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import RUNNING, Site, already_running, running

__all__ = ["the_site"]


@pytest.fixture(scope="module")
def the_site(
    chromium: str, run_folder: Path, request: pytest.FixtureRequest, django_db_blocker: Any
) -> Iterator[Site]:
    """An instance that only the importing module uses, in place of the shared one."""
    if address := os.environ.get(RUNNING):
        yield already_running(address)
        return
    request.getfixturevalue("django_db_setup")
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            site = stack.enter_context(running(shared=run_folder, label="own"))
        yield site
