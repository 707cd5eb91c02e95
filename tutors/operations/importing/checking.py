"""The check of a file: every row gets its state, its faults, and whom it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from tutors.events import ImportChecked
from tutors.models import ImportRow, TutorImport
from tutors.operations.importing import facts
from tutors.rules.importing import CHUNK_ROWS, Row, Source, guess, read_row, read_sheet
from tutors.rules.importing.cells import BETWEEN
from tutors.rules.importing.hints import for_domain
from tutors.rules.states import ImportState, RowChoice, RowState
from workforce.models import Account, Domain
from workforce.operations.recording import record

FILE_NAME_CHARS_MAX = 200
TOLD_MAX = 3
"""Faults that one cell is told; with these put right the next show."""

COUNTED = {state: f"rows_{state.value}" for state in RowState}


@transaction.atomic
def check_file(
    *,
    source: Source,
    file_name: str,
    actor: Account,
    at: datetime,
    updates_known: bool = False,
    asks_namesakes: bool = False,
) -> TutorImport:
    """Read the file and keep its rows with their faults: the dry run.

    With `updates_known` a row with a tutor's e-mail brings newer facts, else it is left out;
    with `asks_namesakes` a row with a tutor's name and country waits for a decision.
    Raises `CannotReadFile` when the file as a whole cannot be read; then nothing is kept.
    """
    sheet = read_sheet(source)
    upload = TutorImport.objects.create(
        file_name=_plain(file_name),
        sha256=sheet.sha256,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        header=list(sheet.header),
        matching=list(guess(sheet.header)),
        updates_known=updates_known,
        asks_namesakes=asks_namesakes,
        checked_by=actor,
        checked_at=at,
    )
    rows = [ImportRow(number=n, raw=raw) for n, raw in enumerate(sheet.rows, start=1)]
    keep_rows(upload, rows)
    event = ImportChecked(subject=upload.public_id, rows=upload.rows_total, ready=upload.rows_ready)
    record(event=event, actor=actor, at=at)
    return upload


def keep_rows(upload: TutorImport, rows: Sequence[ImportRow]) -> None:
    """Check all rows of an import and store them; a constant number of statements a chunk."""
    judge = Judge.of(upload)
    read = [judge.read(row) for row in rows]
    firsts: dict[str, int] = {}
    for kept, row in zip(rows, read, strict=True):
        if row.address and kept.choice != RowChoice.SKIP:
            firsts.setdefault(row.address, row.number)
    pairs = list(zip(rows, read, strict=True))
    for start in range(0, len(pairs), CHUNK_ROWS):
        chunk = pairs[start : start + CHUNK_ROWS]
        judge.decide(chunk, firsts=firsts)
        ImportRow.objects.bulk_create(kept for kept, _row in chunk)
    count(upload)


@dataclass(kw_only=True)
class Judge:
    """Gives rows of one import their states."""

    upload: TutorImport
    slugs: set[str]

    @classmethod
    def of(cls, upload: TutorImport) -> "Judge":
        return cls(upload=upload, slugs=set(Domain.objects.values_list("slug", flat=True)))

    def read(self, row: ImportRow) -> Row:
        """The row under the import's matching; unknown domains are faults."""
        read = read_row(row.number, row.raw, mapping=self.upload.matching, edits=row.edits)
        entries = [part.strip() for part in BETWEEN.split(read.cells.get("domains", ""))]
        unknown = [entry for entry in entries if entry and entry not in self.slugs]
        if unknown:
            read.errors["domains"] = [
                for_domain(entry, slugs=self.slugs) for entry in unknown[:TOLD_MAX]
            ]
        return read

    def decide(self, pairs: Iterable[tuple[ImportRow, Row]], *, firsts: Mapping[str, int]) -> None:
        """Set what was found on the rows, without saving them; five statements at most."""
        pairs = list(pairs)
        for kept, row in pairs:
            first = firsts.get(row.address, row.number)
            if first != row.number and kept.choice != RowChoice.SKIP:
                row.errors["email"] = [
                    _("Row %d has this e-mail already. Keep one of them.") % first
                ]
        known = facts.look_up(
            [row.tutor for _kept, row in pairs if row.tutor and not row.errors],
            with_facts=self.upload.updates_known,
            with_names=self.upload.asks_namesakes,
        )
        for kept, row in pairs:
            kept.upload, kept.cells, kept.errors = self.upload, row.cells, row.errors
            kept.flags, kept.address, kept.twin = list(row.flags), row.address, None
            kept.state = self._state(kept, row, known)

    def _state(self, kept: ImportRow, row: Row, known: facts.Known) -> RowState:
        if kept.choice == RowChoice.SKIP:
            return RowState.SKIPPED
        if row.errors or row.tutor is None:
            return RowState.ERROR
        address = row.tutor.email.lower()
        tutor = known.tutors.get(address)
        if tutor is not None:
            kept.twin = tutor
            if facts.changes_of(tutor, row.tutor, cells=row.cells):
                return RowState.UPDATE
            kept.errors = {"email": [_("Already here with the same facts: nothing to do.")]}
            return RowState.DUPLICATE
        if address in known.addresses:
            kept.errors = {"email": [_("This e-mail has an account already.")]}
            return RowState.DUPLICATE
        namesake = known.namesake(row.tutor)
        if namesake is not None and kept.choice != RowChoice.KEEP_BOTH:
            kept.twin = namesake
            return RowState.POSSIBLE
        return RowState.READY


def count(upload: TutorImport) -> None:
    """Bring the kept counts in line with the rows, and save the import."""
    found = dict(upload.rows.values_list("state").annotate(Count("pk")).order_by())
    upload.rows_total = sum(found.values())
    for state, name in COUNTED.items():
        setattr(upload, name, found.get(state.value, 0))
    upload.save()


def open_for_change(upload: TutorImport) -> TutorImport | None:
    """The import under a lock, if it is still only checked."""
    rows = TutorImport.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=upload.pk, state=ImportState.CHECKED).first()


def _plain(file_name: str) -> str:
    """A name to show, never a path."""
    base = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in base if c.isprintable())[:FILE_NAME_CHARS_MAX] or "tutors.csv"
