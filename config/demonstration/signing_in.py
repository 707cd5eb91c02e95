"""One click signs in as anybody of the demonstration: development only.

`config/urls.py` imports this module under the development settings and nowhere else, and the
views ask again. Production does not even start beside demonstration accounts (`safety.py`).
"""

from allauth.account.views import LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from config.demonstration.loading import SignIn, sign_ins
from workforce.access import let_in, needs_second_factor
from workforce.queries.accounts import by_email, demonstration_emails


def people() -> list[SignIn]:
    """Who can be signed in as here."""
    known = demonstration_emails()
    return [each for each in sign_ins() if each.email in known]


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page with the list of people on it, at an address that passkeys work for."""
    host, colon, port = request.get_host().partition(":")
    if host == "127.0.0.1" and request.method == "GET":
        return redirect(f"http://localhost{colon}{port}{request.get_full_path()}")
    view = LoginView.as_view(extra_context={"demonstration": people()})
    answer: HttpResponseBase = view(request)
    return answer


@require_POST
def be(request: HttpRequest) -> HttpResponse:
    """Sign in as the demonstration account posted, second factor and all."""
    account = by_email(email=request.POST.get("email", ""))
    if not settings.DEVELOPMENT or account is None or not account.is_demo or not account.is_active:
        raise Http404
    method = "mfa" if needs_second_factor(account=account) else "demonstration"
    let_in(request=request, account=account, method=method, type="demonstration")
    to = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(to, {request.get_host()})
    return redirect(to if own else "home")


urls: list[URLPattern] = [
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/demonstration/", be, name="demonstration-sign-in"),
]
