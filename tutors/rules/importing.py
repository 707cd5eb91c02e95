"""Tutors from a CSV file: read as a stream, within bounds, every fault by row and column."""

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypeVar

from tutors.rules import profiles
from tutors.rules.languages import Level
from workforce.rules.problems import Invalid

ROWS_MAX = 10_000
FILE_BYTES_MAX = 10 * 1024 * 1024
LINE_BYTES_MAX = 64 * 1024
CELL_CHARS_MAX = 2_000
COLUMNS_MAX = 40

COLUMNS = (
    "email",
    "name",
    "country",
    "region",
    "time_zone",
    "domains",
    "languages",
    "capacity",
    "headline",
)
REQUIRED = ("email", "name", "country", "time_zone", "domains", "languages")
"""The header of a file names each of these once, in any order; the others may be left out."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CannotReadFile(Invalid):
    """The file as a whole cannot be read; nothing was written."""

    code = "file_not_readable"
    title = "This file cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTutor:
    """A clean row: what an operation needs to add the person."""

    email: str
    name: str
    country: str
    region: str
    time_zone: str
    domains: tuple[str, ...]
    languages: tuple[tuple[str, Level], ...]
    capacity: int = profiles.CAPACITY_DEFAULT
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file, counted from 1 below the header; `tutor` only without errors.

    `flags` names columns that look like a formula: kept as text, and quoted in any export.
    """

    number: int
    cells: Mapping[str, str]
    tutor: NewTutor | None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


class Source(Protocol):
    """A file opened for bytes."""

    def readline(self, size: int = -1, /) -> bytes: ...


def read_rows(source: Source) -> Iterator[Row]:
    """The rows, one at a time; never holds more than one line of at most 64 KB.

    Raises `CannotReadFile` for another encoding than UTF-8, an overlong line or file, an
    unknown, missing or doubled column, and more than 10,000 rows. A fault of one row is in
    that row.
    """
    records = _records(source)
    header = _header(next(records, []))
    seen: dict[str, int] = {}
    for number, cells in enumerate(records, start=1):
        if number > ROWS_MAX:
            raise CannotReadFile(f"At most {ROWS_MAX} rows in one file. Split it.")
        row = _row(number, header=header, cells=cells)
        yield _once(row, seen=seen)


def read_cells(cells: Mapping[str, str]) -> NewTutor:
    """The tutor of a row that was read before without errors; `ValueError` if it has some."""
    errors: dict[str, list[str]] = {}
    tutor = _Cells(cells, errors).tutor()
    if errors:
        raise ValueError(f"the row has errors in {', '.join(sorted(errors))}")
    return tutor


