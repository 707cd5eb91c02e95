"""What was answered to an idempotency key before, and whether somebody is at it now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workforce.queries.plans import prepared

KNOWN = """
pg_try_advisory_xact_lock(hashtextextended('idempotency ' || a.id || ' ' || %(key)s, 0)),
k.request_hash, k.status, k.response
"""
"""Columns about `%(key)s` of the account `a`, with the rows of `KEYS` joined as `k`. They hold the
key until the transaction ends.
"""
KEYS = "workforce_idempotencykey k ON k.account_id = a.id AND k.key = %(key)s"

_LOOK = f"SELECT {KNOWN} FROM (SELECT %(account)s::bigint AS id) a LEFT JOIN {KEYS}"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`mine`: no other transaction holds the key. The rest is None while nothing was answered."""

    mine: bool
    request_hash: str | None
    status: int | None
    response: Any


def known(*, account_id: int, key: str) -> Known:
    """Take hold of the key until the transaction ends, and see what is known of it."""
    with prepared() as cursor:
        cursor.execute(_LOOK, {"account": account_id, "key": key})
        return as_known(cursor.fetchone())


def as_known(row: Sequence[Any]) -> Known:
    """The four columns of `KNOWN` as an object."""
    mine, request_hash, status, response = row
    decoded = json.loads(response) if isinstance(response, str) else response
    return Known(mine=mine, request_hash=request_hash, status=status, response=decoded)
