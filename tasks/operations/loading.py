"""A received batch becomes tasks, a chunk at a time: read, check, copy, insert, count."""

import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tasks.events import BatchDone, TasksOpened
from tasks.models import Batch, BatchRowError, Client, CounterChange, Media, Pool, Project
from tasks.operations.intake import CannotReadBatch, header
from tasks.providers import files
from tasks.rules import intake
from tasks.rules.columns import item_of
from tasks.rules.intake import BatchFormat, Record
from tasks.rules.limits import ROW_ERRORS_KEPT_MAX
from tasks.rules.states import BatchState, ProjectState, WorkRole
from tasks.types import TaskType, by_field, check_item, normalise_item, task_type
from workforce.operations import record

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

_STAGING = """
CREATE TEMPORARY TABLE tasks_staging (
    n bigint, external_id text, priority smallint, complexity smallint,
    input text, proposal text, meta text, gold text, content varchar[]
) ON COMMIT DROP
"""
_COPY = """
COPY tasks_staging (n, external_id, priority, complexity, input, proposal, meta, gold, content)
FROM STDIN
"""
_INSERT = """
WITH fresh AS (
    INSERT INTO tasks_task (project_id, batch_id, external_id, priority, complexity, is_gold, state)
    SELECT %(project)s, %(batch)s, external_id, priority, complexity, gold IS NOT NULL, 'open'
      FROM tasks_staging ORDER BY n
        ON CONFLICT (project_id, external_id) DO NOTHING
    RETURNING id, external_id, priority, complexity),
contents AS (
    INSERT INTO tasks_taskcontent (task_id, input, proposal, meta, gold, content)
    SELECT fresh.id, s.input::jsonb, s.proposal::jsonb, s.meta::jsonb, s.gold::jsonb, s.content
      FROM fresh JOIN tasks_staging s USING (external_id)),
slots AS (
    INSERT INTO tasks_slot (task_id, pool_id, ordinal, fence, priority, complexity, rejects, role,
                            state)
    SELECT fresh.id, %(pool)s, answer, 0, priority, complexity, 0, 'attempt', 'open'
      FROM fresh CROSS JOIN generate_series(1, %(overlap)s) answer
     ORDER BY fresh.id, answer)
SELECT count(*) FROM fresh
"""


