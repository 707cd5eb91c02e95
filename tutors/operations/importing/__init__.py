"""Tutors by CSV: a check that writes nothing about anybody, mending, one commit, an undo."""

from tutors.operations.importing.checking import check_file
from tutors.operations.importing.committing import CannotCommit, commit, work_on
from tutors.operations.importing.mending import (
    CannotChangeImport,
    decide,
    discard,
    fix_cells,
    match_columns,
)
from tutors.operations.importing.undoing import CannotUndo, undo

__all__ = [
    "CannotChangeImport",
    "CannotCommit",
    "CannotUndo",
    "check_file",
    "commit",
    "decide",
    "discard",
    "fix_cells",
    "match_columns",
    "undo",
    "work_on",
]
