"""From `./lectern up --no-demo` to the first page, on a machine where everything is installed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.figures import median
from bench.world import log_file, say
from config.launch.commands import free_port
from config.launch.places import ROOT
from config.launch.processes import end_session
from config.launch.up import answers

WAIT_SECONDS = 120.0
STOP_SECONDS = 120.0


def measure(*, rounds: int) -> dict[str, Any]:
    """Seconds to the first page: with an empty state folder, and started once more on it."""
    state = log_file("start").with_suffix("")
    empty, again = [], []
    for number in range(rounds):
        say(f"starting an instance, round {number + 1} of {rounds}")
        empty.append(_start(state, "--fresh"))
        again.append(_start(state))
    shutil.rmtree(state, ignore_errors=True)
    return {
        "first_page_seconds": median(empty),
        "first_page_again_seconds": median(again),
        "runs": {"empty": empty, "again": again},
    }


def _start(state: Path, *options: str) -> float:
    """Run `./lectern up` until its first page is there, then end it in order."""
    port = free_port()
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "LECTERN_BROKER_SOCKET", "LECTERN_PORT")
    }
    command = [sys.executable, str(ROOT / "lectern"), "up", "--no-demo", "--port", str(port)]
    with log_file("up").open("ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, *options],
            env={**passed_on, "LECTERN_STATE": str(state)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if process.poll() is not None or time.perf_counter() - began > WAIT_SECONDS:
                raise SystemExit(f"bench: ./lectern up gave no page, see {log_file('up')}")
            time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            end_session(process)