@dataclass(slots=True)
class _Chunk:
    """What became of the rows of one chunk."""

    project: Project
    kind: TaskType
    received: int = 0
    copied: int = 0
    repeated: int = 0
    faulty: list[tuple[Record, dict[str, list[str]]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    media: dict[str, tuple[int, int]] = field(default_factory=dict)


def load_chunk(*, batch_id: int, at: datetime) -> bool:
    """Load the next rows of a batch; True while more are left. Twice does not load twice.

    Everything of a chunk is one transaction, the place in the file included, so that a killed
    worker repeats nothing. A batch whose file is gone, or whose project was closed, fails.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
        if batch.state in (BatchState.DONE, BatchState.FAILED):
            return False
        project = Project.objects.select_for_update(of=("self",), no_key=True).select_related(
            "domain"
        ).get(pk=batch.project_id)  # fmt: skip
        if project.state == ProjectState.CLOSED:
            return _end(batch, project, at=at, note=_("The project was closed while this waited."))
        try:
            file = files.opened(batch.upload)
        except OSError:
            return _end(
                batch, project, at=at, note=_("The file is no longer there; send it again.")
            )
        with file:
            return _load(batch, project, file, at=at)


def _load(batch: Batch, project: Project, file: IO[bytes], *, at: datetime) -> bool:
    chunk = _Chunk(project=project, kind=task_type(project.task_type))
    size = os.fstat(file.fileno()).st_size
    last: Record | None = None
    try:
        rows = _bounded(_rows(batch, file, chunk.kind), start=batch.cursor)
        with connection.cursor() as cursor:
            cursor.execute(_STAGING)
            for group in _grouped(rows):
                last = group[-1]
                ready = _checked(chunk, group)
                with cursor.copy(_COPY) as copy:
                    for row in ready:
                        copy.write_row(row)
            fresh = _insert(cursor, batch, chunk)
            cursor.execute("DROP TABLE tasks_staging")
    except CannotReadBatch as problem:
        return _end(batch, project, at=at, note=problem.detail)
    _count(batch, chunk, fresh, last)
    _open(batch, project, fresh, at=at)
    if last is not None and last.end < size:
        batch.state = BatchState.LOADING
        batch.save()
        return True
    return _end(batch, project, at=at)


def _rows(batch: Batch, file: IO[bytes], kind: TaskType) -> Iterator[Record]:
    line = int(batch.progress.get("line", 0))
    if batch.format != BatchFormat.CSV:
        numbered = int(batch.progress.get("row", 0)) if batch.format == BatchFormat.JSON else None
        yield from intake.json_rows(file, offset=batch.cursor, line=line, numbered=numbered)
        return
    columns, head = header(file, kind=kind)
    offset = batch.cursor or head.position
    for row in intake.csv_records(file, offset=offset, line=line or head.line):
        if not row.errors:
            row.item, row.errors = item_of(columns, row.item)
        yield row


def _bounded(rows: Iterator[Record], *, start: int) -> Iterator[Record]:
    """As many rows as one job may load."""
    for n, row in enumerate(rows, start=1):
        yield row
        if n >= intake.CHUNK_ROWS or row.end - start >= intake.CHUNK_BYTES:
            return


def _grouped(rows: Iterator[Record]) -> Iterator[list[Record]]:
    while group := list(itertools.islice(rows, intake.CHECK_ROWS)):
        yield group


Staged = tuple[int, str, int, int, str, str | None, str | None, str | None, str]


def _checked(chunk: _Chunk, group: list[Record]) -> list[Staged]:
    """The rows fit to be copied; the others are noted as faulty or repeated."""
    good: list[tuple[Record, dict[str, Any]]] = []
    for row in group:
        chunk.received += 1
        errors = row.errors
        item = row.item
        if not errors:
            item = item if row.tidy else normalise_item(item)
            errors = by_field(check_item(chunk.kind, item))
        if errors:
            chunk.faulty.append((row, errors))
        else:
            good.append((row, item))
    staged = []
    for row, item in _with_known_media(chunk, good):
        if item["external_id"] in chunk.seen:
            chunk.repeated += 1
            continue
        chunk.seen.add(item["external_id"])
        staged.append(_staged(chunk, row, item))
    chunk.copied += len(staged)
    return staged


def _with_known_media(
    chunk: _Chunk, good: list[tuple[Record, dict[str, Any]]]
) -> Iterator[tuple[Record, dict[str, Any]]]:
    refs = {row.row: chunk.kind.media_of(item["input"]) for row, item in good}
    missing = {ref.sha256 for found in refs.values() for ref in found} - set(chunk.media)
    if missing:
        known = Media.objects.filter(
            Q(client=chunk.project.client_id) | Q(client__isnull=True), sha256__in=missing
        )
        chunk.media |= {m.sha256: (m.width, m.height) for m in known}
    for row, item in good:
        errors = {}
        for ref in refs[row.row]:
            size = chunk.media.get(ref.sha256)
            if size is None:
                errors[f"input.{ref.path}.sha256"] = [
                    _("No stored picture or clip of this client has this hash; upload it first.")
                ]
            elif size != (ref.width, ref.height):
                errors[f"input.{ref.path}.width"] = [
                    _("It is stored as %(width)d × %(height)d.")
                    % {"width": size[0], "height": size[1]}
                ]
        if errors:
            chunk.faulty.append((row, errors))
        else:
            yield row, item


def _staged(chunk: _Chunk, row: Record, item: dict[str, Any]) -> Staged:
    return (
        row.row,
        item["external_id"],
        item.get("priority", chunk.project.priority),
        item.get("complexity", 1),
        _text(item["input"]) or "{}",
        _text(item.get("proposal")),
        _text(item.get("meta")),
        _text(item.get("gold")),
        "{" + ",".join(item.get("content", ())) + "}",
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return _COMPACT.encode(value)


def _insert(cursor: Any, batch: Batch, chunk: _Chunk) -> int:
    """Insert what was copied; how many rows were new."""
    if not chunk.copied:
        return 0
    pool = _pool(chunk.project)
    cursor.execute(
        _INSERT,
        {
            "project": chunk.project.pk,
            "batch": batch.pk,
            "pool": pool.pk,
            "overlap": chunk.project.overlap,
        },
    )
    return int(cursor.fetchone()[0])


def _pool(project: Project) -> Pool:
    return Pool.objects.get(project=project, role=WorkRole.ATTEMPT, step=0)


def _count(batch: Batch, chunk: _Chunk, fresh: int, last: Record | None) -> None:
    room = max(0, ROW_ERRORS_KEPT_MAX - batch.error)
    BatchRowError.objects.bulk_create(
        BatchRowError(
            batch=batch, row=row.row, external_id=intake.shown_id(row.item), errors=errors
        )
        for row, errors in sorted(chunk.faulty, key=lambda f: f[0].row)[:room]
    )
    batch.received += chunk.received
    batch.new += fresh
    batch.duplicate += chunk.repeated + chunk.copied - fresh
    batch.error += len(chunk.faulty)
    if last is not None:
        batch.cursor = last.end
        batch.progress = {"line": last.line, "row": last.row}


def _open(batch: Batch, project: Project, fresh: int, *, at: datetime) -> None:
    if not fresh:
        return
    pool = _pool(project)
    slots = fresh * project.overlap
    CounterChange.objects.create(pool=pool, waiting=slots, arrived=slots)
    event = TasksOpened(
        subject=batch.public_id,
        project=project.public_id,
        pool=pool.public_id,
        queue=pool.queue,
        count=fresh,
    )
    record(event=event, actor=batch.created_by_id, at=at)


def _end(batch: Batch, project: Project, *, at: datetime, note: str = "") -> bool:
    """Write down how it ended; the upload is removed once that is committed."""
    batch.state = BatchState.FAILED if note else BatchState.DONE
    batch.note = note
    batch.done_at = at
    batch.save()
    event = BatchDone(
        subject=batch.public_id,
        project=project.public_id,
        client=f"{Client.prefix}-{project.client_id}",
        state=str(batch.state),
        received=batch.received,
        new=batch.new,
        duplicate=batch.duplicate,
        error=batch.error,
    )
    record(event=event, actor=batch.created_by_id, at=at)
    upload = batch.upload
    transaction.on_commit(lambda: files.forget(upload))
    return False
