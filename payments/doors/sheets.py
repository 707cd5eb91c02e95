"""A batch in words for its checkers: steps, sums, checks, and why a line is worth a look."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.queries.checking import Change, Content, Flag, Route
from payments.rules.bankreasons import told
from payments.rules.states import BatchState
from workforce.rules import shown

BIG_CHANGE_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Step:
    label: Any
    state: str
    number: int


def steps_of(batch: Any) -> list[Step]:
    """Built to settled; with two checkers there is one step more."""
    second = batch.checkers_needed > 1
    labels = [_("Built"), _("First approval") if second else _("Approval")]
    labels += [_("Second approval")] if second else []
    labels += [_("Sent to bank"), _("Settled")]
    approvals = sum(a.content_hash == batch.content_hash for a in batch.approvals.all())
    done = {
        BatchState.BUILT: 1 + min(approvals, batch.checkers_needed),
        BatchState.APPROVED: len(labels) - 2,
        BatchState.SENT: len(labels) - 1,
        BatchState.SETTLED: len(labels),
        BatchState.CANCELLED: 1,
    }[BatchState(batch.state)]
    ended = batch.state == BatchState.CANCELLED
    return [
        Step(label, "done" if i < done else "now" if i == done and not ended else "", i + 1)
        for i, label in enumerate(labels)
    ]


def money_of(batch: Any, content: Content, routes: list[Route]) -> list[dict[str, Any]]:
    """By currency: the total, its domains as a bar, its routes. Currencies are never added."""
    return [
        {
            "currency": currency,
            "minor": minor,
            "domains": [d for d in content.by_domain.get(currency, []) if d[1] > 0],
            "parts": [
                (part, shown.tile(slug)[2]) for slug, part in content.by_domain.get(currency, [])
            ],
            "routes": [r for r in routes if r.currency == currency],
            "label": ", ".join(
                f"{shown.tile(slug)[1] or _('By hand')} {shown.money(part, currency)}"
                for slug, part in content.by_domain.get(currency, [])
            ),
        }
        for currency, minor in sorted(batch.totals_minor.items())
    ]


@dataclass(frozen=True, slots=True)
class Judged:
    """One check: what was asked, what was found, and how to take it (ok, warn, bad)."""

    tone: str
    asked: Any
    found: str

    @property
    def icon(self) -> str:
        names = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
        return names[self.tone]


def checks_of(
    batch: Any,
    *,
    content: Content,
    flags: dict[int, Flag],
    changes: list[Change],
    unchanged: bool,
) -> list[Judged]:
    payees = batch.payouts_count

    def count(name: str) -> int:
        return sum(bool(getattr(flag, name)) for flag in flags.values())

    return [
        _none(content.unapproved, _("Every hour approved by a person"), _whole(content.entries)),
        _none(content.other_rate, _("Rates are those locked at claim"), _whole(content.entries)),
        _none(content.other_amount, _("Amounts worked out anew"), _whole(content.lines)),
        _none(content.twice, _("No hour paid twice"), _("0 twice")),
        Judged(
            "ok" if unchanged else "bad",
            _("Content as it was built"),
            _("same hash") if unchanged else _("altered"),
        ),
        _none(count("held"), _("Nobody in it is held"), _("0 held")),
        _none(count("replaced"), _("Accounts still in force"), _whole(payees)),
        _none(count("shared"), _("One payee per account"), _("0 shared"), tone="warn"),
        _none(count("changed"), _("Accounts changed within 30 days"), _("None"), tone="warn"),
        _none(count("other_name"), _("Holder's name is the tutor's"), _whole(payees), tone="warn"),
        _none(count("far"), _("Amounts near the payee's own mean"), _whole(payees), tone="warn"),
        _none(count("first"), _("First payments"), _("None"), tone="warn"),
        *[_changed(change) for change in changes],
    ]


def _whole(n: int) -> str:
    return _("%(n)s of %(n)s") % {"n": f"{n:,}"} if n else _("None")


def _none(n: int, asked: Any, clean: str, *, tone: str = "bad") -> Judged:
    """A check that is clean when nothing was found."""
    return (
        Judged("ok", asked, clean)
        if n == 0
        else Judged(tone, asked, _("%(n)s to read") % {"n": f"{n:,}"})
    )


def _changed(change: Change) -> Judged:
    asked = _("%(currency)s beside the last batch") % {"currency": change.currency}
    if change.percent is None:
        return Judged("warn", asked, _("None before"))
    tone = "warn" if abs(change.percent) > BIG_CHANGE_PERCENT else "ok"
    sign = "+" if change.percent >= 0 else shown.MINUS
    return Judged(tone, asked, f"{sign}{abs(change.percent):.1f}%")


def why_of(flag: Flag | None, payout: Any) -> str:
    """Why a line is listed, in words, the gravest first."""
    if payout.reason:
        return told(payout.reason)
    if flag is None:
        return ""
    told_ = [
        (flag.replaced, _("Account changed since the batch was built")),
        (flag.held, _("Held by a person")),
        (flag.shared, _("Another tutor has the same account")),
        (flag.changed, _("Account changed within 30 days")),
        (flag.other_name, _("Account is in the name of %(n)s") % {"n": payout.details.holder_name}),
        (flag.far, _("%(x)s× the mean of the last payouts") % {"x": f"{flag.factor or 0:.1f}"}),
        (flag.first, _("First payment")),
    ]
    return " · ".join(text for is_so, text in told_ if is_so)


def left_out_said(rows: int, sums: list[tuple[str, int]]) -> str:
    amounts = " + ".join(shown.money(minor, currency) for currency, minor in sums)
    line = ngettext("%(n)s line held out", "%(n)s lines held out", rows) % {"n": rows}
    return f"{line}, {amounts}" if rows else ""
