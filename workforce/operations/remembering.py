"""Idempotency: the first answer to a key is kept in the transaction of its effect."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workforce.models import Account
from workforce.queries.plans import prepared
from workforce.queries.remembered import Known, known
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


_REMEMBER = """
INSERT INTO workforce_idempotencykey (account_id, key, request_hash, status, response, created_at)
VALUES (%s::bigint, %s, %s, %s, %s::text::jsonb, %s) ON CONFLICT (account_id, key) DO NOTHING
"""


def recall(
    *, account: Account, key: str, request_hash: str, seen: Known | None = None
) -> Remembered | None:
    """The first answer to this key, or None when the caller is the first.

    Holds the key until the end of the transaction. `StillInFlight` when another
    transaction holds it, `KeyReused` when the key came with another request. `seen`: what a
    statement of this transaction has found already.
    """
    found = seen or known(account_id=account.pk, key=key)
    if found.request_hash is None or found.status is None:
        if not found.mine:
            raise _still_in_flight()
        return None
    if found.request_hash != request_hash:
        raise KeyReused(
            _(
                "This Idempotency-Key was used with another request. "
                "Use a new key for a new request."
            )
        )
    return Remembered(status=found.status, response=found.response)


def remember(
    *,
    account: Account,
    key: str,
    request_hash: str,
    status: int,
    response: str,
    at: datetime,
) -> None:
    """Keep the answer, written as JSON, in the transaction of the effect.

    `StillInFlight` when another request was answered after this one had looked: the caller's
    transaction must end without effect.
    """
    row: list[Any] = [account.pk, key, request_hash, status, response, at]
    with prepared() as cursor:
        cursor.execute(_REMEMBER, row)
        kept = cursor.rowcount == 1
    if not kept:
        raise _still_in_flight()


def _still_in_flight() -> StillInFlight:
    return StillInFlight(
        _("A request with this Idempotency-Key is under way. Ask again in a second.")
    )
