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

from tasks.rules.ahead import Hands
from tasks.rules.clocks import SECONDS_AN_HOUR
from tasks.rules.demand import Step, share_of
from tasks.rules.matching import PRICED, budget_covers, rates_of, standing
from tasks.rules.prospects import Prospect, lasting
from tasks.rules.spans import NOTHING, Span
from tasks.rules.states import WorkRole
from tutors.rules import fields
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
from tutors.rules.requirements import Leaf, LeafKind, RequirementSet, Rule

WEEK_SECONDS = 40 * SECONDS_AN_HOUR
"""Her week where neither a contract nor her own plan says how long it is."""

CHANGES_MAX = 40
"""Single changes that are tried, those of the nearest queues first."""

ADVICE_MAX = 8
GAIN_SECONDS_MIN = 300
"""What brings less than five minutes a week is not advised."""


class Unlock(StrEnum):
    """What kind of thing to change; further kinds are those of `LeafKind`."""

    CONTRACT = "contract"
    REVIEWER = "reviewer"
    PRESENCE = "presence"
    CAP = "cap"
    HOURS = "hours"


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
    """The steps of a project's work of one role, strictest first; `first` is open to her."""

    key: tuple[int, WorkRole]
    steps: list[Prospect] = field(default_factory=list)
    first: int | None = None
    now: Span = NOTHING


class _Advisor:
    """Works the advice out; see the module."""

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
        self._failed: dict[tuple[str, bool], RequirementSet] = {}
        self._by_leaf: dict[tuple[LeafKind, str], list[_Queue]] | None = None
        self._stands: dict[WorkRole, bool] = {}
        for queue in self.queues:
            queue.first = next((n for n, each in enumerate(queue.steps) if each.is_open), None)
            queue.now = self._share(queue, first=queue.first)
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
            trial = _Trial(self, change)
            opened, gain, n = [], NOTHING, 0
            for queue in self._touched(change):
                first = trial.first_opened(queue)
                if first is None:
                    continue
                gain += self._share(queue, first=first).over(queue.now)
                n += _rests_on(queue.steps[first:])
                opened.append(queue.steps[first].pool.pool_id)
            if opened:
                yield Advised(
                    kind=_kind(change), finding=change.finding, gain=gain.up_to(self.room), n=n,
                    pools=tuple(opened), fact=change.fact,
                )  # fmt: skip

    def _touched(self, change: Change) -> Iterable[_Queue]:
        """The queues that it could open: those that failed by a leaf of its kind and field."""
        if change.leaf is None:
            return [queue for queue in self.queues if queue.first != 0]
        names = {_about(change.leaf, field) for field in _fields(change.leaf)}
        if self._by_leaf is None:
            self._by_leaf = {}
            for queue in self.queues:
                for about in self._failing(queue):
                    self._by_leaf.setdefault(about, []).append(queue)
        found = {queue.key: queue for name in names for queue in self._by_leaf.get(name, ())}
        return [found[key] for key in sorted(found)]

    def _failing(self, queue: _Queue) -> set[tuple[LeafKind, str]]:
        return {
            _about(leaf, leaf.text("speciality"))
            for prospect in queue.steps[: queue.first]
            if prospect.judged
            for rule in self.failed(prospect).rules
            for leaf in rule.leaves()
        }

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
        mine = [queue.steps[queue.first :] for queue in self.queues if queue.first is not None]
        return Advised(
            kind=kind.value,
            finding=finding,
            gain=gain,
            n=sum(_rests_on(steps) for steps in mine),
            pools=tuple(steps[0].pool.pool_id for steps in mine),
            fact=kind,
        )

    def _changes(self) -> list[Change]:
        """Every single change that turns a rule, each once; those of the nearest pools first."""
        found: dict[object, Change] = {}
        seen: set[tuple[Rule, str]] = set()
        closed = [p for queue in self.queues for p in queue.steps if not p.is_open]
        for prospect in sorted(closed, key=lambda p: (len(p.refusals), p.pool.pool_id)):
            if len(found) >= CHANGES_MAX:
                break
            for change in self._of_prospect(prospect, seen):
                found.setdefault(change.fact, change)
        return [*self._standing(), *list(found.values())[:CHANGES_MAX]]

    def _standing(self) -> Iterable[Change]:
        """What opens work of any kind: a contract, the reviewer's role."""
        signed = contract_change(facts=self.facts, at=self.at)
        if signed is not None:
            yield signed
        if not self.facts.reviewer:
            told = standing(facts=self.facts, hands=self.hands, role=WorkRole.REVIEW, at=self.at)
            refusal = next(v for v in told if v.code == "not_a_reviewer")
            yield reviewer_change(facts=self.facts, finding=_finding(refusal))

    def _of_prospect(self, prospect: Prospect, seen: set[tuple[Rule, str]]) -> Iterable[Change]:
        client = prospect.pool.client
        for rule in prospect.failed() if prospect.judged else ():
            if (rule, client) not in seen:
                seen.add((rule, client))
                yield from changes_for(rule=rule, facts=self.facts, client=client, at=self.at)

    def stands(self, role: WorkRole, change: Change) -> bool:
        """Whether what holds for all work of the role lets her pass, whatever any set asks."""
        if change.leaf is not None and role in self._stands:
            return self._stands[role]
        found = not lasting(standing(facts=change.facts, hands=self.hands, role=role, at=self.at))
        if change.leaf is not None:
            self._stands[role] = found
        return found

    def failed(self, prospect: Prospect) -> RequirementSet:
        """The part of its set that she may not meet now."""
        key = (prospect.pool.signature, prospect.judged)
        if key not in self._failed:
            self._failed[key] = replace(prospect.requirement, rules=prospect.failed())
        return self._failed[key]

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


