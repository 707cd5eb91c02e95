"""The token, the account and the roles behind a bearer secret: one planned statement a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from workforce.models import Account, ApiToken
from workforce.queries.plans import prepared
from workforce.queries.remembered import KEYS, KNOWN, Known, as_known
from workforce.rules.roles import Role

_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
_ACCOUNT = [field.attname for field in Account._meta.concrete_fields if field.name != "preferences"]
_COLUMNS = f"""
{", ".join(f"t.{name}" for name in _TOKEN)}, {", ".join(f"a.{name}" for name in _ACCOUNT)},
ARRAY(SELECT g.role::text FROM workforce_rolegrant g WHERE g.account_id = a.id)
"""  # noqa: S608
_TABLES = "workforce_apitoken t JOIN workforce_account a ON a.id = t.account_id"
_LIVE = (
    "t.secret_hash = %(secret)s AND t.revoked_at IS NULL AND t.expires_at > %(at)s AND a.is_active"
)
_BY_SECRET = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE {_LIVE}"  # noqa: S608
_WITH_KEY = f"SELECT {_COLUMNS}, {KNOWN} FROM {_TABLES} LEFT JOIN {KEYS} WHERE {_LIVE}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Bearer:
    """A live token, and what is known of the key that came with it, if one did."""

    token: ApiToken
    known: Known | None

    @property
    def account(self) -> Account:
        return self.token.account

    @property
    def scopes(self) -> list[str]:
        return self.token.scopes


def by_secret(*, secret_hash: str, at: datetime, key: str | None = None) -> Bearer | None:
    """The live token of this hash, its account at hand with its roles; None when there is none.

    With an idempotency key, the caller holds that key until the transaction ends.
    """
    asked: dict[str, Any] = {"secret": secret_hash, "at": at, "key": key}
    with prepared() as cursor:
        cursor.execute(_WITH_KEY if key else _BY_SECRET, asked)
        row = cursor.fetchone()
    if row is None:
        return None
    account_from, roles_at = len(_TOKEN), len(_TOKEN) + len(_ACCOUNT)
    token = ApiToken.from_db(connection.alias, _TOKEN, row[:account_from])
    token.account = Account.from_db(connection.alias, _ACCOUNT, row[account_from:roles_at])
    token.account.__dict__["roles"] = frozenset(Role(role) for role in row[roles_at])
    return Bearer(token=token, known=as_known(row[roles_at + 1 :]) if key else None)
