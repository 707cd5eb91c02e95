"""Into the books and never out of them: journals by key, balances locked in id order."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from payments.models import Balance, Journal, LedgerAccount, Transfer
from payments.rules.pots import Move, Pot
from payments.rules.states import TransferState
from workforce.rules.problems import Conflict

POSTINGS_MAX = 10_000
"""Most journals that one call writes: as many as a bank file has payments."""
_FLOOR = "balance_not_below_floor"


class CannotRepost(Conflict):
    code = "journal_key_reused"
    title = "This act is in the books with another content"


class CannotOverdraw(Conflict):
    code = "balance_too_low"
    title = "There is less money on the account than this would take"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One act to be booked. `key` makes it happen once."""

    key: str
    kind: str
    moves: tuple[Move, ...]
    reason: str = ""
    reverses: int | None = None

    def digest(self) -> str:
        """What the act says, hashed: the same key with another digest is refused."""
        moves = [
            [m.debit.code, m.credit.code, m.debit.currency, m.amount_minor, m.state, m.resolves]
            for m in self.moves
        ]
        body = json.dumps([self.kind, self.reverses, moves], separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()


def post(*, posting: Posting, actor: int | None, at: datetime) -> Journal:
    """Book one act; see `post_all`."""
    return post_all(postings=[posting], actor=actor, at=at)[0]


def post_all(*, postings: Sequence[Posting], actor: int | None, at: datetime) -> list[Journal]:
    """Book each act once, in the caller's transaction; the journals in the given order.

    An act that is in the books already gives its journal again. `CannotRepost` when it says
    something else there, `CannotOverdraw` when a balance would pass its floor.
    """
    if len(postings) > POSTINGS_MAX:
        raise ValueError(f"at most {POSTINGS_MAX} postings a call")
    known = {j.key: j for j in Journal.objects.filter(key__in=[p.key for p in postings])}
    for posting in postings:
        first = known.get(posting.key)
        if first is not None and first.body_sha256 != posting.digest():
            raise CannotRepost(
                _("%(key)s was booked before with other amounts.") % {"key": posting.key}
            )
    fresh = [p for p in postings if p.key not in known]
    if fresh:
        known |= _write(fresh, actor=actor, at=at)
    return [known[p.key] for p in postings]


def _write(postings: Sequence[Posting], *, actor: int | None, at: datetime) -> dict[str, Journal]:
    accounts = open_accounts(
        pots=(p for x in postings for m in x.moves for p in (m.debit, m.credit))
    )
    lock(accounts=accounts.values())
    try:
        journals = Journal.objects.bulk_create(
            Journal(
                key=p.key, kind=p.kind, body_sha256=p.digest(), actor_id=actor, reason=p.reason,
                reverses_id=p.reverses, at=at,
            )
            for p in postings
        )  # fmt: skip
        Transfer.objects.bulk_create(
            Transfer(
                journal=journal,
                debit_id=accounts[m.debit.code, m.debit.currency],
                credit_id=accounts[m.credit.code, m.credit.currency],
                currency=m.debit.currency, amount_minor=m.amount_minor, state=m.state,
                resolves_id=m.resolves,
            )
            for journal, p in zip(journals, postings, strict=True)
            for m in p.moves
        )  # fmt: skip
    except IntegrityError as problem:
        if _FLOOR in str(problem):
            raise CannotOverdraw(
                _("The balance does not hold this amount; it may be on its way out already.")
            ) from problem
        raise
    return {j.key: j for j in journals}


def open_accounts(*, pots: Iterable[Pot]) -> dict[tuple[str, str], int]:
    """Keys of the pots' accounts by code and currency; those that are new are opened."""
    wanted = {(p.code, p.currency): p for p in pots}
    found = _keys(wanted)
    missing = [p for key, p in sorted(wanted.items()) if key not in found]
    if missing:
        LedgerAccount.objects.bulk_create(
            (
                LedgerAccount(
                    code=p.code, currency=p.currency, kind=p.kind, floor_minor=p.floor_minor
                )
                for p in missing
            ),
            ignore_conflicts=True,
        )
        found = _keys(wanted)
    return found


def _keys(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    codes = {code for code, _currency in wanted}
    rows = LedgerAccount.objects.filter(code__in=codes).values_list("code", "currency", "pk")
    return {(code, currency): pk for code, currency, pk in rows}


def lock(*, accounts: Iterable[int]) -> None:
    """Hold the balances until the end of the transaction; always in id order."""
    held = Balance.objects.select_for_update().filter(account__in=sorted(set(accounts)))
    list(held.order_by("account_id").values_list("account_id"))


def available(*, pot: Pot) -> int:
    """What can be taken from the pot now, less what is reserved. Lock first, then ask."""
    rows = Balance.objects.filter(account__code=pot.code, account__currency=pot.currency)
    row = rows.values_list("credits_minor", "debits_minor", "pending_debits_minor").first()
    return row[0] - row[1] - row[2] if row else 0


def reversed_moves(*, journal: Journal) -> tuple[Move, ...]:
    """The journal's posted transfers the other way round."""
    transfers = journal.transfers.select_related("debit", "credit").order_by("pk")
    return tuple(
        Move(debit=_pot(t.credit), credit=_pot(t.debit), amount_minor=t.amount_minor)
        for t in transfers
        if t.state == TransferState.POSTED
    )


def _pot(account: LedgerAccount) -> Pot:
    return Pot(account.code, account.currency, account.kind, account.floor_minor)
