"""Taking a whole import back: whoever was added and has not moved on goes, updates go back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from tutors.events import ImportStarted, ImportUndone, ProfileChanged
from tutors.models import ImportRow, Tutor, TutorImport
from tutors.operations.facts import hold, raise_versions
from tutors.operations.importing import facts
from tutors.operations.importing.checking import count
from tutors.queries.imports import moved_on
from tutors.rules.importing import CHUNK_ROWS, UNDO_DAYS
from tutors.rules.states import WRITTEN, ImportState, RowState
from workforce.models import Account
from workforce.operations.recording import record, record_all
from workforce.rules.problems import Conflict


class CannotUndo(Conflict):
    code = "import_not_undone"


@transaction.atomic
def undo(*, upload: TutorImport, actor: Account, at: datetime) -> TutorImport:
    """Take back what an import wrote within 7 days: at most 500 rows now, more by jobs.

    Nobody who moved on since (signed in, invited, proven, under contract, changed) is touched:
    those rows are `kept`, with the reason. Raises `CannotUndo` for any other state or later.
    """
    mine = TutorImport.objects.filter(
        pk=upload.pk,
        state=ImportState.COMMITTED,
        committed_at__gt=at - timedelta(days=UNDO_DAYS),
    )
    if not mine.update(state=ImportState.UNDOING, undone_by=actor, undone_at=at):
        raise CannotUndo(
            _("Only an import of the last %d days that was committed can be undone.") % UNDO_DAYS
        )
    upload.refresh_from_db()
    if upload.rows_added + upload.rows_updated > CHUNK_ROWS:
        event = ImportStarted(subject=upload.public_id, act="undo")
        record(event=event, actor=actor, at=at)
    else:
        undo_chunk(upload, at=at)
    return upload


def undo_chunk(upload: TutorImport, *, at: datetime) -> bool:
    """Take the next rows back; True while more are left. Called under the import's lock."""
    rows = list(upload.rows.filter(state__in=WRITTEN).order_by("number")[: CHUNK_ROWS + 1])
    more = len(rows) > CHUNK_ROWS
    rows = rows[:CHUNK_ROWS]
    _restore(upload, [row for row in rows if row.state == RowState.UPDATED], at=at)
    _remove([row for row in rows if row.state == RowState.ADDED])
    ImportRow.objects.bulk_update(rows, ["state", "errors"])
    if not more:
        upload.state = ImportState.UNDONE
    count(upload)
    if not more:
        event = ImportUndone(
            subject=upload.public_id, undone=upload.rows_undone, kept=upload.rows_kept
        )
        record(event=event, actor=upload.undone_by_id, at=at)
    return more


def _restore(upload: TutorImport, rows: Sequence[ImportRow], *, at: datetime) -> None:
    if not rows:
        return
    ids = [row.tutor_id for row in rows if row.tutor_id]
    raise_versions(tutor_ids=ids)
    found = Tutor.objects.select_related("account").prefetch_related("domains", "languages")
    tutors = found.in_bulk(ids)
    pairs, events = [], []
    for row in rows:
        tutor = tutors.get(row.tutor_id or 0)
        changes: facts.Changes = row.before or {}
        if tutor is None or not facts.still_so(tutor, changes):
            _keep(row, _("Changed again since the import."))
            continue
        row.state = RowState.UNDONE
        pairs.append((tutor, changes))
        events.append(ProfileChanged(subject=tutor.public_id, fields=tuple(sorted(changes))))
    facts.take_back(pairs)
    record_all(events=events, actor=upload.undone_by_id, at=at)


def _remove(rows: Sequence[ImportRow]) -> None:
    """Delete the people whom nobody has touched; they are strangers who left no trace."""
    if not rows:
        return
    ids = [row.tutor_id for row in rows if row.tutor_id]
    hold(tutor_ids=ids)
    reasons = moved_on(tutor_ids=ids)
    going = []
    for row in rows:
        if row.tutor_id is None:
            _keep(row, _("Is not here any more."))
        elif row.tutor_id in reasons:
            _keep(row, reasons[row.tutor_id])
        else:
            going.append(row)
    together = _deleted([row.tutor_id for row in going if row.tutor_id])
    for row in going:
        if together or _deleted([row.tutor_id or 0]):
            row.state = RowState.UNDONE
        else:
            _keep(row, _("Other records name this person."))


def _deleted(tutor_ids: Sequence[int]) -> bool:
    """Delete tutors with their accounts; False, and nothing done, if others hold on to one."""
    try:
        with transaction.atomic():
            tutors = Tutor.objects.filter(pk__in=tutor_ids)
            accounts = list(tutors.values_list("account_id", flat=True))
            tutors.delete()
            Account.objects.filter(pk__in=accounts).delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def _keep(row: ImportRow, reason: str) -> None:
    row.state = RowState.KEPT
    row.errors = {"row": [reason]}
