"""One tutor before one pool: the verdicts, the rate and the score. Pure; the same for all doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.rules import clocks, ranking
from tasks.rules.ahead import NO_HISTORY, Hands, History, PoolAhead, Way
from tasks.rules.limits import COMPLEXITIES
from tasks.rules.policies import (
    CONCENTRATION_DAYS,
    others_needed,
    share_room,
)
from tasks.rules.states import Dispatch, ProjectState, WorkRole
from tutors.rules.eligibility import (
    Facts,
    Situation,
    Verdict,
    eligible,
    judge,
    proven_tenths,
)
from tutors.rules.rates import Cards, ProjectCard, Rate, level_in, resolve_each
from tutors.rules.requirements import RequirementSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The judgement of a pool for a tutor. `rates` is by complexity; empty unless eligible."""

    pool: PoolAhead
    verdicts: tuple[Verdict, ...]
    rates: tuple[Rate, ...] = ()
    level: int = 1
    preferred: bool = False
    proven: int | None = None

    @property
    def eligible(self) -> bool:
        return eligible(self.verdicts)

    @property
    def held_minutes(self) -> int:
        """How old a slot here must be before she gets it: the policy's head start for others."""
        return self.pool.policy.held_minutes(level=self.level)

    def takes(self, *, waited_minutes: int) -> bool:
        """Whether a slot of that age is past the head start that the policy gives to others."""
        return waited_minutes >= self.held_minutes

    @property
    def refusals(self) -> tuple[str, ...]:
        return tuple(v.code for v in self.verdicts if not v.passed)

    def expected_cost_minor(self, *, complexity: int) -> int:
        rate = self.rates[complexity - 1]
        return clocks.cost_minor(
            seconds=self.pool.expected_seconds, rate_minor_hourly=rate.minor_hourly
        )

    def score(
        self,
        *,
        priority: int,
        waited_minutes: int,
        complexity: int,
        worked_here_lately: bool = False,
        recent_claims: int = 0,
    ) -> ranking.Score:
        """The match with a slot of the pool; see `ranking.score`."""
        return ranking.score(
            priority=priority,
            waited_minutes=waited_minutes,
            sla_minutes=self.pool.sla_minutes,
            expected_seconds=self.pool.expected_seconds,
            level=self.level,
            proven=self.proven,
            worked_here_lately=worked_here_lately,
            expected_cost_minor=self.expected_cost_minor(complexity=complexity),
            recent_claims=recent_claims,
            preferred=self.preferred,
            policy=self.pool.policy,
        )

    def base_minutes(self, *, complexity: int = 1) -> int:
        """The part of the score that does not depend on the slot: fit, preference, less cost."""
        return self.score(priority=0, waited_minutes=0, complexity=complexity).total


NOTHING_ASKED = RequirementSet(name="", rules=(), document={})


def standing(*, facts: Facts, hands: Hands, role: WorkRole, at: datetime) -> tuple[Verdict, ...]:
    """What holds for the tutor whatever the work: account, role, contract, presence, hands, cap."""
    situation = Situation(
        role=role, seconds_used_week=hands.used_seconds, open_claims=hands.open_weight
    )
    return judge(facts=facts, requirement=NOTHING_ASKED, client=None, situation=situation, at=at)


def fit(
    *,
    facts: Facts,
    pool: PoolAhead,
    requirement: RequirementSet,
    hands: Hands,
    cards: Cards,
    at: datetime,
    history: History = NO_HISTORY,
    way: Way = Way.PULL,
    waited_minutes: int | None = None,
) -> Fit:
    """Every verdict on this tutor taking a slot of this pool now, with rates where all pass.

    `waited_minutes` of the slot, whole ones, decide about the specialists' head start; without a
    slot in mind, or with one that is kept for her already, leave it out.
    """
    rates = rates_of(facts=facts, pool=pool, cards=cards, at=at)
    found = level_in(facts=facts, domain=pool.domain, at=at)
    level = found[1] if found else 1
    situation = Situation(
        role=pool.role,
        push=way is Way.PUSH,
        seconds_used_week=hands.used_seconds + hands.promised_seconds,
        expected_seconds=pool.expected_seconds,
        open_claims=hands.open_weight,
        weight=pool.weight,
        on_task=history.on_task,
        authored=history.authored,
        reviewed=history.reviewed,
        by_linked=history.by_linked,
        declined=history.declined,
        budget_left_ok=budget_covers(pool, rates),
    )
    verdicts = (
        _project(pool, way=way),
        *judge(
            facts=facts, requirement=requirement, client=pool.client, situation=situation, at=at
        ),
        _rate(rates),
        *_head_start(pool, level=level, waited_minutes=waited_minutes),
        *share_verdict(pool, hands=hands, way=way),
    )
    return Fit(
        pool=pool,
        verdicts=verdicts,
        rates=rates if eligible(verdicts) else (),
        level=level,
        preferred=pool.policy.prefers(facts.name),
        proven=proven(facts=facts, pool=pool),
    )


def proven(*, facts: Facts, pool: PoolAhead) -> int | None:
    """How good she surely is at this pool's work, in tenths; None where it is not counted."""
    if not pool.weighs_standing:
        return None
    return proven_tenths(facts.record, speciality=pool.domain, task_type=pool.task_type)


def share_left(*, pool: PoolAhead, hands: Hands, most: int) -> int:
    """How many more attempts, at most `most`, the pool's policy lets this person have now."""
    if pool.role is not WorkRole.ATTEMPT:
        return most
    own, everybody = _attempts(pool, hands)
    return share_room(policy=pool.policy, own=own, everybody=everybody, most=most)


