"""Who gets which task first. One unit, minutes; integers; ties by slot id, then tutor id."""

from dataclasses import asdict, dataclass

PRIORITY_MAX = 100
PRIORITY_DEFAULT = 50
MINUTES_PER_PRIORITY_STEP = 30
"""A waiting task gains a priority step each half hour, so nothing waits behind newcomers for
more than `MINUTES_PER_PRIORITY_STEP × PRIORITY_MAX` minutes (50 hours)."""

SLA_PRESSURE_MINUTES = 240
"""What the last of the SLA's time is worth; grows linearly over its second half."""

FIT_MINUTES_PER_LEVEL = 15
AFFINITY_MINUTES = 20
FAIRNESS_MINUTES_PER_CLAIM = 10
FAIRNESS_CLAIMS_MAX = 12
COST_PERCENT = 5
"""λ: minutes lost per hundred minor units of expected pay, in per cent."""


@dataclass(frozen=True, slots=True)
class Score:
    """The terms of one match, as they are shown. `total` is what is compared."""

    priority: int
    waited: int
    sla: int
    fit: int = 0
    affinity: int = 0
    cost: int = 0
    fairness: int = 0

    @property
    def total(self) -> int:
        gains = self.priority + self.waited + self.sla + self.fit + self.affinity
        return gains - self.cost - self.fairness

    def terms(self) -> dict[str, int]:
        return {**asdict(self), "total": self.total}


def task_minutes(*, priority: int, waited_minutes: int) -> int:
    """The part of the score that a claim statement orders by."""
    return priority * MINUTES_PER_PRIORITY_STEP + waited_minutes


def sla_pressure(*, waited_minutes: int, sla_minutes: int | None) -> int:
    """0 until half of the SLA is gone, then growing to the full pressure at its end and after."""
    if not sla_minutes:
        return 0
    late = 2 * waited_minutes - sla_minutes
    return max(0, min(SLA_PRESSURE_MINUTES, SLA_PRESSURE_MINUTES * late // sla_minutes))


def score(
    *,
    priority: int,
    waited_minutes: int,
    sla_minutes: int | None,
    level: int = 1,
    worked_here_before: bool = False,
    expected_cost_minor: int = 0,
    recent_claims: int = 0,
) -> Score:
    """The match of one waiting slot and one eligible tutor.

    `recent_claims` counts what the tutor was given today: those given less come first.
    """
    return Score(
        priority=priority * MINUTES_PER_PRIORITY_STEP,
        waited=waited_minutes,
        sla=sla_pressure(waited_minutes=waited_minutes, sla_minutes=sla_minutes),
        fit=(level - 1) * FIT_MINUTES_PER_LEVEL,
        affinity=AFFINITY_MINUTES if worked_here_before else 0,
        cost=expected_cost_minor * COST_PERCENT // 10_000,
        fairness=min(recent_claims, FAIRNESS_CLAIMS_MAX) * FAIRNESS_MINUTES_PER_CLAIM,
    )


@dataclass(frozen=True, slots=True)
class Edge:
    """One possible match: a slot, a tutor who passes every verdict, and what it is worth."""

    slot: int
    task: int
    tutor: int
    score: Score


def best_first(edges: list[Edge], *, per_tutor: dict[int, int]) -> list[Edge]:
    """Greedy matching: each slot once, each tutor at most `per_tutor`, a task's slots to different
    people. Among equals the tutor with fewer matches so far comes first, so that identical tutors
    differ by at most one. Deterministic.
    """
    order = sorted(edges, key=lambda e: (-e.score.total, e.slot, e.tutor))
    taken: set[int] = set()
    pairs: set[tuple[int, int]] = set()
    given: dict[int, int] = {}
    chosen: list[Edge] = []
    for group in _by_slot(order):
        fit = [
            e
            for e in group
            if e.slot not in taken
            and (e.task, e.tutor) not in pairs
            and given.get(e.tutor, 0) < per_tutor.get(e.tutor, 0)
        ]
        if not fit:
            continue
        best = min(fit, key=lambda e: (_lost(e, given), e.tutor))
        chosen.append(best)
        taken.add(best.slot)
        pairs.add((best.task, best.tutor))
        given[best.tutor] = given.get(best.tutor, 0) + 1
    return chosen


def _lost(edge: Edge, given: dict[int, int]) -> int:
    return given.get(edge.tutor, 0) * FAIRNESS_MINUTES_PER_CLAIM - edge.score.total


def _by_slot(order: list[Edge]) -> list[list[Edge]]:
    groups: dict[int, list[Edge]] = {}
    for edge in order:
        groups.setdefault(edge.slot, []).append(edge)
    return list(groups.values())
