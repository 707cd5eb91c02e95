"""Files out and reports in: valid by the official schemas, the same bytes, nothing trusted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from payments.providers import accountstatement, statusreport
from payments.providers.accounts import NotAnAccount, checked_bic, checked_iban, masked
from payments.providers.bankfile import (
    CannotWriteBankFile,
    Party,
    Payment,
    PaymentOrder,
    Version,
    write,
)
from payments.providers.bankxml import CannotReadBankFile
from payments.providers.demobank import Mood, answer
from payments.providers.statusreport import Outcome
from tests.payments.real_data import faults, sample

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
LECTERN = Party(name="Lectern Opérations GmbH", iban="DE89370400440532013000", bic="COBADEFFXXX")
ALICE = Party(name="Zoë Müller <&>", iban="NL91ABNA0417164300", bic="ABNANL2A")
BOB = Party(name="Bob", iban="GB29NWBK60161331926819")


def order(*amounts: int, currency: str = "EUR") -> PaymentOrder:
    payments = [
        Payment(f"PO-{n:08d}", minor, currency, FRIDAY, (ALICE, BOB)[n % 2], f"Statement ST-{n}")
        for n, minor in enumerate(amounts, start=1)
    ]
    return PaymentOrder("PB-2026-W47-0001", AT, LECTERN, payments)


def values(content: bytes, name: str) -> list[str]:
    return [e.text or "" for e in etree.fromstring(content).iter(f"{{*}}{name}")]


@pytest.mark.parametrize("version", ["09", "03"])
def test_the_file_is_valid_by_the_official_schema(version: Version) -> None:
    mixed = order(36225, 60375, 120)
    mixed = replace(
        mixed,
        payments=[
            *mixed.payments,
            Payment("PO-00000009", 6440, "JPY", FRIDAY, BOB, "x" * 300),
            Payment("PO-00000008", 19119, "KWD", date(2026, 11, 30), ALICE, "王"),
        ],
    )
    file = write(order=mixed, version=version)
    assert faults(file, schema=f"pain.001.001.{version}") == []
    assert values(file, "NbOfTxs") == ["5", "3", "1", "1"]
    assert values(file, "CtrlSum") == ["7426.319", "967.20", "6440", "19.119"]


def test_one_block_per_date_and_currency_with_steady_ids() -> None:
    file = write(order=order(36225, 60375, 120))
    assert values(file, "MsgId") == ["PB-2026-W47-0001"]
    assert values(file, "PmtInfId") == ["PB-2026-W47-0001-1"]
    assert values(file, "EndToEndId") == ["PO-00000001", "PO-00000002", "PO-00000003"]
    assert values(file, "InstdAmt") == ["362.25", "603.75", "1.20"]
    assert values(file, "Nm")[0] == "Lectern Operations GmbH"
    assert "Zoe Muller .+." in values(file, "Nm")


def test_the_same_order_gives_the_same_bytes() -> None:
    forwards = order(36225, 60375, 120)
    backwards = replace(forwards, payments=list(reversed(forwards.payments)))
    assert write(order=forwards) == write(order=backwards)


def test_sepa_is_only_said_where_it_holds() -> None:
    assert values(write(order=order(100)), "ChrgBr") == ["SLEV"]
    assert values(write(order=order(100, currency="USD")), "ChrgBr") == ["SHAR"]


def test_orders_that_no_bank_should_see_are_refused() -> None:
    one = order(100).payments[0]
    for payments in ([], [one, one], [replace(one, amount_minor=0)]):
        with pytest.raises(CannotWriteBankFile):
            write(order=replace(order(100), payments=payments))


@pytest.mark.parametrize(
    "wrong", ["DE89370400440532013001", "DE8937040044053201300", "", "XX00", "é"]
)
def test_wrong_ibans_are_refused_without_repeating_them(wrong: str) -> None:
    with pytest.raises(NotAnAccount) as refusal:
        checked_iban(wrong)
    assert not wrong or wrong not in str(refusal.value)


def test_accounts_are_normalised_and_masked() -> None:
    assert checked_iban("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert masked("DE89370400440532013000") == "DE•• •••• 3000"
    assert checked_bic("") == ""
    assert checked_bic("cobadeffxxx") == "COBADEFFXXX"
    with pytest.raises(NotAnAccount):
        checked_bic("COBA")


def test_a_status_report_is_read() -> None:
    report = statusreport.read(sample("bank_pain.002.001.10_partial.xml"))
    assert report.original_message_id == "PB-2026-W47-0001"
    assert [(s.end_to_end_id, s.outcome, s.reason) for s in report.statuses] == [
        ("PO-00000001", Outcome.PAID, ""),
        ("PO-00000002", Outcome.REFUSED, "AC04"),
        ("PO-00000003", Outcome.WAITING, ""),
    ]


def test_a_version_3_report_on_a_whole_file_is_read() -> None:
    report = statusreport.read(
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        b"<GrpHdr><MsgId>S</MsgId><CreDtTm>2026-11-25T10:00:00Z</CreDtTm></GrpHdr>"
        b"<OrgnlGrpInfAndSts><OrgnlMsgId>PB</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>"
        b"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
        b"</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
    (whole,) = report.statuses
    assert (whole.end_to_end_id, whole.outcome, whole.reason) == ("", Outcome.REFUSED, "FF01")


def test_a_version_2_message_with_two_statements_is_read() -> None:
    first, second = accountstatement.read(sample("genkgo_camt053.v2.multi.statement.xml"))
    assert (first.opening_minor, first.closing_minor) == (1815, 2700)
    assert (second.opening_minor, second.closing_minor) == (2700, 2000)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("genkgo_camt053.v2.five.decimals.xml", "does not add up"),
        ("genkgo_camt053.v2.all-balance-types.xml", "does not add up"),
        ("genkgo_camt053.v2.minimal.xml", "mixes currencies"),
        ("genkgo_camt053.v8.xml", "mixes currencies"),
        ("genkgo_camt053.v2.wrong.xml", "no statement"),
        ("sepaxml_pain.001.001.09.xml", "not an account statement"),
    ],
)
def test_real_statements_that_contradict_themselves_are_refused(name: str, why: str) -> None:
    with pytest.raises(CannotReadBankFile, match=why):
        accountstatement.read(sample(name))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE Document><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"/>',
        "<a/>".encode("utf-16"),
    ],
)
def test_hostile_or_broken_files_are_refused(content: bytes) -> None:
    for read in (accountstatement.read, statusreport.read):
        with pytest.raises(CannotReadBankFile):
            read(content)


def test_an_entry_keeps_its_key_in_every_message() -> None:
    content = sample("bank_camt.053.001.08_return.xml")
    again = content.replace(b"BANK-STMT-20261127", b"ANOTHER").replace(b"STMT-228", b"STMT-229")
    (first,), (second,) = accountstatement.read(content), accountstatement.read(again)
    assert [e.key for e in first.entries] == [e.key for e in second.entries]
    assert len({e.key for e in first.entries}) == 3


def test_the_demonstration_bank_answers_in_valid_messages() -> None:
    file = write(order=order(36225, 60375, 120))
    status, booked = answer(file=file, at=AT, mood=Mood(fee_minor=200))
    assert faults(status, schema="pain.002.001.10") == []
    assert faults(booked, schema="camt.053.001.08") == []
    outcomes = {s.end_to_end_id: s.outcome for s in statusreport.read(status).statuses}
    assert outcomes == dict.fromkeys(["PO-00000001", "PO-00000002", "PO-00000003"], Outcome.PAID)
    (statement,) = accountstatement.read(booked)
    assert [e.amount_minor for e in statement.entries] == [-96720, -200]
    assert [line.amount_minor for line in statement.entries[0].lines] == [-36225, -60375, -120]


def test_the_demonstration_bank_at_its_worst() -> None:
    file = write(order=order(36225, 60375, 120))
    mood = Mood(
        refuses={"PO-00000001": "AC01"},
        returns={"PO-00000002": "AC04"},
        fails_late={"PO-00000003": "MS03"},
        says_twice=True,
        out_of_order=True,
    )
    messages = answer(file=file, at=AT, mood=mood)
    assert len(messages) == 6
    late, booked, first = messages[:3]
    assert messages[3:] == messages[:3]
    assert faults(late, schema="pain.002.001.10") == []
    assert [s.outcome for s in statusreport.read(late).statuses] == [Outcome.REFUSED]
    assert [s.outcome for s in statusreport.read(first).statuses] == [
        Outcome.REFUSED,
        Outcome.PAID,
        Outcome.PAID,
    ]
    (statement,) = accountstatement.read(booked)
    assert [e.amount_minor for e in statement.entries] == [-60495, 60375, 120]
