"""The operations room: what is done, what waits, who is at it."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from tasks.queries import figures
from tasks.rules.figures import HOURS_DEFAULT, HOURS_MAX, Bucket, By
from workforce.doors.desk import Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.roles import STAFF


class ThroughputFilters(Filters):
    page_size = None  # type: ignore[assignment]
    cursor = None  # type: ignore[assignment]
    by = serializers.ChoiceField([b.value for b in By], default=By.DOMAIN.value)
    bucket = serializers.ChoiceField([b.value for b in Bucket], default=Bucket.HOUR.value)
    hours = serializers.IntegerField(min_value=1, max_value=HOURS_MAX, default=HOURS_DEFAULT)


class ThroughputLineAnswer(serializers.Serializer[Any]):
    domain = serializers.CharField()
    at = serializers.DateTimeField(help_text="When the hour or day (UTC) began.")
    claimed = serializers.IntegerField()
    submitted = serializers.IntegerField(
        help_text="Answers handed in; reviews show as accepted, revised or rejected."
    )
    accepted = serializers.IntegerField()
    revised = serializers.IntegerField()
    rejected = serializers.IntegerField()
    given_back = serializers.IntegerField()
    expired = serializers.IntegerField()
    seconds = serializers.IntegerField(help_text="Worked.")


class ThroughputAnswer(serializers.Serializer[Any]):
    by = serializers.CharField()
    bucket = serializers.CharField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    results = ThroughputLineAnswer(many=True)


class DomainQueueAnswer(serializers.Serializer[Any]):
    domain = serializers.CharField()
    waiting = serializers.IntegerField(help_text="Slots that anybody eligible may take.")
    offered = serializers.IntegerField()
    in_hand = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)
    oldest_seconds = serializers.IntegerField()
    working = serializers.IntegerField(help_text="Tutors with a claim in hand.")
    present = serializers.IntegerField(help_text="Qualified tutors who are taking work.")


class PoolQueueAnswer(serializers.Serializer[Any]):
    pool = serializers.CharField()
    project = serializers.CharField()
    name = serializers.CharField()
    domain = serializers.CharField()
    queue = serializers.CharField()
    role = serializers.CharField()
    step = serializers.IntegerField(help_text="How many soft rules have fallen away.")
    waiting = serializers.IntegerField()
    offered = serializers.IntegerField()
    in_hand = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)
    oldest_seconds = serializers.IntegerField()


class PersonAtWorkAnswer(serializers.Serializer[Any]):
    tutor = serializers.CharField()
    domain = serializers.CharField()
    claims = serializers.IntegerField()
    since = serializers.DateTimeField()
    seconds_worked = serializers.IntegerField()


class QueuesAnswer(serializers.Serializer[Any]):
    domains = DomainQueueAnswer(many=True)
    pools = PoolQueueAnswer(many=True)
    people = PersonAtWorkAnswer(many=True)


class Ops(Desk):
    @door(
        "ops_throughput",
        summary="What was done, by field and hour",
        roles=STAFF,
        filters=ThroughputFilters,
        answer=ThroughputAnswer,
    )
    def throughput(self, call: Call) -> Any:
        """From figures kept within seconds; hours without work are left out."""
        until_at = call.at
        from_at = until_at - timedelta(hours=call.params["hours"])
        lines = figures.throughput(
            by=By(call.params["by"]),
            bucket=Bucket(call.params["bucket"]),
            from_at=from_at,
            until_at=until_at,
        )
        shown = {"by": call.params["by"], "bucket": call.params["bucket"]}
        return {**shown, "from_at": from_at, "until_at": until_at, "results": lines}

    @door("ops_queues", summary="What waits and who works", roles=STAFF, answer=QueuesAnswer)
    def queues(self, call: Call) -> Any:
        """The pools with the oldest waiting first, and the first people by the start of work."""
        return figures.queues()
