"""What a simulation is about: pools, who works when, what arrives; told, or made from a seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi
from random import Random

from tasks.rules.clocks import DAYS_A_WEEK, MINUTES_A_DAY

MINUTES_A_WEEK = DAYS_A_WEEK * MINUTES_A_DAY
WORKDAYS = 5
PEAK_MINUTE = 15 * 60
"""Clients hand most in around 15:00 UTC."""

WEEKEND_PART = 0.3
LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class SimPool:
    """Work of one kind. `expected_minutes` is what somebody of middling speed takes.

    `project`: pools of the same one share the limit of one person's part; `attempts` says whether
    their work counts for it. `offer_minutes`: how long an offer waits for an answer.
    """

    pool: int
    level_min: int
    expected_minutes: int
    sla_minutes: int | None
    project: int = 0
    attempts: bool = True
    offer_minutes: int = 10


@dataclass(frozen=True, slots=True)
class Arrival:
    """A slot that opens; before minute 0 what waited already when the scene begins."""

    slot: int
    minute: int
    pool: int
    priority: int
    minutes_of_work: int


@dataclass(frozen=True, slots=True)
class Worker:
    """`levels` by pool, absent where she is not qualified; `shifts` as (from, until).

    `pace` multiplies the minutes of work; `says_yes` and `ignores` are chances per offer, and
    what is left over is declined. `rates` by pool go over `rate_minor_hourly`; `week_minutes`
    is the most of paid work in a week. `hands` (her capacity) is how much she may hold at once;
    she works on one thing after the other, whatever she holds. `proven` by pool: how good she
    surely is there, in tenths.
    """

    worker: int
    levels: Mapping[int, int]
    rate_minor_hourly: int
    shifts: Sequence[tuple[int, int]]
    pace: float = 1.0
    says_yes: float = 0.9
    ignores: float = 0.04
    answer_minutes: int = 2
    rates: Mapping[int, int] = field(default_factory=dict)
    week_minutes: int | None = None
    hands: int = 1
    proven: Mapping[int, int] = field(default_factory=dict)
    kind: str = field(init=False)
    """The same for everybody who may do the same at the same pay: a router folds them."""

    def __post_init__(self) -> None:
        paid = sorted(
            (pool, level, self.rate(pool), self.proven.get(pool))
            for pool, level in self.levels.items()
        )
        object.__setattr__(self, "kind", repr(paid))

    def rate(self, pool: int) -> int:
        """Minor units an hour for work of this pool."""
        return self.rates.get(pool, self.rate_minor_hourly)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Attempts of a project that somebody, in the scene or not, handed in on a day before it.

    `day`: from the Monday of the week in which the scene begins.
    """

    day: int
    project: int
    worker: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Scene:
    """`into_week`: minutes since Monday, 00:00, at which it begins. `earlier`, in order of days,
    counts where one person's part is limited.
    """

    seed: int
    minutes: int
    pools: Mapping[int, SimPool]
    arrivals: Sequence[Arrival]
    workers: Sequence[Worker]
    into_week: int = 0
    earlier: Sequence[Earlier] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The measures of a made scene. `load` is work over what the people could do at all."""

    days: int = 28
    workers: int = 60
    fields: int = 4
    load: float = 0.85
    sla_minutes: tuple[int, ...] = (120, 480, 1_440)
    expected_minutes: tuple[int, ...] = (10, 20, 40)


def scene(*, seed: int, crowd: Crowd) -> Scene:
    """People with daily rhythms and fields, and arrivals that peak by day and rest at weekends.

    Each field has a pool for each level. Who is of a higher level costs more and may do the
    lower ones too, and one in four knows a second field.
    """
    chance = Random(seed)  # noqa: S311 - a story, not a secret
    pools = {
        n: SimPool(
            pool=n,
            level_min=LEVELS[n % len(LEVELS)],
            expected_minutes=chance.choice(crowd.expected_minutes),
            sla_minutes=chance.choice(crowd.sla_minutes),
        )
        for n in range(crowd.fields * len(LEVELS))
    }
    workers = [_worker(n, pools, crowd, chance) for n in range(1, crowd.workers + 1)]
    able = sum(until - start for worker in workers for start, until in worker.shifts)
    arrivals = list(_arrivals(pools, crowd, able * crowd.load, chance))
    return Scene(
        seed=seed,
        minutes=crowd.days * MINUTES_A_DAY,
        pools=pools,
        arrivals=arrivals,
        workers=workers,
    )


def _worker(number: int, pools: Mapping[int, SimPool], crowd: Crowd, chance: Random) -> Worker:
    level = chance.choices((1, 2, 3, 4), weights=(4, 3, 2, 1))[0]
    known = {chance.randrange(crowd.fields)}
    if chance.random() < 1 / 4:
        known.add(chance.randrange(crowd.fields))
    begins = chance.randrange(0, MINUTES_A_DAY, 30)
    lasts = chance.choice((180, 240, 360, 480))
    shifts = [
        (day * MINUTES_A_DAY + begins, day * MINUTES_A_DAY + begins + lasts)
        for day in range(crowd.days)
        if day % DAYS_A_WEEK < WORKDAYS or chance.random() < WEEKEND_PART
    ]
    return Worker(
        worker=number,
        levels={
            n: level
            for n, pool in pools.items()
            if n // len(LEVELS) in known and level >= pool.level_min
        },
        rate_minor_hourly=3_000 + 1_500 * level + 100 * chance.randrange(10),
        shifts=shifts,
        pace=chance.uniform(0.7, 1.4),
        says_yes=chance.uniform(0.8, 0.98),
    )


def _arrivals(
    pools: Mapping[int, SimPool], crowd: Crowd, work: float, chance: Random
) -> Iterator[Arrival]:
    """Arrivals in order of time until their minutes of work add up to `work`."""
    weights = {n: 2.0 if pool.level_min == 1 else 1.0 for n, pool in pools.items()}
    found: list[tuple[int, int, int, int]] = []
    while work > 0:
        pool = chance.choices(list(pools), weights=list(weights.values()))[0]
        minutes = max(1, round(chance.gammavariate(4, pools[pool].expected_minutes / 4)))
        priority = chance.choices((30, 50, 70), weights=(2, 6, 2))[0]
        found.append((_moment(crowd.days, chance), pool, priority, minutes))
        work -= minutes
    for slot, (minute, pool, priority, minutes) in enumerate(sorted(found), start=1):
        yield Arrival(slot, minute, pool, priority, minutes)


def _moment(days: int, chance: Random) -> int:
    """A minute, likelier by day than by night and on workdays than at weekends."""
    while True:
        minute = chance.randrange(days * MINUTES_A_DAY)
        day, within = divmod(minute, MINUTES_A_DAY)
        busy = 0.55 + 0.45 * cos(2 * pi * (within - PEAK_MINUTE) / MINUTES_A_DAY)
        if day % DAYS_A_WEEK >= WORKDAYS:
            busy *= WEEKEND_PART
        if chance.random() < busy:
            return minute
