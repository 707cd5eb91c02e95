"""How rows of an import look: cells with their faults, and what may be done about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutors.rules.importing import COLUMNS
from tutors.rules.states import ImportState, RowState

LABELS = {
    "email": gettext_lazy("E-mail"),
    "name": gettext_lazy("Name"),
    "country": gettext_lazy("Country"),
    "region": gettext_lazy("Region"),
    "time_zone": gettext_lazy("Time zone"),
    "domains": gettext_lazy("Domains"),
    "languages": gettext_lazy("Languages"),
    "capacity": gettext_lazy("Tasks at a time"),
    "headline": gettext_lazy("Headline"),
}
ALWAYS = ("name", "email", "country", "domains")
"""Columns of every table of rows; the others show where something is wrong in them."""

ORDER = ("name", "email", "country", "region", "time_zone", "domains", "languages", "capacity",
         "headline")  # fmt: skip

PILLS: dict[str, tuple[str, Any, str]] = {
    RowState.READY: ("ok", gettext_lazy("New"), "circle-plus"),
    RowState.UPDATE: ("info", gettext_lazy("Update"), "refresh"),
    RowState.POSSIBLE: ("warn", gettext_lazy("Needs you"), "users"),
    RowState.ERROR: ("bad", gettext_lazy("Error"), "alert-circle"),
    RowState.DUPLICATE: ("", gettext_lazy("Left out"), "copy"),
    RowState.SKIPPED: ("", gettext_lazy("Skipped"), "player-skip-forward"),
    RowState.ADDED: ("ok", gettext_lazy("Added"), "circle-check"),
    RowState.UPDATED: ("ok", gettext_lazy("Updated"), "circle-check"),
    RowState.UNDONE: ("", gettext_lazy("Taken back"), "arrow-back-up"),
    RowState.KEPT: ("warn", gettext_lazy("Stays"), "user-check"),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    column: str
    label: Any
    value: str
    faults: Sequence[str] = ()
    note: str = ""
    href_id: str = ""

    @property
    def editable(self) -> bool:
        return bool(self.faults)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A row as the table shows it."""

    number: int
    state: str
    cells: list[Cell]
    pill: tuple[str, Any, str]
    faults: list[str] = field(default_factory=list)
    can_skip: bool = False
    can_unskip: bool = False
    can_keep_both: bool = False


def columns_for(rows: Iterable[Any]) -> list[str]:
    """The columns that these rows need."""
    wanted = {column for row in rows if row.state == RowState.ERROR for column in row.errors}
    return [column for column in ORDER if column in ALWAYS or column in wanted]


def asked_columns(text: str) -> list[str]:
    """The columns that a page says it shows; the usual ones if it says nothing sensible."""
    wanted = set(text.split(","))
    return [column for column in ORDER if column in wanted] or list(ALWAYS)


def labelled(columns: Iterable[str]) -> list[tuple[str, Any]]:
    return [(column, LABELS[column]) for column in columns]


def show(row: Any, *, columns: Sequence[str], upload: Any, may_change: bool) -> Shown:
    is_open = may_change and upload.state == ImportState.CHECKED
    return Shown(
        number=row.number,
        state=row.state,
        cells=[
            _cell(row, column, is_open=is_open, year=upload.checked_at.year) for column in columns
        ],
        pill=PILLS[row.state],
        faults=_elsewhere(row, columns),
        can_skip=is_open and row.state not in (RowState.SKIPPED, RowState.DUPLICATE),
        can_unskip=is_open and row.state == RowState.SKIPPED,
        can_keep_both=is_open and row.state == RowState.POSSIBLE,
    )


def _cell(row: Any, column: str, *, is_open: bool, year: int) -> Cell:
    tutor = row.tutor if column == "name" and row.tutor else None
    is_wrong = is_open and row.state == RowState.ERROR
    faults = row.errors.get(column, ()) if is_wrong else ()
    text = row.cells.get(column, "")
    return Cell(
        column=column,
        label=LABELS[column],
        value=text if faults else "; ".join(part.strip() for part in text.split(";")),
        faults=faults,
        note=_note(row, year=year) if column == "name" else "",
        href_id=tutor.public_id if tutor else "",
    )


def _note(row: Any, *, year: int) -> str:
    """Whom the row may double, or what it updates."""
    if row.state not in (RowState.POSSIBLE, RowState.UPDATE) or row.twin is None:
        return ""
    since = f"{row.twin.added_at.day} {row.twin.added_at:%b}"
    if row.twin.added_at.year != year:
        since += f" {row.twin.added_at.year}"
    if row.state == RowState.UPDATE:
        return _("Here since %s. Newer facts are written.") % since
    return _("Same name and country as %(email)s, here since %(since)s") % {
        "email": row.twin.account.email,
        "since": since,
    }


def _elsewhere(row: Any, columns: Sequence[str]) -> list[str]:
    """Faults that no cell of the table shows."""
    if row.state == RowState.SKIPPED:
        return []
    shown = set(columns) if row.state == RowState.ERROR else set()
    return [text for column, texts in row.errors.items() if column not in shown for text in texts]


def options() -> list[tuple[str, Any]]:
    """What a column of a file may hold, in the order of the form."""
    return [(column, LABELS[column]) for column in sorted(COLUMNS, key=ORDER.index)]
