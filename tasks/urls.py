"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import URLPattern, path

from tasks.api.alerts import Alerts
from tasks.api.batches import Batches
from tasks.api.claims import Claims, Ending, Keeping
from tasks.api.clients import Clients, Members
from tasks.api.explain import Explaining
from tasks.api.export import Export
from tasks.api.gold import KnownAnswers
from tasks.api.media import Media
from tasks.api.offers import Offers
from tasks.api.ops import Ops
from tasks.api.policies import DomainPolicies, ProjectPolicies
from tasks.api.projects import Projects, Steering
from tasks.api.queue import Queues
from tasks.api.quotes import Quotes
from tasks.api.rehearsals import DomainRehearsals, ProjectRehearsals, Rehearsals
from tasks.api.requirement_sets import NamedSets, Trying
from tasks.api.reviews import Reviews
from tasks.api.task import Tasks
from tasks.api.task_types import TaskTypes
from tasks.api.time import Deciding, TimeEntries
from tasks.api.webhooks import WebhookDeliveries, WebhookEndpoints
from tasks.pages.operations.urls import pages as operations
from tasks.pages.recruiting import asked
from tasks.pages.work import (
    alerts,
    browse,
    feedback,
    history,
    reviews,
    taking,
    time,
    workspace,
    workspace_acts,
)

api = [
    # The busiest come first: addresses are tried in this order.
    path("work/claims/", Claims.as_view({"get": "list", "post": "create"})),
    path("work/claims/<str:id>/", Claims.as_view({"get": "show"})),
    path("work/claims/<str:id>/heartbeat/", Keeping.as_view({"post": "heartbeat"})),
    path("work/claims/<str:id>/draft/", Keeping.as_view({"put": "draft"})),
    path("work/claims/<str:id>/pause/", Keeping.as_view({"post": "pause"})),
    path("work/claims/<str:id>/resume/", Keeping.as_view({"post": "resume"})),
    path("work/claims/<str:id>/extend/", Keeping.as_view({"post": "extend"})),
    path("work/claims/<str:id>/return/", Ending.as_view({"post": "give_back"})),
    path("work/claims/<str:id>/skip/", Ending.as_view({"post": "skip"})),
    path("work/claims/<str:id>/submit/", Ending.as_view({"post": "submit"})),
    path("work/claims/<str:id>/take-back/", Ending.as_view({"post": "take_back"})),
    path("requirement-sets/", NamedSets.as_view({"get": "list", "post": "create"})),
    path("requirement-sets/funnel/", Trying.as_view({"post": "funnel"})),
    path("requirement-sets/<str:id>/", NamedSets.as_view({"get": "show"})),
    path("requirement-sets/<str:id>/put-away/", NamedSets.as_view({"post": "put_away"})),
    path("tasks/<str:id>/explain/", Explaining.as_view({"get": "show"})),
    path("work/queue/", Queues.as_view({"get": "show"})),
    path("work/alerts/", Alerts.as_view({"get": "list", "post": "create"})),
    path("work/alerts/<str:id>/", Alerts.as_view({"delete": "end"})),
    path("work/offers/", Offers.as_view({"get": "list"})),
    path("work/offers/<str:id>/accept/", Offers.as_view({"post": "accept"})),
    path("work/offers/<str:id>/accept-like/", Offers.as_view({"post": "accept_like"})),
    path("work/offers/<str:id>/decline/", Offers.as_view({"post": "decline"})),
    path("submissions/<str:id>/review/", Reviews.as_view({"post": "create"})),
    path("time-entries/", TimeEntries.as_view({"get": "list", "post": "create"})),
    path("time-entries/approve/", Deciding.as_view({"post": "approve_many"})),
    path("time-entries/<str:id>/", TimeEntries.as_view({"get": "show"})),
    path("time-entries/<str:id>/submit/", Deciding.as_view({"post": "submit"})),
    path("time-entries/<str:id>/approve/", Deciding.as_view({"post": "approve"})),
    path("time-entries/<str:id>/decline/", Deciding.as_view({"post": "decline"})),
    path("time-entries/<str:id>/dispute/", Deciding.as_view({"post": "dispute"})),
    path("clients/", Clients.as_view({"get": "list", "post": "create"})),
    path("clients/<str:id>/", Clients.as_view({"get": "show"})),
    path("clients/<str:id>/members/", Members.as_view({"get": "list", "post": "create"})),
    path("projects/", Projects.as_view({"get": "list", "post": "create"})),
    path("projects/<str:id>/", Projects.as_view({"get": "show", "patch": "change"})),
    path("projects/<str:id>/top-up/", Steering.as_view({"post": "top_up"})),
    path("projects/<str:id>/pause/", Steering.as_view({"post": "pause"})),
    path("projects/<str:id>/resume/", Steering.as_view({"post": "resume"})),
    path("projects/<str:id>/close/", Steering.as_view({"post": "close"})),
    path("projects/<str:id>/known-answers/", KnownAnswers.as_view({"get": "show"})),
    path("projects/<str:id>/batches/", Batches.as_view({"get": "list", "post": "create"})),
    path("batches/<str:id>/", Batches.as_view({"get": "show"})),
    path("batches/<str:id>/errors/", Batches.as_view({"get": "errors"})),
    path("tasks/", Tasks.as_view({"get": "list"})),
    path("tasks/<str:id>/", Tasks.as_view({"get": "show"})),
    path("tasks/<str:id>/cancel/", Tasks.as_view({"post": "cancel"})),
    path(
        "tasks/<str:id>/withdraw-known-answer/",
        KnownAnswers.as_view({"post": "withdraw"}),
    ),
    path("task-types/", TaskTypes.as_view({"get": "list"})),
    path("task-types/<str:slug>/", TaskTypes.as_view({"get": "show"})),
    path("media/", Media.as_view({"post": "create"})),
    path("media/<str:id>/", Media.as_view({"get": "show"})),
    path("projects/<str:id>/export/", Export.as_view({"get": "show"})),
    path("ops/throughput/", Ops.as_view({"get": "throughput"})),
    path("ops/queues/", Ops.as_view({"get": "queues"})),
    path(
        "ops/projects/<str:id>/routing-policy/",
        ProjectPolicies.as_view({"get": "show", "put": "change"}),
    ),
    path(
        "ops/projects/<str:id>/routing-policy/restore/",
        ProjectPolicies.as_view({"post": "restore"}),
    ),
    path(
        "ops/domains/<str:id>/routing-policy/",
        DomainPolicies.as_view({"get": "show", "put": "change"}),
    ),
    path(
        "ops/domains/<str:id>/routing-policy/restore/",
        DomainPolicies.as_view({"post": "restore"}),
    ),
    path(
        "ops/projects/<str:id>/routing-policy/rehearsals/",
        ProjectRehearsals.as_view({"post": "create"}),
    ),
    path(
        "ops/domains/<str:id>/routing-policy/rehearsals/",
        DomainRehearsals.as_view({"post": "create"}),
    ),
    path("ops/quotes/", Quotes.as_view({"post": "create"})),
    path("ops/rehearsals/<str:id>/", Rehearsals.as_view({"get": "show"})),
    path("ops/rehearsals/<str:id>/stop/", Rehearsals.as_view({"post": "stop"})),
    path("webhook-endpoints/", WebhookEndpoints.as_view({"get": "list", "post": "create"})),
    path(
        "webhook-endpoints/<str:id>/",
        WebhookEndpoints.as_view({"get": "show", "patch": "change", "delete": "disable"}),
    ),
    path("webhook-endpoints/<str:id>/enable/", WebhookEndpoints.as_view({"post": "enable"})),
    path("webhook-endpoints/<str:id>/rotate/", WebhookEndpoints.as_view({"post": "rotate"})),
    path("webhook-deliveries/", WebhookDeliveries.as_view({"get": "list"})),
    path("webhook-deliveries/<str:id>/", WebhookDeliveries.as_view({"get": "show"})),
    path("webhook-deliveries/<str:id>/replay/", WebhookDeliveries.as_view({"post": "replay"})),
]

