"""Django's middleware for signed-in browsers; whoever calls the API by token goes past it.

A call by token has no session, no messages and no language of its own, and half a millisecond of
looking for them is a tenth of a claim.
"""

from collections.abc import Awaitable

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.deprecation import MiddlewareMixin

Answer = HttpResponseBase | Awaitable[HttpResponseBase]

API = "/api/"
BEARER = "bearer "
NOBODY = AnonymousUser()


def by_token(request: HttpRequest) -> bool:
    """Whether the API answers this by its token alone, whatever cookies come along."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    return header[: len(BEARER)].lower() == BEARER and request.path.startswith(API)


class _PastTokens(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Answer:
        if by_token(request):
            return self.get_response(request)
        return super().__call__(request)


class Sessions(_PastTokens, SessionMiddleware):
    """No session is read, and none is written."""


class Languages(_PastTokens, LocaleMiddleware):
    """The usual language."""


class Users(_PastTokens, AuthenticationMiddleware):
    """Nobody, until the token says who."""

    def __call__(self, request: HttpRequest) -> Answer:
        if by_token(request):
            request.user = NOBODY
        return super().__call__(request)


class Messages(_PastTokens, MessageMiddleware):
    """Nothing is said on the next page."""
