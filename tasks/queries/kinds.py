"""What tutors have in common, kept in the process: read again only for those who changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tasks.rules.fingerprints import Profile, day_end, is_own, profile_of
from tutors.queries.facts import facts_for

READ_AT_ONCE = 1_000
READ_MAX = 10_000
"""Tutors whose facts one round reads; whoever is left joins the next round."""


@dataclass(slots=True)
class _Kept:
    """Profiles of one database, for one day and one set of day counts."""

    database: str
    until: datetime
    days: frozenset[int]
    of_tutor: dict[int, tuple[int, Profile]] = field(default_factory=dict)
    by_key: dict[str, Profile] = field(default_factory=dict)


_kept: dict[str, _Kept] = {}


def profiles_for(
    *, queue: str, versions: Mapping[int, int], days: frozenset[int], at: datetime
) -> dict[int, Profile]:
    """Profiles by tutor id, for tutors with these facts versions.

    At most `READ_MAX` of them are read anew; those beyond it are left out this time. Somebody
    for whom a date falls due today is read each time.
    """
    kept = _kept_for(queue, days=days, at=at)
    known = {
        tutor: kept.of_tutor[tutor][1]
        for tutor, version in versions.items()
        if tutor in kept.of_tutor and kept.of_tutor[tutor][0] == version
    }
    missing = [tutor for tutor in versions if tutor not in known or is_own(known[tutor])]
    for start in range(0, min(len(missing), READ_MAX), READ_AT_ONCE):
        some = missing[start : min(start + READ_AT_ONCE, READ_MAX)]
        known.update(_read(kept, some, at=at))
    return known


def _kept_for(queue: str, *, days: frozenset[int], at: datetime) -> _Kept:
    kept = _kept.get(queue)
    database = str(connection.settings_dict["NAME"])
    if kept is None or (kept.database, kept.days) != (database, days) or at >= kept.until:
        kept = _kept[queue] = _Kept(database=database, until=day_end(at), days=days)
    return kept


def _read(kept: _Kept, tutors: Sequence[int], *, at: datetime) -> Iterable[tuple[int, Profile]]:
    for tutor, facts in facts_for(tutor_ids=tutors, at=at).items():
        made = profile_of(facts, days=kept.days, at=at)
        profile = made if is_own(made) else kept.by_key.setdefault(made.key, made)
        kept.of_tutor[tutor] = (facts.facts_version, profile)
        yield tutor, profile
