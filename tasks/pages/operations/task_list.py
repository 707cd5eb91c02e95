"""Tasks by project, batch, state or the client's own id; paged by key, however many there are."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase

from tasks.pages.operations.parts import READING, TASK_STATES
from tasks.queries import visible
from tasks.queries.dossier import narrowed_by_external_id
from tasks.queries.projects import tasks_for
from tasks.rules.limits import EXTERNAL_ID_CHARS_MAX
from tasks.rules.states import TaskState
from workforce.doors.listing import CSV_ROWS_MAX, csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.doors.views import saved_views

PROJECTS_LISTED_MAX = 300
READ_AT_ONCE = 2_000


@page(roles=READING)
def tasks(visit: Visit) -> HttpResponseBase:
    by = _filters(visit)
    rows = _narrowed(visit, by)
    if visit.query.get("format") == "csv":
        return _csv(rows)
    found = listing(visit, rows)
    for task in found.rows:
        task.state_word = TASK_STATES[TaskState(task.state)]
        task.batch_public_id = f"B-{task.batch_id}"
    projects = visible.projects(account=visit.account).order_by("name")[:PROJECTS_LISTED_MAX]
    context = {
        "listing": found,
        "by": by,
        "is_narrowed": any(by.values()),
        "states": [(s.value, word) for s, word in TASK_STATES.items()],
        "projects": [(p.public_id, p.name) for p in projects],
        "csv_rows_max": CSV_ROWS_MAX,
        "views": saved_views(visit, page="ops-tasks"),
    }
    return visit.render("tasks/operations/tasks.html", context)


def _filters(visit: Visit) -> dict[str, str]:
    names = ("project", "batch", "state", "external_id")
    by = {name: visit.query.get(name, "").strip()[:EXTERNAL_ID_CHARS_MAX] for name in names}
    if by["state"] not in {s.value for s in TaskState}:
        by["state"] = ""
    return by


def _narrowed(visit: Visit, by: dict[str, str]) -> Any:
    wanted = {name: by[name].upper() or None for name in ("project", "batch")}
    rows = tasks_for(account=visit.account, **wanted, state=by["state"] or None)
    external_id = by["external_id"]
    if not external_id:
        return rows
    if wanted["project"]:
        return rows.filter(external_id=external_id)
    return narrowed_by_external_id(rows, external_id=external_id)


def _csv(rows: Any) -> HttpResponseBase:
    header = (
        "id", "external_id", "project", "batch", "type", "state", "priority", "complexity",
        "created_at", "done_at",
    )  # fmt: skip
    return csv_file("tasks", header, _lines(rows))


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    """By key in pieces: a cursor of the server's would be held as long as somebody downloads."""
    before = None
    while True:
        piece = rows if before is None else rows.filter(pk__lt=before)
        found = list(piece.order_by("-pk")[:READ_AT_ONCE])
        for t in found:
            yield (
                t.public_id, t.external_id, t.project.public_id, f"B-{t.batch_id}",
                t.project.task_type, t.state, t.priority, t.complexity,
                t.created_at.isoformat(), t.done_at.isoformat() if t.done_at else None,
            )  # fmt: skip
        if len(found) < READ_AT_ONCE:
            return
        before = found[-1].pk
