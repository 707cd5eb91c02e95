"""Addresses of this floor's pages of the Operations portal."""

from django.urls import URLPattern, path

from workforce.pages.operations.health import health_page
from workforce.pages.operations.jobs import jobs

pages: list[URLPattern] = [
    path("ops/jobs/", jobs, name="ops-jobs"),
    path("ops/health/", health_page, name="ops-health"),
]
