"""`python -m bench.visiting N`: each page of the tour N times, in process; figures as JSON.

A request passes every middleware, in the process that measures, one after the other: no web
server and no network. Two requests warm each page. SQL statements are counted on one more.
"""

import gzip
import json
import sys
import time
from typing import Any

from bench.house import enter

WARM = 2
LEFT_OUT = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main() -> None:
    rounds = int(sys.argv[1])
    enter()
    from config.demonstration.tour import stops

    clients: dict[str, Any] = {}
    print(json.dumps([_visit(stop, clients, rounds) for stop in stops()]))


def _visit(stop: Any, clients: dict[str, Any], rounds: int) -> dict[str, Any]:
    client = clients.setdefault(stop.email, _signed_in(stop.email))
    for _ in range(WARM):
        answer, _took = _get(client, stop.url)
    found = {"name": stop.name, "url": stop.url, "status": answer.status_code}
    if not _is_document(answer):
        return {**found, "page": False}
    taken = [_get(client, stop.url)[1] for _ in range(rounds)]
    return {
        **found,
        "page": True,
        "ms": [1_000 * seconds for seconds in taken],
        "statements": _statements(client, stop.url),
        "bytes": len(gzip.compress(_body(answer), 6)),
    }


def _signed_in(email: str) -> Any:
    from django.test import Client

    from workforce.models import Account

    client = Client(HTTP_HOST="localhost")
    client.force_login(Account.objects.get(email=email))
    return client


def _get(client: Any, url: str) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = client.get(url)
    _body(answer)
    return answer, time.perf_counter() - began


def _body(answer: Any) -> bytes:
    if not answer.streaming:
        return bytes(answer.content)
    if not hasattr(answer, "kept"):
        answer.kept = b"".join(answer.streaming_content)
    return bytes(answer.kept)


def _is_document(answer: Any) -> bool:
    start = _body(answer)[:200].lstrip().lower()
    return answer.status_code == 200 and start.startswith(b"<!doctype html>")


def _statements(client: Any, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _get(client, url)
    return sum(not query["sql"].startswith(LEFT_OUT) for query in captured.captured_queries)


if __name__ == "__main__":
    main()
