"""A statement as people keep it: PDF and CSV, the same bytes each time they are asked for."""

import csv
import io
import json
import re
from dataclasses import asdict

import typst

from payments.rules.paper import Paper

_FORMULA = re.compile(
    r"(\A|[\r\n])(?=[^\S\r\n]*[\x00-\x08\x0e-\x1f\ufeff]*[^\S\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)


def as_csv(paper: Paper) -> bytes:
    """UTF-8 with one header row; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["statement", "line", "worked", "kind", "rate", "seconds", "amount", "currency", "note"]
    )
    for line in paper.lines:
        words = [paper.title, line.reference, line.worked, line.kind, line.rate]
        row = [*map(plain, words), line.seconds, line.amount, paper.currency, plain(line.note)]
        writer.writerow(row)
    writer.writerow([plain(paper.title), "", "", "total", "", "", paper.total, paper.currency, ""])
    return out.getvalue().encode()


def plain(text: str) -> str:
    """The text as a spreadsheet shows it: `'` before any line that starts like a formula."""
    return _FORMULA.sub(lambda edge: f"{edge[0]}'", text)


def as_pdf(paper: Paper) -> bytes:
    """One or more A4 pages. Text is data to the typesetter, never markup."""
    data = asdict(paper) | {"issued_at": paper.issued_at.isoformat()}
    pdf = typst.compile(
        _LAYOUT.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(paper.issued_at.timestamp()),
        ignore_system_fonts=True,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave pages instead of a document")
    return pdf


_LAYOUT = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title, author: d.payer, date: auto)
#set page(paper: "a4", margin: (x: 2cm, y: 2.2cm), numbering: "1 / 1",
  header: align(right, text(8pt, fill: luma(110), d.title)))
#set text(size: 9.5pt, lang: "en")
#text(20pt, weight: 700, d.title)
#v(2pt)
#text(fill: luma(90))[#d.period]
#v(10pt)
#grid(columns: (auto, 1fr), column-gutter: 14pt, row-gutter: 6pt,
  text(fill: luma(90))[Paid to], d.payee,
  text(fill: luma(90))[Paid by], d.payer,
  text(fill: luma(90))[Contract], d.contract,
  text(fill: luma(90))[Issued], d.issued,
  text(fill: luma(90))[Expected], d.due)
#v(10pt)
#set table(stroke: none, inset: (x: 4pt, y: 5pt))
#table(
  columns: (auto, auto, 1fr, auto, auto, auto),
  align: (left, left, left, right, right, right),
  table.header(..("Line", "Worked", "Kind", "Hours", "Rate", "Amount").map(h =>
    text(8pt, weight: 700, fill: luma(90), h)), table.hline(stroke: 0.6pt)),
  ..d.lines.map(l => (
    l.reference, l.worked,
    if l.note == "" [#l.kind] else [#l.kind \\ #text(8pt, fill: luma(90), l.note)],
    l.hours, l.rate, l.amount)).flatten(),
  table.hline(stroke: 0.6pt),
  table.cell(colspan: 3)[*Total in #d.currency*], [*#d.hours*], [], [*#d.total*],
)
"""
