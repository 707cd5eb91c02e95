"""The client's side of webhooks: a small server that checks each signature before it believes."""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AGE_MAX_SECONDS = 600
BODY_BYTES_MAX = 1024 * 1024


def genuine(*, headers: Mapping[str, str], body: bytes, secrets: list[str], now: float) -> bool:
    """Whether one of our secrets signed id, timestamp and these very bytes, not long ago."""
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > AGE_MAX_SECONDS:
        return False
    signed = f"{message_id}.{stamp}.".encode() + body
    given = [
        part.partition(",")[2] or part for part in headers.get("webhook-signature", "").split()
    ]
    wanted = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return any(hmac.compare_digest(mine, theirs) for mine in wanted for theirs in given)


class Listener(ThreadingHTTPServer):
    """Counts deliveries by kind; the same message twice counts once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secrets: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.forged = 0
        self._known: set[str] = set()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"

    def take(self, *, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer with."""
        if not genuine(headers=headers, body=body, secrets=self.secrets, now=time.time()):
            with self._lock:
                self.forged += 1
            return 401
        kind = str(json.loads(body).get("kind", "?"))
        with self._lock:
            if headers["webhook-id"] not in self._known:
                self._known.add(headers["webhook-id"])
                self.kinds[kind] += 1
        return 204


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(self.server.take(headers=headers, body=body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent: the story prints its own table."""


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener that runs while the block does."""
    with Listener() as listener:
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.shutdown()
            thread.join()
