"""Answers are compared with known ones on the `intake` queue, some of them a job."""

from datetime import datetime

from tasks.operations.comparing import COMPARE_KIND, compare_next, comparison_job
from workforce.jobs import job
from workforce.operations import enqueue


@job(COMPARE_KIND)
def compare_known_answers(*, at: datetime, **_: object) -> None:
    """Compare the next due answers, and ask for a job for those after them."""
    if compare_next(at=at):
        enqueue(specs=[comparison_job()])
