"""How much one import may hold."""

ROWS_MAX = 10_000
FILE_BYTES_MAX = 10 * 1024 * 1024
LINE_BYTES_MAX = 64 * 1024
CELL_CHARS_MAX = 2_000
COLUMNS_MAX = 40
HEADER_CHARS_MAX = 80
CHUNK_ROWS = 500
"""Rows written in one transaction; as many are committed on the spot, more by jobs."""

UNDO_DAYS = 7
