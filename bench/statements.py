"""`python -m bench.statements LEASES`: SQL statements of one claim and one submit, as JSON.

In process, through every layer of a request: authentication, idempotency and all. BEGIN, COMMIT
and savepoints are left out. With LEASES that many other tutors hold a claim meanwhile.
"""

import json
import sys
import uuid
from typing import Any

from bench.house import enter

LEFT_OUT = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
WARM = 3
"""Pairs before the one that counts: rate cards and requirement sets are read once a process."""


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    leases = int(sys.argv[1])
    enter()
    tokens, answers = asked["tokens"], asked["answers"]
    for token in tokens[1 : leases + 1]:
        _post("/api/v1/work/claims/", {}, token=token)
    for _ in range(WARM):
        _pair(tokens[0], answers)
    claim, submit = _pair(tokens[0], answers)
    print(json.dumps({"leases": leases, "claim": claim, "submit": submit}))


def _pair(token: str, answers: dict[str, Any]) -> tuple[list[str], list[str]]:
    claim, claiming = _post("/api/v1/work/claims/", {}, token=token)
    body = {"fence": claim["fence"], "answer": answers[claim["task"]["type"]]}
    _, submitting = _post(f"/api/v1/work/claims/{claim['id']}/submit/", body, token=token)
    return claiming, submitting


def _post(path: str, body: dict[str, Any], *, token: str) -> tuple[dict[str, Any], list[str]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = Client(HTTP_HOST="localhost").post(
            path,
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex},
        )
    if answer.status_code not in (200, 201):
        raise SystemExit(f"{path}: {answer.status_code} {answer.content[:500]!r}")
    statements = [" ".join(query["sql"].split())[:100] for query in captured.captured_queries]
    return answer.json(), [each for each in statements if not each.startswith(LEFT_OUT)]


if __name__ == "__main__":
    main()
