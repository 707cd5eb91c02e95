"""`python -m bench.herding`: many people ask for work of one domain at the same moment.

Reads one JSON line from stdin: port, and tokens by herd. Each person has a connection that is open
already. Prints, by herd, the seconds until the last had her answer, and the tasks that were given.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from typing import Any

TIMEOUT_SECONDS = 60.0
PATH = "/api/v1/work/claims/"


def herd(port: int, tokens: list[str]) -> dict[str, Any]:
    """All of them at once; the first answer opens the connection and is not counted."""
    begin = threading.Barrier(len(tokens) + 1)
    given: list[str] = []
    problems: list[str] = []

    def ask(token: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("GET", "/api/v1/me/", headers=headers)
        connection.getresponse().read()
        headers["Idempotency-Key"] = uuid.uuid4().hex
        begin.wait()
        connection.request("POST", PATH, "{}", headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 201:
            given.append(json.loads(text)["task"]["id"])
        else:
            problems.append(f"{answer.status} {text[:200]!r}")

    people = [threading.Thread(target=ask, args=(token,)) for token in tokens]
    for person in people:
        person.start()
    begin.wait()
    began = time.perf_counter()
    for person in people:
        person.join()
    return {"seconds": time.perf_counter() - began, "given": given, "problems": problems}


if __name__ == "__main__":
    asked = json.loads(sys.stdin.readline())
    json.dump([herd(asked["port"], tokens) for tokens in asked["herds"]], sys.stdout)
