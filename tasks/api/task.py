"""Tasks as their clients and our staff see them."""

from typing import Any

from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.operations.cancelling import cancel
from tasks.queries import projects, visible
from tasks.rules.limits import EXTERNAL_ID_CHARS_MAX, REASON_CHARS_MAX
from tasks.rules.states import TaskState
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.paging import Filters
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role


class TaskFilters(Filters):
    project = serializers.CharField(max_length=24, required=False)
    batch = serializers.CharField(max_length=24, required=False)
    state = serializers.ChoiceField([s.value for s in TaskState], required=False)
    external_id = serializers.CharField(max_length=EXTERNAL_ID_CHARS_MAX, required=False)


class TaskAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    external_id = serializers.CharField()
    project = serializers.CharField(source="project.public_id")
    batch = serializers.SerializerMethodField()
    type = serializers.CharField(source="project.task_type")
    state = serializers.ChoiceField([s.value for s in TaskState])
    priority = serializers.IntegerField()
    complexity = serializers.IntegerField()
    is_gold = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

    def get_batch(self, task: Any) -> str:
        return f"B-{task.batch_id}"


class SlotAnswer(serializers.Serializer[Any]):
    role = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()


class TaskDetailAnswer(TaskAnswer):
    input = serializers.DictField(source="content.input")
    proposal = serializers.DictField(source="content.proposal", allow_null=True)
    meta = serializers.DictField(source="content.meta", allow_null=True)
    content = serializers.ListField(source="content.content", child=serializers.CharField())
    slots = SlotAnswer(many=True, source="slots.all")


class CancelRequest(Body):
    reason = serializers.CharField(
        max_length=REASON_CHARS_MAX, required=False, default="", allow_blank=True
    )


def find_task(call: Call, id: str) -> Any:
    """The task with its content, for whoever may see the whole of it."""
    rows = projects.with_content(visible.tasks(account=call.account))
    task = rows.filter(pk=key_of("T", id)).first()
    if task is None:
        raise NotFound
    return task


class Tasks(Desk):
    @door(
        "tasks_list",
        summary="Tasks",
        roles=STAFF_AND_CLIENTS,
        filters=TaskFilters,
        answer=TaskAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        wanted = ("project", "batch", "state", "external_id")
        return projects.tasks_for(
            account=call.account, **{name: call.params.get(name) for name in wanted}
        )

    @door(
        "tasks_show",
        summary="One task",
        roles=STAFF_AND_CLIENTS,
        find=find_task,
        answer=TaskDetailAnswer,
    )
    def show(self, call: Call) -> Any:
        return call.found

    @door(
        "tasks_cancel",
        summary="Cancel a task",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_task,
        body=CancelRequest,
        answer=TaskAnswer,
        idempotent=True,
    )
    def cancel(self, call: Call) -> Any:
        """Nobody is asked about it any more; what was worked on it is paid."""
        return cancel(task=call.found, reason=call.body["reason"], actor=call.account, at=call.at)
