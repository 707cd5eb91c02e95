"""What of a tutor's facts decides who may do what today, folded to a key that many share.

Eligibility compares dates only with the moment, or with so many days before or after it. So a
date matters by its side of those moments alone, and two people with the same sides, skills,
papers and rates get the same verdicts until one of the sides changes. Years of experience are
counted from their dates, which stay as they are.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

from tutors.rules.eligibility import Facts, PresenceFacts
from tutors.rules.requirements import AllOf, AnyOf, Leaf, RequirementSet
from tutors.rules.states import Presence

OWN = frozenset(
    {"tutor_id", "account_id", "facts_version", "contract_id", "version_id", "number"}
)  # fmt: skip
"""Names that tell people apart and decide nothing."""

COUNTED = frozenset({"from_on", "until_on"})
DAYS = "_days"
HERE = PresenceFacts(state=Presence.TAKING_WORK)


@dataclass(frozen=True, slots=True)
class Profile:
    """What many people have in common. `facts` are those of one of them, taking work, empty hands.

    `key` names the same verdicts and rates for everybody of this profile until the day ends.
    """

    key: str
    facts: Facts


def days_asked(sets: Iterable[RequirementSet]) -> frozenset[int]:
    """Every number of days by which one of the sets looks ahead or back; 0 is always there."""
    found = {0}
    for requirement in sets:
        for rule in requirement.rules:
            for leaf in _leaves(rule.test):
                found.update(
                    value
                    for name, value in leaf.values
                    if name.endswith(DAYS) and isinstance(value, int)
                )
    return frozenset(found)


def _leaves(test: Any) -> Iterable[Leaf]:
    match test:
        case Leaf():
            yield test
        case AllOf():
            yield from test.leaves
        case AnyOf():
            for branch in test.branches:
                yield from _leaves(branch)


def day_end(at: datetime) -> datetime:
    """The end of the UTC day: until then a profile holds."""
    return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time.min, tzinfo=UTC)


def profile_of(facts: Facts, *, days: frozenset[int], at: datetime) -> Profile:
    """The profile of these facts. Somebody for whom a date falls due before the day ends shares
    hers with nobody, and it must be made anew for each look.
    """
    plain = replace(facts, presence=HERE, capacity=1)
    reader = _Reader(at=at, until=day_end(at), days=tuple(sorted(days)))
    digest = hashlib.blake2b(repr(reader.plain(plain)).encode(), digest_size=16).hexdigest()
    own = f":{facts.tutor_id}:{facts.facts_version}" if reader.due else ""
    return Profile(key=digest + own, facts=plain)


def is_own(profile: Profile) -> bool:
    """Whether the profile is one person's, because a date of hers falls due today."""
    return ":" in profile.key


class _Reader:
    def __init__(self, *, at: datetime, until: datetime, days: tuple[int, ...]) -> None:
        self.due = False
        self._spans = [
            (at + timedelta(days=turn), until + timedelta(days=turn))
            for turn in sorted({*days, *(-n for n in days)})
        ]
        self._days = [start.astimezone(UTC).date() for start, _ in self._spans]

    def plain(self, value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, datetime):
            return self._sides(value)
        if isinstance(value, date):
            return tuple((value > day) - (value < day) for day in self._days)
        if is_dataclass(value):
            return tuple(
                str(getattr(value, each.name))
                if each.name in COUNTED
                else self.plain(getattr(value, each.name))
                for each in fields(value)
                if each.name not in OWN
            )
        if isinstance(value, tuple | frozenset):
            return tuple(sorted((self.plain(each) for each in value), key=repr))
        return value

    def _sides(self, moment: datetime) -> tuple[bool, ...]:
        """On which side of each moment it lies; `due` when it is passed before the day ends."""
        sides = []
        for start, end in self._spans:
            self.due = self.due or start < moment < end
            sides.append(moment <= start)
        return tuple(sides)
