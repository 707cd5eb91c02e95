"""The environment of somebody who has never heard of us."""

import os

OURS = ("DATABASE_URL", "REDIS_URL", "LECTERN_STATE", "LECTERN_VENV", "LECTERN_TEST")


def stranger() -> dict[str, str]:
    """This process's environment without any of our variables."""
    return {name: value for name, value in os.environ.items() if name not in OURS}
