"""Work handed in as a file: received, watched while it loads, its bad rows shown."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.doors.uploads import received
from tasks.operations import intake
from tasks.pages.operations.parts import (
    BATCH_STATES,
    READING,
    STEERING,
    batch_of,
    may_steer,
    project_of,
)
from tasks.queries.projects import all_errors
from tasks.queries.rooms import first_tasks
from tasks.rules.intake import ITEMS_MAX, BatchFormat
from tasks.rules.limits import ROW_ERRORS_KEPT_MAX
from tasks.rules.states import BatchState, ProjectState
from tasks.types import task_type
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.rules.problems import Invalid, Refusal

ENDINGS = {
    "csv": BatchFormat.CSV,
    "jsonl": BatchFormat.JSONL,
    "ndjson": BatchFormat.JSONL,
    "json": BatchFormat.JSON,
}
JSON_BYTES_MAX = 32 * 1024 * 1024
"""A JSON list is read whole; larger work comes as JSONL or CSV."""

ERRORS_A_PAGE = 50


class CannotTakeFile(Invalid):
    code = "file_not_taken"
    title = "This file cannot be taken"


@page(roles=STEERING)
def hand_in(visit: Visit, *, id: str) -> HttpResponseBase:
    """Keep a file as a batch; its rows are checked and loaded in the background."""
    held = project_of(visit, id)
    if not visit.posted:
        return visit.render("tasks/operations/hand_in.html", _offer(held))
    try:
        batch = _receive(visit, held)
    except Refusal as refusal:
        context = _offer(held) | {"refusal": refusal}
        return visit.render("tasks/operations/hand_in.html", context, status=422)
    return visit.go("ops-batch", batch.public_id, say=_("The file is here. Its rows load now."))


def _offer(held: Any) -> dict[str, Any]:
    kind = task_type(held.task_type)
    return {
        "project": held,
        "kind": kind,
        "bytes_max": settings.UPLOAD_BYTES_MAX,
        "megabytes_max": settings.UPLOAD_BYTES_MAX // 1024**2,
        "example": _example(kind),
        "is_closed": held.state == ProjectState.CLOSED,
    }


def _example(kind: Any) -> str:
    """One line of a JSONL file of this kind, as it would be accepted."""
    return json.dumps({"external_id": "row-1", "input": kind.sample_input}, ensure_ascii=False)


def _receive(visit: Visit, held: Any) -> Any:
    file = visit.request.FILES.get("file")
    if file is None or not file.name:
        raise CannotTakeFile(_("Choose a file first."))
    format = ENDINGS.get(file.name.rpartition(".")[2].lower())
    if format is None:
        raise CannotTakeFile(
            _("%(name)s: name the file .json, .jsonl or .csv, by what is in it.")
            % {"name": file.name[:80]}
        )
    if format is BatchFormat.JSON:
        items = _items(file)
        return intake.receive_items(project=held, items=items, actor=visit.account, at=visit.at)
    upload = received(file, format=format)
    with upload.file:
        return intake.receive(
            project=held,
            format=format,
            file=upload.file,
            file_name=file.name,
            sha256=upload["sha256"],
            actor=visit.account,
            at=visit.at,
        )


def _items(file: Any) -> list[Any]:
    if file.size > JSON_BYTES_MAX:
        megabytes = JSON_BYTES_MAX // 1024**2
        raise CannotTakeFile(
            _("A JSON list may have %(n)d MB. Save it as JSONL, one item a line.")
            % {"n": megabytes}
        )
    try:
        found = json.loads(file.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise CannotTakeFile(_("This is no JSON: %(why)s.") % {"why": problem}) from None
    items = found.get("items") if isinstance(found, dict) else found
    if not isinstance(items, list) or not items:
        raise CannotTakeFile(_("The file holds no list of items."))
    if len(items) > ITEMS_MAX:
        raise CannotTakeFile(_("At most %(n)s items in JSON.") % {"n": f"{ITEMS_MAX:,}"})
    return items


@page(roles=READING)
def batch(visit: Visit, *, id: str) -> HttpResponseBase:
    """`part=progress` gives the moving part, `format=csv` every kept row error."""
    held = batch_of(visit, id)
    if visit.query.get("format") == "csv":
        return _errors_csv(held)
    context = _progress(held)
    if visit.query.get("part") == "progress":
        return visit.render("tasks/operations/batch_progress.html", context)
    errors = listing(visit, held.row_errors.all(), order="row", size=ERRORS_A_PAGE)
    context |= {
        "listing": errors,
        "errors": [_told(row) for row in errors.rows],
        "errors_kept_max": ROW_ERRORS_KEPT_MAX,
        "may_steer": may_steer(visit),
    }
    return visit.render("tasks/operations/batch.html", context)


def _progress(held: Any) -> dict[str, Any]:
    state = BatchState(held.state)
    is_over = state in (BatchState.DONE, BatchState.FAILED)
    return {
        "batch": held,
        "project": held.project,
        "state": state.value,
        "state_word": BATCH_STATES[state],
        "is_over": is_over,
        "beat": "tick5" if is_over else "tick2",
        "tasks": first_tasks(batch=held) if held.new else [],
    }


def _told(row: Any) -> dict[str, Any]:
    """A bad row: each field with what is wrong with it."""
    pairs = [(field, text) for field, texts in row.errors.items() for text in texts]
    return {"row": row.row, "external_id": row.external_id, "pairs": pairs}


def _errors_csv(held: Any) -> HttpResponseBase:
    header = ("row", "external_id", "field", "message")
    lines = (
        (row.row, row.external_id, field, text)
        for row in all_errors(batch=held)
        for field, texts in row.errors.items()
        for text in texts
    )
    return csv_file(f"{held.public_id}-errors", header, lines)
