"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import URLPattern, path

from tutors.api.agreements import Agreements
from tutors.api.contracts import ContractOffers, Contracts
from tutors.api.imports import TutorImports
from tutors.api.me import Me
from tutors.api.people import Credentials, Qualifications, Tutors
from tutors.api.reach import Reach
from tutors.api.work import OwnAvailability, OwnPresence
from tutors.pages.work import presence

api = [
    path("me/", Me.as_view({"get": "show"})),
    path("tutor-imports/", TutorImports.as_view({"get": "list", "post": "create"})),
    path("tutor-imports/<str:id>/", TutorImports.as_view({"get": "show"})),
    path("tutor-imports/<str:id>/rows/", TutorImports.as_view({"get": "rows"})),
    path("tutor-imports/<str:id>/commit/", TutorImports.as_view({"post": "commit"})),
    path("tutor-imports/<str:id>/columns/", TutorImports.as_view({"put": "match"})),
    path("tutor-imports/<str:id>/rows/<str:row>/", TutorImports.as_view({"patch": "fix"})),
    path("tutor-imports/<str:id>/rows/<str:row>/decide/", TutorImports.as_view({"post": "decide"})),
    path("tutor-imports/<str:id>/discard/", TutorImports.as_view({"post": "discard"})),
    path("tutor-imports/<str:id>/undo/", TutorImports.as_view({"post": "undo"})),
    path("tutor-imports/<str:id>/rejected/", TutorImports.as_view({"get": "rejected"})),
    path("tutors/", Tutors.as_view({"get": "list", "post": "create"})),
    path("tutors/<str:id>/", Tutors.as_view({"get": "show", "patch": "change"})),
    path("tutors/<str:id>/invitation/", Tutors.as_view({"post": "invite"})),
    path("tutors/<str:id>/credentials/", Tutors.as_view({"post": "add_credential"})),
    path("tutors/<str:id>/qualifications/", Tutors.as_view({"post": "qualify"})),
    path("tutors/<str:id>/contracts/", ContractOffers.as_view({"post": "create"})),
    path("tutors/<str:id>/agreements/", Agreements.as_view({"post": "offer"})),
    path("credentials/<str:id>/verify/", Credentials.as_view({"post": "verify"})),
    path("qualifications/<str:id>/revoke/", Qualifications.as_view({"post": "revoke"})),
    path("contracts/", Contracts.as_view({"get": "list"})),
    path("contracts/<str:id>/", Contracts.as_view({"get": "show"})),
    path("contracts/<str:id>/evidence/", Contracts.as_view({"get": "evidence"})),
    path("contracts/<str:id>/sign/", Contracts.as_view({"post": "sign"})),
    path("contracts/<str:id>/countersign/", Contracts.as_view({"post": "countersign"})),
    path("contracts/<str:id>/amend/", Contracts.as_view({"post": "amend"})),
    path("contracts/<str:id>/end/", Contracts.as_view({"post": "end"})),
    path("agreements/", Agreements.as_view({"get": "list"})),
    path("agreements/<str:id>/", Agreements.as_view({"get": "show"})),
    path("agreements/<str:id>/evidence/", Agreements.as_view({"get": "evidence"})),
    path("agreements/<str:id>/sign/", Agreements.as_view({"post": "sign"})),
    path("work/presence/", OwnPresence.as_view({"get": "show", "patch": "change"})),
    path("work/availability/", OwnAvailability.as_view({"get": "show", "put": "change"})),
    path("requirements/try/", Reach.as_view({"post": "try_out"})),
]

pages: list[URLPattern] = [
    path("work/presence/", presence.presence, name="work-presence"),
]
