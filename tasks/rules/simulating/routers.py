"""Routers to compare: Lectern's own under a policy, and the usual skill-based longest idle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest
from typing import Protocol

from tasks.rules.assigning import assign
from tasks.rules.clocks import cost_minor
from tasks.rules.folding import Candidate, OpenSlot, World, fold, tell
from tasks.rules.policies import DEFAULT, Policy
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX, score, urgency
from tasks.rules.simulating.scenes import Arrival, SimPool, Worker

SECONDS_A_MINUTE = 60


@dataclass(slots=True)
class Free:
    """Somebody on shift with nothing in hand, since `since`."""

    worker: Worker
    since: int
    given_today: int
    lately: Mapping[int, int] = field(default_factory=dict)
    """Pool → minute in which she last handed in work of it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`refused`: who is not asked about it any more."""

    arrival: Arrival
    refused: frozenset[int]


class Router(Protocol):
    @property
    def by_the_clock(self) -> bool:
        """Whether the passing of time alone may change who gets what: asked every minute then,
        else when somebody comes free or work arrives.
        """

    def match(
        self,
        *,
        minute: int,
        waiting: Sequence[Waiting],
        free: Sequence[Free],
        pools: Mapping[int, SimPool],
    ) -> list[tuple[int, int]]:
        """(slot, worker) to be offered now."""


@dataclass(frozen=True, slots=True)
class LongestIdle:
    """Priority, then age; to whoever may do it and has been idle longest."""

    by_the_clock: bool = False

    def match(
        self,
        *,
        minute: int,
        waiting: Sequence[Waiting],
        free: Sequence[Free],
        pools: Mapping[int, SimPool],
    ) -> list[tuple[int, int]]:
        idle = sorted(free, key=lambda each: (each.since, each.worker.worker))
        pairs = []
        order = sorted(waiting, key=lambda w: (-w.arrival.priority, w.arrival.slot))
        for each in order:
            if not idle:
                break
            chosen = next((f for f in idle if _may(f.worker, each)), None)
            if chosen is not None:
                idle.remove(chosen)
                pairs.append((each.arrival.slot, chosen.worker.worker))
        return pairs


def _may(worker: Worker, waiting: Waiting) -> bool:
    return waiting.arrival.pool in worker.levels and worker.worker not in waiting.refused


@dataclass(frozen=True, slots=True)
class Ours:
    """The matcher of the live router, with the terms of a policy."""

    policy: Policy = DEFAULT

    @property
    def by_the_clock(self) -> bool:
        """A head start of specialists ends by itself."""
        return self.policy.specialist_first_minutes > 0

    def match(
        self,
        *,
        minute: int,
        waiting: Sequence[Waiting],
        free: Sequence[Free],
        pools: Mapping[int, SimPool],
    ) -> list[tuple[int, int]]:
        workers = {f"{each.worker.worker:06}": each.worker for each in free}
        able = {pool for each in free for pool in each.worker.levels}
        slots = [
            self._slot(each.arrival, minute, pools[each.arrival.pool])
            for each in _heads(waiting, able, pools, minute=minute, most=len(free))
        ]
        if not slots:
            return []
        asked = {slot.slot for slot in slots}
        seen = World(
            slots=slots,
            people=[self._candidate(each, minute) for each in free],
            seconds={n: pool.expected_minutes * SECONDS_A_MINUTE for n, pool in pools.items()},
            fairness=self.policy.fairness_minutes_per_claim,
            given_most=FAIRNESS_CLAIMS_MAX,
            apart=frozenset(
                (each.arrival.slot, worker)
                for each in waiting
                if each.arrival.slot in asked
                for worker in each.refused
            ),
        )

        def worth(kind: str, pool: int, complexity: int, level: int) -> int | None:
            if workers[kind].levels.get(pool, 0) < level:
                return None
            return self._worth(workers[kind], pools[pool])

        folded = fold(seen, worth)
        told = tell(folded, assign(folded.folded), seen)
        return [(pair.slot.slot, pair.tutor) for pair in told]

    def _slot(self, arrival: Arrival, minute: int, pool: SimPool) -> OpenSlot:
        waited = minute - arrival.minute
        held = waited < self.policy.specialist_first_minutes
        return OpenSlot(
            slot=arrival.slot,
            task=arrival.slot,
            pool=arrival.pool,
            complexity=1,
            urgency=urgency(
                priority=arrival.priority,
                waited_minutes=waited,
                sla_minutes=pool.sla_minutes,
                policy=self.policy,
            ),
            level=self.policy.specialist_level if held else 0,
        )

    def _candidate(self, free: Free, minute: int) -> Candidate:
        window = self.policy.affinity_window_days * 24 * 60
        likes = {
            pool: self.policy.affinity_minutes
            for pool, at in free.lately.items()
            if minute - at <= window and self.policy.affinity_minutes
        }
        return Candidate(
            tutor=free.worker.worker,
            kind=f"{free.worker.worker:06}",
            room=1,
            given=free.given_today,
            liked=likes,
        )

    def _worth(self, worker: Worker, pool: SimPool) -> int | None:
        level = worker.levels.get(pool.pool)
        if level is None:
            return None
        cost = cost_minor(
            seconds=pool.expected_minutes * SECONDS_A_MINUTE,
            rate_minor_hourly=worker.rate_minor_hourly,
        )
        return score(
            priority=0,
            waited_minutes=0,
            sla_minutes=None,
            level=level,
            expected_cost_minor=cost,
            policy=self.policy,
        ).total


def _heads(
    waiting: Sequence[Waiting],
    able: set[int],
    pools: Mapping[int, SimPool],
    *,
    minute: int,
    most: int,
) -> Iterable[Waiting]:
    """Of each pool the most urgent, the oldest, and the oldest in time, as the live router reads
    them.
    """
    of_pool: dict[int, list[Waiting]] = {}
    for each in waiting:
        if each.arrival.pool in able:
            of_pool.setdefault(each.arrival.pool, []).append(each)
    chosen: dict[int, Waiting] = {}
    for pool, some in of_pool.items():
        sla = pools[pool].sla_minutes or 0
        timely = [w for w in some if minute - w.arrival.minute <= sla]
        urgent = nlargest(most, some, key=lambda w: (w.arrival.priority, -w.arrival.slot))
        eldest = nsmallest(most, some, key=lambda w: w.arrival.slot)
        pressed = nsmallest(most, timely, key=lambda w: w.arrival.slot)
        chosen.update({w.arrival.slot: w for w in (*urgent, *eldest, *pressed)})
    return [chosen[slot] for slot in sorted(chosen)]
