"""What a small job costs on its way through relay, broker and worker.

It looks again at somebody's offers, where all of them may stay.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

from bench import databases, world
from bench.cpu import Meter
from bench.figures import median, probe
from config.launch.console import Console
from config.launch.places import ROOT
from config.launch.processes import start_process, stop_process
from config.launch.program import Program

TASKS = 10_000
CHILDREN = ("relay", "services")
WAIT_SECONDS = 120.0
STOP_SECONDS = 25.0
_ENQUEUE = """
INSERT INTO workforce_job (kind, queue, key, subject, state, attempts, attempts_max, fence,
                           last_error)
SELECT 'tasks.recheck_offers', 'notify', 'E-' || id, jsonb_build_object('tutor', 'E-' || id),
       'due', 0, 5, 0, ''
  FROM tutors_tutor
"""
_LEFT = """
SELECT count(*) FROM workforce_job WHERE kind = 'tasks.recheck_offers' AND state <> 'done'
"""
_DONE = "SELECT count(*) FROM workforce_job WHERE kind = 'tasks.recheck_offers' AND state = 'done'"
_UNREAD = "SELECT count(*) FROM workforce_outbox"


def measure(*, rounds: int) -> dict[str, Any]:
    """A round is a job for each of the world's people; the first, which warms all, is left out."""
    databases.clone(world.ready(TASKS), to=databases.RUN)
    with _working() as pids, databases.connect(databases.RUN) as database:
        _wait(database, _UNREAD, log="relay")
        _wait(database, _LEFT, log="services")
        runs = [_round(database, pids) for _ in range(rounds + 1)]
    databases.drop(databases.RUN)
    return {"runs": runs, **{key: median([run[key] for run in runs[1:]]) for key in runs[0]}}


def _round(database: Any, pids: Sequence[int]) -> dict[str, float]:
    meters = [
        Meter(web=pid, backend=database.info.backend_pid, database=databases.RUN) for pid in pids
    ]
    (before,) = database.execute(_DONE).fetchone()
    for meter in meters:
        meter.start()
    began = time.perf_counter()
    database.execute(_ENQUEUE)
    _wait(database, _LEFT, log="services")
    seconds, spent = time.perf_counter() - began, [meter.stop() for meter in meters]
    (after,) = database.execute(_DONE).fetchone()
    jobs = after - before
    return {
        "million_ms": 1_000 * probe(),
        "jobs": jobs,
        "jobs_s": jobs / seconds,
        "process_ms": 1_000 * sum(each.web for each in spent) / jobs,
        "database_ms": 1_000 * (spent[0].database + spent[0].housekeeping) / jobs,
    }


def _wait(database: Any, count: str, *, log: str) -> None:
    """Until nothing is left to count."""
    deadline = time.monotonic() + WAIT_SECONDS
    while database.execute(count).fetchone()[0]:
        if time.monotonic() > deadline:
            raise SystemExit(f"bench: the jobs did not end, see {world.log_file(log)}")
        time.sleep(0.05)


@contextlib.contextmanager
def _working() -> Iterator[list[int]]:
    """The relay and the worker of services on the clone while the block runs; their process ids."""
    env = databases.environment(databases.RUN)
    socket = urlsplit(env["REDIS_URL"]).path
    redis.Redis(unix_socket_path=socket).flushall()  # it may ring for jobs of an earlier run
    program = Program(env=env, state=Path(env["LECTERN_STATE"]), console=Console())
    wanted = [child for child in program.background() if child.name in CHILDREN]
    running = []
    try:
        for child in wanted:
            log = os.open(world.log_file(child.name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            running.append(start_process(child.command, env=child.env, cwd=ROOT, output=log))
            os.close(log)
        yield [process.pid for process in running]
    finally:
        for process in running:
            stop_process(process, signals=[(signal.SIGTERM, STOP_SECONDS)])


def rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """The figures as lines of a table."""
    return [
        ("jobs", "jobs/s", "process ms", "database ms"),
        tuple(f"{found[key]:.1f}" for key in ("jobs", "jobs_s", "process_ms", "database_ms")),
    ]
