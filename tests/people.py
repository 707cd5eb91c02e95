"""Named people with accounts, and their way to the API.

Ruth recruits, Max manages, Fay and Finn are finance, Ada administers, Carl is a client's
member. Charlie belongs to nobody and must see nothing.
"""

import itertools
from datetime import UTC, datetime
from typing import Any

from rest_framework.test import APIClient

from workforce.models import Account
from workforce.operations.admitting import admit
from workforce.operations.issuing import issue
from workforce.rules.roles import Role, Scope

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""When the tests' stories happen, wherever the time is passed in."""

_numbers = itertools.count(1)


def person(name: str, *roles: Role, **options: Any) -> Account:
    """An account named after the person: Alice signs in as alice-1@example.org."""
    email = f"{name.lower().replace(' ', '.')}-{next(_numbers)}@example.org"
    return admit(email=email, name=name, roles=roles, actor=None, at=AT, **options)


def knock(account: Account | None, *, release_payouts: bool = False) -> APIClient:
    """A client that sends this account's bearer token; a stranger's for None."""
    client = APIClient(raise_request_exception=True)
    if account is not None:
        scopes = [Scope.API, Scope.PAYOUTS_RELEASE] if release_payouts else [Scope.API]
        issued = issue(
            account=account,
            name="test",
            scopes=scopes,
            stepped_up=True,
            at=datetime.now(UTC),
        )
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issued.secret}")
    return client
