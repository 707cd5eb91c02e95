"""What can happen in `payments`. `subject` is the public id of what it happened to."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class EarningsPosted:
    """Approved time of a contract was priced; `earnings` are the new pay lines."""

    kind: ClassVar[str] = "payments.earnings_posted"
    subject: str
    tutor: str
    earnings: tuple[str, ...]
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class EarningAdjusted:
    kind: ClassVar[str] = "payments.earning_adjusted"
    subject: str
    contract: str
    earning_kind: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PeriodsClosed:
    """One chunk of a close: how many periods and statements; `subject` is its first period."""

    kind: ClassVar[str] = "payments.periods_closed"
    subject: str
    until: str
    periods: int
    statements: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutDetailsSet:
    """Where a tutor is paid was entered or changed; never the number itself."""

    kind: ClassVar[str] = "payments.payout_details_set"
    subject: str
    changed: bool
    hold_until: str


@dataclass(frozen=True, kw_only=True)
class PayoutsHeld:
    kind: ClassVar[str] = "payments.payouts_held"
    subject: str
    reason: str
    release_at: str


@dataclass(frozen=True, kw_only=True)
class PayoutsReleased:
    kind: ClassVar[str] = "payments.payouts_released"
    subject: str


@dataclass(frozen=True, kw_only=True)
class BatchBuilt:
    kind: ClassVar[str] = "payments.batch_built"
    subject: str
    payouts: int
    left_out: int
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class BatchLineHeld:
    """A payee left a batch that waits for approval; the approvals given so far are void."""

    kind: ClassVar[str] = "payments.batch_line_held"
    subject: str
    payout: str
    tutor: str
    reason: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class BatchApproved:
    """One checker agreed; `whole` when no other is needed and the money is reserved."""

    kind: ClassVar[str] = "payments.batch_approved"
    subject: str
    content_hash: str
    whole: bool


@dataclass(frozen=True, kw_only=True)
class BatchSent:
    kind: ClassVar[str] = "payments.batch_sent"
    subject: str
    message_id: str
    file_sha256: str
    payouts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BatchCancelled:
    kind: ClassVar[str] = "payments.batch_cancelled"
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchSettled:
    kind: ClassVar[str] = "payments.batch_settled"
    subject: str


@dataclass(frozen=True, kw_only=True)
class BankFileRead:
    """Somebody took the file with the account numbers out of the house."""

    kind: ClassVar[str] = "payments.bank_file_read"
    subject: str
    file_sha256: str


@dataclass(frozen=True, kw_only=True)
class BankMessageImported:
    kind: ClassVar[str] = "payments.bank_message_imported"
    subject: str
    message_kind: str
    settled: tuple[str, ...]
    failed: tuple[str, ...]
    returned: tuple[str, ...]
    suspense: int
