"""Idempotency: the first answer to a key is kept in the transaction of its effect."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from workforce.models import Account
from workforce.queries.plans import prepared
from workforce.rules.problems import Refusal

KEY_CHARS_MAX = 128
RETRY_AFTER_SECONDS = 1


class StillInFlight(Refusal):
    code = "idempotency_in_flight"
    status = 409
    retry_after_seconds = RETRY_AFTER_SECONDS
    title = "The first request with this key is still being answered"


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    title = "This key belongs to another request"


@dataclass(frozen=True, kw_only=True)
class Remembered:
    status: int
    response: Any


_RECALL = """
SELECT pg_try_advisory_xact_lock(%s), k.request_hash, k.status, k.response
  FROM (SELECT 1) one
  LEFT JOIN workforce_idempotencykey k ON k.account_id = %s AND k.key = %s
"""

_REMEMBER = """
INSERT INTO workforce_idempotencykey (account_id, key, request_hash, status, response, created_at)
VALUES (%s::bigint, %s, %s, %s, %s, %s)
"""


def recall(*, account: Account, key: str, request_hash: str) -> Remembered | None:
    """The first answer to this key, or None when the caller is the first.

    Holds the key until the end of the transaction. `StillInFlight` when another
    transaction holds it, `KeyReused` when the key came with another request.
    """
    with prepared() as cursor:
        cursor.execute(_RECALL, [_lock(account, key), account.pk, key])
        mine, known_hash, status, response = cursor.fetchone()
    if known_hash is None:
        if not mine:
            raise StillInFlight(
                _("A request with this Idempotency-Key is under way. Ask again in a second.")
            )
        return None
    if known_hash != request_hash:
        raise KeyReused(
            _(
                "This Idempotency-Key was used with another request. "
                "Use a new key for a new request."
            )
        )
    return Remembered(status=status, response=_decoded(response))


def remember(
    *,
    account: Account,
    key: str,
    request_hash: str,
    status: int,
    response: Any,
    at: datetime,
) -> None:
    """Keep the answer, in the transaction of the effect."""
    row: list[Any] = [account.pk, key, request_hash, status, Jsonb(response), at]
    with prepared() as cursor:
        cursor.execute(_REMEMBER, row)


def _lock(account: Account, key: str) -> int:
    raw = hashlib.blake2b(f"idempotency {account.pk} {key}".encode(), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
