"""Where everybody stands on the road: facts in one statement, next steps by the rule."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tutors.rules.next_steps import (
    CREDENTIAL_EXPIRY_DAYS,
    HERS,
    OURS,
    QUALIFICATION_EXPIRY_DAYS,
    NextStep,
    RoadFacts,
    Step,
    Turn,
    next_step,
)

QUEUE_PAGE = 50
PEOPLE_MAX = 20_000
"""People looked at in one answer: the newest, by far more than a recruiter's desk holds."""

_ROAD = """
WITH chosen AS MATERIALIZED (
     SELECT t.id, t.account_id, t.added_at, a.is_active, a.password, a.id AS account
       FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
      WHERE %(everybody)s OR t.id = ANY(%(ids)s)
      ORDER BY t.id DESC LIMIT %(limit)s),
invited AS (
     SELECT i.account_id, max(i.created_at) AS invited_at, max(i.expires_at) AS ends_at,
            bool_or(i.accepted_at IS NOT NULL) AS accepted
       FROM workforce_invitation i JOIN chosen c ON c.account_id = i.account_id
      GROUP BY i.account_id),
checked AS (
     SELECT k.credential_id, max(k.checked_at) AS checked_at
       FROM tutors_credentialcheck k
       JOIN tutors_credential p ON p.id = k.credential_id
       JOIN chosen c ON c.id = p.tutor_id
      GROUP BY k.credential_id),
proofs AS (
     SELECT p.tutor_id, p.type, p.field, p.name, p.profession, p.jurisdiction, count(*) AS n,
            min(p.added_at) FILTER (WHERE p.verified = 'self' AND p.status <> 'refused')
                AS unchecked_at,
            max(coalesce(k.checked_at, p.added_at))
                FILTER (WHERE p.verified <> 'self' AND p.status IN ('active', 'awarded',
                                                                    'in_progress')) AS proven_at,
            max(coalesce(p.expires_on, 'infinity'::date))
                FILTER (WHERE p.verified <> 'self' AND p.status = 'active') AS ends_on
       FROM tutors_credential p
       JOIN chosen c ON c.id = p.tutor_id
       LEFT JOIN checked k ON k.credential_id = p.id
      GROUP BY p.tutor_id, p.type, p.field, p.name, p.profession, p.jurisdiction),
proven AS (
     SELECT tutor_id, sum(n) AS credentials, min(unchecked_at) AS unchecked_at,
            max(proven_at) AS proven_at, nullif(min(ends_on), 'infinity'::date) AS ends_on
       FROM proofs GROUP BY tutor_id),
qualified AS (
     SELECT q.tutor_id,
            min(q.granted_at) FILTER (WHERE q.expires_at IS NULL OR q.expires_at > %(at)s)
                AS qualified_at,
            min(q.expires_at) FILTER (WHERE q.expires_at > %(at)s) AS ends_at,
            max(q.expires_at) FILTER (WHERE q.expires_at <= %(at)s) AS lapsed_at
       FROM tutors_qualification q JOIN chosen c ON c.id = q.tutor_id
      WHERE q.state = 'granted' GROUP BY q.tutor_id),
held AS (
     SELECT k.tutor_id,
            bool_or(k.state IN ('active', 'notice')
                    AND (k.ends_at IS NULL OR k.ends_at > %(at)s)) AS has_contract,
            bool_or(k.signed_at IS NOT NULL) AS ever_signed,
            max(coalesce(k.ended_at, k.ends_at))
                FILTER (WHERE k.signed_at IS NOT NULL
                          AND (k.state = 'ended' OR k.ends_at <= %(at)s)) AS left_at
       FROM tutors_contract k JOIN chosen c ON c.id = k.tutor_id GROUP BY k.tutor_id),
tabled AS (
     SELECT k.tutor_id,
            min(v.offered_at) FILTER (WHERE v.state = 'offered') AS offered_at,
            min(v.signed_at) FILTER (WHERE v.state = 'signed') AS signed_at
       FROM tutors_contractversion v
       JOIN tutors_contract k ON k.id = v.contract_id
       JOIN chosen c ON c.id = k.tutor_id
      WHERE v.state IN ('offered', 'signed') GROUP BY k.tutor_id),
papers AS (
     SELECT g.tutor_id, count(*) AS agreements,
            min(g.offered_at) FILTER (WHERE g.state = 'offered') AS paper_offered_at,
            max(g.signed_at) AS agreed_at
       FROM tutors_agreement g JOIN chosen c ON c.id = g.tutor_id
      WHERE g.state <> 'withdrawn' GROUP BY g.tutor_id)
SELECT c.id, c.is_active AS active, c.added_at,
       left(c.password, 1) <> '!' OR coalesce(i.accepted, false)
           OR coalesce(h.ever_signed, false) AS entered,
       i.invited_at, i.ends_at AS invitation_ends_at,
       coalesce(p.credentials, 0)::int AS credentials, p.unchecked_at, p.proven_at,
       p.ends_on AS credential_ends_on,
       q.qualified_at, q.ends_at AS qualification_ends_at, q.lapsed_at,
       coalesce(h.has_contract, false) AS has_contract, h.left_at,
       v.offered_at, v.signed_at,
       coalesce(g.agreements, 0)::int AS agreements, g.paper_offered_at, g.agreed_at
  FROM chosen c
  LEFT JOIN invited i ON i.account_id = c.account_id
  LEFT JOIN proven p ON p.tutor_id = c.id
  LEFT JOIN qualified q ON q.tutor_id = c.id
  LEFT JOIN held h ON h.tutor_id = c.id
  LEFT JOIN tabled v ON v.tutor_id = c.id
  LEFT JOIN papers g ON g.tutor_id = c.id
 WHERE NOT %(open_only)s OR NOT (
       NOT c.is_active
       OR coalesce(h.has_contract, false) AND q.qualified_at IS NOT NULL
          AND coalesce(g.agreements, 0) > 0
          AND p.unchecked_at IS NULL AND v.offered_at IS NULL AND v.signed_at IS NULL
          AND g.paper_offered_at IS NULL
          AND (p.ends_on IS NULL OR p.ends_on > %(proofs_until)s)
          AND (q.ends_at IS NULL OR q.ends_at > %(fields_until)s))
"""
"""`open_only` leaves out people for whom `next_step` finds nothing: most, in a house at work."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The recruiters' work: `waiting` oldest first, how many by step, whom we wait for."""

    waiting: tuple[tuple[int, NextStep], ...]
    by_step: dict[Step, int]
    others: int


