"""What the house does and what waits, from kept figures: no page counts the task table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.rules.figures import PEOPLE_SHOWN_MAX, POOLS_SHOWN_MAX, Bucket, By
from workforce.rules.ids import public_id

FIGURES = (
    "claimed", "submitted", "accepted", "revised", "rejected", "given_back", "expired", "seconds",
)  # fmt: skip
_SUMS = ", ".join(f"sum(h.{name})::bigint AS {name}" for name in FIGURES)
_NAMES = {By.DOMAIN: "split_part(domain.slug, '.', 1)", By.SPECIALITY: "domain.slug"}
_BUCKETS = {Bucket.HOUR: "h.hour", Bucket.DAY: "date_trunc('day', h.hour AT TIME ZONE 'UTC')"}


def throughput(
    *, by: By, bucket: Bucket, from_at: datetime, until_at: datetime
) -> list[dict[str, Any]]:
    """What was done within [from, until), by field and hour or day, oldest first."""
    at = _BUCKETS[bucket] if bucket is Bucket.HOUR else f"{_BUCKETS[bucket]} AT TIME ZONE 'UTC'"
    sql = f"""
        SELECT {_NAMES[by]} AS name, {at} AS at, {_SUMS}
          FROM tasks_domainhour h JOIN workforce_domain domain ON domain.id = h.domain_id
         WHERE h.hour >= %s AND h.hour < %s
         GROUP BY 1, 2 ORDER BY 2, 1
    """  # noqa: S608 - names of columns, no values
    with connection.cursor() as cursor:
        cursor.execute(sql, [from_at, until_at])
        return [_throughput(row) for row in cursor.fetchall()]


def _throughput(row: Any) -> dict[str, Any]:
    return {"domain": row[0], "at": row[1], **dict(zip(FIGURES, row[2:], strict=True))}


_POOLS = f"""
SELECT pool.id, pool.project_id, project.name, domain.slug, pool.queue, pool.role, pool.step,
       kept.waiting, kept.offered, kept.in_hand, kept.oldest_at,
       CASE WHEN kept.oldest_at IS NULL THEN 0
            ELSE greatest(0, extract(epoch FROM statement_timestamp() - kept.oldest_at)) END::bigint
  FROM tasks_poolcounter kept
  JOIN tasks_pool pool ON pool.id = kept.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  JOIN workforce_domain domain ON domain.id = project.domain_id
 WHERE project.state IN ('open', 'paused')
   AND (kept.waiting <> 0 OR kept.offered <> 0 OR kept.in_hand <> 0)
 ORDER BY kept.oldest_at NULLS LAST, pool.id LIMIT {POOLS_SHOWN_MAX}
"""  # noqa: S608
_PEOPLE = f"""
SELECT c.tutor_id, pool.queue, count(*), min(c.claimed_at), sum(c.seconds_worked)::bigint
  FROM tasks_claim c JOIN tasks_pool pool ON pool.id = c.pool_id
 WHERE c.state IN ('claimed', 'in_progress', 'paused')
 GROUP BY 1, 2 ORDER BY 4, 1 LIMIT {PEOPLE_SHOWN_MAX}
"""  # noqa: S608
_HANDS = """
SELECT pool.queue, count(DISTINCT c.tutor_id)
  FROM tasks_claim c JOIN tasks_pool pool ON pool.id = c.pool_id
 WHERE c.state IN ('claimed', 'in_progress', 'paused') GROUP BY 1
"""
_PRESENT = """
SELECT split_part(domain.slug, '.', 1), count(DISTINCT t.id)
  FROM tutors_tutor t
  JOIN tutors_qualification q ON q.tutor_id = t.id AND q.state = 'granted'
  JOIN workforce_domain domain ON domain.id = q.domain_id
 WHERE t.presence = 'taking_work'
   AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp())
   AND (q.expires_at IS NULL OR q.expires_at > statement_timestamp())
 GROUP BY 1
"""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One pool that has something waiting or in hand."""

    pool: str
    project: str
    name: str
    domain: str
    queue: str
    role: str
    step: int
    waiting: int
    offered: int
    in_hand: int
    oldest_at: datetime | None
    oldest_seconds: int


def waiting_pools() -> list[Waiting]:
    """Pools of open and paused projects, the oldest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(_POOLS)
        rows = cursor.fetchall()
    names = tuple(Waiting.__dataclass_fields__)[2:]
    return [
        Waiting(
            pool=public_id("PL", row[0]),
            project=public_id("P", row[1]),
            **dict(zip(names, row[2:], strict=True)),
        )
        for row in rows
    ]


def queues() -> dict[str, Any]:
    """For each domain what waits, since when, and how many are at it; then pools and people."""
    pools = waiting_pools()
    with connection.cursor() as cursor:
        cursor.execute(_HANDS)
        working = dict(cursor.fetchall())
        cursor.execute(_PRESENT)
        present = dict(cursor.fetchall())
        cursor.execute(_PEOPLE)
        people = cursor.fetchall()
    names = sorted({p.queue for p in pools} | set(working) | set(present))
    return {
        "domains": [_domain(n, pools, working.get(n, 0), present.get(n, 0)) for n in names],
        "pools": pools,
        "people": [
            {
                "tutor": public_id("E", row[0]),
                "domain": row[1],
                "claims": row[2],
                "since": row[3],
                "seconds_worked": row[4],
            }
            for row in people
        ],
    }


def _domain(name: str, pools: list[Waiting], working: int, present: int) -> dict[str, Any]:
    own = [p for p in pools if p.queue == name]
    oldest = [p for p in own if p.oldest_at is not None]
    return {
        "domain": name,
        "waiting": sum(p.waiting for p in own),
        "offered": sum(p.offered for p in own),
        "in_hand": sum(p.in_hand for p in own),
        "oldest_at": min((p.oldest_at for p in oldest if p.oldest_at), default=None),
        "oldest_seconds": max((p.oldest_seconds for p in oldest), default=0),
        "working": working,
        "present": present,
    }
