"""Why the queue looks as it does, and what would bring more of it."""

from typing import Any

from rest_framework import serializers

from tasks.api.work import HANDS, RateField, VerdictAnswer
from tasks.doors.advice import title_of, way_of
from tasks.queries.queue import queue_of
from tasks.rules.advising import Unlock
from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.prospects import Gate
from tasks.rules.spans import Span
from tasks.rules.states import WorkRole
from tutors.rules.requirements import LeafKind
from workforce.doors.desk import Call, Desk, door


class HoursField(serializers.Serializer[Any]):
    """Paid hours a week: the expected figure, and what holds it in nine of ten cases."""

    low = serializers.FloatField()
    expected = serializers.FloatField()
    high = serializers.FloatField()

    def to_representation(self, span: Span) -> dict[str, float]:
        return {"low": _hours(span.low), "expected": _hours(span.mid), "high": _hours(span.high)}


def _hours(seconds: float) -> float:
    return round(seconds / SECONDS_AN_HOUR, 2)


class OutlookAnswer(serializers.Serializer[Any]):
    """What the queue brought lately."""

    as_of = serializers.DateTimeField(source="measured_at")
    days = serializers.IntegerField(help_text="Days looked at, at most 28.")
    arrived = serializers.IntegerField(help_text="Tasks that came in within them.")
    last_at = serializers.DateTimeField(allow_null=True)
    handled = serializers.IntegerField(help_text="Answers behind the handle time.")
    handle_seconds = serializers.IntegerField(allow_null=True, help_text="Their median.")
    people = serializers.IntegerField(help_text="May take it, and took work lately.")


class LineAlertAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    expires_at = serializers.DateTimeField()


class QueueLineAnswer(serializers.Serializer[Any]):
    pool = serializers.SerializerMethodField()
    project = serializers.CharField(source="pool.project")
    domain = serializers.CharField(source="pool.domain")
    task_type = serializers.CharField(source="pool.task_type")
    role = serializers.ChoiceField([r.value for r in WorkRole], source="pool.role")
    state = serializers.ChoiceField(
        [g.value for g in Gate],
        source="gate",
        help_text="Whether or not you are taking work at the moment: a pause closes no queue.",
    )
    waiting = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)
    empty_until = serializers.DateTimeField(
        source="next_at",
        allow_null=True,
        help_text="When work is due in an empty queue; null where too little came to say.",
    )
    eligible = serializers.BooleanField(help_text="You could take it at this moment.")
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="What stands in the way."
    )
    opens = serializers.ListField(child=serializers.CharField(), help_text="What would open it.")
    rate = serializers.SerializerMethodField()
    paid_hours = serializers.FloatField(
        help_text="Expected paid hours waiting there, for everybody."
    )
    your_hours = HoursField(
        source="share",
        allow_null=True,
        help_text="Your expected share of the project's work of this role, in paid hours a week; "
        "null where it is closed to you or was not measured yet.",
    )
    outlook = OutlookAnswer(allow_null=True)
    alert = LineAlertAnswer(allow_null=True, help_text="You are told when it opens.")
    verdicts = VerdictAnswer(many=True)

    def get_pool(self, line: Any) -> str:
        return f"PL-{line.pool.pool_id}"

    def get_rate(self, line: Any) -> dict[str, Any] | None:
        if line.rate_minor_hourly is None:
            return None
        return dict(RateField(line).data)


class AdviceAnswer(serializers.Serializer[Any]):
    """One thing that you could change, and what it alone would bring you."""

    kind = serializers.ChoiceField([*(k.value for k in LeafKind), *(u.value for u in Unlock)])
    code = serializers.CharField(source="finding.code", help_text="What stands in the way now.")
    turn = serializers.CharField(source="finding.turn")
    title = serializers.SerializerMethodField(help_text="The change, in words.")
    hours = HoursField(
        source="gain",
        help_text="What it adds to what is open to you already, within your week.",
    )
    n = serializers.IntegerField(help_text="Tasks of the last four weeks that the figure rests on.")
    pools = serializers.SerializerMethodField(help_text="The pools that it opens.")
    next_step = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Where to get it; empty: ask.")

    def get_title(self, advised: Any) -> str:
        return title_of(advised)

    def get_pools(self, advised: Any) -> list[str]:
        return [f"PL-{pool}" for pool in advised.pools]

    def get_next_step(self, advised: Any) -> str:
        return way_of(advised).text

    def get_url(self, advised: Any) -> str:
        return way_of(advised).url


class QueueAnswer(serializers.Serializer[Any]):
    standing = VerdictAnswer(many=True, help_text="What holds for you whatever the work.")
    as_of = serializers.DateTimeField(
        allow_null=True, help_text="When the oldest of the figures was measured."
    )
    offers_from = serializers.DateTimeField(
        source="rests_until",
        allow_null=True,
        help_text="Until then nothing is offered to you: a pause after your last answer. What you "
        "ask for yourself still comes. Null: there is no such pause.",
    )
    week_hours = serializers.SerializerMethodField(
        help_text="How long your week is: by contract and by your own plan, else 40."
    )
    open_hours = HoursField(
        source="advice.now", help_text="What is open to you brings, at most your week."
    )
    advice = AdviceAnswer(
        many=True, source="advice.changes", help_text="Single changes, best first."
    )
    results = QueueLineAnswer(many=True, source="lines")

    def get_week_hours(self, queue: Any) -> float:
        return _hours(queue.advice.week_seconds)


class Queues(Desk):
    @door(
        "queue_show",
        summary="What waits in my fields, and what would bring me more",
        roles=HANDS,
        answer=QueueAnswer,
        names_others=True,
    )
    def show(self, call: Call) -> Any:
        """Each queue of your fields: open, empty until about when, or closed, and what would open
        it. `advice` ranks what you could change by the paid hours a week that would be yours.

        Figures are estimates from the last four weeks, some minutes old, shared among all who may
        take the work and took any lately. Their range says how sure the number of arrivals is.
        """
        return queue_of(account_id=call.account.pk, at=call.at)
