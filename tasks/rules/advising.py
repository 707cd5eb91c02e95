"""What one change would bring a tutor: the queues that it opens, in paid hours a week.

Each queue (a project's work of one role) gives her the share that `demand.share_of` works out,
entered at the strictest step that she may take from. What is open to her already adds up to
`now`, at most the hours of her week. A change is tried on her facts: the one eligibility function
says which queues it opens, or opens earlier, and

    gain = what they bring beyond what they bring her now, at most the room left in her week
    room = hours of her week - now

so that nothing is promised which she has no time for. What passes by itself (a pause, full hands,
a week that is used up) stands in the way of no figure; taking work again is a change of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.demand import NOTHING, Outlook, Span, Step, share_of
from tasks.rules.matching import Hands, PoolAhead, Way, fit
from tasks.rules.states import WorkRole
from tutors.rules.eligibility import (
    Change,
    Facts,
    Finding,
    Verdict,
    changes_for,
    contract_change,
    passes_rules,
    reviewer_change,
)
from tutors.rules.eligibility.conditions import presence
from tutors.rules.rates import Cards
from tutors.rules.requirements import RequirementSet, Rule

PASSING = frozenset(
    {"paused", "presence_lapsed", "capacity_full", "cap_reached", "held_for_specialists"}
)
"""What stands in the way for a while only."""

WEEK_SECONDS = 40 * SECONDS_AN_HOUR
"""Her week where neither a contract nor her own plan says how long it is."""

CHANGES_MAX = 40
"""Single changes that are tried, those of the nearest queues first."""

ADVICE_MAX = 8
GAIN_SECONDS_MIN = 60
"""What brings less than a minute a week is not advised."""


class Gate(StrEnum):
    """How a queue stands before one person, whether or not she is taking work now."""

    OPEN = "open"  # something waits that she may take
    EMPTY = "empty"  # she may, but nothing waits
    CLOSED = "closed"  # something lasts that stands in the way


class Unlock(StrEnum):
    """What kind of thing to change; further kinds are those of `LeafKind`."""

    CONTRACT = "contract"
    REVIEWER = "reviewer"
    PRESENCE = "presence"
    CAP = "cap"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A pool before her. `refusals`: what lasts of the verdicts of `fit`; none: open to her."""

    pool: PoolAhead
    requirement: RequirementSet
    waiting: int
    outlook: Outlook | None
    refusals: tuple[Verdict, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How long her week is: `cap_seconds` by contract, `planned_seconds` by her own grid."""

    cap_seconds: int | None = None
    planned_seconds: int | None = None

    @property
    def seconds(self) -> int:
        known = [s for s in (self.cap_seconds, self.planned_seconds) if s is not None]
        return min(known, default=WEEK_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """One change: `gain` in paid seconds a week, resting on `n` slots; the pools it opens."""

    kind: str
    finding: Finding
    gain: Span
    n: int
    pools: tuple[int, ...]
    fact: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`now`: what is open to her brings in a week, taking work. `shares` by project and role."""

    now: Span
    week_seconds: int
    shares: Mapping[tuple[int, WorkRole], Span]
    changes: tuple[Advised, ...] = ()


def lasting(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The refusals that do not pass by themselves."""
    return tuple(v for v in verdicts if not v.passed and v.code not in PASSING)


def gate_of(verdicts: Iterable[Verdict], *, waiting: int) -> Gate:
    if lasting(verdicts):
        return Gate.CLOSED
    return Gate.OPEN if waiting else Gate.EMPTY


def advise(
    *,
    facts: Facts,
    hands: Hands,
    prospects: Sequence[Prospect],
    cards: Cards,
    week: Week,
    counted: bool,
    at: datetime,
) -> Advice:
    """What is open to her brings, and what single changes would add, best first.

    `counted`: she is one of the people whom the outlooks of pools open to her count.
    """
    return _Advisor(facts, hands, prospects, cards, week, counted=counted, at=at).advice()


@dataclass(slots=True)
class _Queue:
    """The steps of a project's work of one role, strictest first."""

    key: tuple[int, WorkRole]
    steps: list[Prospect] = field(default_factory=list)
    now: Span = NOTHING


class _Advisor:
    def __init__(
        self,
        facts: Facts,
        hands: Hands,
        prospects: Sequence[Prospect],
        cards: Cards,
        week: Week,
        *,
        counted: bool,
        at: datetime,
    ) -> None:
        self.facts, self.cards, self.week, self.at = facts, cards, week, at
        self.hands = Hands(tutor_id=facts.tutor_id, attempts=hands.attempts)
        self.counted = counted
        self.queues = _queues(prospects)
        for queue in self.queues:
            queue.now = self._share(queue, first=_first_open(queue))
        self.all = sum((queue.now for queue in self.queues), NOTHING)
        self.now = self.all.up_to(week.seconds)
        self.room = max(0.0, week.seconds - self.now.mid)

    def advice(self) -> Advice:
        found = [*self._opening(), *self._taking(), *self._longer()]
        worth = [each for each in found if each.gain.mid >= GAIN_SECONDS_MIN]
        worth.sort(key=lambda each: (-each.gain.mid, -each.gain.high, repr(each.fact)))
        return Advice(
            now=self.now,
            week_seconds=self.week.seconds,
            shares={queue.key: queue.now for queue in self.queues},
            changes=tuple(worth[:ADVICE_MAX]),
        )

    def _opening(self) -> Iterable[Advised]:
        for change in self._changes():
            opened, gain, n = [], NOTHING, 0
            met: dict[str, bool] = {}
            for queue in self.queues:
                first = self._first_opened(queue, change, met)
                if first is None:
                    continue
                more = self._share(queue, first=first).over(queue.now)
                gain += more
                n += _rests_on(queue.steps[first:])
                opened.append(queue.steps[first].pool.pool_id)
            if opened:
                yield Advised(
                    kind=_kind(change), finding=change.finding, gain=gain.up_to(self.room), n=n,
                    pools=tuple(opened), fact=change.fact,
                )  # fmt: skip

    def _taking(self) -> Iterable[Advised]:
        """Everything that is open to her, once she takes work again."""
        finding = presence(self.facts, at=self.at)
        if not finding.passed:
            yield self._of_open(Unlock.PRESENCE, self.now, finding)

    def _longer(self) -> Iterable[Advised]:
        """A longer week, where more is open to her than fits."""
        if self.week.seconds >= WEEK_SECONDS:
            return
        more = self.all.up_to(WEEK_SECONDS).over(self.now)
        by_cap = self.week.cap_seconds == self.week.seconds
        kind = Unlock.CAP if by_cap else Unlock.HOURS
        yield self._of_open(kind, more, _WEEK_ENDS)

    def _of_open(self, kind: Unlock, gain: Span, finding: Finding) -> Advised:
        mine = [queue for queue in self.queues if _first_open(queue) is not None]
        return Advised(
            kind=kind.value,
            finding=finding,
            gain=gain,
            n=sum(_rests_on(queue.steps[_first_open(queue) or 0 :]) for queue in mine),
            pools=tuple(queue.steps[_first_open(queue) or 0].pool.pool_id for queue in mine),
            fact=kind,
        )

    def _changes(self) -> list[Change]:
        """Every single change that turns a rule, each once; those of the nearest pools first."""
        found: dict[object, Change] = {}
        seen: set[tuple[Rule, str]] = set()
        closed = [p for queue in self.queues for p in queue.steps if not p.is_open]
        for prospect in sorted(closed, key=lambda p: (len(p.refusals), p.pool.pool_id)):
            for change in self._of_prospect(prospect, seen):
                found.setdefault(change.fact, change)
            if len(found) >= CHANGES_MAX:
                break
        return list(found.values())[:CHANGES_MAX]

    def _of_prospect(self, prospect: Prospect, seen: set[tuple[Rule, str]]) -> Iterable[Change]:
        refused = {verdict.rule: verdict for verdict in prospect.refusals}
        client = prospect.pool.client
        for rule in prospect.requirement.rules:
            if rule.id in refused and (rule, client) not in seen:
                seen.add((rule, client))
                yield from changes_for(rule=rule, facts=self.facts, client=client, at=self.at)
        codes = {verdict.code for verdict in prospect.refusals}
        if "not_a_reviewer" in codes:
            refusal = next(v for v in prospect.refusals if v.code == "not_a_reviewer")
            yield reviewer_change(facts=self.facts, finding=_finding(refusal))
        signed = contract_change(facts=self.facts, at=self.at)
        if signed is not None:
            yield signed

    def _first_opened(self, queue: _Queue, change: Change, met: dict[str, bool]) -> int | None:
        """The first step that the change opens, before any that is open already."""
        upto = _first_open(queue)
        for n, prospect in enumerate(queue.steps[:upto]):
            if self._opens(prospect, change, met):
                return n
        return None

    def _opens(self, prospect: Prospect, change: Change, met: dict[str, bool]) -> bool:
        """Whether every verdict passes on her changed facts: first the rules that failed."""
        pool = prospect.pool
        if pool.signature not in met:
            refused = {verdict.rule for verdict in prospect.refusals}
            failed = tuple(rule for rule in prospect.requirement.rules if rule.id in refused)
            met[pool.signature] = passes_rules(
                facts=change.facts,
                requirement=replace(prospect.requirement, rules=failed),
                client=pool.client,
                at=self.at,
            )
        if not met[pool.signature]:
            return False
        judged = fit(
            facts=change.facts,
            pool=pool,
            requirement=prospect.requirement,
            hands=self.hands,
            cards=self.cards,
            at=self.at,
            way=Way.OFFER,
        )
        return not lasting(judged.verdicts)

    def _share(self, queue: _Queue, *, first: int | None) -> Span:
        """Her part of a queue, entered at that step; nothing where it is closed to her."""
        if first is None:
            return NOTHING
        return share_of(
            [
                Step(
                    outlook=each.outlook,
                    waiting=each.waiting,
                    expected_seconds=each.pool.expected_seconds,
                    counted=self.counted and each.is_open,
                )
                for each in queue.steps[first:]
                if each.outlook is not None
            ]
        )


_WEEK_ENDS = Finding(
    code="cap_reached", passed=False, fact="more is open than fits", turn="Make the week longer."
)


def _queues(prospects: Iterable[Prospect]) -> list[_Queue]:
    """By project and role; pools that were not measured yet say nothing."""
    found: dict[tuple[int, WorkRole], _Queue] = {}
    for each in sorted(prospects, key=lambda p: (p.pool.project_id, p.pool.role, p.pool.step)):
        if each.outlook is not None:
            key = (each.pool.project_id, each.pool.role)
            found.setdefault(key, _Queue(key=key)).steps.append(each)
    return list(found.values())


def _first_open(queue: _Queue) -> int | None:
    return next((n for n, each in enumerate(queue.steps) if each.is_open), None)


def _rests_on(steps: Sequence[Prospect]) -> int:
    """Slots that a figure rests on: those that came in at the first step, and those waiting."""
    came = steps[0].outlook.arrived if steps[0].outlook else 0
    return came + sum(max(0, each.waiting) for each in steps)


def _kind(change: Change) -> str:
    if change.leaf is not None:
        return change.leaf.kind.value
    return (Unlock.REVIEWER if change.fact is WorkRole.REVIEW else Unlock.CONTRACT).value


def _finding(verdict: Verdict) -> Finding:
    return Finding(code=verdict.code, passed=False, fact=verdict.fact, turn=verdict.turn)
