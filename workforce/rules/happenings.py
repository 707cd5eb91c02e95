"""Events in words, and their bodies as lines that people read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ID = re.compile(r"[A-Z]{1,3}-[1-9][0-9]*", re.ASCII)

WORDS = {
    "workforce.account_admitted": "Account made",
    "workforce.account_closed": "Account closed",
    "workforce.role_granted": "Role given",
    "workforce.token_issued": "API token made",
    "workforce.token_revoked": "API token revoked",
    "workforce.job_parked": "Background job gave up",
    "workforce.job_retried": "Background job tried again",
    "tasks.opened": "Tasks opened",
    "tasks.submitted": "Answer handed in",
    "tasks.slot_returned": "Task given back",
    "tasks.leases_expired": "Claims ran out",
    "tasks.cannot_twice": "Two people could not do it",
    "tasks.reviews_overdue": "Accepted because no review came in time",
    "payments.batch_built": "Payout batch built",
    "payments.batch_approved": "Payout batch approved",
    "payments.batch_sent": "Payout batch sent to the bank",
    "payments.batch_cancelled": "Payout batch cancelled",
    "payments.batch_settled": "Payout batch settled",
    "payments.bank_file_read": "Bank file taken out",
}
"""Where the kind itself would not be understood."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact of an event's body; `ids` are the public ids in it."""

    name: str
    text: str
    ids: tuple[str, ...] = ()


def in_words(kind: str) -> str:
    """`tutors.contract_signed` → `Contract signed`."""
    return WORDS.get(kind) or kind.partition(".")[2].replace("_", " ").capitalize()


LIST_SHOWN_MAX = 40


def lines(body: Mapping[str, Any]) -> Iterator[Line]:
    """The body's facts in their order; nested ones under a dotted name, empty ones left out."""
    yield from _lines(body, "")


def _lines(body: Mapping[str, Any], above: str) -> Iterator[Line]:
    for key, value in body.items():
        name = f"{above}{key.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _lines(value, f"{name} › ")
        elif value is not None and value != "" and value != []:
            yield _line(name.capitalize(), value)


def _line(name: str, value: Any) -> Line:
    many = value if isinstance(value, list) else [value]
    texts = [_text(each) for each in many[:LIST_SHOWN_MAX]]
    more = f" and {len(many) - LIST_SHOWN_MAX:,} more" if len(many) > LIST_SHOWN_MAX else ""
    if texts and all(_ID.fullmatch(text) for text in texts):
        return Line(name=name, text=more, ids=tuple(texts))
    return Line(name=name, text=", ".join(texts) + more)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))
