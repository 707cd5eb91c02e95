"""The import pages: a recruiter brings a file in, mends it, imports it, takes it back."""

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.jobs import catch_up
from tests.people import person
from tests.tutors import sheets
from tests.tutors.hiring import House, hire
from tests.tutors.test_imports import BOB, CAROL, HEADER
from tutors.models import ImportRow, Tutor, TutorImport
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

LIST = "/recruiting/imports/"
DAVE = "dave@,Dave <b>Dunn</b>,XX,,Europe/Berlin,stem,en:C2,,\n"


@pytest.fixture
def ruth(house: House) -> Client:
    client = Client()
    client.force_login(house.ruth)
    return client


def send(client: Client, text: str | bytes, *, name: str = "tutors.csv") -> Any:
    body = text.encode() if isinstance(text, str) else text
    return client.post(LIST, {"file": SimpleUploadedFile(name, body, content_type="text/csv")})


def brought(client: Client, text: str | bytes) -> str:
    """The address of the import that this file became."""
    answer = send(client, text)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def page(client: Client, url: str, **options: Any) -> str:
    answer = client.get(url, **options)
    if answer.status_code == 303:
        answer = client.get(answer["Location"], **options)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def told(client: Client, url: str, **fields: Any) -> str:
    """What htmx gets back from a row."""
    answer = client.post(url, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_an_empty_list_offers_the_template(ruth: Client) -> None:
    assert "No imports yet" in page(ruth, LIST)
    template = ruth.get(f"{LIST}template.csv").getvalue()
    rows = list(csv.reader(io.StringIO(template.decode("utf-8-sig"))))
    where = brought(ruth, template)
    assert rows[0][0] == "email"
    assert "Import 1 row" in page(ruth, where)


def test_from_the_file_to_the_people_without_a_script(ruth: Client) -> None:
    where = brought(ruth, HEADER + BOB + DAVE + CAROL)
    seen = page(ruth, where)
    assert "UTF-8, comma" in seen
    assert "Import 2 rows" in seen
    assert "The address is cut off after @." in seen
    assert "Dave &lt;b&gt;Dunn" in seen
    row = f"{where}rows/2/"
    answer = ruth.post(row, {"cell-email": "dave@example.org", "cell-country": "DE"})
    assert answer.status_code == 303
    assert "Import 3 rows" in page(ruth, where)
    ruth.post(row, {"act": "skip"})
    assert "Import 2 rows" in page(ruth, where)
    ruth.post(row, {"act": "unskip"})
    assert ruth.post(f"{where}commit/")["Location"] == where
    seen = page(ruth, where)
    assert "3 people added" in seen
    assert "Undo this import" in seen
    assert Tutor.objects.count() == 3
    assert "Take back 3 rows" in page(ruth, f"{where}undo/")
    ruth.post(f"{where}undo/")
    assert "3 rows were taken back." in page(ruth, where)
    assert Tutor.objects.count() == 0
    assert "Taken back" in page(ruth, LIST)


def test_a_cell_is_checked_alone_and_the_counts_come_along(ruth: Client) -> None:
    where = brought(ruth, HEADER + BOB + DAVE)
    part = told(ruth, f"{where}rows/2/", **{"cell-email": "dave@example.org", "cell-country": "XX"})
    assert 'id="row-2"' in part
    assert "Did you mean" not in part
    assert "not a country code" in part
    assert "<html" not in part
    assert 'id="import-tiles"' in part
    part = told(ruth, f"{where}rows/2/", **{"cell-country": "DE"}, columns="name,email,country")
    assert "Import 2 rows" in part
    assert "Row 2: New. 0 rows need you." in part
    assert "aria-invalid" not in part


def test_rows_that_follow_are_told_to_look_again(ruth: Client) -> None:
    where = brought(ruth, HEADER + BOB + BOB.replace("Bob", "Robert"))
    answer = ruth.post(f"{where}rows/1/", {"act": "skip"}, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == '{"row-2": ""}'
    part = ruth.get(f"{where}rows/2/", headers={"HX-Request": "true"}).content.decode()
    assert "has this e-mail already" not in part


def test_columns_that_are_not_known_are_asked_for(ruth: Client) -> None:
    where = brought(ruth, HEADER.replace("email", "where to write") + BOB)
    seen = page(ruth, where)
    assert "Not matched yet:" in seen
    assert "bob@example.org" in seen
    upload = TutorImport.objects.get()
    fields = {f"column-{n}": column for n, column in enumerate(upload.matching)}
    wrong = ruth.post(f"{where}columns/", fields | {"column-0": "country"})
    assert wrong.status_code == 422
    assert "Only one column of the file can be this" in wrong.content.decode()
    right = ruth.post(f"{where}columns/", fields | {"column-0": "email"})
    assert right["Location"] == where
    assert "Import 1 row" in page(ruth, where)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty"),
        (HEADER.encode() + b'"' + BOB.encode(), "Read as UTF-8, comma"),
        ((HEADER + BOB).encode() + b"\x81", "Line 3 is neither UTF-8 nor Windows-1252"),
        (b"PK\x03\x04", "an Excel or OpenDocument workbook"),
        (HEADER.encode() + b"x" * 100_000, "Line 2 is longer than"),
    ],
)
def test_a_bad_file_names_its_line_and_leaves_nothing(ruth: Client, body: bytes, said: str) -> None:
    before = Event.objects.count()
    answer = send(ruth, body)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Nothing was saved." in answer.content.decode()
    assert (TutorImport.objects.count(), Event.objects.count()) == (0, before)


