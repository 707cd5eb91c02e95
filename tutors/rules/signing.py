"""What a signature consists of, and the chain that its evidence stands in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
USER_AGENT_CHARS_MAX = 300
METHODS = ("bearer", "session", "shell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How somebody signed: what she typed, when she saw the text, from where.

    `sha256`, if given, is the digest of the text that was shown to her.
    """

    typed_name: str
    viewed_at: datetime
    consent_version: int = 1
    address: str | None = None
    user_agent: str = ""
    method: str = "shell"
    sha256: str = ""


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def row_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of an evidence row's canonical JSON; `previous` is part of the row."""
    body = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def same_name(*, typed: str, known: str) -> bool:
    """Whether the typed name is the account's, whatever the case and the blanks."""
    return " ".join(typed.split()).casefold() == " ".join(known.split()).casefold()
