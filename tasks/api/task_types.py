"""The kinds of work: their schemas and samples."""

from typing import Any

from rest_framework import serializers

from tasks.types import NoSuchTaskType, all_types, item_schema, task_type
from workforce.doors.desk import Call, Desk, door
from workforce.rules.problems import NotFound


class TaskTypeAnswer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()


class TaskTypesAnswer(serializers.Serializer[Any]):
    results = TaskTypeAnswer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class SampleAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    input = serializers.DictField()
    answer = serializers.DictField()


class TaskTypeDetailAnswer(TaskTypeAnswer):
    input_schema = serializers.DictField(help_text="JSON Schema of a task's input.")
    answer_schema = serializers.DictField(help_text="JSON Schema of an answer, `cannot` included.")
    item_schema = serializers.DictField(help_text="JSON Schema of an item of a batch.")
    sample_input = serializers.DictField()
    sample_answer = serializers.DictField()
    samples = SampleAnswer(many=True)
    guide_example = serializers.CharField()


def _find(call: Call, slug: str) -> Any:
    try:
        return task_type(slug)
    except NoSuchTaskType:
        raise NotFound from None


class TaskTypes(Desk):
    @door("task_types_list", summary="Kinds of work", answer=TaskTypesAnswer)
    def list(self, call: Call) -> Any:
        """All on one page."""
        return {"results": all_types(), "next": None, "previous": None}

    @door("task_types_show", summary="One kind of work", find=_find, answer=TaskTypeDetailAnswer)
    def show(self, call: Call) -> Any:
        """Every sample is valid as it stands; the media that it names are in each instance."""
        kind = call.found
        shown = (*TaskTypeAnswer().fields, "input_schema", "answer_schema", "sample_input",
                 "sample_answer", "samples", "guide_example")  # fmt: skip
        return {name: getattr(kind, name) for name in shown} | {"item_schema": item_schema()}
