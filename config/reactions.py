"""What follows what: each kind of event, and the jobs that it leads to.

An event without consequences is listed with none: a check at start-up sees that no kind is
forgotten. Reactions only name jobs; the jobs do the work, on their queues.
"""

import importlib
import inspect
from collections.abc import Iterator

from workforce.rules.jobs import Reactions

PACKAGES = ("workforce", "tutors", "tasks", "payments")

REACTIONS: Reactions = {
    "workforce.account_admitted": (),
    "workforce.account_closed": (),
    "workforce.role_granted": (),
    "workforce.invitation_accepted": (),
    "workforce.token_issued": (),
    "workforce.token_revoked": (),
    "workforce.domain_added": (),
    "workforce.tier_set": (),
    "workforce.terms_published": (),
    "workforce.job_parked": (),
    "workforce.job_retried": (),
}


def kinds() -> Iterator[str]:
    """The kind of every event that the packages declare."""
    for package in PACKAGES:
        try:
            module = importlib.import_module(f"{package}.events")
        except ModuleNotFoundError:
            continue
        for _, member in inspect.getmembers(module, inspect.isclass):
            kind = getattr(member, "kind", None)
            if isinstance(kind, str) and member.__module__.startswith(f"{package}.events"):
                yield kind


def forgotten() -> str:
    """Which kinds have no line here, and which lines no event; empty when the table is whole."""
    declared, listed = set(kinds()), set(REACTIONS)
    missing, stale = sorted(declared - listed), sorted(listed - declared)
    return f"add {missing or 'nothing'}, remove {stale or 'nothing'}" if missing or stale else ""
