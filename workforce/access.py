"""Who may come in and do what."""

from collections.abc import Collection
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from workforce.models import Account
from workforce.rules.problems import NotAllowed
from workforce.rules.roles import Role, Scope


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's sign-in pages, without its sign-up: people come in by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def save_user(self, *args: Any, **kwargs: Any) -> Any:
        raise NotAllowed("Accounts are made by invitation.")


class ScopeMissing(NotAllowed):
    code = "scope_missing"


def require_role(*, account: Account, roles: Collection[Role]) -> None:
    """`NotAllowed` unless the account holds one of the roles."""
    if not account.roles & frozenset(roles):
        wanted = ", ".join(sorted(roles))
        raise NotAllowed(f"This needs one of these roles: {wanted}.")


def require_scope(*, scopes: Collection[str] | None, wanted: Scope) -> None:
    """`ScopeMissing` unless the credential carries the scope; sessions (None) carry `api` only."""
    held = scopes if scopes is not None else (Scope.API,)
    if wanted not in held:
        raise ScopeMissing(
            f"This token lacks the scope {wanted.value}. Mint one that has it after confirming "
            "with your second factor."
        )
