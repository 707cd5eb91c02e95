"""What a rehearsal plays on: the work that came to a queue, and the people who were there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.models import Pool, Project
from tasks.queries.cards import cards_for, version_now
from tasks.queries.pools import pools_by_id, requirements_of
from tasks.queries.records import recorded
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.clocks import SECONDS_A_MINUTE, SECONDS_AN_HOUR
from tasks.rules.fingerprints import at_rest
from tasks.rules.free_time import outside
from tasks.rules.limits import (
    HABIT_CLAIMS_MAX,
    HABIT_OFFERS_MAX,
    REHEARSAL_ENTRIES_MAX,
    REHEARSAL_PEOPLE_MAX,
    REHEARSAL_POOL_SLOTS_MAX,
    REHEARSAL_POOLS_MAX,
    REHEARSAL_SLOTS_MAX,
)
from tasks.rules.matching import fit
from tasks.rules.simulating.scenes import SimPool
from tasks.rules.simulating.staging import NO_HABIT, Able, Answered, Came, Habit
from tasks.rules.states import ANSWERED_CLAIMS, ProjectState, WorkRole
from tutors.queries.facts import facts_for
from tutors.queries.shifts import shifts_between
from tutors.rules.eligibility import Facts, passes_rules, proven_tenths
from tutors.rules.rates import Cards
from tutors.rules.requirements import RequirementSet
from tutors.rules.shifts import Shift
from workforce.models import Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A queue's past. `own`: the pools whose policy is in question.

    `slots_left_out` and `people_left_out`: whether there was more than a rehearsal takes.
    """

    queue: str
    pools: Mapping[int, PoolAhead]
    own: frozenset[int]
    came: Sequence[Came]
    people: Sequence[Able]
    slots_left_out: bool
    people_left_out: int

    @property
    def currency(self) -> str:
        """That of most of the own pools' budgets."""
        found = Counter(self.pools[key].budget_currency for key in sorted(self.own))
        return found.most_common(1)[0][0] if found else ""

    @property
    def sim_pools(self) -> dict[int, SimPool]:
        return {key: sim_pool(pool) for key, pool in self.pools.items()}


def past_of(*, owner: Project | Domain, since: datetime, until: datetime, at: datetime) -> Past:
    """The whole queue's, for people work across its projects. Who may do what is judged by the
    facts of now, projects as if they were open and their budgets ample.
    """
    queue = (owner.domain if isinstance(owner, Project) else owner).queue
    came, cut = _came(queue=queue, since=since, until=until)
    pools = _pools({each.pool for each in came})
    came = [each for each in came if each.pool in pools]
    shifts = shifts_between(since=since, until=until)
    chosen = _busiest(shifts, came)
    elsewhere = _elsewhere(queue=queue, tutors=chosen, since=since, until=until)
    there = {tutor: outside(shifts[tutor], elsewhere.get(tutor, ())) for tutor in chosen}
    return Past(
        queue=queue,
        pools=pools,
        own=_own(owner, pools),
        came=came,
        people=people_for(pools=pools, shifts=there, at=at),
        slots_left_out=cut,
        people_left_out=len(shifts) - len(chosen),
    )


