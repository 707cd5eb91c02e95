"""Finance's part: statements, a batch with four eyes on it, the bank file and its answers."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lxml import etree

from config.demonstration.pieces import Json
from config.demonstration.road.calling import Caller, Refused
from payments.providers.demobank import answer as bank_answer

CLOSES_MAX = 50
SETTLED = "settled"
PDF_HEAD = b"%PDF-"
PAIN_001 = "pain.001.001.09.xsd"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True)


class MoneyWentWrong(Exception):
    """The road did not end where it should."""


@dataclass(kw_only=True)
class Paid:
    """What finance saw."""

    statements: int = 0
    batch: Json = field(default_factory=dict)
    payouts: list[Json] = field(default_factory=list)
    file: bytes = b""
    bank_messages: list[Json] = field(default_factory=list)


def pay_everybody(*, maker: Caller, checker: Caller, at: datetime) -> Paid:
    """Close the periods, build and approve a batch, send it, and read what the bank says."""
    paid = Paid(statements=_close(maker))
    _look_at_a_statement(maker)
    batch = maker.post("payout-batches/", {})
    _show_four_eyes(maker, batch=batch)
    checker.post(f"payout-batches/{batch['id']}/approve/", {"content_hash": batch["content_hash"]})
    checker.post(f"payout-batches/{batch['id']}/send/")
    paid.file = maker.fetch(f"payout-batches/{batch['id']}/file/").content
    for message in bank_answer(file=paid.file, at=at):
        paid.bank_messages.append(
            maker.post_raw("bank-statements/", message, content_type="application/xml")
        )
    paid.batch = maker.get(f"payout-batches/{batch['id']}/")
    paid.payouts = list(maker.pages(f"payout-batches/{batch['id']}/payouts/"))
    unsettled = [payout for payout in paid.payouts if payout["state"] != SETTLED]
    if unsettled or not paid.payouts:
        raise MoneyWentWrong(f"not settled: {unsettled or 'there were no payouts'}")
    return paid


def _close(maker: Caller) -> int:
    """Until no contract waits; the number of statements."""
    closed = 0
    for _ in range(CLOSES_MAX):
        told = maker.post("periods/close/", {"reason": "Scripted: the demonstration pays now."})
        closed += int(told["statements_count"])
        if not told["remaining"]:
            return closed
    raise MoneyWentWrong(f"periods were still open after {CLOSES_MAX} calls")


def _look_at_a_statement(maker: Caller) -> None:
    statement = next(maker.pages("statements/"))
    pdf = maker.fetch(f"statements/{statement['id']}.pdf").content
    again = maker.fetch(f"statements/{statement['id']}.pdf").content
    if not pdf.startswith(PDF_HEAD) or pdf != again:
        raise MoneyWentWrong(f"{statement['id']}.pdf is not a PDF, or not the same twice")
    maker.fetch(f"statements/{statement['id']}.csv")


def _show_four_eyes(maker: Caller, *, batch: Json) -> None:
    """Who built a batch cannot approve it."""
    try:
        maker.post(f"payout-batches/{batch['id']}/approve/", {})
    except Refused:
        return
    raise MoneyWentWrong("a batch was approved by the person who built it")


def check_file(file: bytes, *, schemas: Path) -> None:
    """The bank file follows the official schema, where the folder of real data holds it."""
    official = schemas / PAIN_001
    if not official.is_file():
        return
    schema = etree.XMLSchema(etree.parse(official, SAFE))
    if not schema.validate(etree.fromstring(file, SAFE)):
        raise MoneyWentWrong(f"the bank file breaks the official schema: {schema.error_log}")


def check_receipts(*, reader: Caller, earnings: list[Json], count: int) -> None:
    """Some pay lines explain themselves: recomputed equals stored."""
    for line in earnings[:: max(1, len(earnings) // count)]:
        receipt = reader.get(f"earnings/{line['id']}/receipt/")
        if not receipt["agrees"]:
            raise MoneyWentWrong(f"{line['id']} recomputed differs: {receipt}")


def wait_for_earnings(*, reader: Caller, approved: int, patience_seconds: float) -> list[Json]:
    """Every pay line, once none is added any more and all approved time is priced."""
    deadline = time.monotonic() + patience_seconds
    lines: list[Json] = []
    while time.monotonic() < deadline:
        lines = list(reader.pages("earnings/"))
        if len({line["time_entry"] for line in lines if line["time_entry"]}) >= approved:
            return lines
        time.sleep(1)
    raise MoneyWentWrong(f"{approved} entries approved, {len(lines)} pay lines after the wait")
