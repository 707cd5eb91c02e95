"""The URL map: the API, the back office, sign-in, signs of life."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

import payments.urls
import tasks.urls
import tutors.urls
import workforce.urls
from config.pages import urls as own
from config.portals import home_of
from workforce.api.docs import docs
from workforce.api.health import healthz, metrics, readyz
from workforce.models import Account
from workforce.pages.invitations import accept

api = [
    pattern
    # The busiest come first: addresses are tried in this order.
    for floor in (tasks.urls, workforce.urls, tutors.urls, payments.urls)
    for pattern in floor.api
]
pages = [
    pattern
    for floor in (workforce.urls, tutors.urls, tasks.urls, payments.urls, own)
    for pattern in floor.pages
]


def home(request: HttpRequest) -> HttpResponse:
    """Everybody's start: her portal, or the sign-in."""
    if isinstance(request.user, Account):
        return redirect(home_of(request.user))
    return redirect("account_login")


urlpatterns = [
    path("", home, name="home"),
    path("api/v1/", include(api)),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", docs, name="docs"),
    path("invitations/<str:secret>/", accept, name="invitation"),
    path("accounts/", include("allauth.urls")),
    path("back-office/", admin.site.urls),
    *pages,
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]

if settings.DEVELOPMENT:
    from config.demonstration import signing_in

    urlpatterns[:0] = signing_in.urls

handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
