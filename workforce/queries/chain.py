"""Questions to the sealed event log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from workforce.models import Event, Outbox, Seal
from workforce.rules.chain import GENESIS, digest

CHECK_CHUNK = 2_000


def canonical(event: Event) -> dict[str, Any]:
    """What a digest covers: all of the event, times in UTC."""
    return {
        "id": event.pk,
        "kind": event.kind,
        "subject": event.subject,
        "body": event.body,
        "actor": event.actor_id,
        "at": event.at.astimezone(UTC).isoformat(),
    }


def last_seal() -> tuple[int, str]:
    """Position and digest of the newest seal; before the first, 0 and the genesis."""
    newest = Seal.objects.order_by("-position").values_list("position", "digest").first()
    return newest or (0, GENESIS)


def breaks() -> Iterator[str]:
    """Each place where the chain does not hold, in order; empty for a sound chain."""
    previous, expected = GENESIS, 0
    for seal in Seal.objects.select_related("event").order_by("position").iterator(CHECK_CHUNK):
        expected += 1
        if seal.position != expected:
            yield f"seal {seal.position} stands where {expected} should"
            expected = seal.position
        if digest(previous=previous, event=canonical(seal.event)) != seal.digest:
            yield f"event {seal.event.public_id} is not what was sealed at {seal.position}"
        previous = seal.digest


def unsealed_seconds(*, at: datetime) -> float:
    """Age of the oldest event that the relay has not passed on; 0 when there is none."""
    oldest = (
        Outbox.objects.order_by("event_id").values_list("event__recorded_at", flat=True).first()
    )
    return max((at - oldest).total_seconds(), 0.0) if oldest else 0.0


RECENT_SEALS = 200


@dataclass(frozen=True, kw_only=True)
class ChainState:
    """How the chain stands: its newest seal, what waits for one, and what the newest ones say."""

    position: int
    digest: str
    unsealed_seconds: float
    broken: str


def chain_state(*, at: datetime) -> ChainState:
    """The newest seals checked against their events; `check_invariants` checks all of them."""
    position, newest = last_seal()
    return ChainState(
        position=position,
        digest=newest,
        unsealed_seconds=unsealed_seconds(at=at),
        broken=next(_recent_breaks(), ""),
    )


def _recent_breaks() -> Iterator[str]:
    rows = Seal.objects.select_related("event").order_by("-position")[: RECENT_SEALS + 1]
    seals = list(reversed(rows))
    for before, seal in pairwise(seals):
        if seal.position != before.position + 1:
            yield f"seal {seal.position} stands where {before.position + 1} should"
        elif digest(previous=before.digest, event=canonical(seal.event)) != seal.digest:
            yield f"event {seal.event.public_id} is not what was sealed at {seal.position}"
