"""Reading what clients hand in: rows as a stream, none longer than a limit, faults by line."""

import codecs
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

LINE_BYTES_MAX = 4 * 1024 * 1024
"""A longer line is refused without being held in memory."""

SKIP_BYTES = 256 * 1024
CHUNK_ROWS = 20_000
CHUNK_BYTES = 32 * 1024 * 1024
"""What one job loads, so that it ends within a few seconds."""

CHECK_ROWS = 1_000
"""Rows that are checked and copied together."""

ITEMS_MAX = 100_000
"""Items in one JSON body; more come as a file."""

ROW_ERRORS_SHOWN = 100


class BatchFormat(StrEnum):
    JSON = "json"  # a list of items in a request's body
    JSONL = "jsonl"  # one item a line
    CSV = "csv"  # one item a row, under a header


class CannotReadLine(Exception):
    """One line (or the record it begins) cannot be read; the next ones may be."""


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is fit for a person."""


def _number(text: str) -> float | int:
    """A number with a fraction or an exponent, as normalising would leave it: `5.0` is 5."""
    value = float(text)
    return int(value) if value.is_integer() else value


_DECODER = json.JSONDecoder(parse_float=_number)


@dataclass(slots=True)
class Record:
    """One row as it came: `item` is None when it has `errors`. `end` is the byte after it.

    `tidy`: normalising the item would change nothing, as no text holds a carriage return.
    """

    row: int
    item: Any
    end: int
    line: int
    errors: dict[str, list[str]] = field(default_factory=dict)
    tidy: bool = False


class Lines:
    """Text lines of a binary file from `offset` on; knows how far it has come.

    `line` is the number of the line read last, counted from 1.
    """

    def __init__(self, file: IO[bytes], *, offset: int = 0, line: int = 0) -> None:
        file.seek(offset)
        self._file = file
        self.position = offset
        self.line = line
        self.record_from = offset

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        raw = self._file.readline(LINE_BYTES_MAX + 1)
        if not raw:
            raise StopIteration
        self.line += 1
        self.position += len(raw)
        if len(raw) > LINE_BYTES_MAX or self.position - self.record_from > LINE_BYTES_MAX:
            self._skip(raw)
            raise CannotReadLine(
                f"Line {self.line} makes a row of more than {LINE_BYTES_MAX // 1024**2} MB."
            )
        if self.position == len(raw):
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise CannotReadLine(
                f"Line {self.line} is not UTF-8: byte 0x{raw[problem.start]:02X} at place "
                f"{problem.start + 1}. Save the file as UTF-8."
            ) from None

    def _skip(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._file.readline(SKIP_BYTES)
            self.position += len(raw)


def check_start(file: IO[bytes]) -> None:
    """`Unreadable` for a file that is empty or plainly no UTF-8 text."""
    start = file.read(4)
    file.seek(0)
    if not start:
        raise Unreadable("The file is empty.")
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\x00" in start:
        raise Unreadable("The file is UTF-16 or not text at all. Save it as UTF-8.")
    if start[:2] == b"\x1f\x8b" or start[:2] == b"PK":
        raise Unreadable("The file is compressed. Unpack it first.")


def json_rows(file: IO[bytes], *, offset: int, line: int, numbered: int | None) -> Iterator[Record]:
    """Rows of a JSONL file. `numbered` counts rows from there; None numbers them by line."""
    lines = Lines(file, offset=offset, line=line)
    while True:
        lines.record_from = lines.position
        try:
            text = next(lines)
        except StopIteration:
            return
        except CannotReadLine as problem:
            text, fault = "", str(problem)
        else:
            if not text.strip():
                continue
            fault = ""
        numbered = numbered + 1 if numbered is not None else None
        row = Record(numbered or lines.line, None, lines.position, lines.line)
        if fault:
            row.errors[""] = [fault]
        else:
            _decode(row, text)
        yield row


def _decode(row: Record, text: str) -> None:
    try:
        row.item = _DECODER.decode(text)
        row.tidy = "\\r" not in text and "\\u000" not in text
    except RecursionError:
        row.errors[""] = ["Nested too deep."]
    except ValueError as problem:
        row.errors[""] = [f"Line {row.line} is not valid JSON: {problem}."]


def csv_records(file: IO[bytes], *, offset: int, line: int) -> Iterator[Record]:
    """Records of a CSV file; each `item` is its list of cells, numbered by their first line."""
    csv.field_size_limit(LINE_BYTES_MAX)
    lines = Lines(file, offset=offset, line=line)
    reader = csv.reader(lines, strict=True)
    while True:
        lines.record_from, first = lines.position, lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except CannotReadLine as problem:
            yield _faulty(lines, row=first, message=str(problem))
        except csv.Error as problem:
            message = f"Line {first} is not sound CSV ({problem}). Is a quote left open?"
            yield _faulty(lines, row=first, message=message)
        else:
            if any(cell.strip() for cell in cells):
                yield Record(first, cells, lines.position, lines.line)


def _faulty(lines: Lines, *, row: int, message: str) -> Record:
    return Record(row, None, lines.position, lines.line, {"": [message]})


def shown_id(item: Any) -> str:
    """An item's external id as far as it can be shown beside its errors."""
    given = item.get("external_id") if isinstance(item, dict) else None
    if not isinstance(given, str):
        return ""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in given)
    return plain.encode("utf-8", "replace").decode()[:200]