def road_facts(
    *, tutor_ids: Sequence[int] | None, at: datetime, open_only: bool = False
) -> dict[int, RoadFacts]:
    """Facts by tutor id in one statement; without ids those of the newest `PEOPLE_MAX`.

    `open_only` leaves out people who are at work and need nothing.
    """
    params: dict[str, Any] = {
        "everybody": tutor_ids is None,
        "ids": list(tutor_ids or ()),
        "limit": PEOPLE_MAX,
        "at": at,
        "open_only": open_only,
        "proofs_until": at.date() + timedelta(days=CREDENTIAL_EXPIRY_DAYS),
        "fields_until": at + timedelta(days=QUALIFICATION_EXPIRY_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROAD, params)
        names = [column.name for column in cursor.description or ()][1:]
        return {
            row[0]: RoadFacts(**dict(zip(names, row[1:], strict=True))) for row in cursor.fetchall()
        }


def steps_of(
    *, tutor_ids: Sequence[int] | None, at: datetime, open_only: bool = False
) -> dict[int, NextStep]:
    """The next step of each of these tutors; without ids, of everybody."""
    found = road_facts(tutor_ids=tutor_ids, at=at, open_only=open_only)
    return {tutor_id: next_step(facts, at=at) for tutor_id, facts in found.items()}


def queue(*, at: datetime) -> Queue:
    """What waits for a recruiter, in one statement."""
    steps = steps_of(tutor_ids=None, at=at, open_only=True)
    ours = [(n, step) for n, step in steps.items() if step.turn is Turn.RECRUITER]
    ours.sort(key=lambda line: (line[1].since, line[0]))
    counted = Counter(step.step for _n, step in ours)
    return Queue(
        waiting=tuple(ours),
        by_step={step: counted[step] for step in OURS if counted[step]},
        others=sum(step.turn is Turn.TUTOR for step in steps.values()),
    )


def at_step(*, steps: Iterable[Step], at: datetime) -> list[int]:
    """The tutors whose next step is one of these."""
    wanted = frozenset(steps)
    found = steps_of(tutor_ids=None, at=at, open_only=Step.NONE not in wanted)
    return [tutor_id for tutor_id, step in found.items() if step.step in wanted]


def steps_for(turn: Turn) -> tuple[Step, ...]:
    return {Turn.RECRUITER: OURS, Turn.TUTOR: HERS, Turn.NOBODY: (Step.NONE,)}[turn]
