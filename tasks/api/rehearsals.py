"""Dry runs of routing policies: asked for, looked at while they run, stopped."""

from typing import Any

from rest_framework import serializers

from tasks.api.policies import READERS, SETTERS, RoutingPolicyRequest, find_domain
from tasks.api.projects import find_project
from tasks.operations import rehearsing
from tasks.queries.rehearsals import rehearsal_of
from tasks.rules.limits import REHEARSAL_DAYS_MAX
from tasks.rules.policies import CannotReadPolicy
from tasks.rules.states import RehearsalKind, RehearsalState
from workforce.doors.desk import Body, Call, Desk, door, key_of


class RehearsalRequest(Body):
    policy = RoutingPolicyRequest(help_text="The whole policy: what is left out is the default.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(
        help_text=f"In the past; an hour to {REHEARSAL_DAYS_MAX} days after `since`."
    )


class RehearsalAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField([kind.value for kind in RehearsalKind])
    state = serializers.ChoiceField([state.value for state in RehearsalState])
    of = serializers.SerializerMethodField(help_text="The project, or the domain's path.")
    percent = serializers.IntegerField(help_text="How far it has come.")
    question = serializers.JSONField(help_text="Period, and the policies before and after.")
    answer = serializers.JSONField(
        allow_null=True,
        help_text="Once done: what was, and what both policies make of it, for the own work and "
        "for the others' of the queue.",
    )
    trouble = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_of(self, row: Any) -> str:
        return str(row.domain.slug if row.domain else row.project.public_id)


def _find(call: Call, id: str) -> Any:
    return rehearsal_of(rehearsal_id=key_of("RH", id))


def _ask(call: Call) -> Any:
    try:
        return rehearsing.rehearse_policy(
            owner=call.found,
            document=call.body["policy"],
            since=call.body["since"],
            until=call.body["until"],
            actor=call.account,
            at=call.at,
        )
    except CannotReadPolicy as problem:
        raise problem.under("policy") from None


class ProjectRehearsals(Desk):
    @door(
        "project_rehearsals_create",
        summary="Try a routing policy of a project on a past period",
        roles=SETTERS,
        find=find_project,
        body=RehearsalRequest,
        answer=RehearsalAnswer,
        status=202,
    )
    def create(self, call: Call) -> Any:
        """Changes nothing. Look at the rehearsal until its state is `done`."""
        return _ask(call)


class DomainRehearsals(Desk):
    @door(
        "domain_rehearsals_create",
        summary="Try a routing policy of a domain on a past period",
        roles=SETTERS,
        find=find_domain,
        body=RehearsalRequest,
        answer=RehearsalAnswer,
        status=202,
    )
    def create(self, call: Call) -> Any:
        """Changes nothing. Look at the rehearsal until its state is `done`."""
        return _ask(call)


class Rehearsals(Desk):
    @door(
        "rehearsals_show",
        summary="A rehearsal and its answer",
        roles=READERS,
        find=_find,
        answer=RehearsalAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "rehearsals_stop",
        summary="Stop a rehearsal",
        roles=SETTERS,
        find=_find,
        answer=RehearsalAnswer,
    )
    def stop(self, call: Call) -> Any:
        return rehearsing.stop_rehearsal(rehearsal=call.found, actor=call.account, at=call.at)
