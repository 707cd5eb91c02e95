"""Whether anybody at all could take what waits longest in a pool, whoever is taking work now."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.histories import histories
from tasks.queries.policies import Shares
from tasks.queries.pools import pools_by_id, requirements_of, shares_in
from tasks.queries.records import with_records
from tasks.rules.ahead import NO_HISTORY, Hands, PoolAhead, Way
from tasks.rules.limits import WATCH_AGAIN_MINUTES, WATCH_AT_ONCE, WATCH_PEOPLE_MAX, WATCH_POOLS_MAX
from tasks.rules.matching import fit
from tasks.rules.prospects import lasting
from tasks.rules.states import WorkRole
from tutors.queries.facts import facts_for
from tutors.rules.requirements import Mode, RequirementSet

_DUE = f"""
SELECT pool.id, eldest.id, eldest.task_id
  FROM tasks_poolcounter kept
  JOIN tasks_pool pool ON pool.id = kept.pool_id
  JOIN tasks_project project ON project.id = pool.project_id
  LEFT JOIN tasks_poolwatch seen ON seen.pool_id = pool.id
  CROSS JOIN LATERAL (SELECT s.id, s.task_id, s.opened_at FROM tasks_slot s
                       WHERE s.pool_id = pool.id AND s.state = 'open'
                       ORDER BY s.opened_at, s.id LIMIT 1) eldest
 WHERE project.state = 'open' AND kept.waiting > 0
   AND eldest.opened_at < statement_timestamp() - interval '{WATCH_AGAIN_MINUTES} minutes'
   AND (seen.looked_at IS NULL
        OR seen.looked_at < statement_timestamp() - interval '{WATCH_AGAIN_MINUTES} minutes')
 ORDER BY seen.looked_at NULLS FIRST, pool.id LIMIT {WATCH_POOLS_MAX}
"""  # noqa: S608

_PEOPLE = """
SELECT t.id FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
 WHERE a.is_active AND t.id > %(after)s
   AND EXISTS (SELECT 1 FROM tutors_contract k
                WHERE k.tutor_id = t.id AND k.state IN ('active', 'notice'))
   AND (NOT %(judging)s OR EXISTS (SELECT 1 FROM workforce_rolegrant g
                                    WHERE g.account_id = a.id AND g.role = 'reviewer'))
   AND NOT EXISTS (
       SELECT 1 FROM unnest(%(fields)s::text[], %(levels)s::int[]) AS need(field, level)
        WHERE NOT EXISTS (
              SELECT 1 FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
               WHERE q.tutor_id = t.id AND q.state = 'granted' AND q.level >= need.level
                 AND (d.slug = need.field OR left(d.slug, length(need.field) + 1)
                                             = need.field || '.')))
 ORDER BY t.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Eldest:
    """What waits longest in a pool."""

    pool_id: int
    slot_id: int
    task_id: int


def pools_to_watch() -> list[Eldest]:
    """Pools in which something waits for a while, those not looked at the longest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        return [Eldest(*row) for row in cursor.fetchall()]


def lacking(
    *,
    eldest: Eldest,
    at: datetime,
    at_once: int = WATCH_AT_ONCE,
    people_max: int = WATCH_PEOPLE_MAX,
) -> str:
    """Empty when somebody could take it under the hard rules alone; else the code of the verdict
    that stands in the way of most of those who come nearest.

    Ends with the first who could; reads `at_once` people a time, `people_max` at most.
    """
    pool = pools_by_id([eldest.pool_id])[eldest.pool_id]
    hard = _hard_only(requirements_of([pool])[pool.pool_id])
    judging = pool.role is not WorkRole.ATTEMPT
    shared = shares_in(pools=[pool])
    codes: Counter[str] = Counter()
    pages = _people(hard, judging=judging, at_once=at_once)
    for tutors in islice(pages, people_max // at_once):
        found = _refusals(pool, hard, tutors, eldest, shared=shared, at=at)
        if "" in found:
            return ""
        codes.update(found)
    if codes:
        return min(codes, key=lambda code: (-codes[code], code))
    if judging:
        return "not_a_reviewer"
    return "qualification_missing" if hard.qualifications else "contract_missing"


def _hard_only(requirement: RequirementSet) -> RequirementSet:
    """Soft rules fall away in time; they never leave a task without anybody."""
    hard = tuple(rule for rule in requirement.rules if rule.mode is Mode.HARD)
    return replace(requirement, rules=hard)


def _people(requirement: RequirementSet, *, judging: bool, at_once: int) -> Iterator[list[int]]:
    """Ids of people under contract with the qualifications asked for, some at a time; for
    reviews and adjudications those who review.
    """
    needs = requirement.qualifications
    parameters: dict[str, Any] = {
        "after": 0,
        "limit": at_once,
        "judging": judging,
        "fields": [field for field, _ in needs],
        "levels": [level for _, level in needs],
    }
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, parameters)
            found = [row[0] for row in cursor.fetchall()]
        if found:
            yield found
        if len(found) < at_once:
            return
        parameters["after"] = found[-1]


def _refusals(
    pool: PoolAhead,
    hard: RequirementSet,
    tutors: list[int],
    eldest: Eldest,
    *,
    shared: Shares,
    at: datetime,
) -> list[str]:
    """For each person the first verdict that lasts; empty for who could."""
    facts = with_records(facts_for(tutor_ids=tutors, at=at), requirements=[hard])
    cards = cards_for(version=version_now(), pools=[pool], at=at)
    known = histories(slots=[(eldest.slot_id, eldest.task_id, pool.role)], tutor_ids=tutors)
    refusals = []
    for own in facts.values():
        history = known.get((eldest.slot_id, own.tutor_id), NO_HISTORY)
        judged = fit(
            facts=own,
            pool=pool,
            requirement=hard,
            hands=Hands(tutor_id=own.tutor_id, attempts=shared.get(own.tutor_id, {})),
            cards=cards,
            at=at,
            history=replace(history, declined=False),
            way=Way.OFFER,
        )
        refusals.append(next((verdict.code for verdict in lasting(judged.verdicts)), ""))
    return refusals
