"""Who is calling: a bearer token, or a session with CSRF."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from workforce.doors import now
from workforce.models import ApiToken
from workforce.operations.admitting import hashed
from workforce.queries.tokens import by_secret

USED_NOTED_EVERY = timedelta(minutes=5)
SECRET_CHARS_MAX = 128


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: one statement fetches token, account and roles."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        kind, _sep, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = self._token(secret.strip())
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _token(self, secret: str) -> Any:
        at = now()
        token = by_secret(secret_hash=hashed(secret[:SECRET_CHARS_MAX]), at=at) if secret else None
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
