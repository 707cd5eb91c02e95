"""`python -m bench.knocking WHAT TIMES`: what single requests cost, as JSON.

`work`: a POST behind which nothing happens, a claim, its first heartbeat, which starts the clock,
one of those that follow, a submit that is refused, so that what comes next is found as a refusal
leaves it, and a submit, by one tutor after the other. `advice`: the queue with its advice. In
process, through every middleware and door, but without web server and network. Milliseconds of CPU
of this process and of its database connection, and of the clock; the median of TIMES.
"""

import json
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.house import enter

WARM = 60
FINE = (200, 201, 204)
REFUSED = (409,)
ADVICE = "/api/v1/work/queue/"


@dataclass
class Knocker:
    """Sends requests and notes what each kind of them cost."""

    client: Any
    backend: int
    statements: dict[str, int] = field(default_factory=dict)
    costs: dict[str, list[tuple[float, float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def ask(
        self, what: str, path: str, *, token: str, body: Any = None, told: Collection[int] = FINE
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        before = self._look()
        if body is None:
            answer = self.client.get(path, headers=headers)
        else:
            headers["Idempotency-Key"] = uuid.uuid4().hex
            answer = self.client.post(path, body, content_type="application/json", headers=headers)
        after = self._look()
        if answer.status_code not in told:
            raise SystemExit(f"{path}: {answer.status_code} {answer.content[:500]!r}")
        self.costs[what].append(tuple(b - a for a, b in zip(before, after, strict=True)))
        return json.loads(answer.content) if answer.content else None

    def count(self, what: str, path: str, **asked: Any) -> Any:
        """The same, and how many statements it was."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from bench.statements import LEFT_OUT

        with CaptureQueriesContext(connection) as captured:
            answer = self.ask("counted", path, **asked)
        texts = [query["sql"].lstrip() for query in captured.captured_queries]
        self.statements[what] = sum(not text.startswith(LEFT_OUT) for text in texts)
        return answer

    def forget(self) -> None:
        self.costs.clear()

    def told(self) -> dict[str, Any]:
        """By kind: statements, and the middle of what was noted, in milliseconds."""
        found = {}
        for what, each in self.costs.items():
            if what != "counted":
                web, database, clock = (1_000 * median(part) for part in zip(*each, strict=True))
                found[what] = {
                    "statements": self.statements.get(what),
                    "web_ms": web,
                    "database_ms": database,
                    "clock_ms": clock,
                }
        return found

    def _look(self) -> tuple[float, float, float]:
        spent = Path(f"/proc/{self.backend}/schedstat").read_text().split()[0]
        return time.process_time(), int(spent) / 1e9, time.perf_counter()


def main() -> None:
    opened = json.loads(sys.stdin.readline())
    what, times = sys.argv[1], int(sys.argv[2])
    enter()
    from django.db import connection
    from django.test import Client
    from django.test.utils import override_settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        knocker = Knocker(client=Client(HTTP_HOST="localhost"), backend=cursor.fetchone()[0])
    walk = {"work": _work, "advice": _advice}[what]
    with override_settings(ROOT_URLCONF="bench.nothing"):
        walk(knocker, opened, WARM)
        knocker.forget()
        walk(knocker, opened, times)
    print(json.dumps(knocker.told()))


def _work(knocker: Knocker, opened: dict[str, Any], times: int) -> None:
    from bench.nothing import ADDRESS

    for number, token in enumerate(_in_turn(opened["tokens"], times)):
        ask = knocker.count if number == times - 1 else knocker.ask
        ask("nothing", ADDRESS, token=token, body={})
        claim = ask("claim", "/api/v1/work/claims/", token=token, body={})
        path = f"/api/v1/work/claims/{claim['id']}/"
        fence = {"fence": claim["fence"]}
        ask("first heartbeat", f"{path}heartbeat/", token=token, body=fence)
        ask("heartbeat", f"{path}heartbeat/", token=token, body=fence)
        body = {"fence": claim["fence"] - 1, "answer": opened["answers"][claim["task"]["type"]]}
        ask("refused", f"{path}submit/", token=token, body=body, told=REFUSED)
        body |= fence
        ask("submit", f"{path}submit/", token=token, body=body)


def _advice(knocker: Knocker, opened: dict[str, Any], times: int) -> None:
    for number, token in enumerate(_in_turn(opened["tokens"], times)):
        ask = knocker.count if number == times - 1 else knocker.ask
        ask("advice", ADVICE, token=token)


def _in_turn(tokens: list[str], times: int) -> Iterator[str]:
    for number in range(times):
        yield tokens[number % len(tokens)]


if __name__ == "__main__":
    main()
