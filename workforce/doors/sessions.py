"""What a signed-in browser passes: a second factor where one is due, and a sign of life."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from workforce.access import SecondFactorNeeded, confirmed_second_factor, needs_second_factor
from workforce.doors import now
from workforce.doors.passing import by_token
from workforce.doors.problems import CONTENT_TYPE, from_refusal
from workforce.models import Account
from workforce.queries.accounts import has_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

OPEN_PATHS = ("/accounts/", "/static/", "/healthz", "/readyz", "/metrics", "/invitations/")
"""What somebody without her second factor may still open: the way to get one, and out."""

SEEN_NOTED_EVERY = timedelta(minutes=5)


def _account(request: HttpRequest) -> Account | None:
    """Who is signed in by session; a request without its cookie costs no statement."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    account = request.user
    return account if isinstance(account, Account) else None


def second_factor(get_response: GetResponse) -> GetResponse:
    """Finance and admins go nowhere by session before they confirmed a second factor in it.

    Tokens are not asked: they are made in such a session, or by who has the machine's shell.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR_REQUIRED or _unasked(request):
            return get_response(request)
        account = _account(request)
        if account is None or not needs_second_factor(account=account):
            return get_response(request)
        if confirmed_second_factor(request=request, account=account):
            return get_response(request)
        return _send_for_it(request, account)

    return handle


def _unasked(request: HttpRequest) -> bool:
    """The way to a second factor and out, and whoever calls by token."""
    return request.path.startswith(OPEN_PATHS) or by_token(request)


def _send_for_it(request: HttpRequest, account: Account) -> HttpResponse:
    if request.path.startswith("/api/"):
        refusal = SecondFactorNeeded(
            _("Confirm with your second factor first: sign in on the pages and come back.")
        )
        return JsonResponse(from_refusal(refusal), status=403, content_type=CONTENT_TYPE)
    name = "mfa_reauthenticate" if has_second_factor(account=account) else "second-factor"
    there = request.get_full_path() if request.method == "GET" else "/"
    where = f"{reverse(name)}?{urlencode({'next': there})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"X-Sign-In": reverse(name)})
    return redirect(where)


def last_seen(get_response: GetResponse) -> GetResponse:
    """Note when and from where a session was last used, every few minutes at most."""

    def handle(request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key and _due(key, at=now()) and _account(request) is not None:
            _note(request, at=now())
        return get_response(request)

    return handle


def _due(session: str, *, at: datetime) -> bool:
    """Whether this process has not noted the session lately; its first sight only starts that."""
    name = f"seen:{session}"
    noted: datetime | None = cache.get(name)
    if noted is not None and noted > at - SEEN_NOTED_EVERY:
        return False
    cache.set(name, at, settings.SESSION_COOKIE_AGE)
    return noted is not None


def _note(request: HttpRequest, *, at: datetime) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=at,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
    )
