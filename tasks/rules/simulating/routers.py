"""Routers to compare: Lectern's own under policies, and the usual skill-based longest idle."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest
from typing import Protocol

from tasks.rules.assigning import assign
from tasks.rules.clocks import MINUTES_A_DAY, SECONDS_A_MINUTE, cost_minor
from tasks.rules.folding import Candidate, OpenSlot, World, fold, tell
from tasks.rules.policies import DEFAULT, Policy, share_room
from tasks.rules.ranking import FAIRNESS_CLAIMS_MAX, score, timely_minutes, urgency
from tasks.rules.simulating.scenes import Arrival, SimPool, Worker
from tasks.rules.states import WorkRole
from workforce.rules.ids import public_id


@dataclass(frozen=True, slots=True)
class Free:
    """Somebody on shift with `hands` free, since `since`; `offers` of hers wait for an answer.

    `lately`: pool → minute in which she last handed in work of it. `minutes_left` of her week;
    None: no cap. `cooling`: pools that leave her alone for a while. `attempts` by project: handed
    in within the days in which shares are counted, in hand, and on offer to her.
    """

    worker: Worker
    since: int
    given_today: int
    lately: Mapping[int, int] = field(default_factory=dict)
    minutes_left: int | None = None
    cooling: Collection[int] = ()
    attempts: Mapping[int, int] = field(default_factory=dict)
    hands: int = 1
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """`refused`: who is not asked about it for now. `ignored`: offers that nobody answered."""

    arrival: Arrival
    refused: frozenset[int] = frozenset()
    ignored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What a router sees at a minute. `attempted`: everybody's attempts by project, as those of
    `Free`, but without offers.
    """

    minute: int
    waiting: Sequence[Waiting]
    free: Sequence[Free]
    pools: Mapping[int, SimPool]
    attempted: Mapping[int, int]


class Router(Protocol):
    @property
    def by_the_clock(self) -> bool:
        """Whether the passing of time alone may change who gets what: asked every minute then,
        else when somebody comes free or work arrives.
        """

    def offer_minutes(self, pool: SimPool) -> int:
        """How long an offer waits for an answer."""

    def cool_down(self, pool: SimPool) -> int:
        """How many minutes the pool leaves somebody alone who did not answer."""

    def decline_minutes(self, pool: SimPool) -> int:
        """For how long somebody is not asked again about what she declined."""

    def weight(self, pool: SimPool) -> int:
        """How many hands a piece of its work fills."""

    def wrap_up_minutes(self, pool: SimPool) -> int:
        """For how long nothing is offered to who handed in work of this pool."""

    def within_share(self, pool: SimPool, *, own: int, everybody: int) -> bool:
        """Whether one more of these attempts may be offered to somebody, by a limit of her part."""

    def match(self, board: Board) -> list[tuple[int, int]]:
        """(slot, worker) to be offered now, in order. What does not fit beside those that somebody
        was given before it comes to nothing.
        """


@dataclass(frozen=True, slots=True)
class LongestIdle:
    """Priority, then age; to whoever may do it and has been idle longest."""

    by_the_clock: bool = False

    def offer_minutes(self, pool: SimPool) -> int:
        return pool.offer_minutes

    def cool_down(self, _: SimPool) -> int:
        return DEFAULT.cool_down_minutes

    def decline_minutes(self, _: SimPool) -> int:
        return DEFAULT.decline_days * MINUTES_A_DAY

    def weight(self, _: SimPool) -> int:
        return 1

    def wrap_up_minutes(self, _: SimPool) -> int:
        return 0

    def within_share(self, _: SimPool, *, own: int, everybody: int) -> bool:
        return True

    def match(self, board: Board) -> list[tuple[int, int]]:
        idle = sorted(board.free, key=lambda each: (each.since, each.worker.worker))
        hands = {each.worker.worker: each.hands for each in idle}
        pairs = []
        able = {pool for each in idle for pool in each.worker.levels}
        wanted = [each for each in board.waiting if each.arrival.pool in able]
        for each in sorted(wanted, key=lambda w: (-w.arrival.priority, w.arrival.slot)):
            if not idle:
                break
            pool = board.pools[each.arrival.pool]
            chosen = next((f for f in idle if may(f, each, pool)), None)
            if chosen is not None:
                number = chosen.worker.worker
                pairs.append((each.arrival.slot, number))
                hands[number] -= 1
                if not hands[number]:
                    idle.remove(chosen)
        return pairs


