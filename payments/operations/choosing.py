"""Which statements a batch takes along, and which it leaves, with the reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from payments.models import LeftOut, PayoutDetails, PayoutHold, PayoutPart, Statement
from payments.operations.payees import opened_iban
from payments.providers.accounts import NotAnAccount, checked_iban
from payments.providers.bankfile import PAYMENTS_MAX
from workforce.rules.vault import CannotOpen

STATEMENTS_A_BATCH_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One tutor's money of one currency: all of her statements that wait, on one account."""

    tutor_id: int
    account_id: int
    currency: str
    amount_minor: int
    details: PayoutDetails
    statements: tuple[Statement, ...]


def waiting_statements() -> QuerySet[Statement]:
    """Statements in no live payout."""
    live = PayoutPart.objects.filter(statement=OuterRef("pk"), live=True)
    return Statement.objects.filter(~Exists(live))


def choose(*, statements: Sequence[int] | None, at: datetime) -> tuple[list[Choice], list[LeftOut]]:
    """What can be paid now, by tutor and currency, and what is left out. Locks the statements."""
    rows = waiting_statements().select_for_update(of=("self",), no_key=True).order_by("pk")
    if statements is not None:
        rows = rows.filter(pk__in=statements)
    groups: dict[tuple[int, str], list[Statement]] = defaultdict(list)
    for statement in rows[:STATEMENTS_A_BATCH_MAX]:
        groups[statement.tutor_id, statement.currency].append(statement)
    tutors = {tutor for tutor, _ in groups}
    details = _details(tutors)
    held = _held(tutors, at=at)
    choices: list[Choice] = []
    left_out: list[LeftOut] = []
    for (tutor, currency), group in sorted(groups.items()):
        total = sum(s.total_minor for s in group)
        why = _objection(total, details=details.get(tutor), held=held.get(tutor), at=at)
        if not why and len(choices) == PAYMENTS_MAX:
            why = ("file_full", _("The file is full; build another batch for the rest."))
        if why or total == 0:
            if total:
                left_out.append(_left(tutor, currency=currency, total=total, why=why))
            continue
        choices.append(
            Choice(
                tutor_id=tutor,
                account_id=group[0].account_id,
                currency=currency,
                amount_minor=total,
                details=details[tutor],
                statements=tuple(group),
            )
        )
    return choices, left_out


def _left(tutor: int, *, currency: str, total: int, why: tuple[str, str] | None) -> LeftOut:
    code, reason = why or ("", "")
    return LeftOut(tutor_id=tutor, currency=currency, amount_minor=total, code=code, reason=reason)


def _details(tutors: set[int]) -> dict[int, PayoutDetails]:
    rows = PayoutDetails.objects.filter(tutor__in=tutors, replaced_at__isnull=True)
    return {d.tutor_id: d for d in rows}


def _held(tutors: set[int], *, at: datetime) -> dict[int, PayoutHold]:
    rows = PayoutHold.objects.filter(
        tutor__in=tutors, released_at__isnull=True, release_at__gt=at
    ).order_by("pk")
    return {h.tutor_id: h for h in rows}


def _objection(
    total: int, *, details: PayoutDetails | None, held: PayoutHold | None, at: datetime
) -> tuple[str, str] | None:
    """A code and a sentence when this money cannot be paid now."""
    if total < 0:
        return "balance_negative", _("Corrections are larger than what was earned.")
    if held is not None:
        day = held.release_at.date().isoformat()
        return "held", _("Held until %(day)s: %(why)s") % {"day": day, "why": held.reason}
    if details is None:
        return "details_missing", _("There is no bank account to pay to yet.")
    if details.confirmed_at is None:
        return "details_unconfirmed", _("The bank account is not confirmed yet.")
    if details.hold_until and details.hold_until > at:
        moment = details.hold_until.isoformat(timespec="minutes")
        return "details_changed", _("The bank account was changed; it waits until %(t)s.") % {
            "t": moment
        }
    try:
        checked_iban(opened_iban(details))
    except (NotAnAccount, CannotOpen):
        return "iban_not_valid", _("The account number does not hold its check digits.")
    return None
