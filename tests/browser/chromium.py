"""The browser of this machine, and how it is started."""

import os
import shutil

USUAL = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def named() -> str:
    """`LECTERN_CHROMIUM`, or where Debian puts it."""
    return os.environ.get("LECTERN_CHROMIUM", USUAL)


def where() -> str | None:
    """The path of a Chromium that can be started, if there is one."""
    return named() if shutil.which(named()) else None
