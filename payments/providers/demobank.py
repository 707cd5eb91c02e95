"""A bank to show and to test with: reads our pain.001, answers with pain.002 and camt.053.

It does what real banks do at their worst, on demand: refuse, take money back days later, say
things twice or in the wrong order. It keeps no state: the same request gives the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from payments.providers.bankxml import CannotReadBankFile, child, children, document, required
from payments.rules.money import decimal_text, parse_decimal

PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT_053 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
OPENING_MINOR = 1_000_000_000_00


@dataclass(frozen=True, slots=True)
class Mood:
    """How the bank behaves towards single payments, by EndToEndId; the text is a reason code."""

    refuses: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)
    fails_late: Mapping[str, str] = field(default_factory=dict)
    fee_minor: int = 0
    says_twice: bool = False
    out_of_order: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Instruction:
    """One PmtInf as the bank read it."""

    message_id: str
    name: str
    account: str
    orders: tuple[_Order, ...]

    @property
    def currency(self) -> str:
        return self.orders[0].currency


def answer(*, file: bytes, at: datetime, mood: Mood | None = None) -> list[bytes]:
    """The bank's messages, in the order in which they arrive.

    A pain.002 on everything, a camt.053 per account and currency, then a second pain.002 for
    what failed after it was called paid.
    """
    mood = mood or Mood()
    instructions = _instructions(file)
    messages = [_report(instructions, at=at, mood=mood, late=False)]
    messages += [_statement(i, at=at, mood=mood) for i in instructions]
    if mood.fails_late:
        messages.append(_report(instructions, at=at, mood=mood, late=True))
    if mood.out_of_order:
        messages.reverse()
    return messages + messages if mood.says_twice else messages


def _instructions(file: bytes) -> list[_Instruction]:
    name, body = document(file)
    if not name.startswith("pain.001.001."):
        raise CannotReadBankFile(f"{name} is not a payment order.")
    message_id = required(body, "GrpHdr/MsgId")
    return [
        _Instruction(
            message_id=message_id,
            name=required(block, "PmtInfId"),
            account=required(block, "DbtrAcct/Id/IBAN"),
            orders=tuple(_order(t) for t in children(block, "CdtTrfTxInf")),
        )
        for block in children(body, "PmtInf")
    ]


def _order(transfer: etree._Element) -> _Order:
    amount = child(transfer, "Amt/InstdAmt")
    currency = amount.get("Ccy", "") if amount is not None else ""
    minor = parse_decimal(text=required(transfer, "Amt/InstdAmt"), currency=currency)
    return _Order(required(transfer, "PmtId/EndToEndId"), minor, currency)


class _Paper:
    """Writes one message; `add` returns the new element, `put` a whole path with its text."""

    def __init__(self, *, namespace: str, body: str) -> None:
        self.namespace = namespace
        self.root = etree.fromstring(f'<Document xmlns="{namespace}"/>')
        self.body = self.add(self.root, body)

    def add(self, parent: etree._Element, name: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{self.namespace}}}{name}")

    def put(self, parent: etree._Element, path: str, text: str) -> etree._Element:
        for name in path.split("/"):
            parent = self.add(parent, name)
        parent.text = text
        return parent

    def head(self, *, message_id: str, at: datetime) -> None:
        header = self.add(self.body, "GrpHdr")
        self.put(header, "MsgId", message_id)
        self.put(header, "CreDtTm", _moment(at))

    def money(self, parent: etree._Element, *, amount_minor: int, currency: str) -> None:
        text = decimal_text(amount_minor=abs(amount_minor), currency=currency)
        self.put(parent, "Amt", text).set("Ccy", currency)
        self.put(parent, "CdtDbtInd", "CRDT" if amount_minor >= 0 else "DBIT")

    def bytes(self) -> bytes:
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _report(instructions: list[_Instruction], *, at: datetime, mood: Mood, late: bool) -> bytes:
    paper = _Paper(namespace=PAIN_002, body="CstmrPmtStsRpt")
    original = instructions[0].message_id
    paper.head(message_id=f"{original}-S{2 if late else 1}", at=at)
    group = paper.add(paper.body, "OrgnlGrpInfAndSts")
    paper.put(group, "OrgnlMsgId", original)
    paper.put(group, "OrgnlMsgNmId", "pain.001.001.09")
    for instruction in instructions:
        block = paper.add(paper.body, "OrgnlPmtInfAndSts")
        paper.put(block, "OrgnlPmtInfId", instruction.name)
        for order in instruction.orders:
            if not late or order.reference in mood.fails_late:
                _verdict(paper, block, order=order, mood=mood, late=late)
    return paper.bytes()


def _verdict(
    paper: _Paper, block: etree._Element, *, order: _Order, mood: Mood, late: bool
) -> None:
    reasons = mood.fails_late if late else mood.refuses
    item = paper.add(block, "TxInfAndSts")
    paper.put(item, "OrgnlEndToEndId", order.reference)
    refused = reasons.get(order.reference)
    paper.put(item, "TxSts", "RJCT" if refused else "ACSC")
    if refused:
        paper.put(item, "StsRsnInf/Rsn/Cd", refused)


def _statement(instruction: _Instruction, *, at: datetime, mood: Mood) -> bytes:
    paper = _Paper(namespace=CAMT_053, body="BkToCstmrStmt")
    paper.head(message_id=f"{instruction.name}-M", at=at)
    statement = paper.add(paper.body, "Stmt")
    paper.put(statement, "Id", f"{instruction.name}-T")
    paper.put(statement, "CreDtTm", _moment(at))
    account = paper.add(statement, "Acct")
    paper.put(account, "Id/IBAN", instruction.account)
    paper.put(account, "Ccy", instruction.currency)
    entries = _bookings(instruction, mood=mood)
    closing = OPENING_MINOR + sum(amount for amount, _, _ in entries)
    for code, amount in (("OPBD", OPENING_MINOR), ("CLBD", closing)):
        balance = paper.add(statement, "Bal")
        paper.put(balance, "Tp/CdOrPrtry/Cd", code)
        paper.money(balance, amount_minor=amount, currency=instruction.currency)
        paper.put(balance, "Dt/Dt", at.date().isoformat())
    for number, (amount, family, lines) in enumerate(entries, start=1):
        reference = f"{instruction.name}-E{number}"
        entry = _entry(paper, statement, amount=amount, at=at, reference=reference, family=family)
        _details(paper, entry, instruction=instruction, lines=lines, mood=mood)
    return paper.bytes()


_Booking = tuple[int, str, tuple[_Order, ...]]


def _bookings(instruction: _Instruction, *, mood: Mood) -> list[_Booking]:
    """The batch as one debit, each return as a credit, then the fee."""
    paid = tuple(o for o in instruction.orders if o.reference not in mood.refuses)
    back = [o for o in paid if o.reference in {**mood.returns, **mood.fails_late}]
    bookings: list[_Booking] = []
    if paid:
        bookings.append((-sum(o.amount_minor for o in paid), "ESCT", paid))
    bookings += [(o.amount_minor, "RRTN", (o,)) for o in back]
    if mood.fee_minor:
        bookings.append((-mood.fee_minor, "CHRG", ()))
    return bookings


def _entry(
    paper: _Paper,
    statement: etree._Element,
    *,
    amount: int,
    at: datetime,
    reference: str,
    family: str,
) -> etree._Element:
    entry = paper.add(statement, "Ntry")
    currency = required(statement, "Acct/Ccy")
    paper.money(entry, amount_minor=amount, currency=currency)
    paper.put(entry, "Sts/Cd", "BOOK")
    paper.put(entry, "BookgDt/Dt", at.date().isoformat())
    paper.put(entry, "AcctSvcrRef", reference)
    domain = paper.add(paper.add(entry, "BkTxCd"), "Domn")
    paper.put(domain, "Cd", "PMNT")
    kind = paper.add(domain, "Fmly")
    paper.put(kind, "Cd", "MDOP" if family == "CHRG" else "ICDT")
    paper.put(kind, "SubFmlyCd", family)
    return entry


def _details(
    paper: _Paper,
    entry: etree._Element,
    *,
    instruction: _Instruction,
    lines: tuple[_Order, ...],
    mood: Mood,
) -> None:
    if not lines:
        return
    details = paper.add(entry, "NtryDtls")
    back = required(entry, "CdtDbtInd") == "CRDT"
    if not back:
        batch = paper.add(details, "Btch")
        paper.put(batch, "PmtInfId", instruction.name)
        paper.put(batch, "NbOfTxs", str(len(lines)))
    for order in lines:
        item = paper.add(details, "TxDtls")
        paper.put(item, "Refs/EndToEndId", order.reference)
        minor = order.amount_minor if back else -order.amount_minor
        paper.money(item, amount_minor=minor, currency=order.currency)
        if back:
            reasons = {**mood.returns, **mood.fails_late}
            paper.put(item, "RtrInf/Rsn/Cd", reasons[order.reference])
