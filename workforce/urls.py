"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import URLPattern, path

from workforce.api.accounts import Accounts, Tokens
from workforce.api.operations import Events, Jobs
from workforce.api.terms import Domains, PayTiers
from workforce.pages import helping, notices, preferences, sessions, tokens, views
from workforce.pages.operations.urls import pages as operations
from workforce.pages.security import second_factor, second_factor_settings

api = [
    path("tokens/", Tokens.as_view({"get": "list", "post": "create"})),
    path("tokens/<str:id>/", Tokens.as_view({"get": "show", "delete": "revoke"})),
    path("accounts/", Accounts.as_view({"get": "list"})),
    path("accounts/<str:id>/", Accounts.as_view({"get": "show"})),
    path("accounts/<str:id>/close/", Accounts.as_view({"post": "close"})),
    path("domains/", Domains.as_view({"get": "list", "post": "create"})),
    path("pay-tiers/", PayTiers.as_view({"get": "list", "post": "create"})),
    path("events/", Events.as_view({"get": "list"})),
    path("jobs/", Jobs.as_view({"get": "list"})),
    path("jobs/<str:id>/retry/", Jobs.as_view({"post": "retry"})),
]

pages: list[URLPattern] = [
    *operations,
    path("accounts/second-factor/", second_factor, name="second-factor"),
    path("settings/", preferences.general, name="settings"),
    path("settings/theme/", preferences.theme, name="settings-theme"),
    path("settings/keyboard/", preferences.keyboard, name="settings-keyboard"),
    path("settings/security/", second_factor_settings, name="settings-security"),
    path("settings/sessions/", sessions.sessions, name="settings-sessions"),
    path(
        "settings/sessions/others/end/", sessions.end_other_sessions, name="settings-sessions-end"
    ),
    path("settings/sessions/<int:id>/end/", sessions.end_session, name="settings-session-end"),
    path("settings/tokens/", tokens.tokens, name="settings-tokens"),
    path("settings/tokens/<str:id>/revoke/", tokens.revoke_token, name="settings-token-revoke"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/unread/", notices.unread, name="notices-unread"),
    path("notices/<str:id>/open/", notices.open_notice, name="notices-open"),
    path("views/save/", views.save, name="view-save"),
    path("views/<str:id>/share/", views.share, name="view-share"),
    path("views/<str:id>/remove/", views.remove, name="view-remove"),
    path("views/<str:id>/restore/", views.restore, name="view-restore"),
    path("help/", helping.guide, name="help"),
]
