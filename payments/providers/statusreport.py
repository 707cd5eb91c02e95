"""pain.002, versions 03 and 10: what the bank says became of our instructions."""

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from payments.providers.bankxml import CannotReadBankFile, children, document, required, text

VERSIONS = frozenset({"pain.002.001.03", "pain.002.001.10"})


class Outcome(StrEnum):
    PAID = "paid"  # settled, as far as the bank is concerned
    REFUSED = "refused"  # will not be paid
    WAITING = "waiting"  # on its way; nothing to do yet


_OUTCOMES = {
    "ACSC": Outcome.PAID,
    "ACCC": Outcome.PAID,
    "RJCT": Outcome.REFUSED,
    "CANC": Outcome.REFUSED,
    "BLCK": Outcome.REFUSED,
}
_FINAL_FOR_ALL = frozenset({Outcome.PAID, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class InstructionStatus:
    """A verdict on one payment, or on a block or the whole file where `end_to_end_id` is empty."""

    payment_information_id: str
    end_to_end_id: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    message_id: str
    original_message_id: str
    statuses: tuple[InstructionStatus, ...]


def read(content: bytes) -> StatusReport:
    """The report's verdicts in file order. `CannotReadBankFile` when it is not a pain.002."""
    name, report = document(content)
    if name not in VERSIONS:
        raise CannotReadBankFile(f"{name} is not a status report that is read here.")
    statuses: list[InstructionStatus] = []
    for block in children(report, "OrgnlPmtInfAndSts"):
        statuses.extend(_of_block(block))
    if not statuses:
        statuses = _of_group(report)
    return StatusReport(
        message_id=required(report, "GrpHdr/MsgId"),
        original_message_id=required(report, "OrgnlGrpInfAndSts/OrgnlMsgId"),
        statuses=tuple(statuses),
    )


def _outcome(code: str) -> Outcome:
    return _OUTCOMES.get(code, Outcome.WAITING)


def _reason(element: etree._Element) -> str:
    return text(element, "StsRsnInf/Rsn/Cd") or text(element, "StsRsnInf/Rsn/Prtry")


def _of_block(block: etree._Element) -> list[InstructionStatus]:
    name = text(block, "OrgnlPmtInfId")
    found = [
        InstructionStatus(
            payment_information_id=name,
            end_to_end_id=required(item, "OrgnlEndToEndId"),
            outcome=_outcome(text(item, "TxSts")),
            reason=_reason(item),
        )
        for item in children(block, "TxInfAndSts")
    ]
    outcome = _outcome(text(block, "PmtInfSts"))
    if not found and outcome in _FINAL_FOR_ALL:
        found = [InstructionStatus(name, "", outcome, _reason(block))]
    return found


def _of_group(report: etree._Element) -> list[InstructionStatus]:
    """A file refused or paid as a whole carries no verdict per payment."""
    group = children(report, "OrgnlGrpInfAndSts")[:1]
    outcomes = [(g, _outcome(text(g, "GrpSts"))) for g in group]
    return [InstructionStatus("", "", o, _reason(g)) for g, o in outcomes if o in _FINAL_FOR_ALL]
