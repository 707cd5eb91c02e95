"""Alerts that wait, and whether a queue is open to somebody at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from tasks.models import QueueAlert
from tasks.queries.cards import cards_for, version_now
from tasks.queries.hands import hands_of
from tasks.queries.pools import pools_by_id, requirements_of, with_shares
from tasks.queries.records import with_records
from tasks.rules.ahead import Way
from tasks.rules.limits import ALERT_AGAIN_MINUTES, ALERTS_A_PASS_MAX
from tasks.rules.matching import fit
from tasks.rules.prospects import Gate, gate_of
from tasks.rules.states import AlertState, ProjectState, WorkRole
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts

QueueKey = tuple[int, WorkRole]
"""A queue as people see it: a project's work of one role."""

_DUE = """
SELECT a.id, a.tutor_id, a.project_id, a.role, open.pools
  FROM (SELECT pool.project_id, pool.role, array_agg(pool.id ORDER BY pool.step) AS pools
          FROM tasks_pool pool JOIN tasks_project project ON project.id = pool.project_id
         WHERE project.state = 'open'
           AND EXISTS (SELECT 1 FROM tasks_queuealert w WHERE w.state = 'waiting'
                          AND w.project_id = pool.project_id AND w.role = pool.role)
           AND EXISTS (SELECT 1 FROM tasks_slot s WHERE s.pool_id = pool.id AND s.state = 'open')
         GROUP BY 1, 2) open
  JOIN tasks_queuealert a ON a.project_id = open.project_id AND a.role = open.role
                         AND a.state = 'waiting' AND a.expires_at > statement_timestamp()
  JOIN tutors_tutor t ON t.id = a.tutor_id
 WHERE a.looked_at IS NULL OR a.facts_version IS DISTINCT FROM t.facts_version
    OR a.looked_at < statement_timestamp() - make_interval(mins => %(again)s::int)
 ORDER BY a.looked_at NULLS FIRST, a.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert to look at; `pools` of its queue in which something waits, strictest first."""

    alert_id: int
    tutor_id: int
    project_id: int
    role: WorkRole
    pools: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look found: the pools that she may take from, and her facts of that moment."""

    due: Due
    open_pools: tuple[int, ...]
    facts: Facts


def alerts_due() -> list[Due]:
    """Alerts whose queue has waiting work and was not found closed to her lately."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"again": ALERT_AGAIN_MINUTES, "most": ALERTS_A_PASS_MAX})
        return [Due(row[0], row[1], row[2], WorkRole(row[3]), row[4]) for row in cursor.fetchall()]


def look(due: Sequence[Due], *, at: datetime) -> list[Looked]:
    """What each of them may take from now, whether or not she is taking work; by alert's id."""
    people = facts_for(tutor_ids=sorted({each.tutor_id for each in due}), at=at)
    pools = pools_by_id({pool for each in due for pool in each.pools})
    requirements = requirements_of(pools.values())
    people = with_records(people, requirements=requirements.values())
    hands = with_shares(hands_of(everybody=people.values(), at=at), pools=list(pools.values()))
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    found = []
    for each in sorted(due, key=lambda one: one.alert_id):
        facts = people[each.tutor_id]
        open_pools = []
        for pool in (pools[pool_id] for pool_id in each.pools):
            judged = fit(
                facts=facts,
                pool=pool,
                requirement=requirements[pool.pool_id],
                hands=hands[each.tutor_id],
                cards=cards,
                at=at,
                way=Way.open_to_her(pool.dispatch),
            )
            if gate_of(judged.verdicts, waiting=1) is Gate.OPEN:
                open_pools.append(pool.pool_id)
        found.append(Looked(due=each, open_pools=tuple(open_pools), facts=facts))
    return found


def waiting_of(*, tutor_id: int) -> dict[QueueKey, QueueAlert]:
    """Her alerts that wait, by queue."""
    mine = QueueAlert.objects.filter(tutor_id=tutor_id, state=AlertState.WAITING)
    return {(alert.project_id, WorkRole(alert.role)): alert for alert in mine}


def own_alerts(*, account_id: int) -> QuerySet[QueueAlert]:
    """All alerts of an account's tutor, those that are over as well."""
    return QueueAlert.objects.filter(tutor__account_id=account_id).select_related("project")


_STANDS = """
SELECT pool.project_id, pool.role, pool.queue, project.state,
       array(SELECT p.id FROM tasks_pool p
              WHERE p.project_id = pool.project_id AND p.role = pool.role
                AND EXISTS (SELECT 1 FROM tasks_slot s
                             WHERE s.pool_id = p.id AND s.state = 'open') ORDER BY p.step)
  FROM tasks_pool pool JOIN tasks_project project ON project.id = pool.project_id
 WHERE pool.id = %s
"""


@dataclass(frozen=True, slots=True)
class Stands:
    """The queue behind a pool; `pools` of it in which something waits."""

    project_id: int
    role: WorkRole
    queue: str
    state: ProjectState
    pools: Sequence[int]


def queue_behind(*, pool_id: int) -> Stands | None:
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [pool_id])
        row = cursor.fetchone()
    if row is None:
        return None
    return Stands(row[0], WorkRole(row[1]), row[2], ProjectState(row[3]), row[4])
