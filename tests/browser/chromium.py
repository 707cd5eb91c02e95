"""The browser of this machine, and how it is started."""

import os
import shutil

USUAL = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""Where Debian puts them. The headless shell needs a third of the processor time: no window."""

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def named() -> str:
    """`LECTERN_CHROMIUM`, or the first of Debian's that is installed."""
    installed = [path for path in USUAL if shutil.which(path)]
    return os.environ.get("LECTERN_CHROMIUM") or next(iter(installed), USUAL[-1])


def where() -> str | None:
    """The path of a Chromium that can be started, if there is one."""
    return named() if shutil.which(named()) else None