def sim_pool(pool: PoolAhead) -> SimPool:
    """The pool as a simulation has it."""
    return SimPool(
        pool=pool.pool_id,
        level_min=1,
        expected_minutes=max(1, round(pool.expected_seconds / SECONDS_A_MINUTE)),
        sla_minutes=pool.sla_minutes,
        project=pool.project_id,
        attempts=pool.role is WorkRole.ATTEMPT,
        offer_minutes=max(1, pool.offer_ttl_seconds // SECONDS_A_MINUTE),
    )


def _busiest(shifts: Mapping[int, Sequence[Shift]], came: Iterable[Came]) -> list[int]:
    """Those who did the most of it, then those who were there; at most so many."""
    did: dict[int, int] = {}
    for each in came:
        if each.answered:
            did[each.answered.tutor] = did.get(each.answered.tutor, 0) + 1
    return sorted(shifts, key=lambda tutor: (-did.get(tutor, 0), tutor))[:REHEARSAL_PEOPLE_MAX]


def _pools(wanted: Iterable[int]) -> dict[int, PoolAhead]:
    """As if their projects were open and had money: a rehearsal is about the past."""
    keys = sorted(wanted)[-REHEARSAL_POOLS_MAX:]
    return {
        key: replace(pool, state=ProjectState.OPEN, room_minor=None)
        for key, pool in pools_by_id(keys).items()
    }


def _own(owner: Project | Domain, pools: Mapping[int, PoolAhead]) -> frozenset[int]:
    if isinstance(owner, Project):
        return frozenset(key for key, pool in pools.items() if pool.project_id == owner.pk)
    follow = Pool.objects.filter(pk__in=list(pools)).exclude(
        project__routing_policy__project__isnull=False
    )
    below = f"{owner.slug}."
    return frozenset(
        key
        for key in follow.values_list("pk", flat=True)
        if pools[key].domain == owner.slug or pools[key].domain.startswith(below)
    )


# --- Work -----------------------------------------------------------------------------------

_ANSWERED = """
SELECT c.slot_id, c.pool_id, s.opened_at, s.priority, c.tutor_id, c.claimed_at, c.ended_at,
       c.seconds_worked, c.rate_minor_hourly, c.state = ANY(%(answered)s) AS is_answered
  FROM tasks_project p
  JOIN workforce_domain d ON d.id = p.domain_id
 CROSS JOIN LATERAL (
       SELECT k.* FROM tasks_claim k WHERE k.project_id = p.id ORDER BY k.id DESC
        LIMIT %(most)s) c
  JOIN tasks_slot s ON s.id = c.slot_id
 WHERE split_part(d.slug, '.', 1) = %(queue)s AND c.claimed_at >= %(since)s
   AND s.opened_at < %(until)s AND c.revises_id IS NULL
 ORDER BY c.id DESC LIMIT %(most)s
"""
_WAITING = """
SELECT s.id, s.pool_id, s.opened_at, s.priority
  FROM tasks_pool pool
  JOIN tasks_project p ON p.id = pool.project_id
 CROSS JOIN LATERAL (
       SELECT o.id, o.pool_id, o.opened_at, o.priority FROM tasks_slot o
        WHERE o.pool_id = pool.id AND o.state = 'open' AND o.opened_at < %(until)s
        ORDER BY o.opened_at, o.id LIMIT %(most)s) s
 WHERE pool.queue = %(queue)s AND p.state = 'open'
 LIMIT %(all)s
"""


def _came(*, queue: str, since: datetime, until: datetime) -> tuple[list[Came], bool]:
    """Slots answered or taken since, and those that still wait; whether there were more: then the
    newest were read.
    """
    asked: dict[str, Any] = {
        "queue": queue,
        "since": since,
        "until": until,
        "answered": [state.value for state in ANSWERED_CLAIMS],
        "most": REHEARSAL_SLOTS_MAX,
    }
    found: dict[int, Came] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, asked)
        taken = cursor.fetchall()
        left = REHEARSAL_SLOTS_MAX - len(taken)
        cursor.execute(
            _WAITING,
            {"queue": queue, "until": until, "most": REHEARSAL_POOL_SLOTS_MAX, "all": left},
        )
        waiting = cursor.fetchall()
    for row in taken:
        came = _as_came(*row)
        if came.answered is not None or came.slot not in found:
            found[came.slot] = came
    for slot, pool, opened_at, priority in waiting:
        found.setdefault(slot, Came(slot=slot, pool=pool, opened_at=opened_at, priority=priority))
    cut = len(taken) == REHEARSAL_SLOTS_MAX or _is_cut(waiting, left)
    return list(found.values()), cut


def _is_cut(waiting: Sequence[tuple[Any, ...]], left: int) -> bool:
    of_pool: dict[int, int] = {}
    for _, pool, *_rest in waiting:
        of_pool[pool] = of_pool.get(pool, 0) + 1
    return len(waiting) == left or REHEARSAL_POOL_SLOTS_MAX in of_pool.values()


def _as_came(
    slot: int,
    pool: int,
    opened_at: datetime,
    priority: int,
    tutor: int,
    begun: datetime,
    ended: datetime | None,
    seconds: int,
    rate: int,
    is_answered: bool,
) -> Came:
    own = None
    if is_answered and ended is not None:
        own = Answered(
            tutor=tutor,
            begun=begun,
            ended=ended,
            seconds=seconds,
            cost_minor=seconds * rate // SECONDS_AN_HOUR,
        )
    return Came(slot=slot, pool=pool, opened_at=opened_at, priority=priority, answered=own)


# --- People ---------------------------------------------------------------------------------

_ELSEWHERE = """
SELECT w.tutor_id, busy.started_at, busy.ended_at
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL (
       SELECT e.started_at, coalesce(e.ended_at, %(until)s) AS ended_at
         FROM tasks_timeentry e
         LEFT JOIN tasks_project p ON p.id = e.project_id
         LEFT JOIN workforce_domain d ON d.id = p.domain_id
        WHERE e.tutor_id = w.tutor_id AND e.state <> 'declined'
          AND e.started_at > %(since)s - interval '7 days' AND e.started_at < %(until)s
          AND coalesce(e.ended_at, %(until)s) > %(since)s
          AND split_part(d.slug, '.', 1) IS DISTINCT FROM %(queue)s
        ORDER BY e.started_at DESC LIMIT %(most)s) busy
"""


