"""What a project would take before it opens: by when, for how much, what holds it up.

Day by day, each person gives the free minutes of a like weekday of hers, drawn from the last
weeks; reviews come before attempts for those who may do both. The same draw is made many times,
and its tenths are the interval. Tested against the minute-by-minute simulation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tasks.rules.clocks import DAYS_A_WEEK, MINUTES_AN_HOUR
from tasks.rules.simulating.outcomes import part_of
from tasks.rules.spans import Span

HORIZON_DAYS = 365
"""A project that would take longer has no date."""

RUNS = 60
"""Draws of a quote."""

PRICE_RUNS, PRICE_RUNS_MIN = 15, 5
PRICE_PEOPLE = 3_000
"""Draws of one that is only compared: so many people's days of them all, for chance evens out among
many.
"""

BETWEEN_TASKS_MINUTES = 2
UNKNOWN_PACE = 0.25
"""How far, as a part, a handle time nobody has seen may be off; it shrinks with the tasks seen."""

LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The work of a project. Minutes are what somebody of middling speed takes.

    `answers` is tasks times overlap; `review_part` of them are reviewed, and `again_part` come
    back and are done and reviewed once more. `seen`: finished tasks of the kind that the handle
    time rests on. `weekday`: 0 is Monday, on which it begins.
    """

    answers: int
    overlap: int
    attempt_minutes: float
    review_minutes: float
    review_part: float = 1.0
    again_part: float = 0.0
    seen: int = 0
    weekday: int = 0

    @property
    def attempts(self) -> float:
        return self.answers * (1 + self.again_part)

    @property
    def reviews(self) -> float:
        return self.attempts * self.review_part


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody who may do some of it. `free`: minutes left over from other work on each day of
    the last weeks, by weekday. Rates in minor units an hour; None: not in this role.

    `from_day`: she may join when the soft rules that she fails have fallen away.
    """

    tutor: int
    free: Mapping[int, Sequence[int]]
    attempt_rate: int | None = None
    review_rate: int | None = None
    pace: float = 1.0
    from_day: int = 0

    @property
    def minutes_a_week(self) -> float:
        return sum(sum(few) / len(few) for few in self.free.values() if few)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """`days` to the end of work, None when most draws do not end within `HORIZON_DAYS`;
    `cost_minor` of all pay; each as a tenth, the middle and nine tenths of the draws. `short_of`
    names what keeps it from ever ending: people for the attempts, people for the reviews, or
    nothing. `bottleneck` is the role that takes longer.
    """

    days: Span | None
    cost_minor: Span | None
    attempters: int
    reviewers: int
    attempt_minutes_a_week: float
    review_minutes_a_week: float
    bottleneck: str
    short_of: str

    @property
    def possible(self) -> bool:
        return self.days is not None


ATTEMPTS, REVIEWS = "attempts", "reviews"


def quote(*, wanted: Wanted, hands: Sequence[Hand], seed: int = 1, runs: int = RUNS) -> Quote:
    """What this work would take with these people. The same seed gives the same quote."""
    attempting = [each for each in hands if each.attempt_rate is not None]
    reviewing = [each for each in hands if each.review_rate is not None]
    short = _short_of(wanted, attempting, reviewing)
    played = [] if short else [_run(wanted, hands, Random(seed + n)) for n in range(runs)]  # noqa: S311
    ended = [each for each in played if each is not None]
    days = cost = None
    if len(ended) > len(played) / 2:
        days = _span([day for day, _ in ended])
        cost = _span([float(minor) for _, minor in ended])
    supply = sum(h.minutes_a_week for h in attempting), sum(h.minutes_a_week for h in reviewing)
    return Quote(
        days=days,
        cost_minor=cost,
        attempters=len(attempting),
        reviewers=len(reviewing),
        attempt_minutes_a_week=supply[0],
        review_minutes_a_week=supply[1],
        bottleneck=short or _bottleneck(wanted, attempting, reviewing),
        short_of=short,
    )


def price_runs(people: int) -> int:
    """How many draws a comparison needs."""
    return max(PRICE_RUNS_MIN, min(PRICE_RUNS, PRICE_PEOPLE // max(1, people)))


def _short_of(wanted: Wanted, attempting: Sequence[Hand], reviewing: Sequence[Hand]) -> str:
    """Different people for each answer of a task, and somebody else to review it."""
    working = [each for each in attempting if each.minutes_a_week]
    if len(working) < wanted.overlap or not wanted.answers:
        return ATTEMPTS
    judging = {each.tutor for each in reviewing if each.minutes_a_week}
    authors = {each.tutor for each in working}
    alone = len(judging) == 1 and authors == judging
    return REVIEWS if wanted.review_part and (not judging or alone) else ""


def _bottleneck(wanted: Wanted, attempting: Sequence[Hand], reviewing: Sequence[Hand]) -> str:
    """The role whose work is more weeks of its own people's time."""
    weeks = [
        count * minutes / max(1e-9, sum(h.minutes_a_week / h.pace for h in people))
        for count, minutes, people in (
            (wanted.attempts, wanted.attempt_minutes, attempting),
            (wanted.reviews, wanted.review_minutes, reviewing),
        )
    ]
    return REVIEWS if wanted.reviews and weeks[1] > weeks[0] else ATTEMPTS


