"""The life of a contract: offered, signed, countersigned, amended, ended."""

from tutors.operations.contracting.amending import Amendment, CannotAmend, amend, try_amend
from tutors.operations.contracting.ending import CannotEnd, end, end_lapsed
from tutors.operations.contracting.offering import CannotOffer, Offered, offer, try_offer
from tutors.operations.contracting.signing import (
    CannotCountersign,
    CannotSignContract,
    countersign,
    sign,
)

__all__ = [
    "Amendment",
    "CannotAmend",
    "CannotCountersign",
    "CannotEnd",
    "CannotOffer",
    "CannotSignContract",
    "Offered",
    "amend",
    "countersign",
    "end",
    "end_lapsed",
    "offer",
    "sign",
    "try_amend",
    "try_offer",
]
