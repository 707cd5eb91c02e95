"""`python -m bench.visitors`: people at work, in a process of their own.

Reads one JSON line from stdin: port, people, seconds, tokens, answers by task type. Each person
has a connection that stays open and asks for work and hands it in, over and over, as one tutor
of her share after the other, so that no tutor does a year's work in a minute.
"""

import http.client
import itertools
import json
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any

TIMEOUT_SECONDS = 60.0


class Person(threading.Thread):
    """One person; `claims` and `submits` are latencies in seconds."""

    def __init__(self, *, asked: dict[str, Any], tokens: list[str], begin: threading.Barrier):
        super().__init__(daemon=True)
        self.asked = asked
        self.tokens = tokens
        self.begin = begin
        self.claims: list[float] = []
        self.submits: list[float] = []
        self.problems: Counter[str] = Counter()
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", asked["port"], timeout=TIMEOUT_SECONDS
        )

    def run(self) -> None:
        tokens = itertools.cycle(self.tokens)
        self.begin.wait()
        end = time.perf_counter() + self.asked["seconds"]
        while time.perf_counter() < end:
            try:
                self._work(next(tokens))
            except (OSError, http.client.HTTPException) as problem:
                self.problems[type(problem).__name__] += 1
                self.connection.close()

    def _work(self, token: str) -> None:
        claim = self._post("/api/v1/work/claims/", {}, token=token, wanted=201, into=self.claims)
        if claim is None:
            return
        answer = self.asked["answers"][claim["task"]["type"]]
        body = {"fence": claim["fence"], "answer": answer}
        path = f"/api/v1/work/claims/{claim['id']}/submit/"
        self._post(path, body, token=token, wanted=200, into=self.submits)

    def _post(
        self, path: str, body: dict[str, Any], *, token: str, wanted: int, into: list[float]
    ) -> Any:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        began = time.perf_counter()
        self.connection.request("POST", path, json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != wanted:
            self.problems[f"{path.rsplit('/', 2)[1]} {answer.status} {text[:300]!r}"] += 1
            return None
        into.append(took)
        return json.loads(text)


def visit(asked: dict[str, Any]) -> dict[str, Any]:
    """Let the people work for so many seconds; what they saw."""
    count = asked["people"]
    begin = threading.Barrier(count + 1)
    people = [
        Person(asked=asked, tokens=asked["tokens"][n::count], begin=begin) for n in range(count)
    ]
    for person in people:
        person.start()
    begin.wait()
    began = time.perf_counter()
    for person in people:
        person.join()
    return {
        "seconds": time.perf_counter() - began,
        "claims": [took for person in people for took in person.claims],
        "submits": [took for person in people for took in person.submits],
        "problems": sum((person.problems for person in people), Counter()),
    }


if __name__ == "__main__":
    json.dump(visit(json.loads(sys.stdin.readline())), sys.stdout)
