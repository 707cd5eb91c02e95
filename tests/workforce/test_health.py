"""Signs of life: what a load balancer, Prometheus and an operator are told."""

import json
import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.people import AT
from workforce.doors import now
from workforce.events import JobParked
from workforce.operations import record
from workforce.operations.relaying import relay
from workforce.operations.sweeping import beat

pytestmark = pytest.mark.django_db


def ready() -> dict:
    return Client().get("/readyz").json()


def all_beat(at) -> None:
    for kind in ("worker", "relay", "sweeper"):
        beat(name=f"{kind}:1", kind=kind, pid=os.getpid(), queues=["stem"], at=at)


def test_the_process_answers():
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_ready_names_who_is_missing():
    assert ready()["missing"] == ["worker", "relay", "sweeper"]
    all_beat(now())
    told = ready()
    assert (told["status"], told["missing"], told["broker"]) == ("ok", [], "ok")
    all_beat(now() - timedelta(minutes=5))
    assert ready()["status"] == "degraded"


def test_a_lost_broker_degrades_and_does_not_stop(settings):
    all_beat(now())
    settings.REDIS_URL = "redis+socket:///nowhere/at-all.sock"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["broker"]) == (
        200,
        "degraded",
        "lost",
    )


def test_a_lost_database_is_down():
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        answer = Client().get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_metrics_are_prometheus_text():
    record(event=JobParked(subject="J-1", job_kind="x", attempts=1), actor=None, at=AT)
    all_beat(now())
    text = Client().get("/metrics").content.decode()
    assert 'lectern_jobs{state="parked"} 0.0' in text
    assert 'lectern_seen_seconds{kind="relay",name="relay:1"}' in text


def test_the_invariants_speak_json(capsys):
    relay(reactions={})
    call_command("check_invariants", json=True)
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["ok"]
    assert report["checks"]["workforce.audit_chain_holds"] == {"ok": True, "problems": []}
