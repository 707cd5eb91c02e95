"""CSV in: a stream within bounds, faults by row and column, text kept as text."""

import io
import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutors.rules.importing import (
    CELL_CHARS_MAX,
    LINE_BYTES_MAX,
    ROWS_MAX,
    CannotReadFile,
    NewTutor,
    Row,
    read_rows,
)
from tutors.rules.languages import Level

HEADER = "email,name,country,region,time_zone,domains,languages,capacity,headline\n"
ALICE = "alice@example.org,Alice Adams,GB,,Europe/London,medicine.psychiatry,en:native;de:C1,2,Hi\n"


def rows(text: str | bytes) -> list[Row]:
    body = text.encode() if isinstance(text, str) else text
    return list(read_rows(io.BytesIO(body)))


def refused(text: str | bytes) -> CannotReadFile:
    with pytest.raises(CannotReadFile) as found:
        rows(text)
    return found.value


def test_a_good_row() -> None:
    (row,) = rows(HEADER + ALICE)
    assert row.errors == {}
    assert row.tutor == NewTutor(
        email="alice@example.org",
        name="Alice Adams",
        country="GB",
        region="",
        time_zone="Europe/London",
        domains=("medicine.psychiatry",),
        languages=(("en", Level.NATIVE), ("de", Level.C1)),
        capacity=2,
        headline="Hi",
    )


def test_a_byte_order_mark_blank_lines_and_another_order_are_fine() -> None:
    text = (
        "\ufeffname,email,languages,domains,time_zone,country\n"
        "\n"
        "Bob Brown,bob@example.org,fr:B2,stem,Europe/Paris,fr\n"
        ",,,,,\n"
    )
    (row,) = rows(text)
    assert row.tutor is not None
    assert (row.tutor.name, row.tutor.country) == ("Bob Brown", "FR")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("email", ""),
        ("email", "alice"),
        ("email", "alice@example"),
        ("name", ""),
        ("name", "x" * 201),
        ("country", "XX"),
        ("country", "GBR"),
        ("region", "?!"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("domains", ""),
        ("domains", "Medicine!"),
        ("languages", "en"),
        ("languages", "xx:C2"),
        ("languages", "en:C3"),
        ("languages", "en:C1;en:C2"),
        ("capacity", "0"),
        ("capacity", "many"),
        ("capacity", "²"),
        ("headline", "x" * 501),
        ("headline", "x" * (CELL_CHARS_MAX + 1)),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(column: str, cell: str) -> None:
    header = HEADER.strip().split(",")
    cells = dict(zip(header, ALICE.strip().split(","), strict=True))
    bad = {**cells, column: cell, "email": cell if column == "email" else "bob@example.org"}
    lines = [HEADER.strip(), ALICE.strip(), ",".join(bad[name] for name in header)]
    first, second = rows("\n".join(lines))
    assert first.tutor is not None
    assert second.tutor is None
    assert set(second.errors) == {column}
    assert second.number == 2


def test_the_same_person_twice() -> None:
    first, second = rows(HEADER + ALICE + ALICE.replace("alice@", "Alice@"))
    assert first.tutor is not None
    assert second.tutor is None
    assert second.errors == {"email": ["Row 1 has this e-mail already."]}


def test_formulas_are_kept_as_text_and_flagged() -> None:
    (row,) = rows(HEADER + ALICE.replace("Hi", '"=HYPERLINK(""http://x"")"'))
    assert row.tutor is not None
    assert row.tutor.headline == '=HYPERLINK("http://x")'
    assert row.flags == ("headline",)


def test_markup_stays_text() -> None:
    (row,) = rows(HEADER + ALICE.replace("Alice Adams", "<b>Alice</b></script>"))
    assert row.tutor is not None
    assert row.tutor.name == "<b>Alice</b></script>"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", "email"),
        (HEADER.replace("headline", "shoe_size"), "shoe_size"),
        (HEADER.replace("headline", "email"), "email"),
        (HEADER.replace("name,", ""), "name"),
        (HEADER.replace(",", ";"), "email"),
    ],
)
def test_the_header_must_be_known(text: str, column: str) -> None:
    assert column in refused(text).errors


@pytest.mark.parametrize(
    "body",
    [
        (HEADER + ALICE).encode("utf-16"),
        (HEADER + ALICE.replace("Adams", "Müller")).encode("latin-1"),
        (HEADER + ALICE.replace("Adams", "A\x00B")).encode(),
    ],
)
def test_another_encoding_is_refused_by_line(body: bytes) -> None:
    assert "UTF-8" in refused(body).detail


def test_a_short_or_long_row() -> None:
    (row,) = rows(HEADER + ALICE.strip() + ",extra\n")
    assert row.tutor is None
    assert "row" in row.errors


def test_an_open_quote() -> None:
    assert "quote" in refused(HEADER + '"' + ALICE).detail


def test_too_many_rows() -> None:
    many = "".join(ALICE.replace("alice", f"a{n}") for n in range(ROWS_MAX + 1))
    assert str(ROWS_MAX) in refused(HEADER + many).detail


class Endless:
    """A file of one line that never ends: 200 MB if anybody reads on."""

    def __init__(self, head: bytes) -> None:
        self.head: bytes = head
        self.left = 200 * 1024 * 1024
        self.given = 0

    def readline(self, size: int = -1, /) -> bytes:
        assert size >= 0, "an unbounded read would load the line"
        if self.head:
            line, self.head = self.head, b""
            return line
        part = min(size, self.left)
        self.left -= part
        self.given += part
        return b"x" * part


@pytest.mark.parametrize("head", [b"", HEADER.encode()])
def test_a_line_of_200_mb_is_refused_without_loading_it(head: bytes) -> None:
    source = Endless(head)
    tracemalloc.start()
    with pytest.raises(CannotReadFile) as found:
        list(read_rows(source))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "longer than" in found.value.detail
    assert source.given <= LINE_BYTES_MAX + 1
    assert peak < 4 * LINE_BYTES_MAX + 1_000_000


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(parts)


@given(st.lists(st.one_of(st.binary(max_size=60), st.just(b","), st.just(b'"'), st.just(b"\n"))))
def test_any_bytes_are_read_or_refused_never_a_crash(parts: list[bytes]) -> None:
    try:
        for row in rows(HEADER.encode() + _joined(parts)):
            assert (row.tutor is None) == bool(row.errors)
    except CannotReadFile as fault:
        assert fault.detail
