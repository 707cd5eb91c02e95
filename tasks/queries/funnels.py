"""Who could do this, which rule stands in the way of most, and who comes nearest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tasks.queries.hands import hands_of
from tasks.queries.records import with_records
from tutors.queries.facts import facts_for
from tutors.queries.reach import LOOKED_MAX, NEAR_MAX, Crowd, crowds, people_after
from tutors.rules.eligibility import Facts
from tutors.rules.reaching import Funnel, Hours, Part, Standing, funnel_of, standing_of
from tutors.rules.requirements import RequirementSet

READ_AT_ONCE = 500
WHO_READ_MAX = 2_000
"""People whose facts one page of “who could do this” reads; then it says how far it came."""

NAMES_MAX = 200
"""People named in one answer; the counts cover everybody."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Somebody who meets every rule (`missing` empty), or all but the rule `missing`."""

    facts: Facts
    missing: str
    ready: bool


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A funnel, with some of the people behind its figures, by tutor id."""

    funnel: Funnel
    able: tuple[Found, ...]
    nearly: tuple[Found, ...]


def funnel(
    *, requirement: RequirementSet, client: str | None, at: datetime, contracted: bool = True
) -> Funnel:
    """How many people pass each rule, and all of them. `contracted`: only those under contract."""
    return tried(requirement=requirement, client=client, at=at, contracted=contracted).funnel


def tried(
    *,
    requirement: RequirementSet,
    client: str | None,
    at: datetime,
    contracted: bool = True,
    named: int = NAMES_MAX,
    looked_max: int = LOOKED_MAX,
    near_max: int = NEAR_MAX,
) -> Tried:
    """The funnel, and up to `named` people who pass and who nearly do.

    Three statements, one more where the set asks for standing. Reads the facts of `looked_max`
    people at most, up to `near_max` of them with the qualifications asked for; beyond them
    figures are estimates (`Funnel.is_sample`).
    """
    found = crowds(
        requirement=requirement, contracted=contracted, looked_max=looked_max, near_max=near_max
    )
    ids = [tutor for crowd in found for tutor in crowd.tutor_ids]
    facts = with_records(facts_for(tutor_ids=ids, at=at), requirements=[requirement])
    stands = {
        tutor: standing_of(facts=own, requirement=requirement, client=client, at=at)
        for tutor, own in facts.items()
    }
    parts = {crowd.near: _part(crowd, stands) for crowd in found}
    scale = {tutor: parts[crowd.near].scale for crowd in found for tutor in crowd.tutor_ids}
    passing = [facts[tutor] for tutor in sorted(stands) if stands[tutor].passes]
    rules = [rule.id for rule in requirement.rules]
    nearest = [tutor for tutor in sorted(stands) if stands[tutor].failed.bit_count() == 1]
    return Tried(
        funnel=funnel_of(
            rules=rules, parts=list(parts.values()), hours=_hours(passing, scale, at=at)
        ),
        able=tuple(_found(own, stands[own.tutor_id], rules) for own in passing[:named]),
        nearly=tuple(_found(facts[tutor], stands[tutor], rules) for tutor in nearest[:named]),
    )


def _part(crowd: Crowd, stands: Mapping[int, Standing]) -> Part:
    part = Part(size=crowd.size)
    part.counts.update(stands[tutor] for tutor in crowd.tutor_ids if tutor in stands)
    return part


def _hours(passing: list[Facts], scale: Mapping[int, float], *, at: datetime) -> Hours:
    """What is left of the week under the caps of those who pass, less what they promised."""
    hands = hands_of(everybody=passing, at=at)
    free, uncapped = 0.0, 0.0
    for own in passing:
        cap = own.contract.cap_seconds_week if own.contract else None
        used = hands[own.tutor_id]
        if cap is None:
            uncapped += scale[own.tutor_id]
        else:
            left = cap - used.used_seconds - used.promised_seconds
            free += max(0, left) * scale[own.tutor_id]
    return Hours(free_seconds=round(free), uncapped=round(uncapped))


def _found(facts: Facts, stands: Standing, rules: list[str]) -> Found:
    missing = rules[stands.failed.bit_length() - 1] if stands.failed else ""
    return Found(facts=facts, missing=missing, ready=stands.ready)


# --- The list ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Who:
    """One page of people, by tutor id. `upto`: the last id that was looked at, 0 when all were."""

    people: tuple[Found, ...]
    looked: int
    upto: int


def who(
    *,
    requirement: RequirementSet,
    client: str | None,
    at: datetime,
    nearly: bool = False,
    after: int = 0,
    size: int = 50,
    contracted: bool = True,
    read_max: int = WHO_READ_MAX,
    at_once: int = READ_AT_ONCE,
) -> Who:
    """People after that id who pass; with `nearly`, who fail exactly one rule.

    Reads `at_once` people a time and `read_max` at most, so that a set hardly anybody meets
    answers as fast.
    """
    people: list[Found] = []
    looked, last = 0, after
    for facts in _facts_after(
        requirement,
        after=after,
        at=at,
        contracted=contracted,
        near_only=not nearly,
        at_once=at_once,
    ):
        for own in facts:
            last, looked = own.tutor_id, looked + 1
            stands = standing_of(facts=own, requirement=requirement, client=client, at=at)
            if stands.failed.bit_count() == int(nearly):
                people.append(_found(own, stands, [rule.id for rule in requirement.rules]))
            if len(people) == size or looked == read_max:
                return Who(people=tuple(people), looked=looked, upto=last)
    return Who(people=tuple(people), looked=looked, upto=0)


def who_could(
    *, requirement: RequirementSet, client: str | None, at: datetime
) -> tuple[Facts, ...]:
    """People who meet every rule, present or not, by tutor id; at most 200 of the first looked at.

    Whoever has an open account counts, also without a contract.
    """
    found = who(requirement=requirement, client=client, at=at, size=NAMES_MAX, contracted=False)
    return tuple(each.facts for each in found.people)


def _facts_after(
    requirement: RequirementSet,
    *,
    after: int,
    at: datetime,
    contracted: bool,
    near_only: bool,
    at_once: int,
) -> Iterator[list[Facts]]:
    """Facts of people in the order of their ids, some at a time."""
    while True:
        ids = people_after(
            requirement=requirement,
            contracted=contracted,
            near_only=near_only,
            after=after,
            limit=at_once,
        )
        if ids:
            read = with_records(facts_for(tutor_ids=ids, at=at), requirements=[requirement])
            yield [read[tutor] for tutor in ids if tutor in read]
        if len(ids) < at_once:
            return
        after = ids[-1]
