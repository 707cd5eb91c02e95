"""What one routing round of a queue looks at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from tasks.queries.histories import KNOWN_BY, unknown
from tasks.queries.plans import array_of, rows_of
from tasks.queries.pools import BY_AGE, BY_PRIORITY, COLUMNS, TABLES, as_pools, in_time
from tasks.rules.ahead import PoolAhead
from tasks.rules.limits import AFFINITY_CLAIMS_MAX, ROUND_POOLS_MAX, WRAP_UP_CLAIMS_MAX
from tasks.rules.states import ANSWERED_CLAIMS
from tutors.rules.requirements import RequirementSet


class WaitingSlot(NamedTuple):
    slot_id: int
    task_id: int
    pool_id: int
    priority: int
    complexity: int
    waited_minutes: int


def pools_waiting(*, queue: str) -> list[PoolAhead]:
    """The queue's pools that are offered from and have something open, oldest slot first."""
    return as_pools(rows_of(_POOLS, {"queue": queue}))


_POOLS = f"""
SELECT {COLUMNS}
  FROM {TABLES}
  CROSS JOIN LATERAL (SELECT s.opened_at FROM tasks_slot s
                       WHERE s.pool_id = pool.id AND s.state = 'open'
                       ORDER BY s.opened_at, s.id LIMIT 1) eldest
 WHERE pool.queue = %(queue)s AND project.state = 'open' AND project.dispatch <> 'pull'
 ORDER BY eldest.opened_at, pool.id LIMIT {ROUND_POOLS_MAX}
"""  # noqa: S608


def _some(order: str, only: str = "", *, most: str = "(w.most + 1) / 2") -> str:
    return f"""(
SELECT s.id, s.task_id, s.pool_id, s.priority, s.complexity, s.opened_at
  FROM tasks_slot s WHERE s.pool_id = w.pool AND s.state = 'open' {only}
 ORDER BY {order} LIMIT {most})"""  # noqa: S608


_AS_WAITING = """heads.id, heads.task_id, heads.pool_id, heads.priority, heads.complexity,
       floor(date_part('epoch', statement_timestamp() - heads.opened_at) / 60)::int AS waited"""
_WAITING = f"""
SELECT {_AS_WAITING}
  FROM unnest(%(pools)s::bigint[], %(most)s::bigint[], %(timely)s::int[]) AS w(pool, most, timely)
 CROSS JOIN LATERAL ({_some(BY_PRIORITY)} UNION {_some(BY_AGE)}
                     UNION {_some(BY_AGE, in_time("w.timely"))}) heads
"""  # noqa: S608


def waiting_slots(*, most: Mapping[int, int], pools: Mapping[int, PoolAhead]) -> list[WaitingSlot]:
    """Open slots of pools: the most urgent, the oldest, and the oldest that can still be in time.

    `most`: by pool id, about how many at most.
    """
    parameters: dict[str, Any] = {
        "pools": list(most),
        "most": list(most.values()),
        "timely": [pools[pool].timely_minutes for pool in most],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, parameters)
        return list(map(WaitingSlot._make, cursor.fetchall()))


_NEW_TO_HER = f"""
AND {unknown("s", "s.id", tutor="w.tutor", person="own.ids", again="false")}
AND NOT EXISTS (SELECT 1 FROM tasks_exclusion e
                 WHERE e.task_id = s.task_id AND e.tutor_id = w.tutor
                   AND e.excluded_until > statement_timestamp())
"""  # noqa: S608
_WAITING_FOR = f"""
SELECT DISTINCT {_AS_WAITING}
  FROM unnest(%(tutors)s::bigint[], %(pools)s::bigint[]) AS w(tutor, pool)
 CROSS JOIN LATERAL (SELECT ARRAY(
       SELECT w.tutor UNION ALL
       SELECT p.id FROM tutors_tutor t JOIN tutors_tutor p ON p.person = t.person
        WHERE t.id = w.tutor AND p.id <> t.id) AS ids) own
 CROSS JOIN LATERAL ({_some(BY_PRIORITY, _NEW_TO_HER, most="%(most)s")}
                     UNION {_some(BY_AGE, _NEW_TO_HER, most="%(most)s")}) heads
"""  # noqa: S608


def waiting_for(*, pairs: Sequence[tuple[int, int]], most: int) -> list[WaitingSlot]:
    """Open slots that are new to somebody, for each (tutor, pool): the most urgent and the oldest,
    at most so many of each.
    """
    parameters: dict[str, Any] = {
        "tutors": [tutor for tutor, _ in pairs],
        "pools": [pool for _, pool in pairs],
        "most": most,
        **KNOWN_BY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_FOR, parameters)
        return list(map(WaitingSlot._make, cursor.fetchall()))


