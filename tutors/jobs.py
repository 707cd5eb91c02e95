"""Celery's way into this floor: large imports are written, and taken back, on `intake`."""

from datetime import datetime

from tutors.operations.importing import work_on
from workforce.jobs import job
from workforce.operations import enqueue
from workforce.rules.ids import internal_id
from workforce.rules.jobs import JobSpec

KIND = "tutors.import_rows"


@job(KIND)
def import_rows(*, upload: str, at: datetime, **_: object) -> None:
    """Work on one chunk of the import (its public id) and ask for the next."""
    if work_on(upload_id=internal_id("TI", upload), at=at):
        enqueue(specs=[JobSpec(kind=KIND, queue="intake", key=upload, subject={"upload": upload})])
