"""Handing work in: as JSON, or as a JSONL or CSV file; loaded in the background."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.api.projects import find_project
from tasks.doors.uploads import (
    CsvParser,
    FileField,
    JsonlParser,
    LimitedMultiPartParser,
    NdjsonParser,
    Upload,
    received,
)
from tasks.operations import intake
from tasks.queries import projects, visible
from tasks.rules.intake import ITEMS_MAX, ROW_ERRORS_SHOWN, BatchFormat
from tasks.rules.states import BatchState
from workforce.doors.desk import Body, Call, Desk, door, key_of
from workforce.doors.parsing import LimitedJSONParser
from workforce.rules.roles import Role
from workforce.rules.tables import quoted

ENDINGS = {"csv": BatchFormat.CSV, "jsonl": BatchFormat.JSONL, "ndjson": BatchFormat.JSONL}


class BatchRequest(Body):
    """`items` as JSON; or a JSONL or CSV file, as the body itself or as `file` of a form."""

    items = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=ITEMS_MAX, required=False
    )
    file = FileField(required=False, help_text="Named .csv, .jsonl or .ndjson.")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Upload):
            return {"upload": data}
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError({"items": [_("Give items, or one file.")]})
        if "file" in attrs and self._ending(attrs["file"].name) not in ENDINGS:
            raise serializers.ValidationError(
                {"file": [_("Name the file .csv, .jsonl or .ndjson.")]}
            )
        return attrs

    @staticmethod
    def _ending(name: str) -> str:
        return name.rpartition(".")[2].lower()


class CountsAnswer(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    new = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    error = serializers.IntegerField()


class RowErrorAnswer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Item of a JSON body, or line of a file, from 1.")
    external_id = serializers.CharField(allow_blank=True)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )


class BatchAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    project = serializers.CharField(source="project.public_id")
    state = serializers.ChoiceField([s.value for s in BatchState])
    format = serializers.ChoiceField([f.value for f in BatchFormat])
    counts = CountsAnswer(source="*")
    note = serializers.CharField(allow_blank=True, help_text="Why it failed.")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class BatchDetailAnswer(BatchAnswer):
    errors = RowErrorAnswer(  # type: ignore[assignment]
        many=True, source="first_errors", help_text=f"The first {ROW_ERRORS_SHOWN}."
    )
    errors_url = serializers.CharField(help_text="All kept row errors as CSV.")


def find_batch(call: Call, id: str) -> Any:
    return visible.one(visible.batches(account=call.account), key_of("B", id))


class Batches(Desk):
    @door(
        "batches_list",
        summary="Batches of a project",
        roles=STAFF_AND_CLIENTS,
        find=find_project,
        answer=BatchAnswer,
        many=True,
    )
    def list(self, call: Call) -> Any:
        return visible.batches(account=call.account).filter(project=call.found)

    @door(
        "batches_create",
        summary="Hand in a batch",
        roles=[Role.MANAGER, Role.CLIENT],
        find=find_project,
        body=BatchRequest,
        answer=BatchDetailAnswer,
        status=202,
        idempotent=True,
        parsers=(LimitedJSONParser, NdjsonParser, JsonlParser, CsvParser, LimitedMultiPartParser),
    )
    def create(self, call: Call) -> Any:
        """Rows are checked and loaded in the background; ask the batch how far it is.

        An `external_id` that the project has already adds nothing. Good rows come in although
        others have errors. CSV columns: `external_id`, `input` as JSON or its fields as
        `input.…`, and if wanted `priority`, `complexity`, `content`, `meta` or `meta.…`, `gold`,
        `proposal`.
        """
        if "items" in call.body:
            batch = intake.receive_items(
                project=call.found, items=call.body["items"], actor=call.account, at=call.at
            )
            return _detailed(batch)
        upload, name = _upload(call.body)
        with upload.file:
            batch = intake.receive(
                project=call.found,
                format=upload.format,
                file=upload.file,
                file_name=name,
                sha256=upload["sha256"],
                actor=call.account,
                at=call.at,
            )
        return _detailed(batch)

    @door(
        "batches_show",
        summary="How far a batch is",
        roles=STAFF_AND_CLIENTS,
        find=find_batch,
        answer=BatchDetailAnswer,
    )
    def show(self, call: Call) -> Any:
        return _detailed(call.found)

    @door(
        "batches_errors",
        summary="A batch's row errors",
        roles=STAFF_AND_CLIENTS,
        find=find_batch,
        media=("text/csv",),
    )
    def errors(self, call: Call) -> Any:
        """A CSV: row, external_id, field, message. Formula starts are quoted."""
        response = StreamingHttpResponse(_error_lines(call.found), content_type="text/csv")
        name = f"{call.found.public_id}-errors.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _upload(body: dict[str, Any]) -> tuple[Upload, str]:
    if "upload" in body:
        return body["upload"], ""
    file = body["file"]
    format = ENDINGS[BatchRequest._ending(file.name)]
    return received(file, format=format), file.name


def _detailed(batch: Any) -> Any:
    batch.first_errors = projects.first_errors(batch=batch)
    batch.errors_url = f"/api/v1/batches/{batch.public_id}/errors/"
    return batch


def _error_lines(batch: Any) -> Iterator[str]:
    yield _line(["row", "external_id", "field", "message"])
    for row in projects.all_errors(batch=batch):
        for field, messages in row.errors.items():
            for message in messages:
                yield _line([str(row.row), quoted(row.external_id), quoted(field), quoted(message)])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
