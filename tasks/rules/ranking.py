"""Who gets which task first. One unit, minutes; integers; ties by slot id, then tutor id."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from tasks.rules.clocks import SECONDS_A_MINUTE
from tasks.rules.policies import DEFAULT, Policy
from tutors.rules.standing import TENTHS

PRIORITY_MAX = 100
PRIORITY_DEFAULT = 50
FAIRNESS_CLAIMS_MAX = 12
"""Claims of today beyond which nobody loses more."""

SPARE_OF_EXPECTED = 2
"""Work can still be in time while so many times what it is expected to take are left of its SLA:
offers are declined, and some work takes long."""


LOSSES = ("cost", "fairness")
"""The terms that a score is lessened by; they are kept as they are counted, above zero. Standing
is kept with its own sign."""


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
    standing: int = 0

    @property
    def total(self) -> int:
        gains = self.priority + self.waited + self.sla + self.fit + self.affinity + self.preferred
        return gains + self.standing - self.cost - self.fairness

    def values(self) -> tuple[int, ...]:
        """The terms in their order, as they are kept; `terms_of` names them again."""
        return (
            self.priority, self.waited, self.sla, self.fit, self.affinity, self.preferred,
            self.cost, self.fairness, self.standing,
        )  # fmt: skip

    def terms(self) -> dict[str, int]:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**told, "total": self.total}


def terms_of(values: Iterable[int]) -> dict[str, int]:
    """The terms by name, and their total, of a score that was kept by its values."""
    return Score(*values).terms()


def task_minutes(*, priority: int, waited_minutes: int, policy: Policy = DEFAULT) -> int:
    """The part of the score that a claim statement orders by."""
    return priority * policy.minutes_per_priority_step + waited_minutes


def timely_minutes(*, sla_minutes: int | None, expected_seconds: int) -> int:
    """The longest wait after which work can still be in time; 0 without an SLA.

    At least half of the SLA, or work that is expected to take most of it were late from the start.
    """
    sla = sla_minutes or 0
    return max(sla - SPARE_OF_EXPECTED * expected_seconds // SECONDS_A_MINUTE, sla // 2)


def sla_pressure(
    *,
    waited_minutes: int,
    sla_minutes: int | None,
    expected_seconds: int,
    policy: Policy = DEFAULT,
) -> int:
    """Grows evenly towards the full pressure at the end of the SLA; once work can hardly be in
    time, `late_minutes` below zero, for what still can comes first (decision 0026).
    """
    if not sla_minutes:
        return 0
    timely = timely_minutes(sla_minutes=sla_minutes, expected_seconds=expected_seconds)
    return _pressure(waited_minutes, sla=sla_minutes, timely=timely, policy=policy)


def _pressure(waited: int, *, sla: int, timely: int, policy: Policy) -> int:
    if waited > timely:
        return -policy.late_minutes
    return policy.sla_pressure_minutes * waited // sla


def urgency(
    *,
    priority: int,
    waited_minutes: int,
    sla_minutes: int | None,
    expected_seconds: int,
    policy: Policy = DEFAULT,
) -> int:
    """A slot's own part of the score, whoever takes it."""
    urgent = urgencies(sla_minutes=sla_minutes, expected_seconds=expected_seconds, policy=policy)
    return urgent(priority, waited_minutes)


def urgencies(
    *, sla_minutes: int | None, expected_seconds: int, policy: Policy
) -> Callable[[int, int], int]:
    """`urgency` by priority and minutes waited, for many slots of one pool."""
    sla = sla_minutes or 0
    timely = timely_minutes(sla_minutes=sla_minutes, expected_seconds=expected_seconds)

    def urgent(priority: int, waited: int) -> int:
        own = task_minutes(priority=priority, waited_minutes=waited, policy=policy)
        return own + _pressure(waited, sla=sla, timely=timely, policy=policy) if sla else own

    return urgent


def standing_minutes(tenths: int, *, policy: Policy) -> int:
    """From all of the policy's minutes, for somebody surely always right, to as many below zero."""
    return policy.standing_minutes * (2 * tenths - TENTHS) // TENTHS


def score(
    *,
    priority: int,
    waited_minutes: int,
    sla_minutes: int | None,
    expected_seconds: int,
    level: int = 1,
    proven: int | None = None,
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
    nothing is held for her. `proven`: how good her work of this kind is at least, in tenths; None,
    while that is unproven, neither helps nor harms.
    """
    return Score(
        priority=priority * policy.minutes_per_priority_step,
        waited=waited_minutes,
        sla=sla_pressure(
            waited_minutes=waited_minutes,
            sla_minutes=sla_minutes,
            expected_seconds=expected_seconds,
            policy=policy,
        ),
        fit=(level - 1) * policy.fit_minutes_per_level,
        affinity=policy.affinity_minutes if worked_here_lately else 0,
        preferred=policy.preferred_minutes if preferred else 0,
        cost=expected_cost_minor * policy.cost_percent // 10_000,
        standing=0 if proven is None else standing_minutes(proven, policy=policy),
        fairness=min(recent_claims, FAIRNESS_CLAIMS_MAX) * policy.fairness_minutes_per_claim,
    )
