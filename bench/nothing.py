"""Lectern's addresses and one more, behind which nothing happens: what a request costs at least."""

from typing import Any

from django.urls import path

from config.urls import urlpatterns as lecterns
from workforce.doors.desk import Call, Desk, door

ADDRESS = "/api/v1/bench/nothing/"


class Nothing(Desk):
    @door("bench_nothing", summary="Do nothing", idempotent=True)
    def knock(self, call: Call) -> Any:
        """Who calls, may she, what was answered to this key; and the key is kept."""


urlpatterns = [path(ADDRESS.lstrip("/"), Nothing.as_view({"post": "knock"})), *lecterns]
