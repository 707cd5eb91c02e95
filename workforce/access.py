"""Who may come in and do what."""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workforce.models import Account
from workforce.providers.vault import ring
from workforce.queries.accounts import has_second_factor
from workforce.rules.problems import NotAllowed
from workforce.rules.roles import Role, Scope


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's sign-in pages, without its sign-up: people come in by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who signed in or confirmed within the last five minutes."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        limit = time.time() - STEP_UP_LASTS.total_seconds()
        return not any(record["at"] >= limit for record in records)

    def save_user(self, *args: Any, **kwargs: Any) -> Any:
        raise NotAllowed(_("Accounts are made by invitation."))


def display_name(account: Account) -> str:
    """How allauth's pages and letters call somebody."""
    return account.name


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, with their secrets closed by this instance's keys."""

    CONTEXT = "allauth.mfa"

    def encrypt(self, text: str) -> str:
        return ring().close(text, context=self.CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return ring().open(encrypted_text, context=self.CONTEXT)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second factor of somebody who must have one stays."""
        if not needs_second_factor(account=authenticator.user):
            return True
        return has_second_factor(account=authenticator.user, but=authenticator.pk)


class ScopeMissing(NotAllowed):
    code = "scope_missing"


class SignInNeeded(NotAllowed):
    code = "sign_in_needed"


def confirm_by_adding(*, request: HttpRequest, user: Account, **_: Any) -> None:
    """Whoever has just set a second factor up has shown it: the session counts as confirmed."""
    record_authentication(request, user, method="mfa", type="added")


def let_in(*, request: HttpRequest, account: Account, method: str, **how: Any) -> None:
    """Sign somebody in who has just shown by `method` who she is; the session is listed."""
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, account, method=method, **how)
    UserSession.objects.create_from_request(request)


STEP_UP_LASTS = timedelta(minutes=5)
CONFIRMED_LASTS = timedelta(minutes=10)


def stepped_up(*, request: HttpRequest, account: Account, at: datetime) -> bool:
    """Whether this session confirmed a second factor within the last five minutes."""
    limit = (at - STEP_UP_LASTS).timestamp()
    return any(
        r["method"] == "mfa" and r["at"] >= limit
        for r in get_authentication_records(request, account)
    )


SECOND_FACTOR_ROLES = frozenset({Role.FINANCE, Role.ADMIN})
"""Who moves money or opens doors to others signs in with more than one thing."""


class SecondFactorNeeded(NotAllowed):
    code = "second_factor_needed"


def needs_second_factor(*, account: Account) -> bool:
    return bool(account.roles & SECOND_FACTOR_ROLES)


def confirmed_second_factor(*, request: HttpRequest, account: Account) -> bool:
    """Whether this session was ever opened with a second factor or a passkey."""
    return any(r["method"] == "mfa" for r in get_authentication_records(request, account))


def confirmed_lately(*, request: HttpRequest, account: Account, at: datetime) -> bool:
    """Whether the person gave a password, a passkey or a code in the last ten minutes."""
    limit = (at - CONFIRMED_LASTS).timestamp()
    return any(r["at"] >= limit for r in get_authentication_records(request, account))


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
