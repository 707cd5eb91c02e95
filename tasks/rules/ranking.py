"""Who gets which task first. One unit, minutes; integers; ties by slot id, then tutor id."""

from dataclasses import asdict, dataclass

from tasks.rules.policies import DEFAULT, Policy

PRIORITY_MAX = 100
PRIORITY_DEFAULT = 50
FAIRNESS_CLAIMS_MAX = 12
"""Claims of today beyond which nobody loses more."""


LOSSES = ("cost", "fairness")
"""The terms that a score is lessened by; they are kept as they are counted, above zero."""


@dataclass(frozen=True, slots=True)
class Score:
    """The terms of one match, as they are shown. `total` is what is compared."""

    priority: int
    waited: int
    sla: int
    fit: int = 0
    affinity: int = 0
    preferred: int = 0
    cost: int = 0
    fairness: int = 0

    @property
    def total(self) -> int:
        gains = self.priority + self.waited + self.sla + self.fit + self.affinity + self.preferred
        return gains - self.cost - self.fairness

    def terms(self) -> dict[str, int]:
        return {**asdict(self), "total": self.total}


def task_minutes(*, priority: int, waited_minutes: int, policy: Policy = DEFAULT) -> int:
    """The part of the score that a claim statement orders by."""
    return priority * policy.minutes_per_priority_step + waited_minutes


def sla_pressure(*, waited_minutes: int, sla_minutes: int | None, policy: Policy = DEFAULT) -> int:
    """0 until half of the SLA is gone, then growing to the full pressure at its end and after."""
    if not sla_minutes:
        return 0
    late = 2 * waited_minutes - sla_minutes
    most = policy.sla_pressure_minutes
    return max(0, min(most, most * late // sla_minutes))


def score(
    *,
    priority: int,
    waited_minutes: int,
    sla_minutes: int | None,
    level: int = 1,
    worked_here_lately: bool = False,
    expected_cost_minor: int = 0,
    recent_claims: int = 0,
    preferred: bool = False,
    policy: Policy = DEFAULT,
) -> Score:
    """The match of one waiting slot and one eligible tutor under the pool's policy.

    `recent_claims` counts what the tutor was given today: those given less come first.
    `worked_here_lately`: she handed in work of the same project and role within the policy's
    affinity window, so its guide is fresh; `preferred`: the policy names her. Preferences only,
    nothing is held for her.
    """
    return Score(
        priority=priority * policy.minutes_per_priority_step,
        waited=waited_minutes,
        sla=sla_pressure(waited_minutes=waited_minutes, sla_minutes=sla_minutes, policy=policy),
        fit=(level - 1) * policy.fit_minutes_per_level,
        affinity=policy.affinity_minutes if worked_here_lately else 0,
        preferred=policy.preferred_minutes if preferred else 0,
        cost=expected_cost_minor * policy.cost_percent // 10_000,
        fairness=min(recent_claims, FAIRNESS_CLAIMS_MAX) * policy.fairness_minutes_per_claim,
    )


@dataclass(frozen=True, slots=True)
class Edge:
    """One possible match: a slot, a tutor who passes every verdict, and what it is worth."""

    slot: int
    task: int
    tutor: int
    score: Score
    fairness_minutes: int = DEFAULT.fairness_minutes_per_claim
    """What each match given in this round already takes off her score, by the pool's policy."""


def best_first(edges: list[Edge], *, per_tutor: dict[int, int]) -> list[Edge]:
    """Match slots and tutors: each slot once, each tutor at most `per_tutor`, a task's slots to
    different people. Deterministic, the most urgent slots first.

    Among equals the tutor with fewer matches so far comes first, so that identical tutors differ
    by at most one. A slot whose people are all busy gets its place by handing one of theirs on,
    so that no less urgent slot is served in its stead.
    """
    groups = _by_slot(sorted(edges, key=lambda e: (-e.score.total, e.slot, e.tutor)))
    by_slot = {group[0].slot: group for group in groups}
    table = _Table(per_tutor=per_tutor)
    for group in groups:
        if not table.seat(group):
            table.make_room(group, by_slot=by_slot, moved=set())
    return [table.chosen[group[0].slot] for group in groups if group[0].slot in table.chosen]


class _Table:
    """Who sits where so far."""

    def __init__(self, *, per_tutor: dict[int, int]) -> None:
        self.per_tutor = per_tutor
        self.chosen: dict[int, Edge] = {}
        self.given: dict[int, int] = {}
        self.pairs: set[tuple[int, int]] = set()

    def seat(self, group: list[Edge]) -> bool:
        """Give a slot to the best of those who have a hand free."""
        fit = [edge for edge in group if self._fits(edge) and self._has_room(edge.tutor)]
        if not fit:
            return False
        self._put(min(fit, key=lambda e: (self._lost(e), e.tutor)))
        return True

    def make_room(
        self, group: list[Edge], *, by_slot: dict[int, list[Edge]], moved: set[int]
    ) -> bool:
        """Seat a slot by handing one of somebody's other slots on; each slot is asked once."""
        for edge in group:
            if not self._fits(edge):
                continue
            held = [e for e in self.chosen.values() if e.tutor == edge.tutor]
            for other in held:
                if other.slot in moved:
                    continue
                moved.add(other.slot)
                self._lift(other)
                self._put(edge)
                others = [e for e in by_slot[other.slot] if e.tutor != edge.tutor]
                if self.seat(others) or self.make_room(others, by_slot=by_slot, moved=moved):
                    return True
                self._lift(edge)
                self._put(other)
        return False

    def _fits(self, edge: Edge) -> bool:
        return (edge.task, edge.tutor) not in self.pairs

    def _has_room(self, tutor: int) -> bool:
        return self.given.get(tutor, 0) < self.per_tutor.get(tutor, 0)

    def _lost(self, edge: Edge) -> int:
        return self.given.get(edge.tutor, 0) * edge.fairness_minutes - edge.score.total

    def _put(self, edge: Edge) -> None:
        self.chosen[edge.slot] = edge
        self.pairs.add((edge.task, edge.tutor))
        self.given[edge.tutor] = self.given.get(edge.tutor, 0) + 1

    def _lift(self, edge: Edge) -> None:
        del self.chosen[edge.slot]
        self.pairs.discard((edge.task, edge.tutor))
        self.given[edge.tutor] -= 1


def _by_slot(order: list[Edge]) -> list[list[Edge]]:
    """Edges by slot; slots in the order of their best edge."""
    groups: dict[int, list[Edge]] = {}
    for edge in order:
        groups.setdefault(edge.slot, []).append(edge)
    return list(groups.values())