@dataclass(frozen=True, slots=True)
class _Able:
    """Somebody in one draw: minutes that a piece of work takes her (0: not hers), and its cost."""

    free: Mapping[int, Sequence[int]]
    from_day: int
    attempt_minutes: float
    attempt_cost: float
    review_minutes: float
    review_cost: float


@dataclass(slots=True)
class _Left:
    attempts: float
    reviews: float
    review_part: float
    ready: float = 0.0
    cost: float = 0.0

    @property
    def over(self) -> bool:
        return self.attempts < 1e-6 and self.reviews < 1e-6


def _run(wanted: Wanted, hands: Sequence[Hand], chance: Random) -> tuple[float, int] | None:
    """(days, cost) of one draw; None when it does not end within the horizon."""
    off = UNKNOWN_PACE / (1 + wanted.seen) ** 0.5
    slow = max(0.5, chance.gauss(1.0, off))
    left = _Left(wanted.attempts, wanted.reviews, wanted.review_part)
    # Who only attempts comes first in a day, so that reviewers find something to review.
    order = sorted(hands, key=lambda h: (h.review_rate is not None, h.tutor))
    able = [_able(hand, wanted, slow) for hand in order]
    for day in range(HORIZON_DAYS):
        used = _day(left, able, day, (wanted.weekday + day) % DAYS_A_WEEK, chance)
        if left.over:
            return day + used, round(left.cost)
    return None


def _able(hand: Hand, wanted: Wanted, slow: float) -> _Able:
    attempt, review = (
        minutes * slow * hand.pace for minutes in (wanted.attempt_minutes, wanted.review_minutes)
    )
    attempts, reviews = hand.attempt_rate is not None, hand.review_rate is not None
    return _Able(
        free=hand.free,
        from_day=hand.from_day,
        attempt_minutes=attempt + BETWEEN_TASKS_MINUTES if attempts else 0.0,
        attempt_cost=attempt * (hand.attempt_rate or 0) / MINUTES_AN_HOUR,
        review_minutes=review + BETWEEN_TASKS_MINUTES if reviews else 0.0,
        review_cost=review * (hand.review_rate or 0) / MINUTES_AN_HOUR,
    )


def _day(left: _Left, able: Sequence[_Able], day: int, weekday: int, chance: Random) -> float:
    """One day's work; the part of the day that was needed."""
    draw = chance.random
    whole = spent = 0.0
    for each in able:
        few = each.free.get(weekday)
        if not few or each.from_day > day:
            continue
        minutes = rest = float(few[int(draw() * len(few))])
        whole += minutes
        if each.review_minutes and left.ready:
            rest = _do_reviews(left, each, rest)
        if each.attempt_minutes and left.attempts:
            rest = _do_attempts(left, each, rest)
            if each.review_minutes and left.ready:
                rest = _do_reviews(left, each, rest)
        spent += minutes - rest
    return spent / whole if whole else 0.0


def _do_attempts(left: _Left, each: _Able, minutes: float) -> float:
    done = min(left.attempts, minutes / each.attempt_minutes)
    left.attempts -= done
    left.ready += done * left.review_part
    left.cost += done * each.attempt_cost
    return minutes - done * each.attempt_minutes


def _do_reviews(left: _Left, each: _Able, minutes: float) -> float:
    done = min(left.ready, left.reviews, minutes / each.review_minutes)
    left.ready -= done
    left.reviews -= done
    left.cost += done * each.review_cost
    return minutes - done * each.review_minutes


def _span(found: list[float]) -> Span:
    """A tenth, the middle and nine tenths of the draws."""
    found.sort()
    return Span(low=part_of(found, LOW), mid=part_of(found, 0.5), high=part_of(found, HIGH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What dropping a rule changes: more people, fewer days, another cost. None: cannot be told
    because one of both has no date.
    """

    rule: str
    people: int
    days: float | None
    cost_minor: float | None
    makes_possible: bool


def price(*, rule: str, now: Quote, without: Quote, shown: Quote | None = None) -> Price:
    """The price of a rule, from the quotes with it and without it.

    `shown`: the quote that it stands beside, of more draws than `now`. Where few draws see a date
    and many see none, or the reverse, what is shown counts.
    """
    if shown and shown.possible != now.possible:
        now = shown
    both = now.days is not None and without.days is not None
    return Price(
        rule=rule,
        people=without.attempters - now.attempters,
        days=now.days.mid - without.days.mid if now.days and without.days else None,
        cost_minor=without.cost_minor.mid - now.cost_minor.mid
        if both and now.cost_minor and without.cost_minor
        else None,
        makes_possible=now.days is None and without.days is not None,
    )
