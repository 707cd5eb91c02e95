"""CSV in: a stream within bounds, faults by row and column, text kept as text."""

import io
import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutors.rules.importing import (
    CELL_CHARS_MAX,
    COLUMNS,
    COLUMNS_MAX,
    LINE_BYTES_MAX,
    ROWS_MAX,
    CannotReadFile,
    NewTutor,
    Row,
    guess,
    missing,
    read_row,
    read_sheet,
)
from tutors.rules.importing.hints import for_domain
from tutors.rules.importing.matching import LEFT_OUT, faults
from tutors.rules.languages import Level

HEADER = "email,name,country,region,time_zone,domains,languages,capacity,headline\n"
ALICE = "alice@example.org,Alice Adams,GB,,Europe/London,medicine.psychiatry,en:native;de:C1,2,Hi\n"


def rows(text: str | bytes) -> list[Row]:
    body = text.encode() if isinstance(text, str) else text
    sheet = read_sheet(io.BytesIO(body))
    matching = guess(sheet.header)
    return [read_row(n, raw, mapping=matching) for n, raw in enumerate(sheet.rows, start=1)]


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
    ("header", "found"),
    [
        ("E-Mail,Full Name,Country Code,TZ,Speciality,Languages spoken",
         "email name country time_zone domains languages"),
        ("mail,candidate,nation,Time-Zone,subjects,langs",
         "email name country time_zone domains languages"),
        ("FIRST NAME,Last name,E mail address", "name name email"),
        ("Prénom,Nom de famille,Courriel,Pays", "name name email country"),
        ("name,first name,last name", "name - -"),
        ("mail,email", "- email"),
        ("shoe size,notes,,__", "- - - -"),
        ("state,country", "region country"),
    ],
)  # fmt: skip
def test_headers_are_guessed_whatever_their_case_and_punctuation(header: str, found: str) -> None:
    wanted = tuple(LEFT_OUT if word == "-" else word for word in found.split())
    assert guess(header.split(",")) == wanted


@given(st.lists(st.text(max_size=20), max_size=COLUMNS_MAX))
def test_any_header_is_matched_to_something_usable(header: list[str]) -> None:
    matching = guess(header)
    assert faults(matching, width=len(header)) == {}
    assert set(missing(matching)).isdisjoint(matching)


def test_a_matching_is_refused_by_column() -> None:
    assert set(faults(["email", "email", "shoe", ""], width=4)) == {"email", "shoe"}
    assert "columns" in faults(["email"], width=2)
    assert faults(["name", "name", "domains", "domains"], width=4) == {}


def test_parts_of_a_name_are_joined_and_lists_too() -> None:
    row = read_row(1, ["Alice", " Adams", "stem", "finance"],
                   mapping=("name", "name", "domains", "domains"))  # fmt: skip
    assert (row.cells["name"], row.cells["domains"]) == ("Alice Adams", "stem;finance")


def test_what_was_put_right_stands_before_what_came() -> None:
    row = read_row(1, ["alice@"], mapping=("email",), edits={"email": "alice@example.org"})
    assert row.cells["email"] == "alice@example.org"
    assert "email" not in row.errors


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert "empty" in refused(text).detail


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
@pytest.mark.parametrize(("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_encoding_and_delimiter_are_found_out_and_named(
    encoding: str, name: str, delimiter: str, word: str
) -> None:
    text = (HEADER + ALICE.replace("Adams", "Müller")).replace(";", "|").replace(",", delimiter)
    sheet = read_sheet(io.BytesIO(text.encode(encoding)))
    assert (sheet.encoding, sheet.delimiter) == (name, word)
    (row,) = rows(text.encode(encoding))
    assert row.tutor is not None
    assert row.tutor.name == "Alice Müller"
    assert len(row.tutor.languages) == 2


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ((HEADER + ALICE.replace("Adams", "A\x00B")).encode(), "Line 2"),
        ((HEADER + ALICE).encode() + b"\x81\xff", "Line 3"),
        (HEADER.encode("utf-16") + b"x", "UTF-16"),
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (",".join("x" * (COLUMNS_MAX + 1)).encode(), str(COLUMNS_MAX)),
        ((HEADER + '"' + ALICE).encode(), "UTF-8, comma"),
    ],
)
def test_what_is_not_text_is_refused_by_line(body: bytes, word: str) -> None:
    assert word in refused(body).detail


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("email", "k.mensah@", "cut off after @"),
        ("email", "k.mensah", "The @ is missing"),
        ("email", "a@b@example.org", "more than one @"),
        ("email", "a@example.org; b@example.org", "Keep one"),
        ("email", "a b@example.org", "space"),
        ("country", "Germany", "Did you mean DE?"),
        ("country", "Germny", "Did you mean DE?"),
        ("country", "UK", "Did you mean GB?"),
        ("country", "DEU", "two letters"),
        ("time_zone", "Berlin", "Did you mean Europe/Berlin?"),
        ("time_zone", "Europe/Berln", "Did you mean Europe/Berlin?"),
        ("time_zone", "UTC+1", "not an offset"),
        ("languages", "German", "Use the tag: de:C2."),
        ("languages", "en", "Say how well: en:C2"),
        ("capacity", "2.0", "Did you mean 2?"),
    ],
)
def test_a_fault_says_how_to_mend_it(column: str, cell: str, said: str) -> None:
    row = read_row(1, [cell], mapping=(column,))
    (fault,) = row.errors[column]
    assert said in fault


@given(st.sampled_from(COLUMNS), st.text(max_size=60))
def test_any_cell_is_read_or_said_to_be_wrong(column: str, cell: str) -> None:
    row = read_row(1, [cell], mapping=(column,))
    assert all(fault for faults in row.errors.values() for fault in faults)


def test_the_nearest_domain_is_offered() -> None:
    slugs = ("medicine", "medicine.psychiatry", "stem.computer-science")
    assert "Did you mean medicine.psychiatry?" in for_domain("Psychiatry", slugs=slugs)
    assert "Did you mean stem.computer-science?" in for_domain("Computer Science", slugs=slugs)
    assert for_domain("zzz", slugs=slugs) == "There is no domain zzz."


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
        read_sheet(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "longer than" in found.value.detail
    assert source.given <= LINE_BYTES_MAX + 1
    assert peak < 4 * LINE_BYTES_MAX + 1_000_000


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(parts)


@given(st.lists(st.one_of(st.binary(max_size=60), st.just(b","), st.just(b'"'), st.just(b"\n"))))
@pytest.mark.parametrize("head", [b"", HEADER.encode(), b"\xff\xfe", b"\xef\xbb\xbf"])
def test_any_bytes_are_read_or_refused_never_a_crash(head: bytes, parts: list[bytes]) -> None:
    try:
        for row in rows(head + _joined(parts)):
            assert (row.tutor is None) == bool(row.errors)
    except CannotReadFile as fault:
        assert fault.detail


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    try:
        sheet = read_sheet(io.BytesIO(text.encode("utf-8", "surrogatepass")))
    except CannotReadFile as fault:
        assert fault.detail
    else:
        assert sheet.header
