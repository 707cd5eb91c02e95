"""States of money as people read them: word, tone, icon. Never the stored value alone."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.rules.stages import Stage
from payments.rules.states import BankMessageKind, BatchState, PayoutState

UNKNOWN = ("", "", "help-circle")

STAGES: dict[str, tuple[str, Any, str]] = {
    Stage.RECORDED: ("", lazy("Recorded"), "clock"),
    Stage.SUBMITTED: ("accent", lazy("Waits for approval"), "eye"),
    Stage.HELD: ("warn", lazy("Held for a decision"), "hourglass"),
    Stage.APPROVED: ("ok", lazy("Approved"), "circle-check"),
    Stage.STATED: ("info", lazy("On a statement"), "file-text"),
    Stage.PAID: ("ok", lazy("Paid"), "circle-check"),
    Stage.DECLINED: ("bad", lazy("Not approved"), "circle-x"),
}

PAYOUTS: dict[str, tuple[str, Any, str]] = {
    PayoutState.ACCRUED: ("", lazy("Waits for approval"), "hourglass"),
    PayoutState.APPROVED: ("info", lazy("Approved"), "calendar"),
    PayoutState.LOCKED: ("info", lazy("In the bank file"), "lock"),
    PayoutState.SENT: ("info", lazy("Sent to the bank"), "send"),
    PayoutState.SETTLED: ("ok", lazy("Paid"), "circle-check"),
    PayoutState.FAILED: ("bad", lazy("Failed"), "alert-circle"),
    PayoutState.RETURNED: ("bad", lazy("Came back"), "arrow-back-up"),
    PayoutState.VOID: ("", lazy("Taken out"), "ban"),
}

BATCHES: dict[str, tuple[str, Any, str]] = {
    BatchState.BUILT: ("warn", lazy("Waits for approval"), "hourglass"),
    BatchState.APPROVED: ("info", lazy("Approved, not sent"), "circle-check"),
    BatchState.SENT: ("info", lazy("Sent to the bank"), "send"),
    BatchState.SETTLED: ("ok", lazy("Settled"), "circle-check"),
    BatchState.CANCELLED: ("", lazy("Cancelled"), "ban"),
}

LEFT_OUT: dict[str, Any] = {
    "balance_negative": lazy("Corrections are larger than what was earned"),
    "held": lazy("Held by a person"),
    "details_missing": lazy("No bank account yet"),
    "details_unconfirmed": lazy("Bank account not confirmed"),
    "details_changed": lazy("Bank account changed less than 72 hours ago"),
    "iban_not_valid": lazy("Account number does not hold"),
    "file_full": lazy("The file was full"),
}

KINDS: dict[str, Any] = {
    "task": lazy("Tasks"),
    "review": lazy("Reviews"),
    "rework": lazy("Paid fixes"),
    "onboarding": lazy("Onboarding"),
    "assessment": lazy("Assessment"),
    "meeting": lazy("Meeting"),
    "wait": lazy("Waiting time"),
    "wage": lazy("Work"),
    "bonus": lazy("Bonus"),
    "referral": lazy("Referral"),
    "notice_pay": lazy("Notice pay"),
    "guarantee": lazy("Guaranteed hours"),
    "restitution": lazy("Pay given back"),
    "adjustment": lazy("Correction"),
}

MESSAGES: dict[str, Any] = {
    BankMessageKind.STATUS: lazy("Status report"),
    BankMessageKind.STATEMENT: lazy("Account statement"),
}

EVENTS: dict[str, tuple[str, Any, str]] = {
    "payments.batch_built": ("", lazy("built the batch"), "stack-2"),
    "payments.batch_line_held": ("warn", lazy("held a line"), "lock"),
    "payments.batch_approved": ("ok", lazy("approved"), "circle-check"),
    "payments.batch_sent": ("ok", lazy("sent it to the bank"), "send"),
    "payments.batch_settled": ("ok", lazy("The bank has answered for every line"), "circle-check"),
    "payments.batch_cancelled": ("warn", lazy("cancelled the batch"), "ban"),
    "payments.bank_file_read": ("", lazy("downloaded the bank file"), "download"),
}


def kind(name: str) -> Any:
    """`rework` → Paid fixes; a kind of another floor stays readable."""
    return KINDS.get(name, name.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: where it starts, how wide it is (of 100), its class."""

    x: str
    width: str
    css: str


def segments(parts: list[tuple[int, str]], *, gap: float = 0.6) -> list[Segment]:
    """Parts of a whole side by side with a thin gap; what is 0 is left out."""
    shown = [(value, css) for value, css in parts if value > 0]
    total = sum(value for value, _css in shown)
    room = 100 - gap * max(0, len(shown) - 1)
    x, found = 0.0, []
    for value, css in shown:
        width = room * value / total
        found.append(Segment(x=f"{x:.2f}", width=f"{width:.2f}", css=css))
        x += width + gap
    return found


def span(seconds: int) -> str:
    """4950 → `1 h 22 m 30 s`: to the second, as pay is."""
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    minutes, rest = divmod(abs(int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_("%(n)d h") % {"n": hours}] if hours else []
    parts += [_("%(n)02d m") % {"n": minutes} if hours else _("%(n)d m") % {"n": minutes}] * bool(
        minutes or hours
    )
    parts += [_("%(n)02d s") % {"n": rest} if parts else _("%(n)d s") % {"n": rest}] * bool(
        rest or not parts
    )
    return sign + " ".join(parts)


def days(first: Any, last: Any) -> str:
    """`16–22 Nov`, `28 Sep–4 Oct`, `15 Nov`."""
    if first == last:
        return f"{first.day} {first:%b}"
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{start}–{last.day} {last:%b}"
