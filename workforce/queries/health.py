"""How the machine is: what `/readyz`, `/metrics` and the operations pages ask."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from workforce.models import WorkerHeartbeat
from workforce.queries.chain import unsealed_seconds

BEATS_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Beat:
    name: str
    kind: str
    pid: int
    queues: list[str]
    age_seconds: float


@dataclass(frozen=True, kw_only=True)
class Health:
    """Ages in seconds; `oldest_due_seconds` is 0 when nothing waits past its time."""

    beats: list[Beat]
    oldest_due_seconds: float
    due: int
    leased: int
    parked: int
    unsealed_seconds: float

    def age_of(self, kind: str) -> float | None:
        ages = [b.age_seconds for b in self.beats if b.kind == kind]
        return min(ages) if ages else None


_JOBS = """
SELECT coalesce(extract(epoch FROM statement_timestamp() - min(run_at)
                        FILTER (WHERE state = 'due' AND run_at <= statement_timestamp())), 0),
       count(*) FILTER (WHERE state = 'due'), count(*) FILTER (WHERE state = 'leased'),
       count(*) FILTER (WHERE state = 'parked')
  FROM workforce_job WHERE state IN ('due', 'leased', 'parked')
"""


def health(*, at: datetime) -> Health:
    """The state of workers and jobs, in four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        oldest, due, leased, parked = cursor.fetchone()
    beats = [
        Beat(
            name=b.name,
            kind=b.kind,
            pid=b.pid,
            queues=list(b.queues),
            age_seconds=(at - b.seen_at).total_seconds(),
        )
        for b in WorkerHeartbeat.objects.order_by("name")[:BEATS_MAX]
    ]
    return Health(
        beats=beats,
        oldest_due_seconds=float(oldest),
        due=due,
        leased=leased,
        parked=parked,
        unsealed_seconds=unsealed_seconds(at=at),
    )
