"""What a quote rests on: who may do it and had time lately, and how long like work took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tasks.queries.cards import cards_for, version_now
from tasks.queries.like_work import Like, like_work, work_lately
from tasks.queries.records import with_records
from tasks.rules import clocks
from tasks.rules.ahead import Hands, PoolAhead, Way
from tasks.rules.clocks import MINUTES_A_DAY, SECONDS_A_MINUTE
from tasks.rules.fingerprints import at_rest
from tasks.rules.free_time import free_by_weekday, minutes_by_day
from tasks.rules.limits import QUOTE_EASINGS_MAX, QUOTE_PEOPLE_MAX
from tasks.rules.matching import NOTHING_ASKED, Fit, fit
from tasks.rules.quoting import Hand, Price, Quote, Wanted, price, price_runs, quote
from tasks.rules.states import Dispatch, ProjectState, WorkRole
from tutors.queries.facts import facts_for
from tutors.queries.shifts import shifts_between
from tutors.rules.eligibility import Facts, passes_rules
from tutors.rules.rates import Cards
from tutors.rules.requirements import Leaf, Mode, RequirementSet, Rule
from tutors.rules.requirements.easing import Easier, easier
from tutors.rules.shifts import Shift

LOOK_BACK_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A project that does not exist yet. Seconds None: as like work took, or what is usual."""

    requirement: RequirementSet
    domain: str
    task_type: str
    tasks: int
    overlap: int = 1
    review_percent: int = 100
    expected_seconds: int | None = None
    client: str | None = None
    rate_rule: Mapping[str, Any] | None = None
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The quote of now, what it rests on, and the price of each rule, the dearest first.

    `easings`: by rule, what one step less of it would change, where that brings somebody; of all
    of them the `QUOTE_EASINGS_MAX` that bring most people. `present`: people who were taking work
    in the last weeks; `left_out` beyond those were not looked at. `begins` is the day of the quote.
    """

    quote: Quote
    wanted: Wanted
    like: Like
    prices: tuple[Price, ...]
    easings: Mapping[str, Sequence["Eased"]]
    present: int
    left_out: int
    begins: date
    currency: str

    def day(self, days: float) -> date:
        """The day on which so many days of work end."""
        return self.begins + timedelta(days=int(days))


def quoted(*, asked: Asked, at: datetime) -> Quoted:
    """A quote from today on. A fixed number of statements."""
    since = at - timedelta(days=LOOK_BACK_DAYS)
    rules = asked.requirement.rules
    shifts = shifts_between(since=since, until=at)
    chosen = sorted(shifts, key=lambda t: (-sum(minutes_by_day(shifts[t]).values()), t))
    like = like_work(domain=asked.domain, task_type=asked.task_type)
    wanted = _wanted(asked, like, at=at)
    seen = people_seen(asked, {t: shifts[t] for t in chosen[:QUOTE_PEOPLE_MAX]}, wanted, at=at)
    now = quote(wanted=wanted, hands=_hands(seen, rules))
    quotes = _Quotes(now, wanted, seen)
    prices = [quotes.price(rule, rules, _others(rules, rule)) for rule in rules]
    return Quoted(
        quote=now,
        wanted=wanted,
        like=like,
        prices=tuple(sorted(prices, key=_dearest)),
        easings=_easings(rules, quotes),
        present=len(seen),
        left_out=max(0, len(shifts) - QUOTE_PEOPLE_MAX),
        begins=at.astimezone(UTC).date(),
        currency=asked.currency,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Eased:
    """A rule with one thing a step easier: the leaf that changed, and what it would change."""

    rule: Rule
    leaf: Leaf
    price: Price


class _Quotes:
    """Quotes of the same work under different rules, for comparing beside the `shown` one; the
    same people are quoted once.
    """

    def __init__(self, shown: Quote, wanted: Wanted, seen: Sequence["Seen"]) -> None:
        self._shown = shown
        self._wanted = wanted
        self._seen = seen
        self._of: dict[tuple[tuple[int, int], ...], Quote] = {}

    def hands(self, rules: Sequence[Rule]) -> list[Hand]:
        return _hands(self._seen, rules)

    def under(self, rules: Sequence[Rule]) -> Quote:
        hands = self.hands(rules)
        who = tuple((hand.tutor, hand.from_day) for hand in hands)
        if who not in self._of:
            runs = price_runs(len(self._seen))
            self._of[who] = quote(wanted=self._wanted, hands=hands, runs=runs)
        return self._of[who]

    def price(self, rule: Rule, rules: Sequence[Rule], instead: Sequence[Rule]) -> Price:
        now, without = self.under(rules), self.under(instead)
        return price(rule=rule.id, now=now, without=without, shown=self._shown)


def _others(rules: Sequence[Rule], rule: Rule) -> list[Rule]:
    return [each for each in rules if each.id != rule.id]


def _easings(rules: Sequence[Rule], quotes: _Quotes) -> dict[str, list[Eased]]:
    found: list[tuple[int, Rule, Easier]] = []
    now = len(quotes.hands(rules))
    for rule in rules:
        for each in easier(rule):
            more = len(quotes.hands([*_others(rules, rule), each.rule])) - now
            if more:
                found.append((more, rule, each))
    found.sort(key=lambda one: -one[0])
    easings: dict[str, list[Eased]] = {}
    for _, rule, each in found[:QUOTE_EASINGS_MAX]:
        told = quotes.price(rule, rules, [*_others(rules, rule), each.rule])
        easings.setdefault(rule.id, []).append(Eased(rule=each.rule, leaf=each.leaf, price=told))
    return easings


def _dearest(each: Price) -> tuple[bool, float, int, str]:
    return (not each.makes_possible, -(each.days or 0.0), -each.people, each.rule)


def _wanted(asked: Asked, like: Like, *, at: datetime) -> Wanted:
    attempt = asked.expected_seconds or like.attempt_seconds or clocks.EXPECTED_SECONDS_DEFAULT
    review = like.review_seconds or clocks.for_role(seconds=attempt, review=True)
    return Wanted(
        answers=asked.tasks * asked.overlap,
        overlap=asked.overlap,
        attempt_minutes=attempt / SECONDS_A_MINUTE,
        review_minutes=review / SECONDS_A_MINUTE,
        review_part=asked.review_percent / 100,
        again_part=like.again_part,
        seen=like.attempts,
        weekday=at.astimezone(UTC).weekday(),
    )


# --- People ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Somebody who was there lately: the rules she meets, also eased ones, and what she could
    give.
    """

    meets: frozenset[str]
    hand: Hand


