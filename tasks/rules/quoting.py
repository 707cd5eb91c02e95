"""What a project would take before it opens: by when, for how much, what holds it up.

Day by day, each person gives the free minutes of a like weekday of hers, drawn from the last
weeks; reviews come before attempts for those who may do both. The same draw is made many times,
and its tenths are the interval. Tested against the minute-by-minute simulation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from tasks.rules.clocks import DAYS_A_WEEK
from tasks.rules.simulating.outcomes import part_of
from tasks.rules.spans import Span

HORIZON_DAYS = 365
"""A project that would take longer has no date."""

RUNS = 60
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


@dataclass(slots=True)
class _Left:
    attempts: float
    reviews: float
    ready: float = 0.0
    cost: float = 0.0

    @property
    def over(self) -> bool:
        return self.attempts < 1e-6 and self.reviews < 1e-6


def _run(wanted: Wanted, hands: Sequence[Hand], chance: Random) -> tuple[float, int] | None:
    """(days, cost) of one draw; None when it does not end within the horizon."""
    off = UNKNOWN_PACE / (1 + wanted.seen) ** 0.5
    slow = max(0.5, chance.gauss(1.0, off))
    work = replace(
        wanted,
        attempt_minutes=wanted.attempt_minutes * slow,
        review_minutes=wanted.review_minutes * slow,
    )
    left = _Left(attempts=work.attempts, reviews=work.reviews)
    # Who only attempts comes first in a day, so that reviewers find something to review.
    order = sorted(hands, key=lambda h: (h.review_rate is not None, h.tutor))
    for day in range(HORIZON_DAYS):
        weekday = (wanted.weekday + day) % DAYS_A_WEEK
        given = [
            (each, float(chance.choice(few)))
            for each in order
            if each.from_day <= day and (few := each.free.get(weekday))
        ]
        used = _day(work, left, given)
        if left.over:
            return day + used, round(left.cost)
    return None


def _day(work: Wanted, left: _Left, given: Sequence[tuple[Hand, float]]) -> float:
    """One day's work; the part of the day that was needed."""
    whole = sum(minutes for _, minutes in given)
    spent = 0.0
    for hand, minutes in given:
        first = minutes
        if hand.review_rate is not None:
            minutes = _do_reviews(work, left, hand, minutes)
        if hand.attempt_rate is not None:
            minutes = _do_attempts(work, left, hand, minutes)
        if hand.review_rate is not None:
            minutes = _do_reviews(work, left, hand, minutes)
        spent += first - minutes
    return spent / whole if whole else 0.0


def _do_attempts(work: Wanted, left: _Left, hand: Hand, minutes: float) -> float:
    assert hand.attempt_rate is not None
    each = work.attempt_minutes * hand.pace + BETWEEN_TASKS_MINUTES
    done = min(left.attempts, minutes / each)
    left.attempts -= done
    left.ready += done * work.review_part
    left.cost += done * work.attempt_minutes * hand.pace * hand.attempt_rate / 60
    return minutes - done * each


def _do_reviews(work: Wanted, left: _Left, hand: Hand, minutes: float) -> float:
    assert hand.review_rate is not None
    each = work.review_minutes * hand.pace + BETWEEN_TASKS_MINUTES
    done = min(left.ready, left.reviews, minutes / each)
    left.ready -= done
    left.reviews -= done
    left.cost += done * work.review_minutes * hand.pace * hand.review_rate / 60
    return minutes - done * each


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


def price(*, rule: str, now: Quote, without: Quote) -> Price:
    """The price of a rule, from the quotes with it and without it."""
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
