"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import path

from tutors.api.agreements import Agreements
from tutors.api.background import (
    Authorisations,
    Experiences,
    IdentityChecks,
    Organisations,
    Ties,
)
from tutors.api.contracts import ContractOffers, Contracts
from tutors.api.imports import TutorImports
from tutors.api.links import Links
from tutors.api.me import Me
from tutors.api.people import Credentials, Qualifications, Tutors
from tutors.api.work import OwnAvailability, OwnContent, OwnPresence, OwnTies
from tutors.pages.recruiting import (
    adding,
    background,
    importing,
    imports,
    links,
    offers,
    papers,
    profile,
    proofs,
    queue,
    tutors,
)
from tutors.pages.work import availability, choosing, contract, presence, qualifications, signing

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
    path("tutors/<str:id>/authorisations/", Authorisations.as_view({"post": "create"})),
    path("tutors/<str:id>/experience/", Experiences.as_view({"post": "create"})),
    path("tutors/<str:id>/identity-checks/", IdentityChecks.as_view({"post": "create"})),
    path("tutors/<str:id>/ties/", Ties.as_view({"post": "create"})),
    path("authorisations/<str:id>/verify/", Authorisations.as_view({"post": "verify"})),
    path("authorisations/<str:id>/end/", Authorisations.as_view({"post": "end"})),
    path("experience/<str:id>/verify/", Experiences.as_view({"post": "verify"})),
    path("experience/<str:id>/withdraw/", Experiences.as_view({"post": "withdraw"})),
    path("identity-checks/<str:id>/withdraw/", IdentityChecks.as_view({"post": "withdraw"})),
    path("ties/<str:id>/end/", Ties.as_view({"post": "end"})),
    path("ties/<str:id>/withdraw/", Ties.as_view({"post": "withdraw"})),
    path("tutors/<str:id>/links/", Links.as_view({"get": "list", "post": "create"})),
    path("links/<str:id>/end/", Links.as_view({"post": "end"})),
    path("organisations/", Organisations.as_view({"get": "list", "post": "create"})),
    path("organisations/<str:id>/", Organisations.as_view({"put": "change"})),
    path("work/content/", OwnContent.as_view({"get": "show", "put": "change"})),
    path("work/ties/", OwnTies.as_view({"get": "list", "post": "declare"})),
    path("work/presence/", OwnPresence.as_view({"get": "show", "patch": "change"})),
    path("work/availability/", OwnAvailability.as_view({"get": "show", "put": "change"})),
]

