"""The chain of signatures: what each digest covers, and where it does not hold."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from tutors.models import SignatureEvidence
from tutors.rules.signing import GENESIS, row_digest

CHECK_CHUNK = 1_000


def covered(row: SignatureEvidence) -> dict[str, Any]:
    """What the digest of an evidence row covers: every column but itself; times in UTC."""
    return {
        "subject": row.subject,
        "version": row.version,
        "part": row.part,
        "sha256": row.sha256,
        "account": row.account_id,
        "typed_name": row.typed_name,
        "consent_version": row.consent_version,
        "viewed_at": row.viewed_at.astimezone(UTC).isoformat(),
        "signed_at": row.signed_at.astimezone(UTC).isoformat(),
        "address": row.address,
        "user_agent": row.user_agent,
        "method": row.method,
        "previous": row.previous,
    }


def breaks() -> Iterator[str]:
    """Each signature that is not what was written, or does not follow the one before."""
    previous = GENESIS
    for row in SignatureEvidence.objects.order_by("id").iterator(CHECK_CHUNK):
        if row.previous != previous:
            yield f"evidence {row.pk} does not follow the one before it"
        if row_digest(covered(row)) != row.digest:
            yield f"evidence {row.pk} ({row.subject}) is not what was written"
        previous = row.digest
