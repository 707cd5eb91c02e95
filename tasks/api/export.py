"""Results, to take home."""

from typing import Any

from django.http import StreamingHttpResponse
from rest_framework import serializers

from tasks.api.clients import STAFF_AND_CLIENTS
from tasks.api.projects import find_project
from tasks.operations.exporting import export
from tasks.rules.states import ANSWERED_CLAIMS
from workforce.doors.desk import Call, Desk, door
from workforce.doors.paging import Filters
from workforce.rules.ids import NotAnId, internal_id


class ExportFilters(Filters):
    page_size = None  # type: ignore[assignment]
    cursor = None  # type: ignore[assignment]
    format = serializers.ChoiceField(["jsonl"], default="jsonl")
    batch = serializers.RegexField(r"^B-[1-9][0-9]{0,18}$", required=False)
    status = serializers.ChoiceField([s.value for s in ANSWERED_CLAIMS], required=False)


class Export(Desk):
    @door(
        "projects_export",
        summary="A project's results",
        roles=STAFF_AND_CLIENTS,
        find=find_project,
        filters=ExportFilters,
        media=("application/x-ndjson",),
    )
    def show(self, call: Call) -> Any:
        """One JSON object a line for each answer: `external_id`, `answer` or `cannot`, `status`,
        `meta` as it came, and the provenance: the tutor's pseudonym, level and standing, the
        guide's version, times, the review. Gold never leaves.
        """
        try:
            batch_id = internal_id("B", call.params["batch"]) if "batch" in call.params else None
        except NotAnId:
            batch_id = 0
        lines = export(
            project=call.found, batch_id=batch_id, status=call.params.get("status"), at=call.at
        )
        response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
        name = f"{call.found.public_id}-results.jsonl"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
