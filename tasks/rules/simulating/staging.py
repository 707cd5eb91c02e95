"""A scene of what really came in and who really was there, for any router to play again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from tasks.rules.clocks import MINUTES_A_DAY
from tasks.rules.simulating.outcomes import part_of
from tasks.rules.simulating.scenes import Arrival, Earlier, Scene, SimPool, Worker

MINUTE = timedelta(minutes=1)
USUAL_OFFERS = 10
USUAL_TASKS = 5
"""What is usual counts as much as so many offers, or tasks, of somebody's own."""

USUAL_YES = 0.9
USUAL_SILENCE = 0.04
USUAL_ANSWER_MINUTES = 2
PACES = (0.25, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """By whom a slot was answered, when begun and handed in, in how many worked seconds."""

    tutor: int
    begun: datetime
    ended: datetime
    seconds: int
    cost_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A slot that opened, and how it was answered if it was."""

    slot: int
    pool: int
    opened_at: datetime
    priority: int
    answered: Answered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How somebody took offers and how long her work took beside what was expected."""

    accepted: int = 0
    declined: int = 0
    ignored: int = 0
    answer_minutes: int | None = None
    worked_seconds: int = 0
    expected_seconds: int = 0
    tasks: int = 0

    @property
    def says_yes(self) -> float:
        asked = self.accepted + self.declined + self.ignored
        return (self.accepted + USUAL_OFFERS * USUAL_YES) / (asked + USUAL_OFFERS)

    @property
    def ignores(self) -> float:
        asked = self.accepted + self.declined + self.ignored
        return (self.ignored + USUAL_OFFERS * USUAL_SILENCE) / (asked + USUAL_OFFERS)

    @property
    def pace(self) -> float:
        """Over 1 takes longer than expected. Little work of her own counts little."""
        if not self.expected_seconds:
            return 1.0
        usual = USUAL_TASKS * self.expected_seconds / self.tasks
        found = (self.worked_seconds + usual) / (self.expected_seconds + usual)
        return min(max(found, PACES[0]), PACES[1])


NO_HABIT = Habit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Somebody who was there: pools she may do with her level there, her rate in each, and how good
    she surely is there, in tenths, where that is proven.

    `shifts`: when she was taking work and not busy with that of another queue.
    """

    tutor: int
    levels: Mapping[int, int]
    rates: Mapping[int, int]
    shifts: Sequence[tuple[datetime, datetime]]
    week_minutes: int | None = None
    hands: int = 1
    habit: Habit = NO_HABIT
    proven: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAttempts:
    """Attempts of a project that somebody handed in on a day (UTC)."""

    tutor: int
    project: int
    day: date
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What became of the slots that opened within the period, by its end. Waits in minutes."""

    tasks: int
    done: int
    waiting: int
    late: int
    wait_median: int
    wait_p95: int
    cost_minor: int

    @property
    def cost_per_task(self) -> float:
        return self.cost_minor / self.done if self.done else 0.0


def stage(
    *,
    came: Sequence[Came],
    people: Sequence[Able],
    pools: Mapping[int, SimPool],
    since: datetime,
    until: datetime,
    seed: int,
    earlier: Iterable[EarlierAttempts] = (),
) -> Scene:
    """The period's arrivals, and those that waited at its beginning, before the people of then.

    `earlier`: what was begun before the period, which counts where one person's part is limited.

    An answered slot brings as much work as it took, less the pace of who did it; one that nobody
    answered as much as is usual in its pool.
    """
    paces = {each.tutor: each.habit.pace for each in people}
    usual = _usual_minutes(came, pools, paces)
    arrivals = [
        Arrival(
            slot=each.slot,
            minute=minutes_between(since, each.opened_at),
            pool=each.pool,
            priority=each.priority,
            minutes_of_work=_work(each, paces) or usual[each.pool],
        )
        for each in came
        if each.pool in pools and each.opened_at < until
    ]
    arrivals.sort(key=lambda each: (each.minute, each.slot))
    return Scene(
        seed=seed,
        minutes=minutes_between(since, until),
        pools={
            pool: replace(each, expected_minutes=max(1, usual[pool]))
            for pool, each in pools.items()
        },
        arrivals=arrivals,
        workers=[_worker(each, since) for each in people],
        into_week=_into_week(since),
        earlier=sorted((_earlier(each, since) for each in earlier), key=lambda each: each.day),
    )


def minutes_between(since: datetime, moment: datetime) -> int:
    return (moment - since) // MINUTE


def _into_week(since: datetime) -> int:
    at = since.astimezone(UTC)
    return at.weekday() * MINUTES_A_DAY + at.hour * 60 + at.minute


def _earlier(each: EarlierAttempts, since: datetime) -> Earlier:
    """What was in hand when the period began counts as handed in on that day."""
    today = since.astimezone(UTC).date()
    return Earlier(
        day=min(0, (each.day - today).days) + today.weekday(),
        project=each.project,
        worker=each.tutor,
        attempts=each.attempts,
    )


def _worker(each: Able, since: datetime) -> Worker:
    return Worker(
        worker=each.tutor,
        levels=each.levels,
        rate_minor_hourly=max(each.rates.values(), default=0),
        rates=each.rates,
        proven=each.proven,
        shifts=[
            (minutes_between(since, begins), minutes_between(since, ends))
            for begins, ends in each.shifts
            if minutes_between(since, begins) < minutes_between(since, ends)
        ],
        hands=each.hands,
        pace=each.habit.pace,
        says_yes=each.habit.says_yes,
        ignores=each.habit.ignores,
        answer_minutes=_answer_minutes(each.habit),
        week_minutes=each.week_minutes,
    )


def _answer_minutes(habit: Habit) -> int:
    return USUAL_ANSWER_MINUTES if habit.answer_minutes is None else habit.answer_minutes


def _work(each: Came, paces: Mapping[int, float]) -> int:
    """Minutes that somebody of middling speed would have taken; 0 where nobody answered."""
    if each.answered is None:
        return 0
    return max(1, round(each.answered.seconds / 60 / paces.get(each.answered.tutor, 1.0)))


def _usual_minutes(
    came: Sequence[Came], pools: Mapping[int, SimPool], paces: Mapping[int, float]
) -> dict[int, int]:
    known: dict[int, list[int]] = defaultdict(list)
    for each in came:
        if each.answered is not None:
            known[each.pool].append(_work(each, paces))
    return {
        pool: part_of(sorted(known[pool]), 0.5) if known[pool] else each.expected_minutes
        for pool, each in pools.items()
    }


def happened(*, came: Sequence[Came], pools: Mapping[int, SimPool], until: datetime) -> Happened:
    """What really became of these slots by `until`, for comparison with what was played."""
    mine = [each for each in came if each.pool in pools and each.opened_at < until]
    done = [
        (each, each.answered)
        for each in mine
        if each.answered is not None and each.answered.ended < until
    ]
    waits = sorted(minutes_between(each.opened_at, own.begun) for each, own in done)
    ends = {each.slot: own.ended for each, own in done}
    late = sum(
        minutes_between(each.opened_at, ends.get(each.slot, until)) > sla
        for each in mine
        if (sla := pools[each.pool].sla_minutes) is not None
    )
    return Happened(
        tasks=len(mine),
        done=len(done),
        waiting=len(mine) - len(done),
        late=late,
        wait_median=part_of(waits, 0.5),
        wait_p95=part_of(waits, 0.95),
        cost_minor=sum(own.cost_minor for _, own in done),
    )
