"""Who counts as one person, from links between two."""

from collections.abc import Iterable

LINKED_MAX = 12
"""Accounts that count as one: a household, or somebody with too many addresses."""


def groups(pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The groups that the pairs make, each of two or more, by their lowest member."""
    found: list[set[int]] = []
    for pair in pairs:
        touched = [group for group in found if group & set(pair)]
        merged = set(pair).union(*touched)
        found = [group for group in found if group not in touched] + [merged]
    return [frozenset(group) for group in sorted(found, key=min)]
