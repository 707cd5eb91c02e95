from payments.models.bank import BankEntry, BankMessage
from payments.models.earnings import Bucket, Earning, Period
from payments.models.ledger import Balance, Journal, LedgerAccount, Transfer
from payments.models.payouts import (
    BatchApproval,
    LeftOut,
    Payout,
    PayoutBatch,
    PayoutDetails,
    PayoutHold,
    PayoutPart,
    PayoutTally,
)
from payments.models.statements import Statement, StatementLine

__all__ = [
    "Balance",
    "BankEntry",
    "BankMessage",
    "BatchApproval",
    "Bucket",
    "Earning",
    "Journal",
    "LedgerAccount",
    "LeftOut",
    "Payout",
    "PayoutBatch",
    "PayoutDetails",
    "PayoutHold",
    "PayoutPart",
    "PayoutTally",
    "Period",
    "Statement",
    "StatementLine",
    "Transfer",
]
