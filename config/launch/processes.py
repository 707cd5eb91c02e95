"""Processes: started so that they die with us, named by pid files, recognised after a crash."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from config.launch.places import Owner

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.03


def die_with_parent(sig: signal.Signals) -> Callable[[], None] | None:
    """Ask Linux to send `sig` to the child when its parent is gone, also after `kill -9`.

    The signal follows the parent *thread*, so children are started from the main thread only.
    Elsewhere `config.launch.watchdog` does this.
    """
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask


def start_process(
    argv: Sequence[str | Path],
    *,
    env: dict[str, str] | None = None,
    output: IO[bytes] | int,
    owner: Owner | None = None,
    cwd: Path | str = "/",
    on_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, so that Ctrl-C in the terminal reaches only us."""
    return subprocess.Popen(
        [str(part) for part in argv],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent(on_orphaned),
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    )


def run_process(
    argv: Sequence[str | Path], *, owner: Owner | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end, as `owner`; the caller looks at its return code."""
    return subprocess.run(
        [str(part) for part in argv],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    )


def stop_process(
    process: subprocess.Popen[bytes], *, signals: Sequence[tuple[signal.Signals, float]]
) -> None:
    """Send each signal and wait its seconds; the last resort is SIGKILL to the whole session."""
    for sig, seconds in signals:
        if process.poll() is not None:
            break
        process.send_signal(sig)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    end_session(process)


def end_session(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and of the children it started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Poll `ready` until it is true or the seconds are over."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def alive(pid: int) -> bool:
    """Whether a process of this number runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def traces_of(pid: int) -> str:
    """The command line and environment of a process, as far as we may read them."""
    folder = Path(f"/proc/{pid}")
    if folder.exists():
        return " ".join(_read(folder / name) for name in ("cmdline", "environ"))
    return run_process(["ps", "-E", "-ww", "-o", "command=", "-p", str(pid)]).stdout


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def belongs_to(pid: int, *, folder: Path) -> bool:
    """Whether `pid` is alive and was started for the state in `folder`, not a reused number."""
    return alive(pid) and str(folder) in traces_of(pid)


def read_pid(path: Path) -> int | None:
    """The number in the first line of a pid file (ours, or PostgreSQL's postmaster.pid)."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