def _hands(seen: Sequence[Seen], rules: Sequence[Rule]) -> list[Hand]:
    """Those who meet the hard rules; who fails soft ones joins when they have fallen away."""
    hard = {rule.id for rule in rules if rule.mode is Mode.HARD}
    soft = [rule for rule in rules if rule.mode is Mode.SOFT]
    found = []
    for each in seen:
        if hard <= each.meets:
            waits = [rule.relax_after_minutes or 0 for rule in soft if rule.id not in each.meets]
            found.append(replace(each.hand, from_day=max(waits, default=0) // MINUTES_A_DAY))
    return found


def people_seen(
    asked: Asked, shifts: Mapping[int, Sequence[Shift]], wanted: Wanted, *, at: datetime
) -> list[Seen]:
    """Those of them who might do some of it, whatever rules it has; by tutor id."""
    ids = sorted(shifts)
    facts = with_records(facts_for(tutor_ids=ids, at=at), requirements=[asked.requirement])
    pools = {role: _pool(asked, role, wanted) for role in (WorkRole.ATTEMPT, WorkRole.REVIEW)}
    cards = cards_for(version=version_now(), pools=pools.values(), at=at)
    worked, paces = work_lately(tutor_ids=ids, since=at - timedelta(days=LOOK_BACK_DAYS))
    today = at.astimezone(UTC).date()
    tests = _Tests(asked, at=at)
    found = []
    for tutor, own in sorted(facts.items()):
        rates = {role: _rate(own, pool, cards, at=at) for role, pool in pools.items()}
        if not any(rates.values()):
            continue
        cap = own.contract.cap_seconds_week if own.contract else None
        hand = Hand(
            tutor=tutor,
            free=free_by_weekday(
                shifts=shifts[tutor],
                worked=worked.get(tutor, {}),
                until=today,
                week_minutes=None if cap is None else cap // SECONDS_A_MINUTE,
            ),
            attempt_rate=rates[WorkRole.ATTEMPT],
            review_rate=rates[WorkRole.REVIEW],
            pace=paces.get(tutor, 1.0),
        )
        found.append(Seen(meets=tests.met(own), hand=hand))
    return found


class _Tests:
    """Each rule by itself; one that is failed, made easier step by step."""

    def __init__(self, asked: Asked, *, at: datetime) -> None:
        self._client, self._at = asked.client, at
        self._rules = [
            (self._alone(asked, rule), [self._alone(asked, each.rule) for each in easier(rule)])
            for rule in asked.requirement.rules
        ]

    @staticmethod
    def _alone(asked: Asked, rule: Rule) -> RequirementSet:
        return replace(asked.requirement, rules=(rule,))

    def met(self, own: Facts) -> frozenset[str]:
        """Ids of the rules; whoever meets one meets it made easier as well."""
        found: set[str] = set()
        for rule, easings in self._rules:
            if self._passes(own, rule):
                met = [rule, *easings]
            else:
                met = [each for each in easings if self._passes(own, each)]
            found.update(each.rules[0].id for each in met)
        return frozenset(found)

    def _passes(self, own: Facts, requirement: RequirementSet) -> bool:
        return passes_rules(facts=own, requirement=requirement, client=self._client, at=self._at)


def _rate(own: Facts, pool: PoolAhead, cards: Cards, *, at: datetime) -> int | None:
    """Her rate in this role, if nothing beside the set's own rules stands in the way."""
    judged: Fit = fit(
        facts=at_rest(own),
        pool=pool,
        requirement=NOTHING_ASKED,
        hands=Hands(tutor_id=own.tutor_id),
        cards=cards,
        at=at,
        way=Way.OFFER,
    )
    fits = judged.eligible and judged.rates[0].currency == pool.budget_currency
    return judged.rates[0].minor_hourly if fits else None


def _pool(asked: Asked, role: WorkRole, wanted: Wanted) -> PoolAhead:
    """The pool that the project would have for a role."""
    minutes = wanted.attempt_minutes if role is WorkRole.ATTEMPT else wanted.review_minutes
    seconds = round(minutes * SECONDS_A_MINUTE)
    return PoolAhead(
        pool_id=0,
        project_id=0,
        client_id=0,
        role=role,
        step=0,
        signature="",
        queue=asked.domain.partition(".")[0],
        domain=asked.domain,
        task_type=asked.task_type,
        state=ProjectState.OPEN,
        dispatch=Dispatch.BOTH,
        lease_seconds=clocks.LEASE_SECONDS_DEFAULT,
        hold_seconds=seconds,
        offer_ttl_seconds=clocks.OFFER_TTL_SECONDS_DEFAULT,
        expected_seconds=seconds,
        paid_cap_seconds=clocks.paid_cap_seconds(expected_seconds=seconds),
        sla_minutes=None,
        rate_rule=asked.rate_rule or {},
        budget_currency=asked.currency,
    )