def _records(source: Source) -> Iterator[list[str]]:
    reader = csv.reader(_lines(source), strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise CannotReadFile(
                f"Line {reader.line_num} is not sound CSV ({fault}). Is a quote left open?",
                errors={"file": [f"Line {reader.line_num}."]},
            ) from None
        if any(cell.strip() for cell in record):
            yield record


def _lines(source: Source) -> Iterator[str]:
    total, number = 0, 0
    while raw := source.readline(LINE_BYTES_MAX + 1):
        number, total = number + 1, total + len(raw)
        if len(raw) > LINE_BYTES_MAX:
            raise CannotReadFile(
                f"Line {number} is longer than {LINE_BYTES_MAX} bytes.",
                errors={"file": [f"Line {number} is too long."]},
            )
        if total > FILE_BYTES_MAX:
            raise CannotReadFile(f"The file is larger than {FILE_BYTES_MAX} bytes. Split it.")
        yield _text(raw, number=number)


def _text(raw: bytes, *, number: int) -> str:
    body = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise CannotReadFile(
            f"Line {number} is not UTF-8 text. Save the file as “CSV UTF-8” and try again.",
            errors={"file": [f"Line {number} is not UTF-8."]},
        )
    return text


def _header(cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().casefold() for cell in cells)
    errors: dict[str, list[str]] = {}
    for name in names[:COLUMNS_MAX]:
        if name not in COLUMNS:
            errors[name[:80] or "(empty)"] = ["This column is not known."]
        elif names.count(name) > 1:
            errors[name] = ["This column is there twice."]
    for name in REQUIRED:
        if name not in names:
            errors[name] = ["This column is missing."]
    if errors or len(names) > COLUMNS_MAX:
        hint = " Separate columns by commas." if len(cells) == 1 and ";" in cells[0] else ""
        raise CannotReadFile(
            f"The first line must name the columns {', '.join(REQUIRED)}, "
            f"and may name {', '.join(c for c in COLUMNS if c not in REQUIRED)}.{hint}",
            errors=errors,
        )
    return names


def _once(row: Row, *, seen: dict[str, int]) -> Row:
    """The row, refused if an earlier one has its e-mail."""
    address = row.cells.get("email", "").strip().casefold()
    first = seen.setdefault(address, row.number) if address else row.number
    if first == row.number:
        return row
    errors = {**row.errors, "email": [f"Row {first} has this e-mail already."]}
    return Row(number=row.number, cells=row.cells, tutor=None, errors=errors, flags=row.flags)


def _row(number: int, *, header: tuple[str, ...], cells: list[str]) -> Row:
    errors: dict[str, list[str]] = {}
    if len(cells) != len(header):
        errors["row"] = [f"{len(cells)} cells where the header has {len(header)}."]
    kept = {name: cell[:CELL_CHARS_MAX].strip() for name, cell in zip(header, cells, strict=False)}
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > CELL_CHARS_MAX:
            errors[name] = [f"At most {CELL_CHARS_MAX} characters."]
    flags = tuple(name for name, cell in kept.items() if cell.startswith(FORMULA_STARTS))
    read = _Cells(kept, errors)
    tutor = read.tutor()
    return Row(
        number=number,
        cells=MappingProxyType(kept),
        tutor=None if errors else tutor,
        errors=errors,
        flags=flags,
    )


_Result = TypeVar("_Result")


class _Cells:
    """Reads each cell with its reader; a fault goes to its column."""

    def __init__(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> None:
        self.cells, self.errors = cells, errors

    def read(self, column: str, reader: Callable[[str], _Result], *, empty: _Result) -> _Result:
        """The clean value; `empty` where the cell is empty (a fault if required) or at fault."""
        cell = self.cells.get(column, "")
        if not cell and column not in REQUIRED:
            return empty
        try:
            return reader(cell)
        except ValueError as fault:
            self.errors.setdefault(column, []).append(str(fault) if cell else "This is needed.")
            return empty

    def tutor(self) -> NewTutor:
        country = self.read("country", profiles.country, empty="")
        return NewTutor(
            email=self.read("email", profiles.email, empty=""),
            name=self.read("name", profiles.name, empty=""),
            country=country,
            region=self.read("region", lambda c: profiles.region(c, country=country), empty=""),
            time_zone=self.read("time_zone", profiles.zone, empty="UTC"),
            domains=self.read("domains", _domains, empty=()),
            languages=self.read("languages", _languages, empty=()),
            capacity=self.read("capacity", _capacity, empty=profiles.CAPACITY_DEFAULT),
            headline=self.read("headline", _headline, empty=""),
        )


def _listed(cell: str, *, most: int) -> list[str]:
    entries = [entry.strip() for entry in cell.split(";") if entry.strip()]
    if not 1 <= len(entries) <= most:
        raise ValueError(f"From 1 to {most} entries, separated by semicolons.")
    return entries


def _domains(cell: str) -> tuple[str, ...]:
    entries = _listed(cell, most=profiles.DOMAINS_MAX)
    return tuple(dict.fromkeys(profiles.speciality(entry) for entry in entries))


def _languages(cell: str) -> tuple[tuple[str, Level], ...]:
    found: dict[str, Level] = {}
    for entry in _listed(cell, most=profiles.LANGUAGES_MAX):
        tag, colon, level = entry.partition(":")
        if not colon:
            raise ValueError("Write each language as tag:level, such as en:C2.")
        tag, known = profiles.language(tag, level)
        if tag in found:
            raise ValueError(f"“{tag}” is there twice.")
        found[tag] = known
    return tuple(found.items())


def _capacity(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit() or len(cell) > 3:
        raise ValueError("This must be a whole number.")
    return profiles.capacity(int(cell))


def _headline(cell: str) -> str:
    if len(cell) > profiles.HEADLINE_MAX:
        raise ValueError(f"At most {profiles.HEADLINE_MAX} characters.")
    return cell
