"""Why the queue looks as it does."""

from typing import Any

from rest_framework import serializers

from tasks.api.work import HANDS, RateField, VerdictAnswer
from tasks.queries.queue import queue_of
from tasks.rules.states import WorkRole
from workforce.doors.desk import Call, Desk, door


class QueueLineAnswer(serializers.Serializer[Any]):
    pool = serializers.SerializerMethodField()
    project = serializers.CharField(source="pool.project")
    domain = serializers.CharField(source="pool.domain")
    task_type = serializers.CharField(source="pool.task_type")
    role = serializers.ChoiceField([r.value for r in WorkRole], source="pool.role")
    waiting = serializers.IntegerField()
    oldest_at = serializers.DateTimeField()
    eligible = serializers.BooleanField()
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="What stands in the way."
    )
    opens = serializers.ListField(child=serializers.CharField(), help_text="What would open it.")
    rate = serializers.SerializerMethodField()
    paid_hours = serializers.FloatField(
        help_text="Expected paid hours waiting there, for everybody."
    )
    verdicts = VerdictAnswer(many=True)

    def get_pool(self, line: Any) -> str:
        return f"PL-{line.pool.pool_id}"

    def get_rate(self, line: Any) -> dict[str, Any] | None:
        if line.rate_minor_hourly is None:
            return None
        return dict(RateField(line).data)


class QueueAnswer(serializers.Serializer[Any]):
    standing = VerdictAnswer(many=True, help_text="What holds for you whatever the work.")
    results = QueueLineAnswer(many=True, source="lines")


class Queues(Desk):
    @door(
        "queue_show",
        summary="What waits in my fields",
        roles=HANDS,
        answer=QueueAnswer,
        names_others=True,
    )
    def show(self, call: Call) -> Any:
        """Each pool with waiting work: may I take it, and if not, what would open it."""
        return queue_of(account_id=call.account.pk, at=call.at)
