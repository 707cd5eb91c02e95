"""What stands on a statement, in words and figures fit for a reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line, in words and figures fit for a reader."""

    reference: str
    worked: str
    kind: str
    rate: str
    seconds: int
    hours: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole statement. `issued_at` is the document's own time, fixed when it was frozen."""

    title: str
    payer: str
    payee: str
    contract: str
    period: str
    issued: str
    currency: str
    total: str
    hours: str
    due: str
    issued_at: datetime
    lines: Sequence[PaperLine]