pages: list[URLPattern] = [
    *operations,
    path("recruiting/tutors/<str:id>/asked/", asked.asked, name="recruiting-tutor-asked"),
    path("work/offers/<str:id>/accept/", taking.accept_offer, name="work-accept"),
    path("work/offers/<str:id>/pass/", taking.pass_offer, name="work-pass"),
    path("work/next/", taking.take_next, name="work-next"),
    path("work/queues/<str:id>/alert/", alerts.ask_alert, name="work-alert"),
    path("work/alerts/<str:id>/end/", alerts.end_alert, name="work-alert-end"),
    path("work/browse/<str:id>/", browse.browse, name="work-browse"),
    path("work/history/", history.history, name="work-history"),
    path("work/history/<str:id>/", history.history_item, name="work-history-item"),
    path("work/history/<str:id>/take-back/", history.take_back_claim, name="work-take-back"),
    path("work/feedback/", feedback.feedback, name="work-feedback"),
    path("work/feedback/<str:id>/", feedback.feedback_item, name="work-feedback-item"),
    path("work/time/", time.time, name="work-time"),
    path("work/time/write/", time.time_write, name="work-time-write"),
    path("work/time/<str:id>/submit/", time.time_submit, name="work-time-submit"),
    path("work/time/<str:id>/dispute/", time.time_dispute, name="work-time-dispute"),
    path("work/reviews/", reviews.reviews, name="work-reviews"),
    path("work/task/<str:id>/", workspace.task, name="work-task"),
    path("work/task/<str:id>/<slug:act>/", workspace_acts.act, name="work-task-act"),
]
