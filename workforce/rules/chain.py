"""The hash chain over events: each digest covers the event and the digest before it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def digest(*, previous: str, event: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the previous digest and the event's canonical JSON."""
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
