"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import URLPattern, path

from workforce.api.accounts import Tokens
from workforce.api.operations import Events, Jobs
from workforce.api.terms import Domains, PayTiers

api = [
    path("tokens/", Tokens.as_view({"get": "list", "post": "create"})),
    path("tokens/<str:id>/", Tokens.as_view({"get": "show", "delete": "revoke"})),
    path("domains/", Domains.as_view({"get": "list", "post": "create"})),
    path("pay-tiers/", PayTiers.as_view({"get": "list", "post": "create"})),
    path("events/", Events.as_view({"get": "list"})),
    path("jobs/", Jobs.as_view({"get": "list"})),
    path("jobs/<str:id>/retry/", Jobs.as_view({"post": "retry"})),
]

pages: list[URLPattern] = []
