"""Jobs under faults, on a real instance: each has exactly one effect, whatever dies."""

import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.launch.engines import SERVING, Postgres, Valkey
from config.launch.processes import wait_until
from tests.launch.test_up import Run

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

JOBS = 150
QUEUES = ("stem", "medicine", "finance", "visual", "intake", "pay", "notify")
DONE_SECONDS = 90
ENQUEUE = """
INSERT INTO workforce_job (kind, queue, key, subject, state, attempts, attempts_max, fence,
                           last_error)
SELECT 'workforce.sleep', (%s::text[])[1 + n %% %s], n::text,
       jsonb_build_object('seconds', 0.2, 'number', n), 'due', 0, 50, 0, ''
  FROM generate_series(1, %s) n
"""


@pytest.fixture
def run(ready: Path, bare: pytest.MonkeyPatch) -> Iterator[Run]:
    bare.setenv("LEASE_SECONDS", "3")
    bare.setenv("LECTERN_TEST_JOBS", "1")
    running = Run(ready)
    try:
        yield running
    finally:
        running.end(signal.SIGINT)


def database(state: Path) -> "psycopg.Connection[tuple[int, ...]]":
    return psycopg.connect(Postgres(state=state, settings=SERVING).url(), autocommit=True)


def flush(state: Path) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(Valkey(state=state, durable=True).socket))
        line.sendall(b"FLUSHALL\r\n")
        assert line.recv(16).startswith(b"+OK")


def kill(run: Run, name: str) -> None:
    """Kill a process for good; one that is just being restarted is waited for."""
    assert wait_until(lambda: (run.state / "run" / f"{name}.pid").exists(), seconds=30)
    os.kill(run.pid(name), signal.SIGKILL)


def counts(link: "psycopg.Connection[tuple[int, ...]]") -> tuple[int, int, int]:
    """Jobs done, effects, jobs with an effect."""
    done = link.execute(
        "SELECT count(*) FROM workforce_job WHERE kind = 'workforce.sleep' AND state = 'done'"
    ).fetchone()
    effects = link.execute(
        "SELECT count(*), count(DISTINCT name) FROM workforce_tick WHERE name LIKE 'slept:%'"
    ).fetchone()
    assert done and effects
    return done[0], effects[0], effects[1]


def test_each_job_has_one_effect_whatever_dies(run: Run, state: Path):
    seed = int(os.environ.get("LECTERN_SEED", "20261120"))
    print("seed", seed)
    chance = random.Random(seed)
    with database(state) as link:
        link.execute(ENQUEUE, [list(QUEUES), len(QUEUES), JOBS])
        for blow in ("domains", "flush", "relay", "freeze", "services", "sweeper", "flush"):
            time.sleep(chance.uniform(0.5, 1.5))
            if blow == "flush":
                flush(state)
            elif blow == "freeze":
                os.kill(run.pid("valkey"), signal.SIGSTOP)
                time.sleep(4)
                os.kill(run.pid("valkey"), signal.SIGCONT)
            else:
                kill(run, blow)
        deadline = time.monotonic() + DONE_SECONDS
        while counts(link)[0] < JOBS and time.monotonic() < deadline:
            time.sleep(0.5)
        assert counts(link) == (JOBS, JOBS, JOBS)


def test_a_domain_added_while_running_is_served_within_30_seconds(run: Run, state: Path):
    with database(state) as link:
        link.execute(
            "INSERT INTO workforce_domain (slug, name, created_at)"
            " VALUES ('geology', 'Geology', now())"
        )
        began = time.monotonic()
        link.execute(ENQUEUE, [["geology"], 1, 1])
        while counts(link)[0] < 1 and time.monotonic() - began < 30:
            time.sleep(0.2)
        assert counts(link) == (1, 1, 1)


def test_a_job_that_kills_its_worker_is_parked(run: Run, state: Path):
    with database(state) as link:
        link.execute(
            "INSERT INTO workforce_job (kind, queue, key, subject, state, attempts, attempts_max,"
            " fence, last_error) VALUES ('workforce.crash', 'pay', '1', '{}', 'due', 0, 2, 0, '')"
        )
        deadline = time.monotonic() + 60
        state_of = "SELECT state, attempts FROM workforce_job WHERE kind = 'workforce.crash'"
        while link.execute(state_of).fetchone() != ("parked", 2) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert link.execute(state_of).fetchone() == ("parked", 2)