def may(free: Free, waiting: Waiting, pool: SimPool) -> bool:
    """Whether she may be offered this now, whatever a policy says besides."""
    return (
        pool.pool in free.worker.levels
        and pool.pool not in free.cooling
        and free.worker.worker not in waiting.refused
        and (free.minutes_left is None or free.minutes_left >= pool.expected_minutes)
    )


@dataclass(frozen=True, slots=True)
class Ours:
    """The matcher of the live router. `of_pool` goes over `policy`."""

    policy: Policy = DEFAULT
    of_pool: Mapping[int, Policy] = field(default_factory=dict)

    @property
    def by_the_clock(self) -> bool:
        """A head start of specialists ends by itself, and so does a share's week."""
        return any(p.specialist_first_minutes or p.limits_shares for p in self._policies())

    def weight(self, pool: SimPool) -> int:
        return self.of(pool).weight(WorkRole.ATTEMPT if pool.attempts else WorkRole.REVIEW)

    def wrap_up_minutes(self, pool: SimPool) -> int:
        """Whole minutes, rounded up: a play knows no shorter time."""
        return -(-self.of(pool).wrap_up_seconds // SECONDS_A_MINUTE)

    def within_share(self, pool: SimPool, *, own: int, everybody: int) -> bool:
        """As in a live round: offers to her count for her, those to others for nobody."""
        policy = self.of(pool)
        if not (pool.attempts and policy.limits_shares):
            return True
        return share_room(policy=policy, own=own, everybody=max(own, everybody), most=1) > 0

    def decline_minutes(self, pool: SimPool) -> int:
        return self.of(pool).decline_days * MINUTES_A_DAY

    def offer_minutes(self, pool: SimPool) -> int:
        seconds = self.of(pool).offer_ttl_seconds
        return pool.offer_minutes if seconds is None else max(1, seconds // SECONDS_A_MINUTE)

    def cool_down(self, pool: SimPool) -> int:
        return self.of(pool).cool_down_minutes

    def of(self, pool: SimPool) -> Policy:
        return self.of_pool.get(pool.pool, self.policy)

    def _policies(self) -> list[Policy]:
        return [self.policy, *self.of_pool.values()]

    def match(self, board: Board) -> list[tuple[int, int]]:
        pools = board.pools
        workers = {each.worker.kind: each.worker for each in board.free}
        able = {pool for each in board.free for pool in each.worker.levels}
        heads = _heads(board, able)
        slots = [self._slot(each.arrival, board.minute, pools[each.arrival.pool]) for each in heads]
        if not slots:
            return []
        wanted = {slot.pool for slot in slots}
        seen = World(
            slots=slots,
            people=[self._candidate(each, board, wanted) for each in board.free],
            seconds={n: pool.expected_minutes * SECONDS_A_MINUTE for n, pool in pools.items()},
            fairness=max(self.of(pools[n]).fairness_minutes_per_claim for n in wanted),
            given_most=FAIRNESS_CLAIMS_MAX,
            apart=frozenset(
                (each.arrival.slot, worker) for each in heads for worker in each.refused
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
        policy, waited = self.of(pool), minute - arrival.minute
        held = waited < policy.specialist_first_minutes
        return OpenSlot(
            slot=arrival.slot,
            task=arrival.slot,
            pool=arrival.pool,
            complexity=1,
            urgency=urgency(
                priority=arrival.priority,
                waited_minutes=waited,
                sla_minutes=pool.sla_minutes,
                expected_seconds=pool.expected_minutes * SECONDS_A_MINUTE,
                policy=policy,
            ),
            level=policy.specialist_level if held else 0,
        )

    def _candidate(self, free: Free, board: Board, wanted: Collection[int]) -> Candidate:
        left = free.minutes_left
        pools = [board.pools[pool] for pool in sorted(wanted)]
        return Candidate(
            tutor=free.worker.worker,
            kind=free.worker.kind,
            room=self._room(free, pools),
            given=free.given_today + free.offers,
            reach=None if left is None else max(0, left) * SECONDS_A_MINUTE,
            liked={
                pool.pool: minutes for pool in pools if (minutes := self._liking(free, board, pool))
            },
            barred=frozenset(pool.pool for pool in pools if self._is_barred(free, board, pool)),
        )

    def _room(self, free: Free, pools: Sequence[SimPool]) -> int:
        """Offers for which she has hands, were all as light as the lightest."""
        lightest = min(self.weight(pool) for pool in pools)
        most = max(self.of(pool).offers_per_tutor for pool in pools)
        return max(0, min(free.hands // lightest, most - free.offers))

    def _liking(self, free: Free, board: Board, pool: SimPool) -> int:
        policy, at = self.of(pool), free.lately.get(pool.pool)
        window = policy.affinity_window_days * MINUTES_A_DAY
        lately = at is not None and board.minute - at <= window
        preferred = policy.preferred_tutors and policy.prefers(public_id("E", free.worker.worker))
        return lately * policy.affinity_minutes + bool(preferred) * policy.preferred_minutes

    def _is_barred(self, free: Free, board: Board, pool: SimPool) -> bool:
        if pool.pool in free.cooling:
            return True
        policy = self.of(pool)
        if self.weight(pool) > free.hands or free.offers >= policy.offers_per_tutor:
            return True
        return not self.within_share(
            pool,
            own=free.attempts.get(pool.project, 0),
            everybody=board.attempted.get(pool.project, 0),
        )

    def _worth(self, worker: Worker, pool: SimPool) -> int | None:
        level = worker.levels.get(pool.pool)
        if level is None:
            return None
        seconds = pool.expected_minutes * SECONDS_A_MINUTE
        return score(
            priority=0,
            waited_minutes=0,
            sla_minutes=None,
            expected_seconds=seconds,
            level=level,
            proven=worker.proven.get(pool.pool),
            expected_cost_minor=cost_minor(
                seconds=seconds, rate_minor_hourly=worker.rate(pool.pool)
            ),
            policy=self.of(pool),
        ).total


def _heads(board: Board, able: set[int]) -> list[Waiting]:
    """Of each pool the most urgent, the oldest, and the oldest that can be in time, as the live
    router reads them.
    """
    most = sum(each.hands for each in board.free)
    of_pool: dict[int, list[Waiting]] = {}
    for each in board.waiting:
        if each.arrival.pool in able:
            of_pool.setdefault(each.arrival.pool, []).append(each)
    chosen: dict[int, Waiting] = {}
    for pool, some in of_pool.items():
        most_wait = timely_minutes(
            sla_minutes=board.pools[pool].sla_minutes,
            expected_seconds=board.pools[pool].expected_minutes * SECONDS_A_MINUTE,
        )
        timely = [w for w in some if board.minute - w.arrival.minute <= most_wait]
        urgent = nlargest(most, some, key=lambda w: (w.arrival.priority, -w.arrival.slot))
        eldest = nsmallest(most, some, key=lambda w: w.arrival.slot)
        pressed = nsmallest(most, timely, key=lambda w: w.arrival.slot)
        chosen.update({w.arrival.slot: w for w in (*urgent, *eldest, *pressed)})
    return [chosen[slot] for slot in sorted(chosen)]
