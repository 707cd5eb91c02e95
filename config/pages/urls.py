"""Addresses of pages that read several packages, below the site's root."""

from django.urls import URLPattern, path

from config.pages.operations.home import home as ops_home
from config.pages.work import home

pages: list[URLPattern] = [
    path("ops/", ops_home, name="ops-home"),
    path("work/", home.home, name="work-home"),
    path("work/live/", home.live, name="work-home-live"),
    path("work/queues/", home.queues, name="work-home-queues"),
]