def _elsewhere(
    *, queue: str, tutors: Sequence[int], since: datetime, until: datetime
) -> dict[int, list[Shift]]:
    """When these people worked on something else than this queue's projects, by tutor id."""
    parameters: dict[str, Any] = {
        "queue": queue,
        "tutors": list(tutors),
        "since": since,
        "until": until,
        "most": REHEARSAL_ENTRIES_MAX,
    }
    found: dict[int, list[Shift]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, parameters)
        for tutor, begins, ends in cursor.fetchall():
            found.setdefault(tutor, []).append((begins, ends))
    return found


_HABITS = """
SELECT w.tutor_id, asked.accepted, asked.declined, asked.ignored, asked.answer,
       done.worked, done.expected, done.tasks
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE o.state = 'accepted') AS accepted,
              count(*) FILTER (WHERE o.state = 'declined') AS declined,
              count(*) FILTER (WHERE o.state = 'expired') AS ignored,
              (percentile_cont(0.5) WITHIN GROUP (ORDER BY o.ended_at - o.made_at)
                 FILTER (WHERE o.state = 'accepted')) AS answer
         FROM (SELECT f.state, f.made_at, f.ended_at FROM tasks_offer f
                WHERE f.tutor_id = w.tutor_id ORDER BY f.id DESC LIMIT %(offers)s) o) asked
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(k.seconds_worked), 0)::bigint AS worked,
              coalesce(sum(k.expected_seconds), 0)::bigint AS expected, count(*) AS tasks
         FROM (SELECT c.seconds_worked, c.expected_seconds, c.state FROM tasks_claim c
                WHERE c.tutor_id = w.tutor_id ORDER BY c.id DESC LIMIT %(claims)s) k
        WHERE k.state = ANY(%(answered)s)) done
"""


def people_for(
    *, pools: Mapping[int, PoolAhead], shifts: Mapping[int, Sequence[Shift]], at: datetime
) -> list[Able]:
    """Those of them who may do something in these pools, with levels, rates and habits.

    How good they surely are is read whatever the policy in force: the one that is tried may ask.
    """
    requirements = requirements_of(pools.values())
    facts = recorded(facts_for(tutor_ids=sorted(shifts), at=at))
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    habits = habits_of(tutor_ids=sorted(shifts))
    found = []
    for tutor, own in sorted(facts.items()):
        suited = _suited(at_rest(own), pools, requirements, cards=cards, at=at)
        if suited:
            cap = own.contract.cap_seconds_week if own.contract else None
            found.append(
                Able(
                    tutor=tutor,
                    levels={pool: level for pool, (level, _) in suited.items()},
                    rates={pool: rate for pool, (_, rate) in suited.items()},
                    proven=_proven(own, suited, pools),
                    shifts=shifts[tutor],
                    week_minutes=None if cap is None else cap // SECONDS_A_MINUTE,
                    hands=own.capacity,
                    habit=habits.get(tutor, NO_HABIT),
                )
            )
    return found


def _suited(
    facts: Facts,
    pools: Mapping[int, PoolAhead],
    requirements: Mapping[int, RequirementSet],
    *,
    cards: Cards,
    at: datetime,
) -> dict[int, tuple[int, int]]:
    """(level, rate) by pool that she may do."""
    found = {}
    for key, pool in pools.items():
        requirement = requirements[key]
        if not passes_rules(facts=facts, requirement=requirement, client=pool.client, at=at):
            continue
        judged = fit(
            facts=facts,
            pool=pool,
            requirement=requirement,
            hands=Hands(tutor_id=facts.tutor_id),
            cards=cards,
            at=at,
            way=Way.OFFER,
        )
        if judged.eligible:
            found[key] = judged.level, judged.rates[0].minor_hourly
    return found


def _proven(facts: Facts, suited: Iterable[int], pools: Mapping[int, PoolAhead]) -> dict[int, int]:
    """How good she surely is, in tenths, by pool of attempts; absent where that is unproven."""
    found = {
        key: proven_tenths(
            facts.record, speciality=pools[key].domain, task_type=pools[key].task_type
        )
        for key in suited
        if pools[key].role is WorkRole.ATTEMPT
    }
    return {key: tenths for key, tenths in found.items() if tenths is not None}


def habits_of(*, tutor_ids: Sequence[int]) -> dict[int, Habit]:
    """How these people took their last offers, and how long their last work took."""
    parameters: dict[str, Any] = {
        "tutors": list(tutor_ids),
        "offers": HABIT_OFFERS_MAX,
        "claims": HABIT_CLAIMS_MAX,
        "answered": [state.value for state in ANSWERED_CLAIMS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_HABITS, parameters)
        rows = cursor.fetchall()
    return {
        tutor: Habit(
            accepted=accepted,
            declined=declined,
            ignored=ignored,
            answer_minutes=None if answer is None else round(answer.total_seconds() / 60),
            worked_seconds=worked,
            expected_seconds=expected,
            tasks=tasks,
        )
        for tutor, accepted, declined, ignored, answer, worked, expected, tasks in rows
    }
