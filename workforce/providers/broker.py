"""The broker's pulse, by raw socket: a client library would wait and retry for seconds."""

import socket
from urllib.parse import urlsplit

PING_TIMEOUT_SECONDS = 0.5


def broker_answers(*, url: str) -> bool:
    """Whether something speaks RESP at this Celery broker URL (TCP or Unix socket).

    A broker that wants a password answers with an error, which is an answer as well.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme.endswith("+socket") or parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(PING_TIMEOUT_SECONDS)
                link.connect(parts.path)
                return _pong(link)
        place = (parts.hostname or "localhost", parts.port or 6379)
        with socket.create_connection(place, PING_TIMEOUT_SECONDS) as link:
            return _pong(link)
    except OSError:
        return False


def _pong(link: socket.socket) -> bool:
    link.sendall(b"PING\r\n")
    return link.recv(16)[:1] in (b"+", b"-")
