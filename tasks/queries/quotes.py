"""What a quote rests on: who may do it and had time lately, and how long like work took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from tasks.queries.cards import cards_for, version_now
from tasks.queries.records import with_records
from tasks.rules import clocks
from tasks.rules.clocks import MINUTES_A_DAY, SECONDS_A_MINUTE
from tasks.rules.fingerprints import at_rest
from tasks.rules.free_time import free_by_weekday, minutes_by_day
from tasks.rules.limits import QUOTE_CLAIMS_MAX, QUOTE_PEOPLE_MAX, QUOTE_PROJECTS_MAX
from tasks.rules.matching import NOTHING_ASKED, Fit, Hands, PoolAhead, Way, fit
from tasks.rules.quoting import Hand, Price, Quote, Wanted, price, quote
from tasks.rules.simulating.staging import NO_HABIT, Habit
from tasks.rules.states import ANSWERED_CLAIMS, Dispatch, ProjectState, WorkRole
from tutors.queries.facts import facts_for
from tutors.queries.shifts import shifts_between
from tutors.rules.eligibility import Facts, passes_rules
from tutors.rules.rates import Cards
from tutors.rules.requirements import Mode, RequirementSet, Rule
from tutors.rules.shifts import Shift

LOOK_BACK_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A project that does not exist yet. Seconds None: as like work took, or what is usual."""

    requirement: RequirementSet
    domain: str
    task_type: str
    tasks: int
    overlap: int = 1
    review_percent: int = 100
    expected_seconds: int | None = None
    client: str | None = None
    rate_rule: Mapping[str, Any] | None = None
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Work of the same kind in the same domain, lately: finished answers and reviews, their
    median seconds, and the part of the answers that came back.
    """

    attempts: int
    attempt_seconds: int | None
    reviews: int
    review_seconds: int | None
    again_part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The quote of now, what it rests on, and the price of each rule, the dearest first.

    `passing`: people who meet every hard rule and were taking work in the last weeks, of
    `present`; `left_out` beyond those were not looked at. `begins` is the day of the quote.
    """

    quote: Quote
    wanted: Wanted
    like: Like
    prices: tuple[Price, ...]
    present: int
    left_out: int
    begins: date
    currency: str

    def day(self, days: float) -> date:
        """The day on which so many days of work end."""
        return self.begins + timedelta(days=int(days))


def quoted(*, asked: Asked, at: datetime) -> Quoted:
    """A quote from today on. A fixed number of statements."""
    since = at - timedelta(days=LOOK_BACK_DAYS)
    shifts = shifts_between(since=since, until=at)
    chosen = sorted(shifts, key=lambda t: (-sum(minutes_by_day(shifts[t]).values()), t))
    like = like_work(domain=asked.domain, task_type=asked.task_type)
    wanted = _wanted(asked, like, at=at)
    seen = people_seen(asked, {t: shifts[t] for t in chosen[:QUOTE_PEOPLE_MAX]}, wanted, at=at)
    now = quote(wanted=wanted, hands=_hands(seen, asked.requirement.rules))
    prices = [
        price(rule=rule.id, now=now, without=_without(rule, asked, seen, wanted))
        for rule in asked.requirement.rules
    ]
    return Quoted(
        quote=now,
        wanted=wanted,
        like=like,
        prices=tuple(sorted(prices, key=_dearest)),
        present=len(seen),
        left_out=max(0, len(shifts) - QUOTE_PEOPLE_MAX),
        begins=at.astimezone(UTC).date(),
        currency=asked.currency,
    )


def _without(rule: Rule, asked: Asked, seen: Sequence["Seen"], wanted: Wanted) -> Quote:
    others = [each for each in asked.requirement.rules if each.id != rule.id]
    return quote(wanted=wanted, hands=_hands(seen, others))


def _dearest(each: Price) -> tuple[bool, float, int, str]:
    return (not each.makes_possible, -(each.days or 0.0), -each.people, each.rule)


