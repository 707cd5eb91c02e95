"""What became of tutors' answers, in reviews and beside known ones: facts handed down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from tasks.queries.plans import decoded
from tasks.rules.ahead import PoolAhead
from tutors.rules.eligibility import Facts, RecordFacts
from tutors.rules.requirements import LeafKind, RequirementSet

RECORD = """
SELECT json_agg(json_build_array(few.slug, few.task_type, few.judged, few.accepted, few.most))
  FROM (SELECT d.slug, r.task_type, sum(r.judged) AS judged, sum(r.accepted) AS accepted,
               coalesce(max(r.judged) FILTER (WHERE r.reviewer_id IS NOT NULL), 0) AS most
          FROM tasks_reviewrecord r JOIN workforce_domain d ON d.id = r.domain_id
         WHERE r.author_id = {tutor} GROUP BY d.slug, r.task_type) few
"""
"""SQL of one tutor's record: a line for each field and kind of task."""

_RECORDS = f"""
SELECT w.author_id, record.lines
  FROM (SELECT DISTINCT author_id FROM tasks_reviewrecord
         WHERE %(tutors)s::bigint[] IS NULL OR author_id = ANY(%(tutors)s)) w
 CROSS JOIN LATERAL ({RECORD.format(tutor="w.author_id")}) record(lines)
"""  # noqa: S608


def as_record(lines: Sequence[Sequence[Any]] | None) -> tuple[RecordFacts, ...]:
    """The lines of `RECORD` as facts."""
    return tuple(
        RecordFacts(speciality=slug, task_type=kind, judged=n, accepted=good, most_by_one=most)
        for slug, kind, n, good, most in lines or ()
    )


def asks_record(requirements: Iterable[RequirementSet]) -> bool:
    """Whether one of the sets asks for standing."""
    different = {id(each): each for each in requirements}
    return any(LeafKind.STANDING in each.kinds for each in different.values())


def records_of(*, tutor_ids: Iterable[int] | None) -> dict[int, tuple[RecordFacts, ...]]:
    """Records by tutor id, of those who have one; without ids: everybody's. One statement."""
    parameters = {"tutors": None if tutor_ids is None else list(tutor_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, parameters)
        return {row[0]: as_record(decoded(row[1])) for row in cursor.fetchall()}


def own_record(*, account_id: int) -> tuple[RecordFacts, ...]:
    """The record of the tutor behind an account, the most reviewed first."""
    sql = f"SELECT ({RECORD.format(tutor='t.id')}) FROM tutors_tutor t WHERE t.account_id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [account_id])
        row = cursor.fetchone()
    lines = as_record(decoded(row[0])) if row else ()
    return tuple(sorted(lines, key=lambda r: (-r.judged, r.speciality, r.task_type)))


def with_records(
    facts: Mapping[int, Facts],
    *,
    requirements: Iterable[RequirementSet],
    pools: Iterable[PoolAhead] = (),
) -> dict[int, Facts]:
    """The facts with their records, read only where one of the sets asks for standing, or one of
    the pools, for whose score this is, weighs it.
    """
    wanted = any(pool.weighs_standing for pool in pools) or asks_record(requirements)
    return recorded(facts) if wanted else dict(facts)


def recorded(facts: Mapping[int, Facts]) -> dict[int, Facts]:
    """The facts with their records; one statement.

    A decision raises the facts' version, so facts read before a record are never newer than it.
    """
    records = records_of(tutor_ids=facts)
    return {
        tutor: replace(own, record=records[tutor]) if tutor in records else own
        for tutor, own in facts.items()
    }
