"""Addresses of this floor, below /api/v1/."""

from django.urls import path

from tasks.api.batches import Batches
from tasks.api.clients import Clients, Members
from tasks.api.projects import Projects, Steering

api = [
    path("clients/", Clients.as_view({"get": "list", "post": "create"})),
    path("clients/<str:id>/", Clients.as_view({"get": "show"})),
    path("clients/<str:id>/members/", Members.as_view({"get": "list", "post": "create"})),
    path("projects/", Projects.as_view({"get": "list", "post": "create"})),
    path("projects/<str:id>/", Projects.as_view({"get": "show", "patch": "change"})),
    path("projects/<str:id>/top-up/", Steering.as_view({"post": "top_up"})),
    path("projects/<str:id>/pause/", Steering.as_view({"post": "pause"})),
    path("projects/<str:id>/resume/", Steering.as_view({"post": "resume"})),
    path("projects/<str:id>/close/", Steering.as_view({"post": "close"})),
    path("projects/<str:id>/batches/", Batches.as_view({"get": "list", "post": "create"})),
    path("batches/<str:id>/", Batches.as_view({"get": "show"})),
    path("batches/<str:id>/errors/", Batches.as_view({"get": "errors"})),
]
