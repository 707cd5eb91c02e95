"""A scripted person's client repeats what got lost, with the same key, and nothing else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from config.demonstration.road import calling
from config.demonstration.road.calling import Caller, Line, NoAnswer, Refused, Tally

Script = list[Any]


class Server(ThreadingHTTPServer):
    """Answers by a script: a status with headers and body, or `drop` to cut the line."""

    script: Script
    seen: list[tuple[str, str, str | None, bytes]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append(
            (self.command, self.path, self.headers.get("Idempotency-Key"), body)
        )
        step = self.server.script.pop(0)
        if step == "drop":
            self.close_connection = True
            return
        status, headers, document = step
        content = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(calling, "PAUSE_SECONDS", (0.0,))
    with Server(("127.0.0.1", 0), Handler) as server:
        server.script, server.seen = [], []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def alice(server: Server) -> Iterator[Caller]:
    address = f"http://127.0.0.1:{server.server_port}"
    caller = Caller(line=Line(address), token="lt_alice", who="Alice", tally=Tally())
    yield caller
    caller.close()


def test_a_lost_answer_is_asked_for_again_with_the_same_key(server: Server, alice: Caller) -> None:
    server.script = ["drop", (503, {}, None), (201, {}, {"id": "CL-1"})]
    assert alice.post("work/claims/", {"role": "attempt"}) == {"id": "CL-1"}
    keys = {key for _, _, key, _ in server.seen}
    assert len(server.seen) == 3 and len(keys) == 1 and None not in keys
    assert alice.tally.counts() == {"calls": 2, "calls made again": 2}


def test_two_calls_bear_two_keys(server: Server, alice: Caller) -> None:
    server.script = [(204, {}, None), (204, {}, None)]
    assert alice.post("work/claims/") is None
    alice.post("work/claims/")
    assert len({key for _, _, key, _ in server.seen}) == 2


def test_a_refusal_is_final(server: Server, alice: Caller) -> None:
    server.script = [(409, {}, {"code": "fence_lost", "detail": "Somebody else has it."})]
    with pytest.raises(Refused, match="Somebody else has it") as refused:
        alice.post("work/claims/CL-1/submit/", {"fence": 1})
    assert (refused.value.status, refused.value.code) == (409, "fence_lost")
    assert len(server.seen) == 1


def test_a_key_still_in_flight_is_waited_for(server: Server, alice: Caller) -> None:
    server.script = [(409, {"Retry-After": "0"}, {"code": "in_flight"}), (200, {}, {"ok": 1})]
    assert alice.post("x/") == {"ok": 1}


def test_patience_ends(server: Server, alice: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "ATTEMPTS_MAX", 3)
    server.script = [(500, {}, None)] * 3
    with pytest.raises(NoAnswer, match="3 attempts"):
        alice.get("me/")


def test_a_list_is_read_to_its_end(server: Server, alice: Caller) -> None:
    more = f"http://127.0.0.1:{server.server_port}/api/v1/tasks/?cursor=abc"
    server.script = [
        (200, {}, {"results": [1, 2], "next": more}),
        (200, {}, {"results": [3], "next": None}),
    ]
    assert list(alice.pages("tasks/")) == [1, 2, 3]
    assert server.seen[1][1] == "/api/v1/tasks/?cursor=abc"


def test_a_file_is_sent_as_a_browser_sends_it(server: Server, alice: Caller) -> None:
    server.script = [(201, {}, {"id": "M-1"})]
    alice.upload("media/", name="a.png", content=b"\x89PNG", content_type="image/png", alt="A dog")
    body = server.seen[0][3]
    assert b'name="alt"\r\n\r\nA dog\r\n' in body
    assert b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in body
