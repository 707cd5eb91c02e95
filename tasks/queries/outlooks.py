"""What pools bring and how many people share it: read here, kept by `operations.measuring`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zlib import crc32

from django.db import connection

from tasks.queries.pools import COLUMNS, TABLES, as_pools, requirements_of
from tasks.queries.records import with_records
from tasks.rules.ahead import PoolAhead
from tasks.rules.demand import WINDOW_DAYS, Outlook
from tasks.rules.fingerprints import at_rest
from tasks.rules.states import WorkRole
from tutors.queries.facts import facts_for
from tutors.rules import fields
from tutors.rules.eligibility import Facts, passes_rules
from tutors.rules.requirements import RequirementSet

MEASURE_KIND = "tasks.measure_queue"

MEASURE_AGAIN_MINUTES = 10
"""How old the figures of what a pool brings may become before they are measured again."""

MEASURE_QUEUES_MAX = 50
MEASURE_POOLS_MAX = 3_000
"""Queues that one pass of the sweeper asks to be measured, and pools measured in one job."""

MEASURE_PEOPLE_MAX = 300
"""People judged for one set of qualifications; of more, these stand for all of them."""

_DUE = """
SELECT DISTINCT pool.queue
  FROM tasks_pool pool
  JOIN tasks_project project ON project.id = pool.project_id AND project.state = 'open'
  LEFT JOIN tasks_pooloutlook seen ON seen.pool_id = pool.id
 WHERE (seen.pool_id IS NULL
        OR seen.measured_at
            < statement_timestamp() - make_interval(mins => %(again)s::int))
   AND NOT EXISTS (SELECT 1 FROM workforce_job j
                    WHERE j.state = 'due' AND j.kind = %(kind)s AND j.key = pool.queue)
   AND NOT EXISTS (SELECT 1 FROM workforce_job j
                    WHERE j.state = 'leased' AND j.kind = %(kind)s AND j.key = pool.queue)
   AND NOT EXISTS (SELECT 1 FROM workforce_job j
                    WHERE j.state = 'parked' AND j.kind = %(kind)s AND j.key = pool.queue)
 ORDER BY pool.queue LIMIT %(most)s
"""

_POOLS = f"""
SELECT {COLUMNS} FROM {TABLES} LEFT JOIN tasks_pooloutlook seen ON seen.pool_id = pool.id
 WHERE project.state = 'open' AND pool.queue = %(queue)s
 ORDER BY seen.measured_at NULLS FIRST, pool.id LIMIT {MEASURE_POOLS_MAX}
"""  # noqa: S608

TOOK_LATELY = """(
    t.presence = 'taking_work'
      AND (t.presence_until IS NULL OR t.presence_until > statement_timestamp())
 OR (SELECT c.claimed_at FROM tasks_claim c WHERE c.tutor_id = t.id
      ORDER BY c.id DESC LIMIT 1)
     > statement_timestamp() - make_interval(days => %(window)s::int))"""
"""SQL: the tutor `t` takes work now, or took some within the last `window` days."""

_ACTIVE = f"""
SELECT t.id, coalesce(t.person, t.id),
       EXISTS (SELECT 1 FROM workforce_rolegrant g
                WHERE g.account_id = a.id AND g.role = 'reviewer')
  FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
 WHERE a.is_active AND {TOOK_LATELY}
   AND EXISTS (SELECT 1 FROM tutors_contract k
                WHERE k.tutor_id = t.id AND k.state IN ('active', 'notice'))
   AND (%(anybody)s OR EXISTS (
       SELECT 1 FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
        WHERE q.tutor_id = t.id AND q.state = 'granted' AND d.slug = ANY(%(slugs)s)))
"""  # noqa: S608
_BELOW = """
SELECT d.slug FROM workforce_domain d, unnest(%(fields)s::text[]) AS f(slug)
 WHERE d.slug = f.slug OR d.slug LIKE f.slug || '.%%'
"""
_HELD = """
SELECT q.tutor_id, d.slug, q.level FROM tutors_qualification q
  JOIN workforce_domain d ON d.id = q.domain_id
 WHERE q.state = 'granted' AND d.slug = ANY(%(slugs)s)
