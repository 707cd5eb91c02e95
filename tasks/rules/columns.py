"""A CSV header as a description of items: which column fills which part."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.types import TaskType

COLUMNS_MAX = 300
WHOLE = ("input", "gold", "proposal", "meta")
"""Columns whose cells are JSON objects."""

Errors = dict[str, list[str]]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a cell goes, and how it is read (`ValueError` with a message for a person)."""

    name: str
    path: tuple[str, ...]
    read: Read


def columns_of(header: Sequence[str], task_type: TaskType) -> tuple[tuple[Column, ...], Errors]:
    """The columns that a header names, and what is wrong with it, by column."""
    names = [name.strip() for name in header]
    errors: Errors = {}
    if len(names) > COLUMNS_MAX:
        return (), {"": [f"At most {COLUMNS_MAX} columns."]}
    columns = []
    for name in names:
        column = _column(name, task_type)
        if column is None:
            errors[name] = ["There is no such column. See the task type's input for its fields."]
        elif names.count(name) > 1:
            errors[name] = ["This column is there twice."]
        else:
            columns.append(column)
    if "external_id" not in names:
        errors["external_id"] = ["This column is needed."]
    _check_wholes(names, errors)
    return tuple(columns), errors


def _check_wholes(names: Sequence[str], errors: Errors) -> None:
    for whole in ("input", "meta"):
        parts = [name for name in names if name.startswith(f"{whole}.")]
        if whole in names and parts:
            errors[whole] = [f"Give {whole} as one column or as {whole}.…, not both."]
        elif whole == "input" and whole not in names and not parts:
            errors[whole] = ["Give input as JSON, or its fields as columns named input.…"]


def _column(name: str, task_type: TaskType) -> Column | None:
    first, _, rest = name.partition(".")
    if name == "external_id":
        return Column(name, (name,), _text)
    if name in ("priority", "complexity"):
        return Column(name, (name,), _whole_number)
    if name == "content":
        return Column(name, (name,), str.split)
    if name in WHOLE:
        return Column(name, (name,), _json)
    if first == "meta" and rest:
        return Column(name, ("meta", rest), _text)
    if first == "input" and rest:
        read = _reader_of(task_type.input_schema, rest.split("."))
        return Column(name, ("input", *rest.split(".")), read) if read else None
    return None


def _reader_of(schema: Mapping[str, Any], path: Sequence[str]) -> Read | None:
    """How a cell for this place in the input is read; None where the schema knows no such place."""
    found = [schema]
    for step in path:
        found = [
            branch["properties"][step]
            for part in found
            for branch in _branches(schema, part)
            if step in branch.get("properties", {})
        ]
    leaves = [leaf for part in found for leaf in _branches(schema, part)]
    if not leaves:
        return None
    texts = all(leaf.get("type", "string") == "string" and not _listed(leaf) for leaf in leaves)
    return _text if texts else _json


def _listed(leaf: Mapping[str, Any]) -> bool:
    return "properties" in leaf or any(not isinstance(v, str) for v in leaf.get("enum", ()))


def _branches(root: Mapping[str, Any], part: Any) -> list[Mapping[str, Any]]:
    """A schema and whatever it points at or chooses between, without the mere choices."""
    if not isinstance(part, Mapping):
        return []
    if "$ref" in part:
        return _branches(root, root["$defs"].get(str(part["$ref"]).removeprefix("#/$defs/")))
    deeper = [part[key] for key in ("then", "else") if key in part]
    for key in ("oneOf", "anyOf", "allOf"):
        deeper.extend(part.get(key, ()))
    own = [part] if {"type", "enum", "const", "properties"} & set(part) else []
    return own + [leaf for branch in deeper for leaf in _branches(root, branch)]


def _text(cell: str) -> str:
    return cell


def _whole_number(cell: str) -> int:
    plain = cell.strip()
    if not (plain.isascii() and plain.lstrip("-").isdigit() and len(plain) <= 6):
        raise ValueError("Give a whole number.")
    return int(plain)


def _json(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"Give JSON here: {problem}.") from None


def item_of(columns: Sequence[Column], cells: Sequence[str]) -> tuple[dict[str, Any], Errors]:
    """The item that a row's cells make (without blank ones), and what cannot be read, by column."""
    errors: Errors = {}
    if len(cells) != len(columns):
        return {}, {"": [f"This row has {len(cells)} cells under {len(columns)} columns."]}
    item: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if not cell.strip():
            continue
        try:
            _put(item, column.path, column.read(cell))
        except ValueError as problem:
            errors[column.name] = [str(problem)]
    return item, errors


def _put(item: dict[str, Any], path: Sequence[str], value: Any) -> None:
    here = item
    for step in path[:-1]:
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ValueError("A column for the whole of this is there as well.")
        here = inner
    here[path[-1]] = value
