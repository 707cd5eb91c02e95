"""Statements on paper: the same bytes each time, and no cell that runs."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from payments.providers.statementpaper import as_csv, as_pdf, plain
from payments.rules.paper import Paper, PaperLine

LINE = PaperLine(
    reference="EA-1",
    worked="Mon 16 Nov 2026",
    kind="wage",
    rate="45.00/h",
    seconds=4830,
    hours="1:20:30",
    amount="60.38",
    note="",
)
PAPER = Paper(
    title="Statement ST-1",
    payer="Lectern Operations",
    payee="Zoë Müller",
    contract="K-1, version 1",
    period="16-22 Nov 2026",
    issued="23 Nov 2026",
    currency="USD",
    total="60.38",
    hours="1:20:30",
    due="27 Nov 2026",
    issued_at=datetime(2026, 11, 23, tzinfo=UTC),
    lines=[LINE],
)


def test_the_pdf_is_the_same_each_time() -> None:
    first = as_pdf(PAPER)
    assert first.startswith(b"%PDF-")
    assert as_pdf(PAPER) == first
    assert as_pdf(replace(PAPER, total="60.39")) != first


def test_text_is_data_to_the_typesetter() -> None:
    hostile = replace(PAPER, payee='#panic("x") $ * ` \\ ] </script>', lines=[LINE] * 120)
    assert as_pdf(hostile).startswith(b"%PDF-")


def test_the_csv_has_a_line_each_and_the_total() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(PAPER).decode())))
    assert [row["amount"] for row in rows] == ["60.38", "60.38"]
    assert rows[0]["seconds"] == "4830"
    assert rows[1]["kind"] == "total"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  =1", "'  =1"),
        ("\t@x", "'\t@x"),
        ("+49", "'+49"),
        ("a\n=1", "a\n'=1"),
        ("a\r\n\n-1", "a\r\n\n'-1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formulas_are_quoted(text: str, safe: str) -> None:
    assert plain(text) == safe