def _attempts(pool: PoolAhead, hands: Hands) -> tuple[int, int]:
    """Her attempts and everybody's; the kept figure may be some seconds behind her."""
    own = hands.attempts.get(pool.project_id, 0)
    return own, max(own, pool.attempts or 0)


def rates_of(*, facts: Facts, pool: PoolAhead, cards: Cards, at: datetime) -> tuple[Rate, ...]:
    """The tutor's rate here for each complexity, or nothing: then the work is not offered."""
    return resolve_each(
        facts=facts,
        cards=cards,
        domain=pool.domain,
        role=pool.role,
        complexities=COMPLEXITIES,
        project_id=pool.project,
        at=at,
    )


def project_card(*, project: str, rate_rule: Mapping[str, Any]) -> tuple[ProjectCard, ...]:
    """A project's own price, where its rate rule names one: `{"minor_hourly", "currency"}`."""
    if "minor_hourly" not in rate_rule:
        return ()
    role = rate_rule.get("role")
    card = ProjectCard(
        project=project,
        minor_hourly=int(rate_rule["minor_hourly"]),
        currency=str(rate_rule["currency"]),
        role=WorkRole(role) if role else None,
    )
    return (card,)


PRICED = frozenset({"rate_missing", "budget_spent"})
"""Refusals that depend on what somebody is paid."""


def budget_covers(pool: PoolAhead, rates: tuple[Rate, ...]) -> bool:
    """One more claim at the plainest complexity fits into what is left, in the same currency."""
    if pool.room_minor is None or not rates:
        return True
    if rates[0].currency != pool.budget_currency:
        return False
    least = clocks.reserve_minor(
        paid_cap_seconds=pool.paid_cap_seconds, rate_minor_hourly=rates[0].minor_hourly
    )
    return least <= pool.room_minor


def _project(pool: PoolAhead, *, way: Way) -> Verdict:
    """A closed project gives nothing new out, but lets a revision of its own work be finished."""
    fact = f"{pool.project}, {pool.state.value}, {pool.dispatch.value}"
    if pool.state is not ProjectState.OPEN and way is not Way.REVISION:
        return _verdict("project_not_open", "project", fact, "The manager must open it.")
    if way is Way.PULL and pool.dispatch is Dispatch.PUSH:
        turn = "Wait for an offer; this work is offered only."
        return _verdict("other_dispatch", "project", fact, turn)
    if way is Way.PUSH and pool.dispatch is Dispatch.PULL:
        return _verdict("other_dispatch", "project", fact, "Ask for it yourself.")
    return _verdict("project_open", "project", fact)


def _rate(rates: tuple[Rate, ...]) -> Verdict:
    if rates:
        first = rates[0]
        return _verdict("rate_known", "rate", f"{first.minor_hourly} {first.currency}/h")
    turn = "A rate must be agreed in the contract or set in the rate card."
    return _verdict("rate_missing", "rate", "no rate covers this work", turn)


def _head_start(pool: PoolAhead, *, level: int, waited_minutes: int | None) -> tuple[Verdict, ...]:
    """For a while after a slot opened the policy may keep it for people of a higher level."""
    policy = pool.policy
    if waited_minutes is None or not policy.specialist_first_minutes:
        return ()
    left = policy.held_minutes(level=level) - waited_minutes
    fact = (
        f"level {level}; level {policy.specialist_level} first for "
        f"{policy.specialist_first_minutes} minutes, waits for {waited_minutes}"
    )
    if left <= 0:
        return (_verdict("open_to_level", "specialists", fact),)
    turn = f"Wait {_minutes(left)}, or reach level {policy.specialist_level}."
    return (_verdict("held_for_specialists", "specialists", fact, turn),)


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"


def share_verdict(pool: PoolAhead, *, hands: Hands, way: Way) -> tuple[Verdict, ...]:
    """The policy may limit one person's share of a project's attempts. Her revisions are hers."""
    policy = pool.policy
    if not policy.limits_shares or pool.role is not WorkRole.ATTEMPT or way is Way.REVISION:
        return ()
    own, everybody = _attempts(pool, hands)
    needed = others_needed(policy=policy, own=own, everybody=everybody)
    fact = (
        f"{own} of {everybody} attempts in {CONCENTRATION_DAYS} days, "
        f"at most {policy.concentration_percent} %"
    )
    if not needed:
        return (_verdict("share_left", "share", fact),)
    turn = f"Wait until others did {needed} more of it, or until earlier ones no longer count."
    return (_verdict("share_reached", "share", fact, turn),)


def _verdict(code: str, rule: str, fact: str, turn: str = "") -> Verdict:
    return Verdict(code=code, passed=not turn, rule=rule, fact=fact, turn=turn)


OWN_CODES: Mapping[str, str] = {
    "project_open": "The project gives work out.",
    "project_not_open": "The project gives no new work out.",
    "other_dispatch": "The project gives work out in another way.",
    "rate_known": "The rate is known.",
    "rate_missing": "No rate covers this work, so it is not offered.",
    "open_to_level": "The head start for higher levels does not stand in the way.",
    "held_for_specialists": "It is kept for people of a higher level for a while.",
    "share_left": "One person's share of the project leaves room.",
    "share_reached": "One person may have no more of this project for now.",
    "slot_open": "The task waits for somebody.",
    "slot_not_open": "Nothing of this task waits for somebody now.",
}
"""Codes that this floor adds to `tutors.rules.eligibility.CODES`."""
