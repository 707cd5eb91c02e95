"""One person's client of the API: bearer token, idempotency keys, patience."""

import http.client
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 30.0
ATTEMPTS_MAX = 60
PAUSE_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)  # then always the last
RETRY_AFTER_MAX_SECONDS = 5.0
PAGES_MAX = 200
MARK = "lectern-demonstration (scripted)"

Body = dict[str, Any] | list[Any] | None


class Refused(Exception):
    """The API said no. `code` is the stable code of the problem, `status` that of HTTP."""

    def __init__(self, *, who: str, call: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.errors = problem.get("errors")
        detail = problem.get("detail") or problem
        super().__init__(f"{who}: {call} → {status} {self.code}: {detail} {self.errors or ''}")


class NoAnswer(Exception):
    """The service stayed away for longer than anybody's patience."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content) if self.content else None


class Tally:
    """How many calls were made, refused and made again; shared by all clients of a run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)


class Line:
    """One connection, kept open; opened again where it was cut."""

    def __init__(self, base_url: str) -> None:
        self._host = urlsplit(base_url).netloc
        self._connection: http.client.HTTPConnection | None = None

    def send(
        self, method: str, where: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        """The answer, whatever its status. Raises OSError or HTTPException when there is none."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        self._connection.request(method, where, body=content, headers=dict(headers))
        response = self._connection.getresponse()
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            content=response.read(),
        )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Caller:
    """Calls as one account. Not shared between threads."""

    def __init__(self, *, line: Line, token: str, who: str, tally: Tally) -> None:
        self._line = line
        self._token = token
        self.who = who
        self.tally = tally

    def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON. Raises `Refused`."""
        return self.fetch(path, **query).json

    def fetch(self, path: str, **query: Any) -> Reply:
        """The whole answer, for files."""
        where = f"{path}?{urlencode(query)}" if query else path
        return self._ask("GET", where)

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Every result of a list, page by page."""
        page = self.get(path, **{"page_size": 200, **query})
        for _ in range(PAGES_MAX):
            yield from page["results"]
            if not page["next"]:
                return
            following = urlsplit(page["next"])
            page = self._ask("GET", f"{following.path}?{following.query}").json
        raise NoAnswer(f"{self.who}: {path} has more than {PAGES_MAX} pages")

    def post(self, path: str, body: Body = None, *, key: str | None = None) -> Any:
        """The answer's JSON, None for an empty one. Every call bears an idempotency key."""
        return self._send("POST", path, body=body, key=key or secrets.token_hex(16)).json

    def put(self, path: str, body: Body) -> Any:
        return self._send("PUT", path, body=body).json

    def patch(self, path: str, body: Body) -> Any:
        return self._send("PATCH", path, body=body).json

    def post_raw(self, path: str, content: bytes, *, content_type: str) -> Any:
        headers = {"Content-Type": content_type, "Idempotency-Key": secrets.token_hex(16)}
        return self._ask("POST", path, content=content, headers=headers).json

    def upload(
        self, path: str, *, name: str, content: bytes, content_type: str, **fields: str
    ) -> Any:
        """One file, as a browser would send it, in the field `file`."""
        boundary = secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        whole = (
            "".join(parts).encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        )
        return self.post_raw(path, whole, content_type=f"multipart/form-data; boundary={boundary}")

    def _send(self, method: str, path: str, *, body: Body, key: str | None = None) -> Reply:
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = json.dumps({} if body is None else body).encode()
        return self._ask(method, path, content=content, headers=headers)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Once, or again with the same key where the answer got lost or asks to wait."""
        where = path if path.startswith("/") else f"/api/v1/{path}"
        trouble = ""
        for attempt in range(ATTEMPTS_MAX):
            if attempt:
                self.tally.add("calls made again")
            try:
                reply = self._once(method, where, content=content, headers=headers or {})
            except (OSError, http.client.HTTPException) as error:
                self.close()
                trouble = repr(error)
                time.sleep(_pause(attempt))
                continue
            if not _asks_to_wait(reply):
                return self._judged(reply, call=f"{method} {where}")
            trouble = f"{reply.status} {reply.content[:300]!r}"
            time.sleep(_told_to_wait(reply, attempt=attempt))
        raise NoAnswer(f"{self.who}: {method} {where}: {ATTEMPTS_MAX} attempts; last: {trouble}")

    def _once(
        self, method: str, where: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        always = {"Authorization": f"Bearer {self._token}", "User-Agent": MARK}
        reply = self._line.send(method, where, content=content, headers={**always, **headers})
        self.tally.add("calls")
        return reply

    def _judged(self, reply: Reply, *, call: str) -> Reply:
        if reply.status < 400:
            return reply
        self.tally.add("calls refused")
        try:
            problem = reply.json
        except ValueError:
            problem = {"detail": reply.content[:300].decode(errors="replace")}
        raise Refused(who=self.who, call=call, status=reply.status, problem=problem)

    def close(self) -> None:
        self._line.close()


def _asks_to_wait(reply: Reply) -> bool:
    """A failure of the service, too many calls, or the first call with this key still running."""
    in_flight = reply.status == 409 and "retry-after" in reply.headers
    return reply.status >= 500 or reply.status == 429 or in_flight


def _told_to_wait(reply: Reply, *, attempt: int) -> float:
    told = reply.headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), RETRY_AFTER_MAX_SECONDS)
    return _pause(attempt)


def _pause(attempt: int) -> float:
    return PAUSE_SECONDS[min(attempt, len(PAUSE_SECONDS) - 1)]
