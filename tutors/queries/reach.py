"""Among whom a requirement set is tried: everybody, or a part where there are very many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tutors.rules.requirements import RequirementSet

LOOKED_MAX = 2_000
"""People whose facts one funnel reads. In a larger house it is an estimate, and says so."""

NEAR_MAX = 1_500
"""Of those, people who hold the qualifications asked for; where they are fewer, the others get
the rest. Both are chosen by a hash of the id, so that the same people are asked each time.
"""

_POOL = """
WITH near AS (
     SELECT q.tutor_id
       FROM unnest(%(fields)s::text[], %(levels)s::int[]) WITH ORDINALITY AS need(field, level, n)
       JOIN workforce_domain d ON d.slug = need.field
                               OR left(d.slug, length(need.field) + 1) = need.field || '.'
       JOIN tutors_qualification q ON q.domain_id = d.id AND q.state = 'granted'
                                  AND q.level >= need.level
      GROUP BY q.tutor_id HAVING count(DISTINCT need.n) = %(needs)s),
pool AS (
     SELECT t.id, %(needs)s = 0 OR n.tutor_id IS NOT NULL AS near
       FROM tutors_tutor t
       JOIN workforce_account a ON a.id = t.account_id
       LEFT JOIN near n ON n.tutor_id = t.id
      WHERE a.is_active
        AND (NOT %(contracted)s
             OR t.id IN (SELECT k.tutor_id FROM tutors_contract k
                          WHERE k.state IN ('active', 'notice'))))
"""
_SAMPLE = f"""
{_POOL},
sized AS (SELECT near, count(*) AS size FROM pool GROUP BY near),
room AS (
     SELECT near, size,
            CASE WHEN (SELECT sum(size) FROM sized) <= %(most)s THEN size
                 WHEN near THEN greatest(%(near_most)s, %(most)s - (SELECT coalesce(sum(size), 0)
                                                               FROM sized WHERE NOT near))
                 ELSE greatest(%(most)s - %(near_most)s, %(most)s - (SELECT coalesce(sum(size), 0)
                                                               FROM sized WHERE near))
            END AS places
       FROM sized)
SELECT r.near, r.size,
       array(SELECT p.id FROM pool p WHERE p.near = r.near
              ORDER BY hashint8(p.id), p.id LIMIT r.places) AS ids
  FROM room r ORDER BY r.near DESC
"""  # noqa: S608
_AFTER = f"""
{_POOL}
SELECT p.id FROM pool p
 WHERE p.id > %(after)s AND (p.near OR NOT %(near_only)s) ORDER BY p.id LIMIT %(limit)s
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """People who hold the qualifications asked for (`near`), or those who do not: how many there
    are, and whose facts to read.
    """

    near: bool
    size: int
    tutor_ids: tuple[int, ...]


def crowds(
    *,
    requirement: RequirementSet,
    contracted: bool,
    looked_max: int = LOOKED_MAX,
    near_max: int = NEAR_MAX,
) -> tuple[Crowd, ...]:
    """People with open accounts, all or only those under contract; one statement."""
    limits = {"most": looked_max, "near_most": near_max}
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {**_asked(requirement, contracted), **limits})
        return tuple(
            Crowd(near=near, size=size, tutor_ids=tuple(ids))
            for near, size, ids in cursor.fetchall()
        )


def people_after(
    *, requirement: RequirementSet, contracted: bool, near_only: bool, after: int, limit: int
) -> list[int]:
    """The next ids in order; with `near_only` of those who hold the qualifications asked for."""
    turn = {"after": after, "limit": limit, "near_only": near_only}
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, {**_asked(requirement, contracted), **turn})
        return [row[0] for row in cursor.fetchall()]


def _asked(requirement: RequirementSet, contracted: bool) -> Mapping[str, Any]:
    needs = tuple(dict.fromkeys(requirement.qualifications))
    return {
        "fields": [field for field, _ in needs],
        "levels": [level for _, level in needs],
        "needs": len(needs),
        "contracted": contracted,
    }
