"""The event log and the jobs, for those who run the house."""

from typing import Any

from rest_framework import serializers

from workforce.doors.desk import Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.operations.sweeping import retry
from workforce.queries.events import events, jobs
from workforce.rules.jobs import JobState
from workforce.rules.problems import NotFound
from workforce.rules.roles import STAFF, Role


class EventFilters(Filters):
    subject = serializers.CharField(max_length=32, required=False)
    kind = serializers.CharField(max_length=64, required=False)


class EventAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.DictField()
    actor = serializers.CharField(source="actor.public_id", default=None, allow_null=True)
    at = serializers.DateTimeField()
    digest = serializers.CharField(source="seal.digest", default=None, allow_null=True)


class JobFilters(Filters):
    state = serializers.ChoiceField([s.value for s in JobState], required=False)


class JobAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    queue = serializers.CharField()
    state = serializers.CharField()
    attempts = serializers.IntegerField()
    run_at = serializers.DateTimeField()
    last_error = serializers.CharField(allow_blank=True)


def _job(call: Call, id: str) -> Any:
    job = jobs().filter(pk=key_of("J", id)).first()
    if job is None:
        raise NotFound
    return job


class Events(Desk):
    @door(
        "events_list",
        summary="What happened",
        roles=STAFF,
        filters=EventFilters,
        answer=EventAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return events(subject=call.params.get("subject"), kind=call.params.get("kind"))


class Jobs(Desk):
    @door(
        "jobs_list",
        summary="Background jobs",
        roles=[Role.MANAGER, Role.ADMIN],
        filters=JobFilters,
        answer=JobAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return jobs(state=call.params.get("state"))

    @door(
        "jobs_retry",
        summary="Run a parked job again",
        roles=[Role.MANAGER, Role.ADMIN],
        find=_job,
        idempotent=True,
    )
    def retry(self, call: Call) -> None:
        retry(job_id=call.found.pk, actor=call.account, at=call.at)
