"""Tutors from a CSV file: read within bounds, matched, every fault by row and column."""

from tutors.rules.importing.cells import NewTutor, Row, read_cells, read_row
from tutors.rules.importing.limits import (
    CELL_CHARS_MAX,
    CHUNK_ROWS,
    COLUMNS_MAX,
    FILE_BYTES_MAX,
    LINE_BYTES_MAX,
    ROWS_MAX,
    UNDO_DAYS,
)
from tutors.rules.importing.matching import COLUMNS, REQUIRED, guess, missing
from tutors.rules.importing.reading import (
    FORMULA_STARTS,
    CannotReadFile,
    Sheet,
    Source,
    read_sheet,
)

__all__ = [
    "CELL_CHARS_MAX",
    "CHUNK_ROWS",
    "COLUMNS",
    "COLUMNS_MAX",
    "FILE_BYTES_MAX",
    "FORMULA_STARTS",
    "LINE_BYTES_MAX",
    "REQUIRED",
    "ROWS_MAX",
    "UNDO_DAYS",
    "CannotReadFile",
    "NewTutor",
    "Row",
    "Sheet",
    "Source",
    "guess",
    "missing",
    "read_cells",
    "read_row",
    "read_sheet",
]
