"""What each pool brings is measured from time to time, so that advice costs no counting."""

from datetime import datetime

from django.db import connection, transaction

from tasks.queries.outlooks import (
    ANSWERED,
    MEASURE,
    MEASURE_KIND,
    people_for,
    pools_to_measure,
    queues_to_measure,
)
from workforce.operations import enqueue
from workforce.rules.jobs import JobSpec


@transaction.atomic
def ask_measures(*, at: datetime) -> int:
    """Ask for a job for each queue whose figures are missing or old; how many.

    A queue has one such job due at a time, so a pass before it is done changes nothing.
    """
    queues = queues_to_measure()
    if queues:
        enqueue(
            specs=[
                JobSpec(kind=MEASURE_KIND, queue=queue, key=queue, subject={"queue": queue})
                for queue in queues
            ]
        )
    return len(queues)


@transaction.atomic
def measure_queue(*, queue: str, at: datetime) -> int:
    """Measure the queue's pools of open projects anew; how many."""
    pools = pools_to_measure(queue=queue)
    if not pools:
        return 0
    people = people_for(pools=pools, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            MEASURE,
            {"pools": list(people), "people": list(people.values()), "answered": ANSWERED},
        )
    return len(people)
