"""Credit transfer files for a bank: ISO 20022 pain.001.001.09, and .03 for banks that need it.

The same order gives the same bytes, each time: nothing here reads a clock or makes up an id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Literal

from lxml import etree

from payments.providers.accounts import reaches_by_sepa
from payments.rules.banktext import fold
from payments.rules.currencies import exponent
from payments.rules.money import decimal_text
from payments.rules.references import checked, payment_information_id

Version = Literal["09", "03"]
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
REMITTANCE_CHARS_MAX = 140
PAYMENTS_MAX = 10_000
"""Most payments in one file; banks set limits of this order."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a payment. `bic` may be empty where the IBAN says enough."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    end_to_end_id: str
    amount_minor: int
    currency: str
    pay_on: date
    creditor: Party
    remittance: str


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """A batch as the bank sees it. `created_at` is stored with the batch."""

    message_id: str
    created_at: datetime
    debtor: Party
    payments: Sequence[Payment]


class CannotWriteBankFile(ValueError):
    """The order is empty, too long, doubles an EndToEndId, or holds an amount below 1."""


def write(*, order: PaymentOrder, version: Version = "09") -> bytes:
    """The file: one PmtInf for each (date, currency, debtor account), payments by EndToEndId."""
    _check(order)
    payments = sorted(order.payments, key=_place)
    root = etree.fromstring(f'<Document xmlns="{NAMESPACE}{version}"/>')
    initiation = _element(root, "CstmrCdtTrfInitn")
    _group_header(initiation, order=order, payments=payments)
    blocks = groupby(payments, key=lambda p: (p.pay_on, p.currency))
    for position, (_, block) in enumerate(blocks, start=1):
        name = payment_information_id(message=order.message_id, position=position)
        _block(initiation, name=name, debtor=order.debtor, payments=list(block), version=version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def control_sum(payments: Sequence[Payment]) -> str:
    """The sum of the numbers as written, irrespective of currency, exact (ISO 20022 CtrlSum)."""
    digits = max(exponent(p.currency) for p in payments)
    total = sum(p.amount_minor * 10 ** (digits - exponent(p.currency)) for p in payments)
    whole, rest = divmod(total, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def _place(payment: Payment) -> tuple[date, str, str]:
    return payment.pay_on, payment.currency, payment.end_to_end_id


def _check(order: PaymentOrder) -> None:
    if not 1 <= len(order.payments) <= PAYMENTS_MAX:
        raise CannotWriteBankFile(f"A bank file holds 1 to {PAYMENTS_MAX} payments.")
    if len({p.end_to_end_id for p in order.payments}) != len(order.payments):
        raise CannotWriteBankFile("Two payments have the same EndToEndId.")
    if min(p.amount_minor for p in order.payments) < 1:
        raise CannotWriteBankFile("A payment is at least one minor unit.")
    checked(order.message_id)


def _element(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{parent.nsmap[None]}}}{name}")


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = _element(parent, name)
    child.text = text
    return child


def _group_header(
    parent: etree._Element, *, order: PaymentOrder, payments: Sequence[Payment]
) -> None:
    header = _element(parent, "GrpHdr")
    _text(header, "MsgId", order.message_id)
    _text(header, "CreDtTm", order.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _text(header, "NbOfTxs", str(len(payments)))
    _text(header, "CtrlSum", control_sum(payments))
    _text(_element(header, "InitgPty"), "Nm", fold(order.debtor.name))


def _block(
    parent: etree._Element,
    *,
    name: str,
    debtor: Party,
    payments: Sequence[Payment],
    version: Version,
) -> None:
    block = _element(parent, "PmtInf")
    _text(block, "PmtInfId", name)
    _text(block, "PmtMtd", "TRF")
    _text(block, "BtchBookg", "true")
    _text(block, "NbOfTxs", str(len(payments)))
    _text(block, "CtrlSum", control_sum(payments))
    sepa = _is_sepa(debtor=debtor, payments=payments)
    if sepa:
        level = _element(_element(block, "PmtTpInf"), "SvcLvl")
        _text(level, "Cd", "SEPA")
    _execution_date(block, day=payments[0].pay_on, version=version)
    _text(_element(block, "Dbtr"), "Nm", fold(debtor.name))
    _account(block, "DbtrAcct", iban=debtor.iban)
    _agent(block, "DbtrAgt", bic=debtor.bic, version=version)
    _text(block, "ChrgBr", "SLEV" if sepa else "SHAR")
    for payment in payments:
        _payment(block, payment=payment, version=version)


def _is_sepa(*, debtor: Party, payments: Sequence[Payment]) -> bool:
    ibans = [debtor.iban, *(p.creditor.iban for p in payments)]
    return payments[0].currency == "EUR" and all(map(reaches_by_sepa, ibans))


def _execution_date(parent: etree._Element, *, day: date, version: Version) -> None:
    if version == "03":
        _text(parent, "ReqdExctnDt", day.isoformat())
    else:
        _text(_element(parent, "ReqdExctnDt"), "Dt", day.isoformat())


def _account(parent: etree._Element, name: str, *, iban: str) -> None:
    account = _element(parent, name)
    _text(_element(account, "Id"), "IBAN", iban)


def _agent(parent: etree._Element, name: str, *, bic: str, version: Version) -> None:
    institution = _element(_element(parent, name), "FinInstnId")
    if bic:
        _text(institution, "BIC" if version == "03" else "BICFI", bic)
    else:
        _text(_element(institution, "Othr"), "Id", "NOTPROVIDED")


def _payment(parent: etree._Element, *, payment: Payment, version: Version) -> None:
    transfer = _element(parent, "CdtTrfTxInf")
    identity = _element(transfer, "PmtId")
    _text(identity, "EndToEndId", checked(payment.end_to_end_id))
    amount = _text(
        _element(transfer, "Amt"),
        "InstdAmt",
        decimal_text(amount_minor=payment.amount_minor, currency=payment.currency),
    )
    amount.set("Ccy", payment.currency)
    if payment.creditor.bic:
        _agent(transfer, "CdtrAgt", bic=payment.creditor.bic, version=version)
    _text(_element(transfer, "Cdtr"), "Nm", fold(payment.creditor.name))
    _account(transfer, "CdtrAcct", iban=payment.creditor.iban)
    note = fold(payment.remittance, chars_max=REMITTANCE_CHARS_MAX)
    _text(_element(transfer, "RmtInf"), "Ustrd", note)
