"""`python -m config.launch.watchdog PID`: ends an instance whose supervisor was killed.

Linux does this by itself (`processes.die_with_parent`); elsewhere this small process waits for
the supervisor to disappear and then signals everything that has a pid file.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from config.launch.places import state_folder
from config.launch.processes import belongs_to, read_pid

LOOK_SECONDS = 0.5
QUICK_STOP = {"postgres": signal.SIGINT}


def end_instance(state: Path) -> None:
    """Signal every process of the instance in `state` but this one."""
    for file in sorted((state / "run").glob("*.pid")):
        pid = read_pid(file)
        if pid is None or pid == os.getpid() or not belongs_to(pid, folder=state):
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, QUICK_STOP.get(file.stem, signal.SIGTERM))


def main(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(LOOK_SECONDS)
    end_instance(state_folder())


if __name__ == "__main__":
    main(int(sys.argv[1]))
