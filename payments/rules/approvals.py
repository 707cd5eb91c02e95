"""What an approver signs: a hash over everything that will be paid. Any edit voids it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

SECOND_CHECKER_ABOVE_MINOR = 25_000_000
"""Above this total of one currency (250,000.00 in a two-digit one) two checkers are needed."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line as approved: who, how much, to which account (by fingerprint), for what."""

    payout: str
    payee: str
    amount_minor: int
    currency: str
    account_fingerprint: str
    statements: tuple[str, ...]


def content_hash(*, batch: str, pay_on: str, instructions: Sequence[Instruction]) -> str:
    """SHA-256 (hex) over the batch's content, the same whatever order the lines come in."""
    names = [field.name for field in fields(Instruction)]
    lines = [
        {name: getattr(instruction, name) for name in names}
        for instruction in sorted(instructions, key=lambda each: each.payout)
    ]
    body = json.dumps(
        {"batch": batch, "pay_on": pay_on, "lines": lines}, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(body.encode()).hexdigest()


def checkers_needed(*, largest_total_minor: int) -> int:
    """How many people beside the maker must approve a batch."""
    return 2 if largest_total_minor > SECOND_CHECKER_ABOVE_MINOR else 1
