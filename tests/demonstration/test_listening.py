"""The client's listener believes only what was signed with its secret, for these bytes, now."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request

import pytest

from config.demonstration.road.listening import genuine, listening

BODY = json.dumps({"kind": "batch.done", "id": "EV-1"}).encode()


def headers(*, secret: str, body: bytes, stamp: str = "1000") -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"m1.{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{digest}"}


def test_a_right_signature_is_believed() -> None:
    signed = headers(secret="old", body=BODY)
    assert genuine(headers=signed, body=BODY, secrets=["new", "old"], now=1001)


@pytest.mark.parametrize(
    ("secret", "body", "now"),
    [("other", BODY, 1001), ("old", BODY + b" ", 1001), ("old", BODY, 2000)],
)
def test_another_secret_body_or_time_is_not(secret: str, body: bytes, now: float) -> None:
    signed = headers(secret="old", body=BODY)
    assert not genuine(headers=signed, body=body, secrets=[secret], now=now)


def test_a_delivery_made_twice_counts_once() -> None:
    with listening() as listener:
        listener.secrets.append("s3cret")
        signed = headers(secret="s3cret", body=BODY, stamp=str(int(time.time())))
        for _ in range(2):
            request = urllib.request.Request(listener.url, data=BODY, headers=signed)
            assert urllib.request.urlopen(request, timeout=5).status == 204
        forged = urllib.request.Request(listener.url, data=b"{}", headers=signed)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forged, timeout=5)
        refused.value.close()
        assert refused.value.code == 401
        assert dict(listener.kinds) == {"batch.done": 1}
        assert listener.forged == 1
