"""Rate cards at hand: kept in the process until a row is added or a date passes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from tasks.rules.ahead import PoolAhead
from tasks.rules.matching import project_card
from tutors.queries.cards import cards_at
from tutors.rules.rates import Cards

CARDS_VERSION = """
(SELECT count(*) || '.' || coalesce(max(id), 0) FROM workforce_paytier) || '/' ||
(SELECT count(*) || '.' || coalesce(max(id), 0) FROM workforce_ratemultiplier)
"""
"""Changes whenever a card is set: cards are added, never edited but for the end of the last one.
Number and newest together, because a slow transaction may add a lower key later."""

_NEXT_CHANGE = """
SELECT min(moment) FROM (
       SELECT lower(effective) AS moment FROM workforce_paytier
       UNION ALL SELECT upper(effective) FROM workforce_paytier
       UNION ALL SELECT lower(effective) FROM workforce_ratemultiplier
       UNION ALL SELECT upper(effective) FROM workforce_ratemultiplier) moments
 WHERE moment > %s
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: str
    database: str
    from_at: datetime
    until: datetime | None
    cards: Cards

    def good(self, *, version: str, at: datetime) -> bool:
        same = self.version == version and self.database == _database()
        return same and self.from_at <= at and (self.until is None or at < self.until)


_kept: list[_Kept] = []


def cards_for(*, version: str, pools: Iterable[PoolAhead], at: datetime) -> Cards:
    """The cards in force with the pools' own prices; no statement unless something changed."""
    if not (_kept and _kept[0].good(version=version, at=at)):
        _kept[:] = [_load(version=version, at=at)]
    own = {card for p in pools for card in project_card(project=p.project, rate_rule=p.rate_rule)}
    cards = _kept[0].cards
    return replace(cards, projects=tuple(own)) if own else cards


def version_now() -> str:
    """What `CARDS_VERSION` says at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CARDS_VERSION}")
        return str(cursor.fetchone()[0])


def _load(*, version: str, at: datetime) -> _Kept:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_CHANGE, [at])
        until = cursor.fetchone()[0]
    return _Kept(
        version=version, database=_database(), from_at=at, until=until, cards=cards_at(at=at)
    )


def _database() -> str:
    """Tests change databases within a process; cards of another one never count."""
    return str(connection.settings_dict["NAME"])
