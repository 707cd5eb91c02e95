"""`./lectern manage intake --project P-1 FILE`: hand a file in from the shell, with progress."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tasks.operations.intake import receive
from tasks.operations.loading import load_chunk
from tasks.providers import files
from tasks.queries.projects import batch_by_id, first_errors, project_by_id
from tasks.rules.intake import BatchFormat
from workforce.doors import now
from workforce.queries.accounts import by_email
from workforce.rules.ids import NotAnId, internal_id
from workforce.rules.problems import Refusal
from workforce.rules.roles import Role

ENDINGS = {".csv": BatchFormat.CSV, ".jsonl": BatchFormat.JSONL, ".ndjson": BatchFormat.JSONL}
READ_BYTES = 1024 * 1024
ALLOWED = frozenset({Role.MANAGER, Role.CLIENT})


class Command(BaseCommand):
    help = "Hand a JSONL or CSV file in to a project and load it, showing how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, help="the project's id, as P-1")
        parser.add_argument(
            "--account", metavar="EMAIL", help="in whose name; the project's maker when left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._hand_in(options["file"], options["project"], options["account"])
        except NotAnId as problem:
            raise CommandError(f"{problem} is no project's id; it looks like P-1.") from None
        except Refusal as problem:
            faults = "".join(f"\n  {k}: {'; '.join(v)}" for k, v in problem.errors.items())
            raise CommandError(f"{problem.detail}{faults}") from None

    def _hand_in(self, path: Path, project_id: str, email: str | None) -> None:
        format = ENDINGS.get(path.suffix.lower())
        if format is None or not path.is_file():
            raise CommandError(f"{path} is no file named .csv, .jsonl or .ndjson.")
        project = project_by_id(project_id=internal_id("P", project_id))
        actor = by_email(email=email) if email else project.created_by
        if actor is None or not actor.roles & ALLOWED:
            raise CommandError(f"{email} is no manager's and no client's account.")
        with files.incoming() as file:
            batch = receive(
                project=project,
                format=format,
                file=file,
                sha256=_copied(path, file),
                file_name=path.name,
                actor=actor,
                at=now(),
            )
        self._load(batch.pk, size=path.stat().st_size)

    def _load(self, batch_id: int, *, size: int) -> None:
        """Workers that hear of the batch may load chunks of it too; each is loaded once."""
        while load_chunk(batch_id=batch_id, at=now()):
            batch = batch_by_id(batch_id=batch_id)
            percent = 100 * batch.cursor // max(size, 1)
            self.stdout.write(f"{batch.public_id}: {percent} %, {batch.received} rows")
        batch = batch_by_id(batch_id=batch_id)
        self.stdout.write(
            f"{batch.public_id} {batch.state}: {batch.received} received, {batch.new} new, "
            f"{batch.duplicate} duplicate, {batch.error} with errors {batch.note}".rstrip()
        )
        for row in first_errors(batch=batch):
            for field, messages in row.errors.items():
                self.stderr.write(f"row {row.row} {row.external_id} {field}: {messages[0]}")


def _copied(path: Path, file: Any) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(READ_BYTES):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()
