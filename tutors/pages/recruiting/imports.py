"""Imports: what came in, the template, and a new file."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tutors.operations.importing import check_file
from tutors.queries import imports as asked
from tutors.queries import people
from tutors.rules.importing import COLUMNS, FILE_BYTES_MAX, ROWS_MAX, CannotReadFile
from tutors.rules.states import ImportState
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.rules.problems import NotAllowed
from workforce.rules.roles import Role

SEERS = {Role.RECRUITER, Role.ADMIN}
MEGABYTE = 1024 * 1024

SAMPLE: dict[str, str] = {
    "email": "alice.adams@example.org",
    "name": "Alice Adams",
    "country": "GB",
    "region": "",
    "time_zone": "Europe/London",
    "domains": "medicine.psychiatry;medicine",
    "languages": "en:native;de:C1",
    "capacity": "2",
    "headline": "Psychiatrist, twelve years on the ward",
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"}
        ),
    )


@page(roles=SEERS)
def imports(visit: Visit) -> HttpResponseBase:
    """The list of imports; a recruiter hands in a file here."""
    form = FileForm(visit.request.POST or None, visit.request.FILES or None)
    if visit.posted and not may_change(visit):
        raise NotAllowed(str(_("Recruiters import. You can look at what they brought in.")))
    if visit.posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = check_file(
                source=file,
                file_name=file.name or "tutors.csv",
                actor=visit.account,
                at=visit.at,
                updates_known=True,
                asks_namesakes=True,
            )
        except CannotReadFile as refusal:
            form.add_error("file", refusal.detail)
        else:
            return visit.go("recruiting-import", upload.public_id)
    return _shown(visit, form)


def _shown(visit: Visit, form: FileForm) -> HttpResponseBase:
    rows = asked.imports_listed(rows=people.imports_visible_to(account=visit.account))
    context: dict[str, Any] = {
        "form": form,
        "may_change": may_change(visit),
        "rows_max": ROWS_MAX,
        "megabytes_max": FILE_BYTES_MAX // MEGABYTE,
    }
    wanted = visit.query.get("format") == "csv"
    if wanted:
        return csv_file("imports", _CSV, (_line(upload) for upload in rows.order_by("-id")))
    context["listing"] = found = listing(visit, rows)
    context["uploads"] = [_view(upload) for upload in found.rows]
    status = 422 if form.errors else 200
    return visit.render("tutors/recruiting/imports.html", context, status=status)


PILLS: dict[str, tuple[str, Any, str]] = {
    ImportState.CHECKED: ("accent", _("To check"), ""),
    ImportState.COMMITTING: ("info", _("Importing"), "refresh"),
    ImportState.COMMITTED: ("ok", _("Imported"), "circle-check"),
    ImportState.UNDOING: ("info", _("Taking back"), "refresh"),
    ImportState.UNDONE: ("", _("Taken back"), "arrow-back-up"),
    ImportState.DISCARDED: ("", _("Discarded"), "trash"),
}


def _view(upload: Any) -> dict[str, Any]:
    written = upload.rows_added + upload.rows_updated
    is_done = upload.state in (ImportState.COMMITTED, ImportState.UNDONE)
    return {
        "upload": upload,
        "pill": PILLS[upload.state],
        "left_out": upload.rows_total - written - upload.rows_undone - upload.rows_kept
        if is_done
        else None,
    }


_CSV = ("id", "file", "state", "rows", "added", "updated", "checked_by", "checked_at")


def _line(upload: Any) -> tuple[object, ...]:
    return (
        upload.public_id, upload.file_name, upload.state, upload.rows_total, upload.rows_added,
        upload.rows_updated, upload.checked_by.name, upload.checked_at.isoformat(),
    )  # fmt: skip


def may_change(visit: Visit) -> bool:
    return Role.RECRUITER in visit.account.roles


@page(roles=SEERS)
def template(visit: Visit) -> HttpResponseBase:
    """A CSV with our own headers and one invented person."""
    return csv_file("tutors-template", COLUMNS, [[SAMPLE[column] for column in COLUMNS]])