def _wanted(asked: Asked, like: Like, *, at: datetime) -> Wanted:
    attempt = asked.expected_seconds or like.attempt_seconds or clocks.EXPECTED_SECONDS_DEFAULT
    review = like.review_seconds or clocks.for_role(seconds=attempt, review=True)
    return Wanted(
        answers=asked.tasks * asked.overlap,
        overlap=asked.overlap,
        attempt_minutes=attempt / SECONDS_A_MINUTE,
        review_minutes=review / SECONDS_A_MINUTE,
        review_part=asked.review_percent / 100,
        again_part=like.again_part,
        seen=like.attempts,
        weekday=at.astimezone(UTC).weekday(),
    )


# --- People ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Somebody who was there lately: the rules she meets, and what she could give."""

    meets: frozenset[str]
    hand: Hand


def _hands(seen: Sequence[Seen], rules: Sequence[Rule]) -> list[Hand]:
    """Those who meet the hard rules; who fails soft ones joins when they have fallen away."""
    hard = {rule.id for rule in rules if rule.mode is Mode.HARD}
    soft = [rule for rule in rules if rule.mode is Mode.SOFT]
    found = []
    for each in seen:
        if hard <= each.meets:
            waits = [rule.relax_after_minutes or 0 for rule in soft if rule.id not in each.meets]
            found.append(replace(each.hand, from_day=max(waits, default=0) // MINUTES_A_DAY))
    return found


def people_seen(
    asked: Asked, shifts: Mapping[int, Sequence[Shift]], wanted: Wanted, *, at: datetime
) -> list[Seen]:
    """Those of them who might do some of it, whatever rules it has; by tutor id."""
    ids = sorted(shifts)
    facts = with_records(facts_for(tutor_ids=ids, at=at), requirements=[asked.requirement])
    pools = {role: _pool(asked, role, wanted) for role in (WorkRole.ATTEMPT, WorkRole.REVIEW)}
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    worked, paces = work_lately(tutor_ids=ids, since=at - timedelta(days=LOOK_BACK_DAYS))
    today = at.astimezone(UTC).date()
    found = []
    for tutor, own in sorted(facts.items()):
        rates = {role: _rate(own, pool, cards, at=at) for role, pool in pools.items()}
        if not any(rates.values()):
            continue
        cap = own.contract.cap_seconds_week if own.contract else None
        hand = Hand(
            tutor=tutor,
            free=free_by_weekday(
                shifts=shifts[tutor],
                worked=worked.get(tutor, {}),
                until=today,
                week_minutes=None if cap is None else cap // SECONDS_A_MINUTE,
            ),
            attempt_rate=rates[WorkRole.ATTEMPT],
            review_rate=rates[WorkRole.REVIEW],
            pace=paces.get(tutor, 1.0),
        )
        found.append(Seen(meets=_met(asked, own, at=at), hand=hand))
    return found


def _met(asked: Asked, own: Facts, *, at: datetime) -> frozenset[str]:
    return frozenset(
        rule.id
        for rule in asked.requirement.rules
        if passes_rules(
            facts=own,
            requirement=replace(asked.requirement, rules=(rule,)),
            client=asked.client,
            at=at,
        )
    )


def _rate(own: Facts, pool: PoolAhead, cards: Cards, *, at: datetime) -> int | None:
    """Her rate in this role, if nothing beside the set's own rules stands in the way."""
    judged: Fit = fit(
        facts=at_rest(own),
        pool=pool,
        requirement=NOTHING_ASKED,
        hands=Hands(tutor_id=own.tutor_id),
        cards=cards,
        at=at,
        way=Way.OFFER,
    )
    fits = judged.eligible and judged.rates[0].currency == pool.budget_currency
    return judged.rates[0].minor_hourly if fits else None


def _pool(asked: Asked, role: WorkRole, wanted: Wanted) -> PoolAhead:
    """The pool that the project would have for a role."""
    minutes = wanted.attempt_minutes if role is WorkRole.ATTEMPT else wanted.review_minutes
    seconds = round(minutes * SECONDS_A_MINUTE)
    return PoolAhead(
        pool_id=0,
        project_id=0,
        client_id=0,
        role=role,
        step=0,
        signature="",
        queue=asked.domain.partition(".")[0],
        domain=asked.domain,
        task_type=asked.task_type,
        state=ProjectState.OPEN,
        dispatch=Dispatch.BOTH,
        lease_seconds=clocks.LEASE_SECONDS_DEFAULT,
        hold_seconds=seconds,
        offer_ttl_seconds=clocks.OFFER_TTL_SECONDS_DEFAULT,
        expected_seconds=seconds,
        paid_cap_seconds=clocks.paid_cap_seconds(expected_seconds=seconds),
        sla_minutes=None,
        rate_rule=asked.rate_rule or {},
        budget_currency=asked.currency,
    )


# --- Work -----------------------------------------------------------------------------------

_LIKE = """
SELECT c.role, count(*) FILTER (WHERE c.revises_id IS NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.seconds_worked)
         FILTER (WHERE c.revises_id IS NULL),
       count(*) FILTER (WHERE c.revises_id IS NOT NULL)
  FROM (SELECT p.id FROM tasks_project p JOIN workforce_domain d ON d.id = p.domain_id
         WHERE p.task_type = %(task_type)s AND split_part(d.slug, '.', 1) = %(queue)s
         ORDER BY p.id DESC LIMIT %(projects)s) few
 CROSS JOIN LATERAL (
       SELECT k.role, k.seconds_worked, k.revises_id, k.state FROM tasks_claim k
        WHERE k.project_id = few.id ORDER BY k.id DESC LIMIT %(claims)s) c
 WHERE c.state = ANY(%(answered)s)
 GROUP BY c.role
"""
_WORKED = """
SELECT w.tutor_id, c.day, sum(c.seconds_worked)::bigint,
       coalesce(sum(c.seconds_worked) FILTER (WHERE c.answered), 0)::bigint,
       coalesce(sum(c.expected_seconds) FILTER (WHERE c.answered), 0)::bigint,
       count(*) FILTER (WHERE c.answered)
  FROM unnest(%(tutors)s::bigint[]) AS w(tutor_id)
 CROSS JOIN LATERAL (
       SELECT (k.ended_at AT TIME ZONE 'UTC')::date AS day, k.seconds_worked,
              k.expected_seconds, k.state = ANY(%(answered)s) AS answered
         FROM tasks_claim k
        WHERE k.tutor_id = w.tutor_id AND k.ended_at >= %(since)s) c
 GROUP BY w.tutor_id, c.day
"""


def like_work(*, domain: str, task_type: str) -> Like:
    """How work of this kind went in the newest projects of the same domain."""
    parameters: dict[str, Any] = {
        "task_type": task_type,
        "queue": domain.partition(".")[0],
        "projects": QUOTE_PROJECTS_MAX,
        "claims": QUOTE_CLAIMS_MAX,
        "answered": [state.value for state in ANSWERED_CLAIMS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, parameters)
        rows = {role: (first, median, again) for role, first, median, again in cursor.fetchall()}
    attempts, attempt, again = rows.get(WorkRole.ATTEMPT.value, (0, None, 0))
    reviews, review, _ = rows.get(WorkRole.REVIEW.value, (0, None, 0))
    return Like(
        attempts=attempts,
        attempt_seconds=None if attempt is None else max(1, round(attempt)),
        reviews=reviews,
        review_seconds=None if review is None else max(1, round(review)),
        again_part=min(1.0, again / attempts) if attempts else 0.0,
    )


def work_lately(
    *, tutor_ids: Sequence[int], since: datetime
) -> tuple[dict[int, dict[date, int]], dict[int, float]]:
    """Minutes worked by day, and pace beside what was expected, by tutor id."""
    parameters: dict[str, Any] = {
        "tutors": list(tutor_ids),
        "since": since,
        "answered": [state.value for state in ANSWERED_CLAIMS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORKED, parameters)
        rows = cursor.fetchall()
    days: dict[int, dict[date, int]] = {}
    habits: dict[int, Habit] = {}
    for tutor, day, seconds, worked, expected, tasks in rows:
        days.setdefault(tutor, {})[day] = seconds // SECONDS_A_MINUTE
        before = habits.get(tutor, NO_HABIT)
        habits[tutor] = Habit(
            worked_seconds=before.worked_seconds + worked,
            expected_seconds=before.expected_seconds + expected,
            tasks=before.tasks + tasks,
        )
    return days, {tutor: habit.pace for tutor, habit in habits.items()}
