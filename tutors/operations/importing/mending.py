"""Between check and commit: match the columns, put a cell right, decide on a row, give up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from tutors.events import ImportDiscarded, ImportMatched, ImportRowChanged
from tutors.models import ImportRow, TutorImport
from tutors.operations.importing.checking import Judge, count, keep_rows, open_for_change
from tutors.rules.importing import CELL_CHARS_MAX, CHUNK_ROWS, COLUMNS, Row
from tutors.rules.importing.matching import faults
from tutors.rules.states import ImportState, RowChoice, RowState
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import Conflict, Invalid, NotFound


class CannotChangeImport(Conflict):
    code = "import_not_open"


class CannotFix(Invalid):
    code = "cell_not_valid"


class Act(StrEnum):
    """What a person may say about a row."""

    SKIP = "skip"
    UNSKIP = "unskip"
    KEEP_BOTH = "keep_both"


_CHOICES = {
    Act.SKIP: RowChoice.SKIP,
    Act.UNSKIP: RowChoice.NONE,
    Act.KEEP_BOTH: RowChoice.KEEP_BOTH,
}


@transaction.atomic
def match_columns(
    *, upload: TutorImport, columns: Sequence[str], actor: Account, at: datetime
) -> TutorImport:
    """Say for each column of the file what it holds (empty: left out); checks all rows again.

    Cells that were put right stay so. Raises `CannotFix` for a matching that cannot be.
    """
    held = _open(upload)
    errors = faults(columns, width=len(held.header))
    if errors:
        raise CannotFix(_("This matching cannot be used; nothing was changed."), errors=errors)
    held.matching = list(columns)
    rows = list(held.rows.order_by("number"))
    held.rows.all().delete()
    keep_rows(held, [_again(row) for row in rows])
    event = ImportMatched(subject=held.public_id, columns=tuple(columns))
    record(event=event, actor=actor, at=at)
    return held


@dataclass(frozen=True, kw_only=True)
class Mended:
    """The row after the check, and the numbers of rows that were checked again with it."""

    row: ImportRow
    others: tuple[int, ...]


@transaction.atomic
def fix_cells(
    *, upload: TutorImport, number: int, values: Mapping[str, str], actor: Account, at: datetime
) -> Mended:
    """Write other texts into cells of a row, and check it again; what is wrong is in the row."""
    held = _open(upload)
    row = _row(held, number)
    for column, value in values.items():
        if column not in COLUMNS:
            raise CannotFix(_("There is no such column."), errors={"column": [column[:80]]})
        if len(value) > CELL_CHARS_MAX or "\x00" in value:
            raise CannotFix(
                _("The cell was not changed."),
                errors={"value": [_("At most %d characters of text.") % CELL_CHARS_MAX]},
            )
        row.edits[column] = value.strip()
    return _checked(held, row, act="fix", actor=actor, at=at)


@transaction.atomic
def decide(*, upload: TutorImport, number: int, act: Act, actor: Account, at: datetime) -> Mended:
    """Skip a row, take it in again, or say that a namesake is another person."""
    held = _open(upload)
    row = _row(held, number)
    row.choice = _CHOICES[act]
    return _checked(held, row, act=act.value, actor=actor, at=at)


@transaction.atomic
def discard(*, upload: TutorImport, actor: Account, at: datetime) -> None:
    """Give an import up before anything was written: its rows are deleted."""
    held = _open(upload)
    held.rows.all().delete()
    held.state = ImportState.DISCARDED
    held.save(update_fields=["state"])
    record(event=ImportDiscarded(subject=held.public_id), actor=actor, at=at)


def _open(upload: TutorImport) -> TutorImport:
    held = open_for_change(upload)
    if held is None:
        raise CannotChangeImport(
            _("This import was committed or discarded meanwhile. Nothing was changed.")
        )
    return held


def _row(upload: TutorImport, number: int) -> ImportRow:
    row = upload.rows.filter(number=number).first()
    if row is None:
        raise NotFound(_("This import has no row %d.") % number)
    return row


def _again(row: ImportRow) -> ImportRow:
    """The row as it came, with what people said about it, to be checked anew."""
    return ImportRow(number=row.number, raw=row.raw, edits=row.edits, choice=row.choice)


def _checked(
    upload: TutorImport, row: ImportRow, *, act: str, actor: Account, at: datetime
) -> Mended:
    """Check the row again, and those that have, or had, the same address."""
    judge = Judge.of(upload)
    addresses = {row.address, judge.read(row).address}
    others = upload.rows.filter(address__in=addresses - {""}).exclude(pk=row.pk)
    affected = [row, *others.order_by("number")[:CHUNK_ROWS]]
    pairs = [(row, judge.read(row)) for row in affected]
    firsts = _firsts(pairs, upload, addresses - {""})
    judge.decide(pairs, firsts=firsts)
    fields = ["choice", "edits", "state", "cells", "errors", "flags", "address", "twin"]
    ImportRow.objects.bulk_update(affected, fields)
    count(upload)
    event = ImportRowChanged(subject=upload.public_id, row=row.number, act=act)
    record(event=event, actor=actor, at=at)
    return Mended(row=row, others=tuple(other.number for other in affected[1:]))


def _firsts(
    pairs: Sequence[tuple[ImportRow, Row]], upload: TutorImport, addresses: set[str]
) -> dict[str, int]:
    """For each address the first row that wants it."""
    looked_at = [kept.pk for kept, _row in pairs]
    rows = upload.rows.filter(address__in=addresses).exclude(pk__in=looked_at)
    rows = rows.exclude(state=RowState.SKIPPED)
    firsts = dict(rows.values_list("address").annotate(Min("number")).order_by())
    for kept, row in pairs:
        if row.address and kept.choice != RowChoice.SKIP:
            firsts[row.address] = min(firsts.get(row.address, row.number), row.number)
    return firsts
