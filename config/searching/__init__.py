"""Search and jump: what each role finds, group by group, and which id leads where.

A group asks at most one bounded question, through the query that gates its kind of thing, and
shows only what leads to a page that the person may open.
"""

from dataclasses import dataclass
from typing import Any

from config.searching import people, things
from config.searching.asking import Asked, Group, Hit, may_open
from config.searching.places import PLACES
from workforce.models import Account

HITS_A_GROUP = 5
CHARS_MIN, CHARS_MAX = 2, 80

GROUPS: tuple[Group, ...] = (
    PLACES,
    people.TUTORS,
    people.CONTRACTS,
    things.PROJECTS,
    things.BATCHES,
    things.TASKS,
    things.OWN_WORK,
    things.STATEMENTS,
    things.PAYOUT_BATCHES,
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Hits of one kind."""

    label: Any
    icon: str
    hits: tuple[Hit, ...]


def exact(*, account: Account, text: str) -> Hit | None:
    """Where a public id leads, for this person; None for any other text."""
    asked = Asked.of(account, text)
    finder = people.BY_ID.get(asked.prefix) or things.BY_ID.get(asked.prefix)
    hit = finder(asked) if finder else None
    return hit if hit and may_open(account, hit.url) else None


def search(*, account: Account, text: str, places: bool = True) -> list[Found]:
    """What the person finds under these words, in the order of the groups."""
    asked = Asked.of(account, text)
    if not CHARS_MIN <= len(asked.text) <= CHARS_MAX:
        return []
    found = []
    for group in GROUPS:
        if not account.roles & group.roles or (group is PLACES and not places):
            continue
        hits = [hit for hit in group.find(asked) if may_open(account, hit.url)]
        if hits:
            found.append(Found(label=group.label, icon=group.icon, hits=tuple(hits[:HITS_A_GROUP])))
    return found
