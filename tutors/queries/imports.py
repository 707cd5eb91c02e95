"""Questions about imports: their rows by what they need, and who moved on since."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tutors.models import (
    Agreement,
    Contract,
    Credential,
    ImportRow,
    Qualification,
    Tutor,
    TutorImport,
)
from tutors.rules.importing import CHUNK_ROWS, COLUMNS
from tutors.rules.states import NEEDY, REJECTED, WRITTEN, ImportState, RowState
from workforce.models import Account, Event, Invitation, RoleGrant
from workforce.rules.tables import quoted

TABS = {
    "needed": NEEDY,
    "errors": (RowState.ERROR,),
    "duplicates": (RowState.POSSIBLE, RowState.DUPLICATE),
    "new": (RowState.READY,),
    "updates": (RowState.UPDATE,),
    "skipped": (RowState.SKIPPED,),
    "written": WRITTEN,
    "kept": (RowState.KEPT,),
    "undone": (RowState.UNDONE,),
    "rejected": REJECTED,
}


def imports_listed(*, rows: QuerySet[TutorImport]) -> QuerySet[TutorImport]:
    """The rows with who brought them."""
    return rows.select_related("checked_by", "committed_by", "undone_by")


def rows_in(*, upload: TutorImport, tab: str) -> QuerySet[ImportRow]:
    """The rows under one tab, all of them for an unknown one."""
    rows = upload.rows.select_related("tutor__account", "twin__account")
    return rows.filter(state__in=TABS[tab]) if tab in TABS else rows


def row_of(*, upload: TutorImport, number: int) -> ImportRow | None:
    return rows_in(upload=upload, tab="all").filter(number=number).first()


def examples(*, upload: TutorImport, rows: int) -> list[list[str]]:
    """For each column of the file what its first rows say."""
    raws = list(upload.rows.order_by("number").values_list("raw", flat=True)[:rows])
    return [
        [raw[place] for raw in raws if place < len(raw) and raw[place]]
        for place in range(len(upload.header))
    ]


def progress(*, upload: TutorImport) -> tuple[int, int]:
    """How many rows a commit or an undo has done, and of how many."""
    written = upload.rows_added + upload.rows_updated
    if upload.state == ImportState.UNDOING:
        back = upload.rows_undone + upload.rows_kept
        return back, back + written
    return written, written + upload.rows_ready + upload.rows_update


def rejected(*, upload: TutorImport) -> tuple[list[str], Iterator[list[str]]]:
    """The rows that were left out, under the file's own header, each with its row and reasons.

    Cells that were put right are as they were put; the file can be mended and sent again.
    """
    header = [quoted(name) for name in upload.header] or list(COLUMNS)
    rows = rows_in(upload=upload, tab="rejected").order_by("number").iterator(CHUNK_ROWS)
    return [*header, "row", "reasons"], (
        [*_line(upload, row), str(row.number), reasons_of(row)] for row in rows
    )


def reasons_of(row: ImportRow) -> str:
    """Why a row is left out, in one line of words."""
    said = [
        text if column == "row" else f"{column}: {text}"
        for column, texts in row.errors.items()
        for text in texts
    ]
    if row.state == RowState.SKIPPED:
        said.insert(0, _("Skipped."))
    if row.state == RowState.POSSIBLE and row.twin:
        said.append(
            _("Perhaps the same person as %(id)s, %(name)s.")
            % {"id": row.twin.public_id, "name": row.twin.account.name}
        )
    return " ".join(said)


def _line(upload: TutorImport, row: ImportRow) -> list[str]:
    if not upload.header:
        return [row.cells.get(column, "") for column in COLUMNS]
    left = dict(row.edits)
    cells = []
    for place, column in enumerate(upload.matching):
        came = row.raw[place] if place < len(row.raw) else ""
        cells.append(left.pop(column, "") if column in row.edits else came)
    return cells


def moved_on(*, tutor_ids: Sequence[int]) -> dict[int, str]:
    """Why each of these tutors is not as an import left her; those who are do not appear."""
    rows = (
        Tutor.objects.filter(pk__in=tutor_ids)
        .select_related("account")
        .annotate(
            invited=Exists(Invitation.objects.filter(account=OuterRef("account"))),
            proven=Exists(Credential.objects.filter(tutor=OuterRef("pk"))),
            qualified=Exists(Qualification.objects.filter(tutor=OuterRef("pk"))),
            contracted=Exists(Contract.objects.filter(tutor=OuterRef("pk"))),
            agreed=Exists(Agreement.objects.filter(tutor=OuterRef("pk"))),
            promoted=Exists(
                RoleGrant.objects.filter(account=OuterRef("account")).exclude(role="tutor")
            ),
        )
    )
    tutors = list(rows)
    subjects = {tutor.public_id for tutor in tutors}
    subjects |= {tutor.account.public_id for tutor in tutors}
    named = set(Event.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    found = {tutor.pk: _reason(tutor, named) for tutor in tutors}
    return {key: reason for key, reason in found.items() if reason}


def _reason(tutor: Tutor, named: set[str]) -> str:
    account: Account = tutor.account
    told = (
        (account.last_login is not None, _("Has signed in.")),
        (tutor.contracted, _("Has a contract.")),  # type: ignore[attr-defined]
        (tutor.agreed, _("Has agreements.")),  # type: ignore[attr-defined]
        (tutor.qualified, _("Has a qualification.")),  # type: ignore[attr-defined]
        (tutor.proven, _("Has credentials.")),  # type: ignore[attr-defined]
        (tutor.invited, _("Was invited.")),  # type: ignore[attr-defined]
        (tutor.promoted, _("Has another role.")),  # type: ignore[attr-defined]
        (not account.is_active, _("The account was closed.")),
        (tutor.facts_version != 1, _("Was changed since.")),
        (bool({tutor.public_id, account.public_id} & named), _("Was changed since.")),
    )
    return next((reason for true, reason in told if true), "")
