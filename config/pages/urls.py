"""Addresses of pages that read several packages, below the site's root."""

from django.urls import URLPattern, path

from config.pages.operations import accounts
from config.pages.operations.auditing import audit
from config.pages.operations.home import home as ops_home
from config.pages.shared import auditing, finding
from config.pages.work import home

pages: list[URLPattern] = [
    path("search/", finding.find, name="search"),
    path("audit/<str:id>/", auditing.trail, name="audit"),
    path("ops/", ops_home, name="ops-home"),
    path("ops/accounts/", accounts.account_list, name="ops-accounts"),
    path("ops/accounts/<str:id>/", accounts.account, name="ops-account"),
    path("ops/accounts/<str:id>/close/", accounts.account_close, name="ops-account-close"),
    path("ops/audit/", audit, name="ops-audit"),
    path("work/", home.home, name="work-home"),
    path("work/live/", home.live, name="work-home-live"),
    path("work/queues/", home.queues, name="work-home-queues"),
]
