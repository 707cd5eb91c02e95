"""Who may come in and do what."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workforce.models import Account
from workforce.rules.problems import NotAllowed
from workforce.rules.roles import Role, Scope


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's sign-in pages, without its sign-up: people come in by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def save_user(self, *args: Any, **kwargs: Any) -> Any:
        raise NotAllowed(_("Accounts are made by invitation."))


class ScopeMissing(NotAllowed):
    code = "scope_missing"


class SignInNeeded(NotAllowed):
    code = "sign_in_needed"


STEP_UP_LASTS = timedelta(minutes=5)


def stepped_up(*, request: HttpRequest, account: Account, at: datetime) -> bool:
    """Whether this session confirmed a second factor within the last five minutes."""
    limit = (at - STEP_UP_LASTS).timestamp()
    return any(
        r["method"] == "mfa" and r["at"] >= limit
        for r in get_authentication_records(request, account)
    )


def require_session(*, scopes: Collection[str] | None) -> None:
    """`SignInNeeded` for a token: it must not be able to make itself live longer."""
    if scopes is not None:
        raise SignInNeeded(_("A token cannot do this. Sign in and use the session."))


def require_role(*, account: Account, roles: Collection[Role]) -> None:
    """`NotAllowed` unless the account holds one of the roles."""
    if not account.roles & frozenset(roles):
        wanted = ", ".join(sorted(roles))
        raise NotAllowed(_("This needs one of these roles: %s.") % wanted)


def require_scope(*, scopes: Collection[str] | None, wanted: Scope) -> None:
    """`ScopeMissing` unless the credential carries the scope; sessions (None) carry `api` only."""
    held = scopes if scopes is not None else (Scope.API,)
    if wanted not in held:
        raise ScopeMissing(
            _(
                "This token lacks the scope %s. Make one that has it, after confirming with your "
                "second factor."
            )
            % wanted.value
        )