"""


def queues_to_measure() -> list[str]:
    """Queues with a pool of an open project that was never measured, or not for a while.

    Not those whose job is at it, or was given up: somebody looks at that first.
    """
    asked: dict[str, Any] = {
        "again": MEASURE_AGAIN_MINUTES,
        "kind": MEASURE_KIND,
        "most": MEASURE_QUEUES_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, asked)
        return [row[0] for row in cursor.fetchall()]


def pools_to_measure(*, queue: str) -> list[PoolAhead]:
    """The queue's pools of open projects, those not measured the longest first."""
    with connection.cursor() as cursor:
        cursor.execute(_POOLS, {"queue": queue})
        return as_pools(cursor.fetchall())


Needs = tuple[tuple[str, int], ...]
"""Qualifications that a set asks for: (field, least level)."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some of those who hold what is asked for, and how many persons hold it."""

    read: Mapping[int, Facts]
    persons: int


class _Crowd:
    """Everybody under contract who took work lately and holds a qualification that counts here."""

    def __init__(self, needs: Iterable[Needs]) -> None:
        asked = set(needs)
        with connection.cursor() as cursor:
            cursor.execute(_BELOW, {"fields": sorted({f for each in asked for f, _ in each})})
            found: dict[str, Any] = {
                "slugs": [row[0] for row in cursor.fetchall()],
                "anybody": not all(asked),
                "window": WINDOW_DAYS,
            }
            cursor.execute(_ACTIVE, found)
            everybody = sorted(cursor.fetchall(), key=lambda row: crc32(b"%d" % row[0]))
            self.person = {row[0]: row[1] for row in everybody}
            self.reviewers = {row[0] for row in everybody if row[2]}
            cursor.execute(_HELD, found)
            self.held: dict[str, list[tuple[int, int]]] = {}
            for tutor, slug, level in cursor.fetchall():
                if tutor in self.person:
                    self.held.setdefault(slug, []).append((tutor, level))

    def holding(self, needs: Needs, *, judging: bool) -> dict[int, int]:
        """One tutor of each person who holds all of it, in an order without meaning."""
        able = set(self.reviewers) if judging else set(self.person)
        for field, least in needs:
            able &= {
                tutor
                for slug, holders in self.held.items()
                if fields.within(slug=slug, ancestor=field)
                for tutor, level in holders
                if level >= least
            }
        return {self.person[tutor]: tutor for tutor in self.person if tutor in able}


def people_for(*, pools: Sequence[PoolAhead], at: datetime) -> dict[int, int]:
    """By pool id: how many people meet its rules, are under contract and took work lately.

    Linked accounts are one person. People are found by the qualifications asked for; beyond
    `MEASURE_PEOPLE_MAX` of them, the same share is taken to meet the other rules.
    """
    requirements = requirements_of(pools)
    crowd = _Crowd(each.qualifications for each in requirements.values())
    samples: dict[tuple[Needs, bool], _Sample] = {}
    found: dict[tuple[str, bool], int] = {}
    for pool in pools:
        requirement, judging = requirements[pool.pool_id], pool.role is not WorkRole.ATTEMPT
        key = (pool.signature, judging)
        if key not in found:
            asked = (requirement.qualifications, judging)
            if asked not in samples:
                holding = crowd.holding(requirement.qualifications, judging=judging)
                samples[asked] = _sample(holding, sets=requirements.values(), at=at)
            found[key] = _passing(samples[asked], requirement, client=pool.client, at=at)
    return {p.pool_id: found[p.signature, p.role is not WorkRole.ATTEMPT] for p in pools}


def _sample(holding: Mapping[int, int], *, sets: Iterable[RequirementSet], at: datetime) -> _Sample:
    some = list(islice(holding.values(), MEASURE_PEOPLE_MAX))
    facts = facts_for(tutor_ids=some, at=at) if some else {}
    return _Sample(with_records(facts, requirements=sets) if facts else {}, len(holding))


def _passing(sample: _Sample, requirement: RequirementSet, *, client: str, at: datetime) -> int:
    passed = sum(
        passes_rules(facts=at_rest(facts), requirement=requirement, client=client, at=at)
        for facts in sample.read.values()
    )
    return round(passed * sample.persons / len(sample.read)) if sample.read else 0


OUTLOOK = """
seen.measured_at, seen.days, seen.arrived, seen.squares, seen.last_at, seen.handled,
seen.handle_seconds, seen.people
"""
"""Columns of `tasks_pooloutlook seen`, as `as_outlook` reads them."""

OUTLOOK_COUNT = 8


def as_outlook(row: Sequence[Any]) -> Outlook | None:
    """None for a pool that was never measured."""
    if row[0] is None:
        return None
    return Outlook(**dict(zip(Outlook.__dataclass_fields__, row, strict=True)))
