"""Who is calling: a bearer token, or a session with CSRF."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from workforce.doors import now
from workforce.operations.admitting import hashed
from workforce.operations.issuing import note_use
from workforce.queries.tokens import Bearer, by_secret

USED_NOTED_EVERY = timedelta(minutes=5)
SECRET_CHARS_MAX = 128


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: one statement fetches token, account and roles.

    With an idempotency key it also takes hold of that key: then it must be asked within the
    transaction of the effect.
    """

    def __init__(self, *, key: str | None = None) -> None:
        self.key = key

    def authenticate(self, request: Request) -> tuple[Any, Bearer] | None:
        kind, _sep, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        bearer = self._bearer(secret.strip())
        return bearer.account, bearer

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _bearer(self, secret: str) -> Bearer:
        at, wanted = now(), hashed(secret[:SECRET_CHARS_MAX])
        bearer = by_secret(secret_hash=wanted, at=at, key=self.key) if secret else None
        if bearer is None:
            raise exceptions.AuthenticationFailed(
                _("This token is not valid: unknown, expired or revoked.")
            )
        used = bearer.token.last_used_at
        if used is None or used < at - USED_NOTED_EVERY:
            note_use(token_id=bearer.token.pk, at=at)
        return bearer


class SessionAuthentication(authentication.SessionAuthentication):
    """A signed-in browser; unsafe methods need the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
