"""A file of text becomes rows: its encoding and its delimiter are found out and named."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from tutors.rules.importing.limits import (
    COLUMNS_MAX,
    FILE_BYTES_MAX,
    HEADER_CHARS_MAX,
    LINE_BYTES_MAX,
    ROWS_MAX,
)
from tutors.rules.importing.matching import guess
from workforce.rules.problems import Invalid

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SNIFFED_BYTES = 4_096
_FOREIGN = {
    b"PK\x03\x04": "an Excel or OpenDocument workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}


class CannotReadFile(Invalid):
    """The file as a whole cannot be read; nothing was written."""

    code = "file_not_readable"
    title = "This file cannot be read"


class Source(Protocol):
    """A file opened for bytes."""

    def readline(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file as it was read: `rows` are the lines below the header, as wide as they came."""

    header: tuple[str, ...]
    rows: list[list[str]]
    encoding: str
    delimiter: str
    sha256: str


def read_sheet(source: Source) -> Sheet:
    """Read a file of at most 10 MB and 10,000 rows.

    Raises `CannotReadFile`, with the line, the encoding and the delimiter it was read with,
    for anything else than delimited text.
    """
    raw = _bytes(source)
    text, encoding = _text(raw)
    delimiter = _delimiter(text)
    records = _records(text, encoding=encoding, delimiter=delimiter)
    header = _header(next(records, []))
    rows: list[list[str]] = []
    for record in records:
        if len(rows) == ROWS_MAX:
            raise CannotReadFile(f"At most {ROWS_MAX} rows in one file. Split it.")
        rows.append(record)
    return Sheet(
        header=header,
        rows=rows,
        encoding=encoding,
        delimiter=DELIMITERS[delimiter],
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _bytes(source: Source) -> bytes:
    """All of the file, given up at the first line or byte too many."""
    parts: list[bytes] = []
    total = 0
    while part := source.readline(LINE_BYTES_MAX + 1):
        parts.append(part)
        total += len(part)
        if len(part) > LINE_BYTES_MAX:
            raise CannotReadFile(
                f"Line {len(parts)} is longer than {LINE_BYTES_MAX} bytes. "
                "Is this a CSV, one row a line?",
                errors={"file": [f"Line {len(parts)} is too long."]},
            )
        if total > FILE_BYTES_MAX:
            raise CannotReadFile(f"The file is larger than {FILE_BYTES_MAX} bytes. Split it.")
    return b"".join(parts)


def _text(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding."""
    for start, what in _FOREIGN.items():
        if raw.startswith(start):
            raise CannotReadFile(
                f"This is {what}, not a CSV. Save it as “CSV UTF-8” and send that.",
                errors={"file": ["It is not text."]},
            )
    text, name = _decoded(raw)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise CannotReadFile(
            f"Line {line} is not text (read as {name}). "
            "Save the file as “CSV UTF-8” and try again.",
            errors={"file": [f"Line {line} is not text."]},
        )
    return text, name


def _decoded(raw: bytes) -> tuple[str, str]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as fault:
            raise _undecodable(raw, fault.start, "UTF-16") from None
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as fault:
        if raw.startswith(codecs.BOM_UTF8):
            raise _undecodable(raw, fault.start, "UTF-8") from None
    try:
        return raw.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as fault:
        raise _undecodable(raw, fault.start, "UTF-8 nor Windows-1252") from None


def _undecodable(raw: bytes, place: int, name: str) -> CannotReadFile:
    line = raw.count(b"\n", 0, place) + 1
    either = "neither " if " nor " in name else "not "
    return CannotReadFile(
        f"Line {line} is {either}{name} text. Save the file as “CSV UTF-8” and try again.",
        errors={"file": [f"Line {line} is {either}{name}."]},
    )


def _delimiter(text: str) -> str:
    """What parts the header best: into the most columns that we know, then the most at all."""
    first = next((line for line in text[:_SNIFFED_BYTES].splitlines() if line.strip()), "")

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(map(bool, guess(cells))), len(cells)

    return max(DELIMITERS, key=worth)


def _records(text: str, *, encoding: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise CannotReadFile(
                f"Line {reader.line_num} is not sound CSV ({fault}). Is a quote left open? "
                f"Read as {encoding}, {DELIMITERS[delimiter]}.",
                errors={"file": [f"Line {reader.line_num}."]},
            ) from None
        if any(cell.strip() for cell in record):
            yield record


def _header(cells: list[str]) -> tuple[str, ...]:
    if not cells:
        raise CannotReadFile(
            "The file is empty. The first line names the columns, such as email and name.",
            errors={"file": ["There is nothing in it."]},
        )
    if len(cells) > COLUMNS_MAX:
        raise CannotReadFile(
            f"The first line has {len(cells)} columns. At most {COLUMNS_MAX}: remove the others.",
            errors={"file": ["Too many columns."]},
        )
    return tuple(cell.strip()[:HEADER_CHARS_MAX] for cell in cells)
