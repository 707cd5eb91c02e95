"""The facts in a row: each cell is read, and each fault says how to mend it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tutors.rules import profiles
from tutors.rules.importing import hints
from tutors.rules.importing.limits import CELL_CHARS_MAX
from tutors.rules.importing.matching import REQUIRED, cells_of
from tutors.rules.importing.reading import FORMULA_STARTS
from tutors.rules.languages import Level

BETWEEN = re.compile(r"[;,|\n]")


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
    cells: dict[str, str]
    tutor: NewTutor | None
    errors: dict[str, list[str]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The e-mail as it is compared."""
        return self.cells.get("email", "").strip().casefold()[: profiles.EMAIL_MAX]


def read_row(
    number: int,
    raw: Sequence[str],
    *,
    mapping: Sequence[str],
    edits: Mapping[str, str] | None = None,
) -> Row:
    """A line of the file under a matching; `edits` are cells that a person has put right."""
    errors: dict[str, list[str]] = {}
    extra = [cell for cell in raw[len(mapping) :] if cell.strip()]
    if extra or len(raw) < len(mapping):
        errors["row"] = [f"{len(raw)} cells where the header has {len(mapping)}."]
    found = cells_of(raw, mapping=mapping) | dict(edits or {})
    cells = {column: cell[:CELL_CHARS_MAX] for column, cell in found.items()}
    tutor = _Cells(cells, errors).tutor()
    for column, cell in found.items():
        if len(cell) > CELL_CHARS_MAX:
            errors[column] = [f"At most {CELL_CHARS_MAX} characters."]
    return Row(
        number=number,
        cells=cells,
        tutor=None if errors else tutor,
        errors=errors,
        flags=tuple(name for name, cell in cells.items() if cell.startswith(FORMULA_STARTS)),
    )


def read_cells(cells: Mapping[str, str]) -> NewTutor:
    """The tutor of a row that was read before without errors; `ValueError` if it has some."""
    errors: dict[str, list[str]] = {}
    tutor = _Cells(cells, errors).tutor()
    if errors:
        raise ValueError(f"the row has errors in {', '.join(sorted(errors))}")
    return tutor


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
            said = hints.for_cell(column, cell, fault=str(fault)) if cell else "This is needed."
            self.errors.setdefault(column, []).append(said)
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
    entries = [entry.strip() for entry in BETWEEN.split(cell) if entry.strip()]
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
