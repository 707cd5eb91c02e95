"""Jobs under faults, on a real instance: each has exactly one effect, whatever dies."""

import os
import random
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from config.launch.engines import SERVING, Postgres, Valkey
from config.launch.processes import wait_until
from tests.launch.running import Run, Shared

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

JOBS = 150
QUEUES = ("stem", "medicine", "finance", "visual", "intake", "pay", "notify")
DONE_SECONDS = 90
Link = psycopg.Connection[tuple[int, ...]]
ENQUEUE = """
INSERT INTO workforce_job (kind, queue, key, subject, state, attempts, attempts_max, fence,
                           last_error)
SELECT 'workforce.sleep', (%s::text[])[1 + n %% %s], n::text,
       jsonb_build_object('seconds', 0.2, 'number', n), 'due', 0, 50, 0, ''
  FROM generate_series(%s::int, %s) n
"""

SESSIONS = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
   AND datname = current_database()
"""


@pytest.fixture
def run(shared: Shared) -> Run:
    return shared()


@pytest.fixture
def state(run: Run) -> Path:
    return run.state


def database(state: Path) -> Link:
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


def enqueue(link: Link, *, queues: Sequence[str], numbers: range) -> None:
    """A sleeping job for each number, on each queue in turn."""
    link.execute(ENQUEUE, [list(queues), len(queues), numbers[0], numbers[-1]])


def counts(link: Link, numbers: range) -> tuple[int, int, int]:
    """Of these jobs: done, effects, jobs with an effect."""
    within = [numbers[0], numbers[-1]]
    done = link.execute(
        "SELECT count(*) FROM workforce_job WHERE kind = 'workforce.sleep' AND state = 'done'"
        " AND key::int BETWEEN %s AND %s",
        within,
    ).fetchone()
    effects = link.execute(
        "SELECT count(*), count(DISTINCT name) FROM workforce_tick WHERE name LIKE 'slept:%%'"
        " AND split_part(name, ':', 2)::int BETWEEN %s AND %s",
        within,
    ).fetchone()
    assert done and effects
    return done[0], effects[0], effects[1]


def test_a_domain_added_while_running_is_served_within_30_seconds(run: Run, state: Path):
    with database(state) as link:
        link.execute(
            "INSERT INTO workforce_domain (slug, name, created_at)"
            " VALUES ('geology', 'Geology', now())"
        )
        began = time.monotonic()
        alone = range(1_000, 1_001)
        enqueue(link, queues=["geology"], numbers=alone)
        while counts(link, alone)[0] < 1 and time.monotonic() - began < 30:
            time.sleep(0.2)
        assert counts(link, alone) == (1, 1, 1)


def test_a_worker_keeps_its_connection_and_one_that_is_cut_costs_no_job(run: Run, state: Path):
    first, second, said = range(2_001, 2_041), range(2_041, 2_081), len(run.lines)
    with database(state) as link:
        (before,) = link.execute(SESSIONS).fetchone() or (0,)
        for half in (first, second):
            enqueue(link, queues=["stem", "pay"], numbers=half)
            assert wait_until(lambda half=half: counts(link, half)[0] == len(half), seconds=60)
            link.execute(CUT)
        (after,) = link.execute(SESSIONS).fetchone() or (0,)
        assert counts(link, range(2_001, 2_081)) == (80, 80, 80)
        tried = link.execute(
            "SELECT max(attempts) FROM workforce_job WHERE key::int BETWEEN 2001 AND 2080"
        ).fetchone()
    assert tried == (1,)
    assert [line for line in run.lines[said:] if "raised unexpected" in line] == []
    assert after - before < len(first)


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


def test_each_job_has_one_effect_whatever_dies(run: Run, state: Path):
    seed = int(os.environ.get("LECTERN_SEED", "20261120"))
    print("seed", seed)
    chance = random.Random(seed)
    with database(state) as link:
        numbers = range(1, JOBS + 1)
        enqueue(link, queues=QUEUES, numbers=numbers)
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
        while counts(link, numbers)[0] < JOBS and time.monotonic() < deadline:
            time.sleep(0.5)
        assert counts(link, numbers) == (JOBS, JOBS, JOBS)