pages = [
    path("work/presence/", presence.presence, name="work-presence"),
    path("work/contract/", contract.contract, name="work-contract"),
    path("work/contract/<str:id>/text/", contract.text, name="work-paper"),
    path("work/qualifications/", qualifications.qualifications, name="work-qualifications"),
    path("work/content/", choosing.content, name="work-content"),
    path("work/ties/add/", choosing.tie, name="work-tie"),
    path("work/availability/", availability.availability, name="work-availability"),
    path("sign/<str:id>/", signing.sign, name="sign-contract"),
    path("recruiting/", queue.home, name="recruiting-home"),
    path("recruiting/tutors/", tutors.tutors, name="recruiting-tutors"),
    path("recruiting/tutors/add/", adding.add, name="recruiting-tutor-add"),
    path("recruiting/tutors/<str:id>/", profile.tutor, name="recruiting-tutor"),
    path("recruiting/tutors/<str:id>/next/", profile.next_, name="recruiting-tutor-next"),
    path("recruiting/tutors/<str:id>/added/", adding.added, name="recruiting-tutor-added"),
    path("recruiting/tutors/<str:id>/edit/", adding.edit, name="recruiting-tutor-edit"),
    path("recruiting/tutors/<str:id>/invite/", adding.invite, name="recruiting-tutor-invite"),
    path(
        "recruiting/tutors/<str:id>/credentials/add/", proofs.add, name="recruiting-credential-add"
    ),
    path(
        "recruiting/tutors/<str:id>/qualifications/grant/",
        proofs.qualify,
        name="recruiting-qualification-grant",
    ),
    path(
        "recruiting/tutors/<str:id>/agreements/offer/",
        papers.offer_paper,
        name="recruiting-agreement-offer",
    ),
    path(
        "recruiting/tutors/<str:id>/contract/offer/",
        papers.offer_contract,
        name="recruiting-contract-offer",
    ),
    path(
        "recruiting/credentials/<str:id>/check/", proofs.check, name="recruiting-credential-check"
    ),
    path(
        "recruiting/qualifications/<str:id>/revoke/",
        proofs.take_back,
        name="recruiting-qualification-revoke",
    ),
    path(
        "recruiting/qualifications/<str:id>/undo/",
        proofs.undo_grant,
        name="recruiting-qualification-undo",
    ),
    path(
        "recruiting/agreements/<str:id>/withdraw/",
        papers.withdraw_paper,
        name="recruiting-agreement-withdraw",
    ),
    path(
        "recruiting/tutors/<str:id>/right-to-work/add/",
        background.add_right,
        name="recruiting-authorisation-add",
    ),
    path(
        "recruiting/authorisations/<str:id>/check/",
        background.check_right,
        name="recruiting-authorisation-check",
    ),
    path(
        "recruiting/authorisations/<str:id>/end/",
        background.end_right,
        name="recruiting-authorisation-end",
    ),
    path(
        "recruiting/tutors/<str:id>/identity/check/",
        background.check_person,
        name="recruiting-identity-check",
    ),
    path(
        "recruiting/identity-checks/<str:id>/withdraw/",
        background.withdraw_person,
        name="recruiting-identity-withdraw",
    ),
    path(
        "recruiting/tutors/<str:id>/experience/add/",
        background.add_years,
        name="recruiting-experience-add",
    ),
    path(
        "recruiting/experience/<str:id>/check/",
        background.check_years,
        name="recruiting-experience-check",
    ),
    path(
        "recruiting/experience/<str:id>/withdraw/",
        background.withdraw_years,
        name="recruiting-experience-withdraw",
    ),
    path("recruiting/tutors/<str:id>/links/add/", links.add, name="recruiting-link-add"),
    path("recruiting/links/<str:id>/end/", links.end, name="recruiting-link-end"),
    path("recruiting/tutors/<str:id>/ties/add/", background.add_tie, name="recruiting-tie-add"),
    path("recruiting/ties/<str:id>/end/", background.end, name="recruiting-tie-end"),
    path("recruiting/ties/<str:id>/withdraw/", background.withdraw, name="recruiting-tie-withdraw"),
    path(
        "recruiting/organisations/<str:id>/",
        background.organisation,
        name="recruiting-organisation",
    ),
    path("recruiting/verification/", proofs.verification, name="recruiting-verification"),
    path("recruiting/offers/", offers.offers, name="recruiting-offers"),
    path("recruiting/offers/<str:id>/", offers.contract, name="recruiting-contract"),
    path("recruiting/offers/<str:id>/amend/", papers.amend_contract, name="recruiting-amend"),
    path("recruiting/offers/<str:id>/end/", papers.end_contract, name="recruiting-end"),
    path("recruiting/offers/<str:id>/undo/", papers.undo_offer, name="recruiting-contract-undo"),
    path("recruiting/imports/", imports.imports, name="recruiting-imports"),
    path("recruiting/imports/template.csv", imports.template, name="recruiting-imports-template"),
    path("recruiting/imports/<str:id>/", importing.show, name="recruiting-import"),
    path(
        "recruiting/imports/<str:id>/columns/",
        importing.columns,
        name="recruiting-import-columns",
    ),
    path(
        "recruiting/imports/<str:id>/rows/<int:number>/",
        importing.row,
        name="recruiting-import-row",
    ),
    path("recruiting/imports/<str:id>/commit/", importing.commit, name="recruiting-import-commit"),
    path(
        "recruiting/imports/<str:id>/discard/",
        importing.discard,
        name="recruiting-import-discard",
    ),
    path("recruiting/imports/<str:id>/undo/", importing.undo, name="recruiting-import-undo"),
    path(
        "recruiting/imports/<str:id>/progress/",
        importing.progress,
        name="recruiting-import-progress",
    ),
    path(
        "recruiting/imports/<str:id>/rejected.csv",
        importing.rejected,
        name="recruiting-import-rejected",
    ),
]
