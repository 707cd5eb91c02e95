"""camt.053, versions 02 and 08: what the bank booked on our account. The figures must add up."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from payments.providers.bankxml import (
    CannotReadBankFile,
    child,
    children,
    document,
    required,
    text,
)
from payments.rules.currencies import UnknownCurrency
from payments.rules.money import NotAnAmount, parse_decimal

VERSIONS = frozenset({"camt.053.001.02", "camt.053.001.08"})
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One payment inside an entry. Money in is positive, money out negative."""

    end_to_end_id: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking. `key` is the same in every message that tells of it."""

    key: str
    amount_minor: int
    currency: str
    booked_on: date
    is_fee: bool
    is_return: bool
    payment_information_id: str
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """A statement whose opening plus entries equals its closing; amounts signed, minor units."""

    message_id: str
    statement_id: str
    account: str
    currency: str
    opening_minor: int
    closing_minor: int
    entries: tuple[Entry, ...]


def read(content: bytes) -> tuple[AccountStatement, ...]:
    """All statements of the message. `CannotReadBankFile` when one of them does not add up."""
    name, body = document(content)
    if name not in VERSIONS:
        raise CannotReadBankFile(f"{name} is not an account statement that is read here.")
    message_id = required(body, "GrpHdr/MsgId")
    statements = children(body, "Stmt")
    if not statements:
        raise CannotReadBankFile("The file holds no statement.")
    return tuple(_statement(s, message_id=message_id) for s in statements)


def _statement(element: etree._Element, *, message_id: str) -> AccountStatement:
    opening, currency = _balance(element, codes=_OPENING)
    closing, closing_currency = _balance(element, codes=_CLOSING)
    account = text(element, "Acct/Id/IBAN") or required(element, "Acct/Id/Othr/Id")
    statement_id = required(element, "Id")
    if {currency, closing_currency} != {text(element, "Acct/Ccy") or currency}:
        raise CannotReadBankFile(f"Statement {statement_id} mixes currencies.")
    origin = _Origin(account=account, currency=currency, statement_id=statement_id)
    entries = _entries(element, origin=origin)
    if opening + sum(e.amount_minor for e in entries) != closing:
        raise CannotReadBankFile(
            f"Statement {statement_id} does not add up: opening balance plus entries is not the "
            "closing balance. Ask the bank for the whole statement; nothing was imported."
        )
    return AccountStatement(message_id, statement_id, account, currency, opening, closing, entries)


def _balance(element: etree._Element, *, codes: tuple[str, ...]) -> tuple[int, str]:
    balances = {text(b, "Tp/CdOrPrtry/Cd"): b for b in reversed(children(element, "Bal"))}
    for code in codes:
        if code in balances:
            return _signed(balances[code])
    raise CannotReadBankFile(f"The statement has no balance {codes[0]}.")


def _signed(element: etree._Element) -> tuple[int, str]:
    """The element's Amt, negative when CdtDbtInd says debit, and its currency."""
    amount = child(element, "Amt")
    if amount is None:
        raise CannotReadBankFile("The file lacks an amount.")
    currency = amount.get("Ccy", "")
    try:
        minor = parse_decimal(text=amount.text or "", currency=currency)
    except (NotAnAmount, UnknownCurrency):
        raise CannotReadBankFile(f"{amount.text} {currency} is not an amount.") from None
    return minor * _direction(element), currency


def _direction(element: etree._Element) -> int:
    match text(element, "CdtDbtInd"):
        case "CRDT":
            return 1
        case "DBIT":
            return -1
        case other:
            raise CannotReadBankFile(f"CdtDbtInd is {other or 'missing'}.")


@dataclass(frozen=True, slots=True)
class _Origin:
    """The statement that an entry stands in, and what was seen in it so far."""

    account: str
    currency: str
    statement_id: str
    seen: Counter[str] = field(default_factory=Counter)


def _entries(element: etree._Element, *, origin: _Origin) -> tuple[Entry, ...]:
    """Booked entries only: pending and informational ones move no balance."""
    booked = [
        ntry
        for ntry in children(element, "Ntry")
        if (text(ntry, "Sts/Cd") or text(ntry, "Sts")) == "BOOK"
    ]
    return tuple(_entry(ntry, origin=origin) for ntry in booked)


def _entry(ntry: etree._Element, *, origin: _Origin) -> Entry:
    amount, currency = _signed(ntry)
    if currency != origin.currency:
        raise CannotReadBankFile(f"Statement {origin.statement_id} mixes currencies.")
    lines = tuple(_line(d, entry=ntry, amount=amount) for d in children(ntry, "NtryDtls/TxDtls"))
    family = text(ntry, "BkTxCd/Domn/Fmly/SubFmlyCd")
    return Entry(
        key=_key(ntry, origin=origin, amount=amount),
        amount_minor=amount,
        currency=currency,
        booked_on=_booked_on(ntry),
        is_fee=family in {"CHRG", "FEES", "COMM"} and amount < 0,
        is_return=amount > 0 and (family in {"RRTN", "RPCR"} or _has_return(ntry)),
        payment_information_id=text(ntry, "NtryDtls/Btch/PmtInfId"),
        lines=lines if sum(line.amount_minor for line in lines) == amount else (),
    )


def _booked_on(ntry: etree._Element) -> date:
    for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if value := text(ntry, path):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                break
    raise CannotReadBankFile("An entry has no booking date.")


def _has_return(ntry: etree._Element) -> bool:
    return child(ntry, "NtryDtls/TxDtls/RtrInf") is not None


def _line(details: etree._Element, *, entry: etree._Element, amount: int) -> EntryLine:
    """A payment of the entry. Older banks give its amount under AmtDtls, or none when alone."""
    holder = next(
        (d for d in (details, child(details, "AmtDtls/TxAmt")) if d is not None and _has_amount(d)),
        None,
    )
    sign = _direction(details if text(details, "CdtDbtInd") else entry)
    minor = amount if holder is None else sign * _plain_amount(holder)
    return EntryLine(
        end_to_end_id=text(details, "Refs/EndToEndId"),
        amount_minor=minor,
        reason=text(details, "RtrInf/Rsn/Cd") or text(details, "RtrInf/Rsn/Prtry"),
    )


def _has_amount(element: etree._Element) -> bool:
    return child(element, "Amt") is not None


def _plain_amount(element: etree._Element) -> int:
    amount = child(element, "Amt")
    currency = amount.get("Ccy", "") if amount is not None else ""
    try:
        return parse_decimal(text=text(element, "Amt"), currency=currency)
    except (NotAnAmount, UnknownCurrency):
        raise CannotReadBankFile(f"{text(element, 'Amt')} is not an amount.") from None


def _key(ntry: etree._Element, *, origin: _Origin, amount: int) -> str:
    """The bank's own reference with date and amount; without one, what the entry says.

    Entries that say the same within one statement are told apart by their order.
    """
    parts = [origin.account, str(amount), _booked_on(ntry).isoformat()]
    if reference := text(ntry, "AcctSvcrRef"):
        parts.append(reference)
    else:
        told = [text(d, "Refs/EndToEndId") for d in children(ntry, "NtryDtls/TxDtls")]
        parts += [text(ntry, "NtryRef"), *told, "" if any(told) else origin.statement_id]
    base = "|".join(parts)
    origin.seen[base] += 1
    return hashlib.sha256(f"{base}|{origin.seen[base]}".encode()).hexdigest()
