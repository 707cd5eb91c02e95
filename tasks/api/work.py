"""What the work rooms' doors share: how claims, rates and verdicts are written down."""

from typing import Any

from rest_framework import serializers

from tasks.rules.limits import REASON_CHARS_MAX
from tasks.rules.states import ClaimState, WorkRole
from tutors.rules.eligibility import Verdict
from workforce.doors.desk import Body
from workforce.rules.roles import Role

HANDS = [Role.TUTOR, Role.REVIEWER]


class ReasonRequest(Body):
    reason = serializers.CharField(max_length=REASON_CHARS_MAX, default="", allow_blank=True)


class RateField(serializers.Serializer[Any]):
    """Money for an hour of work."""

    amount_minor = serializers.IntegerField(source="rate_minor_hourly")
    currency = serializers.CharField()


class VerdictAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    passed = serializers.BooleanField()
    rule = serializers.CharField()
    fact = serializers.CharField(allow_blank=True)
    turn = serializers.CharField(allow_blank=True, help_text="What would turn it.")

    def to_representation(self, verdict: Any) -> dict[str, Any]:
        """A list of queues holds hundreds of them: field by field took half of the request."""
        return dict(verdict.as_json()) if isinstance(verdict, Verdict) else verdict


class TaskShownAnswer(serializers.Serializer[Any]):
    id = serializers.SerializerMethodField()
    type = serializers.CharField(source="task_type")
    input = serializers.JSONField()
    proposal = serializers.JSONField(allow_null=True)

    def get_id(self, sheet: Any) -> str:
        return f"T-{sheet.task_id}"


class JudgedAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    answer = serializers.JSONField()
    cannot = serializers.BooleanField()


class CameBackAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", help_text="The submission that came back.")
    answer = serializers.JSONField()
    note = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)


class DraftAnswer(serializers.Serializer[Any]):
    answer = serializers.JSONField()
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()


class ClaimAnswer(serializers.Serializer[Any]):
    """A claim with everything its holder works with."""

    id = serializers.CharField(source="public_id")
    fence = serializers.IntegerField(help_text="Goes back with the submission.")
    state = serializers.ChoiceField([s.value for s in ClaimState])
    role = serializers.ChoiceField([r.value for r in WorkRole])
    task = TaskShownAnswer(source="*")
    project = serializers.SerializerMethodField()
    project_name = serializers.CharField()
    domain = serializers.CharField()
    rate = RateField(source="*")
    rate_rule = serializers.CharField()
    contract = serializers.SerializerMethodField()
    contract_version = serializers.IntegerField()
    claimed_at = serializers.DateTimeField()
    lease_until = serializers.DateTimeField()
    hold_until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds_worked = serializers.IntegerField()
    expected_seconds = serializers.IntegerField()
    paid_cap_seconds = serializers.IntegerField()
    extended = serializers.BooleanField()
    guide_version = serializers.IntegerField(allow_null=True)
    guide = serializers.CharField(allow_blank=True)
    draft = DraftAnswer(allow_null=True)
    submission = JudgedAnswer(allow_null=True, source="judged", help_text="For a review.")
    revision = CameBackAnswer(allow_null=True, source="came_back", help_text="For a revision.")
    handed_in = serializers.CharField(
        allow_null=True, source="submission", help_text="The submission of this claim."
    )

    def get_project(self, sheet: Any) -> str:
        return f"P-{sheet.project_id}"

    def get_contract(self, sheet: Any) -> str:
        return f"K-{sheet.contract_id}"