class _Trial:
    """One change tried on her facts. The parts of `fit` that it can turn are judged anew: what
    holds for all work, the rules that failed, and the price.
    """

    def __init__(self, advisor: _Advisor, change: Change) -> None:
        self.advisor, self.change = advisor, change
        self.met: dict[str, bool] = {}
        moved = {LeafKind.QUALIFICATION, None}
        self.moves_price = (change.leaf and change.leaf.kind) in moved

    def first_opened(self, queue: _Queue) -> int | None:
        """The first step that the change opens, before any that is open already."""
        if not self.advisor.stands(queue.key[1], self.change):
            return None
        for n, prospect in enumerate(queue.steps[: queue.first]):
            if self._opens(prospect):
                return n
        return None

    def _opens(self, prospect: Prospect) -> bool:
        return self._meets(prospect) and not prospect.beyond_change() and self._is_paid(prospect)

    def _meets(self, prospect: Prospect) -> bool:
        """The rules of the set that failed; the same for all pools of a signature."""
        signature = prospect.pool.signature
        if signature not in self.met:
            self.met[signature] = passes_rules(
                facts=self.change.facts,
                requirement=self.advisor.failed(prospect),
                client=prospect.pool.client,
                at=self.advisor.at,
            )
        return self.met[signature]

    def _is_paid(self, prospect: Prospect) -> bool:
        """A rate covers it, and the budget the rate."""
        if prospect.judged and not self.moves_price:
            return not any(verdict.code in PRICED for verdict in prospect.refusals)
        pool, advisor = prospect.pool, self.advisor
        rates = rates_of(facts=self.change.facts, pool=pool, cards=advisor.cards, at=advisor.at)
        return bool(rates) and budget_covers(pool, rates)


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


def _about(leaf: Leaf, field: str) -> tuple[LeafKind, str]:
    """What a leaf is about: its kind, and the field of a qualification."""
    return leaf.kind, field if leaf.kind is LeafKind.QUALIFICATION else ""


def _fields(leaf: Leaf) -> tuple[str, ...]:
    """The fields that a leaf's own answers for."""
    return fields.upwards(leaf.text("speciality"))


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
