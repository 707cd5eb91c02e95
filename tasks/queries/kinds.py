"""What tutors have in common, kept in the process: read again only for those who changed."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tasks.queries.hands import zone_of
from tasks.queries.records import recorded
from tasks.rules.fingerprints import Asked, day_end, is_own, profile_of
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import Facts
from tutors.rules.requirements import LeafKind

READ_AT_ONCE = 1_000
READ_MAX = 10_000
"""Tutors whose facts one round reads; whoever is left joins the next round."""


@dataclass(frozen=True, slots=True)
class Known:
    """A tutor as the process remembers her: what she has in common, and her own facts.

    The facts are kept as one piece of bytes: tens of thousands of people as millions of objects
    would keep the garbage collector busier than the routing.
    """

    version: "Version"
    key: str
    skills: str
    zone: str
    capacity: int
    cap_seconds_week: int | None
    kept: bytes

    @property
    def facts(self) -> Facts:
        facts: Facts = pickle.loads(self.kept)  # noqa: S301 - made by this process, from itself
        return facts


Version = tuple[int, bool]
"""Facts version, and whether she may review: that is kept by her account."""


@dataclass(slots=True)
class _Kept:
    """Profiles of one database, for one day and one way of asking."""

    database: str
    until: datetime
    asked: Asked
    of_tutor: dict[int, Known] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


_kept: dict[str, _Kept] = {}


def known_of(
    *, queue: str, versions: Mapping[int, Version], asked: Asked, at: datetime
) -> dict[int, Known]:
    """Facts and profiles by tutor id, for tutors with these versions.

    At most `READ_MAX` of them are read anew; those beyond it are left out this time. Somebody
    for whom a date falls due today is read each time.
    """
    kept = _kept_for(queue, asked=asked, at=at)
    known = {
        tutor: found
        for tutor, version in versions.items()
        if (found := kept.of_tutor.get(tutor)) is not None and found.version == version
    }
    missing = [t for t in versions if t not in known or is_own(known[t].key)]
    for start in range(0, min(len(missing), READ_MAX), READ_AT_ONCE):
        some = missing[start : min(start + READ_AT_ONCE, READ_MAX)]
        known.update(_read(kept, some, at=at))
    return known


def _kept_for(queue: str, *, asked: Asked, at: datetime) -> _Kept:
    kept = _kept.get(queue)
    database = str(connection.settings_dict["NAME"])
    if kept is None or (kept.database, kept.asked) != (database, asked) or at >= kept.until:
        kept = _kept[queue] = _Kept(database=database, until=day_end(at), asked=asked)
    return kept


def _read(kept: _Kept, tutors: Sequence[int], *, at: datetime) -> Iterable[tuple[int, Known]]:
    name = kept.names.setdefault
    read = facts_for(tutor_ids=tutors, at=at)
    if kept.asked.proven or LeafKind.STANDING in kept.asked.kinds:
        read = recorded(read)
    for tutor, facts in read.items():
        profile = profile_of(facts, asked=kept.asked, at=at)
        kept.of_tutor[tutor] = known = Known(
            version=(facts.facts_version, facts.reviewer),
            key=name(profile.key, profile.key),
            skills=name(profile.skills, profile.skills),
            zone=zone_of(facts),
            capacity=facts.capacity,
            cap_seconds_week=facts.contract.cap_seconds_week if facts.contract else None,
            kept=pickle.dumps(facts, protocol=pickle.HIGHEST_PROTOCOL),
        )
        yield tutor, known
