"""One POST to an address that somebody else chose: resolved once, pinned, never redirected."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from tasks.rules.webhooks import (
    ANSWER_BYTES_MAX,
    DEADLINE_SECONDS,
    TIMEOUT_SECONDS,
    may_call,
    url_fault,
)

CONTEXT = ssl.create_default_context()


class CannotCall(Exception):
    """Nothing was said, or nobody was there; the message is for the client."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    excerpt: str


def own_machine_allowed() -> bool:
    """Development and tests may call a listener beside them."""
    return bool(settings.WEBHOOK_ALLOW_PRIVATE)


def post(*, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Send a body and read the status. `CannotCall` for private addresses and broken links."""
    fault = url_fault(url, own_machine=own_machine_allowed())
    if fault:
        raise CannotCall(fault)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, host, port, _resolved(host, port))
    deadline = threading.Timer(DEADLINE_SECONDS, _cut, [connection])
    deadline.start()
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        response = connection.getresponse()
        excerpt = response.read(ANSWER_BYTES_MAX).decode("utf-8", "replace")
        return Reply(status=response.status, excerpt=excerpt)
    except (OSError, http.client.HTTPException) as problem:
        raise CannotCall(f"{type(problem).__name__}: {problem}"[:300]) from None
    finally:
        deadline.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a call whose answer comes drop by drop."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _resolved(host: str, port: int) -> str:
    """The address that will be called; every answer of the name server must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotCall(f"{host} is not known to the name server.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not all(may_call(a, own_machine=own_machine_allowed()) for a in addresses):
        raise CannotCall(f"{host} leads to an address that is not on the public internet.")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """Talks to one address, whatever the name says by now."""

    def __init__(self, host: str, port: int, *, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedTls(_Pinned):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = CONTEXT.wrap_socket(self.sock, server_hostname=self.host)


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    kind = _PinnedTls if scheme == "https" else _Pinned
    return kind(host, port, address=address)
