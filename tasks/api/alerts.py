"""Being told when a queue opens."""

from typing import Any

from rest_framework import serializers

from tasks.api.work import HANDS
from tasks.operations import alerting
from tasks.queries.alerts import own_alerts
from tasks.rules.states import AlertState, WorkRole
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.rules.problems import NotFound


class AlertRequest(Body):
    pool = serializers.CharField(max_length=24, help_text="A pool of the queue (`PL-7`).")


class AlertAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    state = serializers.ChoiceField([s.value for s in AlertState])
    project = serializers.CharField(source="project.public_id")
    project_name = serializers.CharField(source="project.name")
    role = serializers.ChoiceField([r.value for r in WorkRole])
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


def find_alert(call: Call, id: str) -> int:
    alert_id = key_of("QA", id)
    if not own_alerts(account_id=call.account.pk).filter(pk=alert_id).exists():
        raise NotFound
    return alert_id


class Alerts(Desk):
    @door("alerts_list", summary="Queues I wait for", roles=HANDS, answer=AlertAnswer, many=True)
    def list(self, call: Call) -> Any:
        return own_alerts(account_id=call.account.pk)

    @door(
        "alerts_create",
        summary="Tell me when a queue opens",
        roles=HANDS,
        body=AlertRequest,
        answer=AlertAnswer,
        status=201,
        idempotent=True,
        names_others=True,
    )
    def create(self, call: Call) -> Any:
        """One notice, once: when work waits there that you may take. It is waited for 30 days,
        for 20 queues at most (409 `alerts_full`). 409 `queue_open` when there is work already.
        """
        pool_id = key_of("PL", call.body["pool"])
        return alerting.ask(account=call.account, pool_id=pool_id, at=call.at)

    @door(
        "alerts_end",
        summary="Do not tell me any more",
        roles=HANDS,
        find=find_alert,
        unsafe=True,
    )
    def end(self, call: Call) -> None:
        """409 `alert_over` when you were told, took it back, or its time ran out."""
        alerting.end(account=call.account, alert_id=call.found, at=call.at)
