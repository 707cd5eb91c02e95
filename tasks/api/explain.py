"""Why this tutor, why not that one."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.api.work import VerdictAnswer
from tasks.queries import visible
from tasks.queries.explaining import explain
from tasks.rules.policies import Scope
from tasks.rules.states import WorkRole
from workforce.doors.desk import Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Invalid
from workforce.rules.roles import STAFF


class ExplainFilters(Filters):
    page_size = None  # type: ignore[assignment]
    cursor = None  # type: ignore[assignment]
    tutor = serializers.CharField(max_length=24)
    role = serializers.ChoiceField([r.value for r in WorkRole], required=False)


class PolicyNameAnswer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField([s.value for s in Scope])
    of = serializers.CharField(allow_blank=True, help_text="The project, or the domain's path.")
    version = serializers.IntegerField(help_text="0: nobody set one, the defaults hold.")


class ExplainAnswer(serializers.Serializer[Any]):
    task = serializers.SerializerMethodField()
    tutor = serializers.SerializerMethodField()
    role = serializers.ChoiceField([r.value for r in WorkRole])
    eligible = serializers.BooleanField()
    verdicts = VerdictAnswer(many=True)
    score = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="Terms in minutes."
    )
    policy = PolicyNameAnswer(help_text="The routing policy that was judged by.")

    def get_task(self, explanation: Any) -> str:
        return f"T-{explanation.task_id}"

    def get_tutor(self, explanation: Any) -> str:
        return f"E-{explanation.tutor_id}"


def find_task(call: Call, id: str) -> Any:
    return visible.one(visible.tasks(account=call.account), key_of("T", id))


class Explaining(Desk):
    @door(
        "tasks_explain",
        summary="May this tutor have this task?",
        roles=STAFF,
        find=find_task,
        filters=ExplainFilters,
        answer=ExplainAnswer,
    )
    def show(self, call: Call) -> Any:
        """The same verdicts as claiming, with the score's terms."""
        try:
            tutor_id = internal_id("E", call.params["tutor"])
        except NotAnId:
            raise Invalid(_("This is no tutor."), errors={"tutor": [_("Not an id.")]}) from None
        role = call.params.get("role")
        return explain(
            task_id=call.found.pk,
            tutor_id=tutor_id,
            role=WorkRole(role) if role else None,
            at=call.at,
        )