def test_a_namesake_is_kept_or_skipped(ruth: Client, house: House) -> None:
    hire(house, name="Bob Brown")
    where = brought(ruth, HEADER + BOB.replace("bob@", "b.brown@").replace("US,NY", "GB,"))
    seen = page(ruth, where)
    assert "Same name and country as bob@example.org" in seen
    assert "Keep both" in seen
    part = told(ruth, f"{where}rows/1/", act="keep_both")
    assert "Import 1 row" in part
    assert "Keep both" not in part


def test_newer_facts_of_somebody_here_are_an_update(ruth: Client, house: House) -> None:
    hire(house, name="Bob Brown")
    where = brought(ruth, HEADER + BOB)
    assert "Newer facts are written" in page(ruth, f"{where}?show=updates")
    ruth.post(f"{where}commit/")
    assert "1 updated" in page(ruth, where)


def test_the_rejected_file_has_reasons_and_quotes_formulas(ruth: Client) -> None:
    where = brought(ruth, HEADER + DAVE.replace("Dave", "=Dave") + BOB)
    answer = ruth.get(f"{where}rejected.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="tutors-rejected.csv"'
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][-2:] == ["row", "reasons"]
    assert rows[1][1].startswith("'=Dave")
    assert "cut off after @" in rows[1][-1]
    assert len(rows) == 2


def test_a_discarded_file_is_gone(ruth: Client) -> None:
    where = brought(ruth, HEADER + BOB)
    assert ruth.post(f"{where}discard/")["Location"] == LIST
    assert "Nothing was saved about anybody" in page(ruth, LIST)
    assert "This import was discarded" in page(ruth, where)
    assert ImportRow.objects.count() == 0
    refused = ruth.post(f"{where}rows/1/", {"act": "skip"}, headers={"HX-Request": "true"})
    assert refused.status_code == 409


def test_a_large_file_shows_its_progress_and_then_its_result(ruth: Client) -> None:
    where = brought(ruth, sheets.text_of(sheets.spoiled(sheets.people(620))))
    assert "Import 608 rows" in page(ruth, where)
    ruth.post(f"{where}commit/")
    assert "0 of 608 rows" in page(ruth, where)
    htmx = {"HX-Request": "true"}
    assert "0 of 608 rows" in ruth.get(f"{where}progress/", headers=htmx).content.decode()
    catch_up()
    assert ruth.get(f"{where}progress/", headers=htmx)["HX-Redirect"] == where
    assert "608 people added" in page(ruth, where)


def test_an_admin_looks_and_changes_nothing(ruth: Client) -> None:
    where = brought(ruth, HEADER + BOB + DAVE)
    ada = Client()
    ada.force_login(person("Ada", Role.ADMIN))
    seen = page(ada, where)
    assert "Recruiters change and commit it" in seen
    assert 'name="cell-email"' not in seen
    assert "Import 1 row" not in seen
    for path in ("commit/", "discard/", "undo/", "columns/", "rows/2/"):
        assert ada.post(f"{where}{path}").status_code == 403
    assert send(ada, HEADER + BOB).status_code == 403
    assert TutorImport.objects.get().state == "checked"


def test_pages_cost_the_same_statements_whatever_they_hold(ruth: Client, house: House) -> None:
    def statements(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(ruth, url)
        return len(seen)

    hire(house, name="Bob Brown")
    few = brought(ruth, HEADER + BOB + CAROL + DAVE)
    many = brought(ruth, HEADER + BOB + CAROL + DAVE * 60)
    page(ruth, few)
    assert statements(f"{few}?show=all") == statements(f"{many}?show=all") <= 12
    one = statements(LIST)
    for _ in range(5):
        brought(ruth, HEADER + BOB)
    assert statements(LIST) == one


def test_rows_come_by_fifties(ruth: Client) -> None:
    where = brought(ruth, sheets.text_of(sheets.people(120)))
    seen = page(ruth, f"{where}?show=all")
    assert seen.count('<tr id="row-') == 50
    following = re.search(r'href="([^"]+cursor[^"]+)"[^>]*rel="next"', seen)
    assert following
    assert 'id="row-51"' in page(ruth, following[1].replace("&amp;", "&"))