_WRAPPING_UP = """
WITH rests AS MATERIALIZED (
    SELECT project.id, (policy.document ->> 'wrap_up_seconds')::int AS seconds
      FROM tasks_project project
      JOIN tasks_routingpolicy policy ON policy.id = project.routing_policy_id
     WHERE (policy.document ->> 'wrap_up_seconds')::int > 0)
SELECT who.id, max(done.ended_at + make_interval(secs => rests.seconds)) AS until
  FROM unnest(%(tutors)s::bigint[]) AS who(id)
 CROSS JOIN LATERAL (
       SELECT c.project_id, c.ended_at FROM tasks_claim c
        WHERE c.tutor_id = who.id AND c.state = ANY(%(answered)s)
        ORDER BY c.id DESC LIMIT %(newest)s) done
  JOIN rests ON rests.id = done.project_id
 WHERE EXISTS (SELECT 1 FROM rests)
   AND done.ended_at + make_interval(secs => rests.seconds) > statement_timestamp()
 GROUP BY who.id
"""


def wrapping_up(*, tutor_ids: Sequence[int]) -> dict[int, datetime]:
    """Those of them who handed in work a moment ago whose policy gives them one to themselves, and
    until when.
    """
    parameters: dict[str, Any] = {
        "tutors": list(tutor_ids),
        "answered": [s.value for s in ANSWERED_CLAIMS],
        "newest": WRAP_UP_CLAIMS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRAPPING_UP, parameters)
        return dict(cursor.fetchall())


_PRESENT = """
SELECT t.id, t.facts_version, t.capacity,
       EXISTS (SELECT 1 FROM workforce_rolegrant g
                WHERE g.account_id = t.account_id AND g.role = 'reviewer') AS reviewer,
       coalesce(t.person, t.id) AS person
  FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
 WHERE a.is_active AND t.presence = 'taking_work'
   AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp())
   AND EXISTS (SELECT 1 FROM tutors_contract k
                WHERE k.tutor_id = t.id AND k.state IN ('active', 'notice'))
   AND (%(anybody)s OR EXISTS (
       SELECT 1 FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
        WHERE q.tutor_id = t.id AND q.state = 'granted' AND d.slug = ANY(%(fields)s)))
 ORDER BY hashint8extended(t.id, %(turn)s) LIMIT %(limit)s
"""
_BELOW = """
SELECT d.slug FROM workforce_domain d, unnest(%(fields)s::text[]) AS f(slug)
 WHERE d.slug = f.slug OR d.slug LIKE f.slug || '.%%'
"""


class Present(NamedTuple):
    """Somebody taking work under a contract. `person`: linked accounts have the same."""

    tutor_id: int
    facts_version: int
    capacity: int
    reviewer: bool
    person: int


def present_tutors(
    *, requirements: Iterable[RequirementSet], turn: int, limit: int
) -> list[Present]:
    """Those taking work who hold a qualification that one of the sets asks for.

    Everybody taking work, where a set asks for none. In an order that changes with `turn`, so
    that also a round that is full reaches everybody in time.
    """
    asked = [requirement.qualifications for requirement in requirements]
    fields = sorted({field for needs in asked for field, _ in needs})
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"fields": fields})
        below = [row[0] for row in cursor.fetchall()]
        anybody = not all(asked)
        asking: dict[str, Any] = {"anybody": anybody, "fields": below, "turn": turn, "limit": limit}
        cursor.execute(_PRESENT, asking)
        return list(map(Present._make, cursor.fetchall()))


_AT_WORK_LATELY = """
SELECT DISTINCT p.pool, w.tutor_id
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL (
       SELECT c.project_id, c.role, c.state, c.ended_at FROM tasks_claim c
        WHERE c.tutor_id = w.tutor_id ORDER BY c.id DESC LIMIT %(claims)s) few
  JOIN unnest(%(pools)s::bigint[], %(projects)s::bigint[], %(roles)s::text[],
              %(windows)s::interval[]) AS p(pool, project, role, span)
    ON few.project_id = p.project AND few.role = p.role
 WHERE few.state = ANY(%(states)s) AND few.ended_at > statement_timestamp() - p.span
"""


def at_work_lately(*, pools: Sequence[PoolAhead], tutor_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(pool, tutor) of those who handed in work of the pool's project, in its role, within the
    affinity window of its policy.

    Looks at no more than the last `AFFINITY_CLAIMS_MAX` claims of each.
    """
    if not tutor_ids:
        return set()
    parameters: dict[str, Any] = {
        "tutors": array_of(tutor_ids),
        "pools": [pool.pool_id for pool in pools],
        "projects": [pool.project_id for pool in pools],
        "roles": [pool.role.value for pool in pools],
        "windows": [pool.policy.affinity_window for pool in pools],
        "states": [state.value for state in ANSWERED_CLAIMS],
        "claims": AFFINITY_CLAIMS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK_LATELY, parameters)
        return set(cursor.fetchall())


_LEFT_ALONE = """
SELECT pool_id, tutor_id FROM tasks_exclusion
 WHERE pool_id = ANY(%(pools)s) AND excluded_until > statement_timestamp()
"""


def left_alone(*, pool_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(pool, tutor) of those who are not offered from a pool for a while."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_ALONE, {"pools": list(pool_ids)})
        return set(cursor.fetchall())
