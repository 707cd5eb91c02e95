"""References in bank files: at most 35 characters, the same each time they are asked for."""

import re

REFERENCE_CHARS_MAX = 35
"""ISO 20022 Max35Text."""
_ALLOWED = re.compile(r"[A-Za-z0-9+?:().,'-]{1,35}", re.ASCII)


class NotAReference(ValueError):
    """Too long, empty, or outside the bank character set."""


def checked(reference: str) -> str:
    if not _ALLOWED.fullmatch(reference):
        raise NotAReference(reference)
    return reference


def message_id(*, number: int, week: str) -> str:
    """MsgId of a batch's file: `PB-2026-W47-0001`."""
    return checked(f"PB-{week}-{number:04d}")


def payment_information_id(*, message: str, position: int) -> str:
    """PmtInfId of a file's block, counted from 1: `PB-2026-W47-0001-1`."""
    return checked(f"{message}-{position}")


def end_to_end_id(*, number: int) -> str:
    """EndToEndId of one payout: `PO-00000012`. Money that came back goes out as a new payout."""
    return checked(f"PO-{number:08d}")
