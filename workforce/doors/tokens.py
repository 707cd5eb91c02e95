"""Who is calling: a bearer token, or a session with CSRF."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from workforce.doors import now
from workforce.models import ApiToken
from workforce.operations.admitting import hashed
from workforce.rules.roles import Role

USED_NOTED_EVERY = timedelta(minutes=5)
SECRET_CHARS_MAX = 128


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: one statement fetches token, account and roles."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        kind, _sep, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = self._token(secret.strip())
        token.account.__dict__["roles"] = frozenset(Role(r) for r in token.held if r)
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _token(self, secret: str) -> Any:
        at = now()
        token = (
            ApiToken.objects.select_related("account")
            .annotate(held=ArrayAgg("account__grants__role"))
            .filter(
                secret_hash=hashed(secret[:SECRET_CHARS_MAX]),
                revoked_at__isnull=True,
                expires_at__gt=at,
                account__is_active=True,
            )
            .first()
            if secret
            else None
        )
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("This token is not valid: unknown, expired or revoked.")
            )
        if token.last_used_at is None or token.last_used_at < at - USED_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        return token


class SessionAuthentication(authentication.SessionAuthentication):
    """A signed-in browser; unsafe methods need the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
