"""The token, the account and the roles behind a bearer secret: one planned statement a request."""

from datetime import datetime

from django.db import connection

from workforce.models import Account, ApiToken
from workforce.queries.plans import prepared
from workforce.rules.roles import Role

_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
_ACCOUNT = [field.attname for field in Account._meta.concrete_fields if field.name != "preferences"]
_BY_SECRET = f"""
SELECT {", ".join(f"t.{name}" for name in _TOKEN)}, {", ".join(f"a.{name}" for name in _ACCOUNT)},
       ARRAY(SELECT g.role::text FROM workforce_rolegrant g WHERE g.account_id = a.id)
  FROM workforce_apitoken t JOIN workforce_account a ON a.id = t.account_id
 WHERE t.secret_hash = %s AND t.revoked_at IS NULL AND t.expires_at > %s AND a.is_active
"""  # noqa: S608


def by_secret(*, secret_hash: str, at: datetime) -> ApiToken | None:
    """The live token of this hash, its account at hand with its roles; None when there is none."""
    with prepared() as cursor:
        cursor.execute(_BY_SECRET, [secret_hash, at])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, _TOKEN, row[: len(_TOKEN)])
    token.account = Account.from_db(connection.alias, _ACCOUNT, row[len(_TOKEN) : -1])
    token.account.__dict__["roles"] = frozenset(Role(role) for role in row[-1])
    return token
