"""Parked jobs and the services' health, as somebody on watch reads them."""

import os
from datetime import timedelta

import pytest
from django.test import Client

from tests.people import person
from workforce.doors import now
from workforce.models import Event, Job
from workforce.operations.sweeping import beat
from workforce.queries.domains import queue_names
from workforce.rules.jobs import SERVICE_QUEUES, JobState
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def miriam() -> Client:
    client = Client()
    client.force_login(person("Miriam", Role.MANAGER))
    return client


def parked(n: int = 1, error: str = "ConnectionRefusedError: nobody there") -> list[Job]:
    return [
        Job.objects.create(
            kind="tasks.load_batch", queue="intake", key=f"B-{i}", subject={"batch": f"B-{i}"},
            state=JobState.PARKED, attempts=5, last_error=error,
        )
        for i in range(n)
    ]  # fmt: skip


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_parked_job_says_plainly_what_failed_and_runs_again(miriam):
    (job,) = parked()
    shown = text(miriam.get("/ops/jobs/"))
    for said in ("Load a batch’s rows", "B-0", "5 of 5", "The other side refused the connection."):
        assert said in shown
    assert miriam.post("/ops/jobs/", {"ids": [job.public_id]}).status_code == 303
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("due", 0)
    assert "No job is parked" in text(miriam.get("/ops/jobs/"))


def test_one_job_that_is_not_parked_keeps_all_where_they_are(miriam):
    one, two = parked(2)
    Job.objects.filter(pk=two.pk).update(state=JobState.DONE)
    before = Event.objects.count()
    answer = miriam.post("/ops/jobs/", {"ids": [one.public_id, two.public_id]})
    assert answer.status_code == 409
    one.refresh_from_db()
    assert one.state == "parked"
    assert Event.objects.count() == before
    assert miriam.post("/ops/jobs/", {}).status_code == 400
    assert miriam.post("/ops/jobs/", {"ids": ["J-999999"]}).status_code == 409


def test_an_error_is_text(miriam):
    parked(error="<script>alert(1)</script>")
    assert "<script>alert(1)" not in miriam.get("/ops/jobs/").content.decode()


def test_only_managers_and_admins_see_jobs():
    client = Client()
    client.force_login(person("Fay", Role.FINANCE))
    assert client.get("/ops/jobs/").status_code == 403


def test_a_silent_house_is_down_and_a_beating_one_is_well(miriam):
    shown = text(miriam.get("/ops/health/"))
    assert "Something is down." in shown
    assert "Nobody serves:" in shown
    at = now()
    queues = [*queue_names(), *SERVICE_QUEUES]
    for kind in ("worker", "relay", "sweeper"):
        beat(name=f"{kind}:1", kind=kind, pid=os.getpid(), queues=queues, at=at)
    services = miriam.get("/ops/health/").context["services"]
    tones = {s.name: s.tone for s in services}
    assert {tones[n] for n in ("Relay", "Sweeper", "Workers", "Parked jobs")} == {"ok"}
    beat(name="relay:1", kind="relay", pid=1, queues=[], at=at - timedelta(minutes=5))
    tones = {s.name: s.tone for s in miriam.get("/ops/health/?part=live").context["services"]}
    assert tones["Relay"] == "bad"
    parked()
    answer = miriam.get("/ops/health/?part=live")
    assert "1 job waits for somebody" in text(answer)
    assert "<html" not in answer.content.decode()
