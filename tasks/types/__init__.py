"""The kinds of work, one folder each: shapes, rules, samples and a measure of agreement.

A new kind is a new folder; see `declaring` for what it holds. A folder that is not in order stops
the import, so nothing ever starts with half a task type.
"""

from pathlib import Path

from tasks.types.declaring import (
    Declaration,
    MediaRef,
    Sample,
    SampleMedium,
    TaskType,
    discover,
)
from tasks.types.items import check_item, item_schema, normalise_item
from tasks.types.problems import Code, Problem, by_field
from tasks.types.schemas import BrokenTaskType

__all__ = [
    "BrokenTaskType",
    "Code",
    "Declaration",
    "MediaRef",
    "NoSuchTaskType",
    "Problem",
    "Sample",
    "SampleMedium",
    "TaskType",
    "all_types",
    "by_field",
    "check_item",
    "item_schema",
    "normalise_item",
    "task_type",
]


class NoSuchTaskType(LookupError):
    """No folder has this slug."""


_TYPES = {found.slug: found for found in discover(__name__, Path(__file__).parent)}


def all_types() -> tuple[TaskType, ...]:
    """Every task type, by slug."""
    return tuple(_TYPES.values())


def task_type(slug: str) -> TaskType:
    """The task type with this slug. Raises `NoSuchTaskType`."""
    try:
        return _TYPES[slug]
    except KeyError:
        raise NoSuchTaskType(f"There is no task type “{slug}”.") from None
