"""`python -m bench.loading FILE`: one JSONL file through the real intake; times as JSON.

`receive` keeps the file and checks its start, as the API does; `load_chunk` is the background
job, called here until nothing is left. The parts are timed from outside, around its own steps.
"""

import functools
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.cpu import Meter
from bench.house import enter

spent: defaultdict[str, float] = defaultdict(float)


def main() -> None:
    enter()
    from django.db import connection

    from tasks.models import Project
    from tasks.operations import loading
    from tasks.operations.intake import receive
    from tasks.rules.intake import BatchFormat
    from workforce.doors import now

    _time_parts(loading)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    project = Project.objects.order_by("id").first()
    assert project is not None
    path = Path(sys.argv[1])
    began, cpu = time.perf_counter(), time.process_time()
    meter = _meter(connection)
    with path.open("rb") as file:
        batch = receive(
            project=project, format=BatchFormat.JSONL, file=file, sha256="0" * 64,
            actor=project.created_by, at=now(), file_name=path.name,
        )  # fmt: skip
    received = time.perf_counter()
    chunks = 1
    while loading.load_chunk(batch_id=batch.pk, at=now()):
        chunks += 1
    batch.refresh_from_db()
    whole = time.perf_counter() - received
    told = _told(batch, whole=whole, received=received - began, chunks=chunks)
    costs = {
        "python_cpu_seconds": time.process_time() - cpu,
        "database_cpu_seconds": meter.stop().database,
    }
    print(json.dumps(told | costs))


def _meter(connection: Any) -> Meter:
    """Started on the backend of this process."""
    backend = connection.connection.info.backend_pid
    meter = Meter(web=None, backend=backend, database=connection.settings_dict["NAME"])
    meter.start()
    return meter


def _told(batch: Any, *, whole: float, received: float, chunks: int) -> dict[str, Any]:
    return {
        "rows": batch.new,
        "errors": batch.error,
        "state": batch.state,
        "chunks": chunks,
        "receive_seconds": received,
        "load_seconds": whole,
        "read_and_check_seconds": spent["read"] + spent["check"],
        "insert_seconds": spent["insert"],
        "copy_and_rest_seconds": whole - spent["read"] - spent["check"] - spent["insert"],
        "rows_a_second": batch.new / (whole + received),
    }


def _time_parts(loading: Any) -> None:
    """Put a clock around reading, checking and inserting. COPY and commit are the rest."""
    loading._checked = _timed("check", loading._checked)
    loading._insert = _timed("insert", loading._insert)
    loading._grouped = _timed_steps("read", loading._grouped)


def _timed(name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return inner(*args, **kwargs)
        finally:
            spent[name] += time.perf_counter() - began

    return outer


def _timed_steps(name: str, inner: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """The time that a generator takes to give, not the time until it is asked again."""

    @functools.wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Iterator[Any]:
        steps = inner(*args, **kwargs)
        while True:
            began = time.perf_counter()
            step = next(steps, None)
            spent[name] += time.perf_counter() - began
            if step is None:
                return
            yield step

    return outer


if __name__ == "__main__":
    main()
