"""Work comes in: a batch is kept as it came, and refused at once where it cannot be read."""

import csv
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.events import BatchReceived
from tasks.models import Batch, Project
from tasks.providers import files
from tasks.rules.columns import Column, columns_of
from tasks.rules.intake import (
    BatchFormat,
    CannotReadLine,
    Lines,
    Unreadable,
    check_start,
)
from tasks.rules.states import BatchState, ProjectState
from tasks.types import TaskType, task_type
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid

FOLDER = "batches"
FILE_NAME_CHARS_MAX = 255


class CannotReceive(Conflict):
    code = "project_closed"


class CannotReadBatch(Invalid):
    code = "batch_not_readable"
    title = "This file cannot be read"


@transaction.atomic
def receive(
    *,
    project: Project,
    format: BatchFormat,
    file: Any,
    sha256: str,
    actor: Account,
    at: datetime,
    file_name: str = "",
) -> Batch:
    """Keep a file (open for reading, from `files.incoming`) as a batch that waits for loading.

    `CannotReceive` for a closed project, `CannotReadBatch` for a file that is no UTF-8 text, or
    whose CSV header names unknown columns. Faults of single rows come out while loading.
    """
    if Project.objects.filter(pk=project.pk, state=ProjectState.CLOSED).exists():
        raise CannotReceive(_("This project is closed; hand the work in to another one."))
    _check(file, format=format, kind=task_type(project.task_type))
    batch = Batch.objects.create(
        project=project,
        format=format,
        file_name=file_name[:FILE_NAME_CHARS_MAX],
        upload=files.keep(file, folder=FOLDER, suffix=f".{format}"),
        sha256=sha256,
        state=BatchState.RECEIVED,
        created_by=actor,
        created_at=at,
    )
    event = BatchReceived(subject=batch.public_id, project=project.public_id, format=format.value)
    record(event=event, actor=actor, at=at)
    return batch


def receive_items(*, project: Project, items: Iterable[Any], actor: Account, at: datetime) -> Batch:
    """Keep items that came as JSON; their rows are counted from 1."""
    digest = hashlib.sha256()
    with files.incoming() as file:
        for item in items:
            line = json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            file.write(line)
        file.seek(0)
        sha256 = digest.hexdigest()
        return receive(
            project=project, format=BatchFormat.JSON, file=file, sha256=sha256, actor=actor, at=at
        )


def _check(file: Any, *, format: BatchFormat, kind: TaskType) -> None:
    file.flush()
    file.seek(0)
    try:
        check_start(file)
    except Unreadable as problem:
        raise CannotReadBatch(str(problem), errors={"file": [str(problem)]}) from None
    if format is BatchFormat.CSV:
        header(file, kind=kind)


def header(file: Any, *, kind: TaskType) -> tuple[tuple[Column, ...], Lines]:
    """A CSV's columns, and the lines read for them. `CannotReadBatch` names wrong columns."""
    lines = Lines(file)
    try:
        names = next(csv.reader(lines, strict=True))
    except (CannotReadLine, csv.Error, StopIteration) as problem:
        raise CannotReadBatch(
            _("The header cannot be read: %(problem)s") % {"problem": problem},
            errors={"file": [str(problem)]},
        ) from None
    columns, errors = columns_of(names, kind)
    if errors:
        raise CannotReadBatch(_("Some columns are not right; nothing was loaded."), errors=errors)
    return columns, lines
