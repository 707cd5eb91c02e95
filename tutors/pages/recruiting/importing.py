"""One import: match its columns, check its rows, import, undo."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutors.operations import importing
from tutors.operations.importing.mending import Act, CannotFix
from tutors.pages.recruiting import importrows
from tutors.pages.recruiting.imports import SEERS, may_change
from tutors.queries import imports as asked
from tutors.queries import people
from tutors.rules.importing import UNDO_DAYS, missing
from tutors.rules.importing.matching import REQUIRED
from tutors.rules.states import ImportState
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role

RECRUITERS = {Role.RECRUITER}
IN_MOTION = (ImportState.COMMITTING, ImportState.UNDOING)
EXAMPLES = 3


def found(visit: Visit, id: str) -> Any:
    upload = asked.imports_listed(rows=people.imports_visible_to(account=visit.account)).filter(
        pk=key_of("TI", id)
    ).first()  # fmt: skip
    if upload is None:
        raise NotFound
    return upload


@page(roles=SEERS)
def show(visit: Visit, *, id: str) -> HttpResponseBase:
    """Where an import stands: to be matched, to be checked, on its way, done."""
    upload = found(visit, id)
    is_open = upload.state == ImportState.CHECKED and may_change(visit)
    if is_open and upload.header and missing(upload.matching):
        return visit.go("recruiting-import-columns", id)
    if upload.state in IN_MOTION:
        return visit.render("tutors/recruiting/import_moving.html", _moving(upload))
    context = _checking(visit, upload)
    return visit.render("tutors/recruiting/import.html", context)


@dataclass(frozen=True, kw_only=True)
class Tab:
    key: str
    label: Any
    count: int


def _checking(visit: Visit, upload: Any) -> dict[str, Any]:
    wanted = visit.query.get("show", "")
    tab = wanted if wanted in (*asked.TABS, "all") else _leading(_tabs(upload))
    found_rows = listing(visit, asked.rows_in(upload=upload, tab=tab), order="id")
    columns = importrows.columns_for(found_rows.rows)
    rows = [
        importrows.show(row, columns=columns, upload=upload, may_change=may_change(visit))
        for row in found_rows.rows
    ]
    return _summary(visit, upload) | {
        "tab": tab,
        "rows": rows,
        "listing": found_rows,
        "columns": importrows.labelled(columns),
        "asked_columns": ",".join(columns),
    }


def _tabs(upload: Any) -> list[Tab]:
    """The tabs of an import in its state, in reading order."""
    needy = upload.rows_error + upload.rows_possible
    doubled = upload.rows_possible + upload.rows_duplicate
    written = upload.rows_added + upload.rows_updated
    left_out = needy + upload.rows_duplicate + upload.rows_skipped
    if upload.state == ImportState.CHECKED:
        counts = [
            ("needed", _("Need you"), needy),
            ("errors", _("Errors"), upload.rows_error),
            ("duplicates", _("Duplicates"), doubled),
        ]
        counts += [("skipped", _("Skipped"), upload.rows_skipped)] if upload.rows_skipped else []
    else:
        counts = [("kept", _("Stay"), upload.rows_kept)] if upload.rows_kept else []
        counts += [("undone", _("Taken back"), upload.rows_undone)] if upload.rows_undone else []
        counts += [("written", _("Written"), written)] if written else []
        counts.append(("rejected", _("Left out"), left_out))
    counts.append(("all", _("All"), upload.rows_total))
    return [Tab(key=key, label=label, count=count) for key, label, count in counts]


def _leading(tabs: Sequence[Tab]) -> str:
    """The first tab that holds something."""
    return next((tab.key for tab in tabs if tab.count), "all")


def _summary(visit: Visit, upload: Any) -> dict[str, Any]:
    """What stands around the rows: counts, columns, what may be done now."""
    undo_until = upload.committed_at and upload.committed_at + timedelta(days=UNDO_DAYS)
    return {
        "upload": upload,
        "step": 3 if upload.state == ImportState.CHECKED else 5,
        "tabs": _tabs(upload),
        "ready": upload.rows_ready + upload.rows_update,
        "written": upload.rows_added + upload.rows_updated,
        "duplicates": upload.rows_possible + upload.rows_duplicate,
        "faulty": upload.rows_error + upload.rows_skipped,
        "rejected": upload.rows_error
        + upload.rows_possible
        + upload.rows_duplicate
        + upload.rows_skipped,
        "matching": [
            (header, importrows.LABELS.get(column, ""))
            for header, column in zip(upload.header, upload.matching, strict=False)
        ],
        "may_change": may_change(visit),
        "is_open": may_change(visit) and upload.state == ImportState.CHECKED,
        "may_undo": may_change(visit)
        and upload.state == ImportState.COMMITTED
        and undo_until is not None
        and visit.at < undo_until,
        "undo_until": undo_until,
        "undo_days": UNDO_DAYS,
    }


@page(roles=RECRUITERS)
def columns(visit: Visit, *, id: str) -> HttpResponseBase:
    """Say what each column of the file holds."""
    upload = found(visit, id)
    matching = list(upload.matching)
    errors: dict[str, list[str]] = {}
    if visit.posted:
        matching = [visit.request.POST.get(f"column-{n}", "") for n in range(len(upload.header))]
        try:
            upload = importing.match_columns(
                upload=upload, columns=matching, actor=visit.account, at=visit.at
            )
        except CannotFix as refusal:
            errors = refusal.errors
        else:
            if not missing(matching):
                return visit.go("recruiting-import", id, say=_("All rows were checked again."))
            visit.say(_("Saved. Some columns are still missing."))
            return visit.go("recruiting-import-columns", id)
    return visit.render(
        "tutors/recruiting/import_columns.html",
        _matching(upload, matching, errors),
        status=422 if errors else 200,
    )


def _matching(upload: Any, matching: list[str], errors: dict[str, list[str]]) -> dict[str, Any]:
    examples = asked.examples(upload=upload, rows=EXAMPLES)
    return {
        "upload": upload,
        "step": 2,
        "options": importrows.options(),
        "required": REQUIRED,
        "missing": [importrows.LABELS[column] for column in missing(matching)],
        "errors": [(importrows.LABELS.get(c, c), text) for c, texts in errors.items()
                   for text in texts],
        "lines": [
            {"n": n, "header": header, "column": matching[n], "examples": examples[n],
             "is_wrong": matching[n] in errors}
            for n, header in enumerate(upload.header)
        ],
    }  # fmt: skip


@page(roles=RECRUITERS)
def row(visit: Visit, *, id: str, number: int) -> HttpResponseBase:
    """Put a row right or decide on it; the answer is the row, and the counts around it."""
    upload = found(visit, id)
    if not visit.posted and not visit.is_htmx:
        return visit.go(f"{reverse('recruiting-import', args=[id])}?show=all")
    others: tuple[int, ...] = ()
    if visit.posted:
        others = _done(visit, upload, number)
        if not visit.is_htmx:
            back = visit.request.POST.get("show", "")
            tab = back if back in asked.TABS else "all"
            return visit.go(f"{reverse('recruiting-import', args=[id])}?show={tab}")
        upload = found(visit, id)
    return _row_part(visit, upload, number, others)


def _done(visit: Visit, upload: Any, number: int) -> tuple[int, ...]:
    act = visit.request.POST.get("act", "fix")
    who = {"upload": upload, "number": number, "actor": visit.account, "at": visit.at}
    if act in set(Act):
        return importing.decide(act=Act(act), **who).others
    current = asked.row_of(upload=upload, number=number)
    cells = current.cells if current else {}
    values = {
        name.removeprefix("cell-"): str(value)
        for name, value in visit.request.POST.items()
        if name.startswith("cell-") and value != cells.get(name.removeprefix("cell-"), "")
    }
    return importing.fix_cells(values=values, **who).others if values else ()


def _row_part(visit: Visit, upload: Any, number: int, others: tuple[int, ...]) -> HttpResponse:
    current = asked.row_of(upload=upload, number=number)
    if current is None:
        raise NotFound
    data = visit.request.POST if visit.posted else visit.query
    columns = importrows.asked_columns(data.get("columns", ""))
    tab = data.get("show", "")
    context = _summary(visit, upload) | {
        "row": importrows.show(
            current, columns=columns, upload=upload, may_change=may_change(visit)
        ),
        "asked_columns": ",".join(columns),
        "tab": tab if tab in asked.TABS else "all",
        "said": _said(current, upload) if visit.posted else "",
    }
    answer = visit.render("tutors/recruiting/import_row_part.html", context)
    if others:
        answer["HX-Trigger"] = json.dumps({f"row-{other}": "" for other in others})
    return answer


def _said(current: Any, upload: Any) -> str:
    left = upload.rows_error + upload.rows_possible
    pill = importrows.PILLS[current.state][1]
    rest = ngettext("%d row needs you.", "%d rows need you.", left) % left
    return f"{_('Row %d') % current.number}: {pill}. {rest}"


@page(roles=RECRUITERS)
def commit(visit: Visit, *, id: str) -> HttpResponseBase:
    upload = found(visit, id)
    if visit.posted:
        importing.commit(upload=upload, actor=visit.account, at=visit.at)
    return visit.go("recruiting-import", id)


@page(roles=RECRUITERS)
def discard(visit: Visit, *, id: str) -> HttpResponseBase:
    upload = found(visit, id)
    if not visit.posted:
        return visit.go("recruiting-import", id)
    importing.discard(upload=upload, actor=visit.account, at=visit.at)
    return visit.go("recruiting-imports", say=_("Discarded. Nothing was saved about anybody."))


@page(roles=RECRUITERS)
def undo(visit: Visit, *, id: str) -> HttpResponseBase:
    """Ask once, in words; then take the import back."""
    upload = found(visit, id)
    if visit.posted:
        importing.undo(upload=upload, actor=visit.account, at=visit.at)
        return visit.go("recruiting-import", id)
    context = _summary(visit, upload)
    if not context["may_undo"]:
        return visit.go("recruiting-import", id)
    return visit.render("tutors/recruiting/import_undo.html", context)


@page(roles=SEERS)
def progress(visit: Visit, *, id: str) -> HttpResponseBase:
    """The part of a moving import that is asked for every two seconds."""
    upload = found(visit, id)
    if upload.state not in IN_MOTION or not visit.is_htmx:
        return visit.go("recruiting-import", id)
    return visit.render("tutors/recruiting/import_progress_part.html", _moving(upload))


def _moving(upload: Any) -> dict[str, Any]:
    done, total = asked.progress(upload=upload)
    return {"upload": upload, "step": 4, "done": done, "total": total}


@page(roles=SEERS)
def rejected(visit: Visit, *, id: str) -> HttpResponseBase:
    """The rows left out, with reasons."""
    upload = found(visit, id)
    header, rows = asked.rejected(upload=upload)
    return csv_file(f"{upload.file_name.rpartition('.')[0]}-rejected", header, rows)
