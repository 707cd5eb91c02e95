"""What of a tutor's facts decides who may do what today, folded to a key that many share.

Eligibility compares dates only with the moment, or with so many days before or after it. So a
date matters by its side of those moments alone, and two people with the same sides, skills,
papers and rates get the same verdicts until one of the sides changes. Years of experience are
counted from their dates, which stay as they are.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

from tasks.rules.policies import WEIGHT_MAX
from tutors.rules.eligibility import Facts, PresenceFacts, proven_tenths
from tutors.rules.requirements import LeafKind, RequirementSet
from tutors.rules.states import Presence

OWN = frozenset(
    {"tutor_id", "account_id", "facts_version", "contract_id", "version_id", "number", "linked"}
)  # fmt: skip
"""Names that tell people apart and decide nothing."""

COUNTED = frozenset({"from_on", "until_on"})
DAYS = "_days"
ASKED_BY: Mapping[str, frozenset[LeafKind]] = {
    "credentials": frozenset({LeafKind.CREDENTIAL}),
    "languages": frozenset({LeafKind.LANGUAGE}),
    "agreements": frozenset({LeafKind.AGREEMENT}),
    "authorisations": frozenset({LeafKind.WORK_AUTHORISATION}),
    "ties": frozenset({LeafKind.NO_CONFLICT}),
    "opt_ins": frozenset({LeafKind.OPT_IN}),
    "identity_checked_at": frozenset({LeafKind.IDENTITY}),
    "experience": frozenset({LeafKind.EXPERIENCE}),
    "record": frozenset({LeafKind.STANDING}),
}
"""Facts that only leaves of these kinds look at: without such a leaf they tell nobody apart."""

HERE = PresenceFacts(state=Presence.TAKING_WORK)


@dataclass(frozen=True, slots=True)
class Profile:
    """What many people have in common: `skills` names the same verdicts, `key` the same verdicts,
    rates and standing, for everybody of this profile until the day ends.
    """

    key: str
    skills: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What sets of requirements look at: kinds of leaves, and the numbers of days by which they
    look ahead or back. `proven`: whether how good somebody surely is counts besides.
    """

    kinds: frozenset[LeafKind]
    days: frozenset[int]
    proven: bool = False


def asked_by(sets: Iterable[RequirementSet], *, proven: bool = False) -> Asked:
    leaves = [leaf for each in sets for rule in each.rules for leaf in rule.leaves()]
    return Asked(
        kinds=frozenset(leaf.kind for leaf in leaves),
        days=frozenset(
            {0}
            | {
                value
                for leaf in leaves
                for name, value in leaf.values
                if name.endswith(DAYS) and isinstance(value, int)
            }
        ),
        proven=proven,
    )


def day_end(at: datetime) -> datetime:
    """The end of the UTC day: until then a profile holds."""
    return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time.min, tzinfo=UTC)


def profile_of(facts: Facts, *, asked: Asked, at: datetime) -> Profile:
    """The profile of these facts. Somebody for whom a date falls due before the day ends shares
    hers with nobody, and it must be made anew for each look.
    """
    plain = at_rest(facts)
    reader = _Reader(at=at, until=day_end(at), days=tuple(sorted(asked.days)))
    rates = (
        reader.plain(plain.contract.rates) if plain.contract else (),
        _proven(plain) if asked.proven else (),
    )
    contract = plain.contract and replace(plain.contract, rates=())
    skills = _digest(
        reader.plain(contract),
        *(
            reader.plain(getattr(plain, each.name))
            for each in fields(plain)
            if each.name not in OWN | {"contract"} and _matters(each.name, asked)
        ),
    )
    own = f":{facts.tutor_id}:{facts.facts_version}" if reader.due else ""
    return Profile(key=_digest(skills, rates) + own, skills=skills + own)


def _proven(facts: Facts) -> list[tuple[str, str, int | None]]:
    """How good she surely is, by field and kind; not by which numbers, which few people share."""
    told = ((each.speciality, each.task_type) for each in facts.record)
    return sorted(
        (field, kind, tenths)
        for field, kind in told
        if (tenths := proven_tenths(facts.record, speciality=field, task_type=kind)) is not None
    )


def at_rest(facts: Facts) -> Facts:
    """These facts with empty hands and taking work: what holds for everybody of a profile."""
    return replace(facts, presence=HERE, capacity=WEIGHT_MAX)


def _matters(name: str, asked: Asked) -> bool:
    return name not in ASKED_BY or bool(ASKED_BY[name] & asked.kinds)


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def is_own(key: str) -> bool:
    """Whether a profile is one person's, because a date of hers falls due today."""
    return ":" in key


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
