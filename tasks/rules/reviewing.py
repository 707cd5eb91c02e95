"""Whether an answer is reviewed, and what a decision leads to."""

import hashlib

from tasks.rules.states import ReviewPolicy

NOTE_CHARS_MAX = 4_000
REVISIONS_MAX = 3
"""After this many revisions of one answer a reviewer accepts or rejects."""

REJECTS_PER_SLOT_MAX = 3
"""After this many rejected answers a slot is left to the manager."""

CATEGORY_CHARS_MAX = 24
USUAL_CATEGORIES = ("wrong", "incomplete", "off_guide", "low_effort", "unsafe", "other")
"""Why answers are rejected, mostly; a client's guide may name others."""

ALWAYS_REVIEWED_TYPES = frozenset({"scenario"})
"""Task types without a comparer are always reviewed."""


def wanted(*, policy: ReviewPolicy, percent: int, task_type: str, claim_id: int) -> bool:
    """Is this answer drawn for review? The same claim always gets the same draw."""
    if policy is ReviewPolicy.ALL or task_type in ALWAYS_REVIEWED_TYPES:
        return True
    if policy is ReviewPolicy.NONE:
        return False
    return draw(claim_id) < percent


def draw(number: int) -> int:
    """A steady pseudo-random draw from 0 to 99 that nobody can choose."""
    digest = hashlib.sha256(f"review:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100
