"""Requirement sets kept by signature, each step of each chain once."""

from collections.abc import Sequence
from datetime import datetime

from tutors.models import RequirementSet as Row
from tutors.rules.requirements import RequirementSet


def keep_requirements(
    *, requirement: RequirementSet, client: str | None, at: datetime
) -> Sequence[str]:
    """Keep every step for this client; the signatures, strictest first. Safe to repeat."""
    signatures = requirement.chain(client=client)
    steps = [requirement.at_step(n) for n in range(len(signatures))]
    Row.objects.bulk_create(
        (
            Row(
                signature=signature,
                client=client or "",
                document=dict(step.document),
                canonical=step.canonical(client),
                added_at=at,
            )
            for signature, step in zip(signatures, steps, strict=True)
        ),
        ignore_conflicts=True,
    )
    return signatures
