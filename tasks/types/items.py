"""The item that clients hand in, the same for every task type."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.types.declaring import TaskType
from tasks.types.plain import normalise, plain_problems
from tasks.types.problems import Code, Problem, first
from tasks.types.schemas import Schema, compile_schema, complete, read_json, schema_problems

META_BYTES_MAX = 16_384
"""How large `meta` may be, written as compact JSON in UTF-8."""

_SCHEMA = complete(
    read_json(Path(__file__).with_name("item.schema.json")), origin="item.schema.json"
)
_VALIDATOR = compile_schema(_SCHEMA, origin="item.schema.json")


def item_schema() -> Schema:
    """The published JSON Schema of an item; `input`, `gold`, `proposal` follow the task type."""
    return _SCHEMA


def normalise_item(item: Any) -> Any:
    """A copy with LF line ends and whole numbers as integers. Do this before checking."""
    return normalise(item)


def check_item(task_type: TaskType, item: Any) -> tuple[Problem, ...]:
    """What is wrong with an item of a batch, paths from the item: ``input.responses[0].text``.

    Gold and proposal are checked as answers to the input, once the input itself is sound.
    """
    return first(_item_problems(task_type, item))


def _item_problems(task_type: TaskType, item: Any) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield Problem("", Code.WRONG_TYPE, "Give an object with external_id and input.")
        return
    around = {key: value for key, value in item.items() if key not in _INNER}
    shape = first(_around_problems({**around, **_kinds_of_inner(item)}))
    yield from shape
    if not isinstance(item.get("input"), dict):
        return
    wrong = task_type.check_input(item["input"])
    yield from (problem.under("input") for problem in wrong)
    for key in ("gold", "proposal"):
        if not wrong and isinstance(item.get(key), dict):
            found = task_type.check_answer(input=item["input"], answer=item[key])
            yield from (problem.under(key) for problem in found)


_INNER = ("input", "gold", "proposal")


def _kinds_of_inner(item: dict[str, Any]) -> dict[str, Any]:
    """The inner documents by type only: each has a check of its own for what it holds."""
    return {
        key: {} if isinstance(item[key], dict) else _shallow(item[key])
        for key in _INNER
        if key in item
    }


def _shallow(value: Any) -> Any:
    return [] if isinstance(value, list) else value


def _around_problems(around: dict[str, Any]) -> Iterator[Problem]:
    plain = first(plain_problems(around))
    yield from plain or schema_problems(_VALIDATOR, around)
    if not plain and _bytes(around.get("meta", {})) > META_BYTES_MAX:
        yield Problem("meta", Code.TOO_BIG, f"Give at most {META_BYTES_MAX} bytes; this is larger.")


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
