"""A recruiter brings a spreadsheet in: fixes it in place, imports it, takes the rest home."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.browser.watching import allow
from tests.tutors import sheets
from tutors.models import Tutor

ROSA = "rosa.ekholm@example.org"
ROWS = 60
FIXES = {
    "E-mail": "put.right@example.org",
    "Time zone": "Africa/Lagos",
    "Country": "DE",
    "Languages": "en:C2",
    "Domains": "stem.mathematics",
}
"""What Rosa types into the first cell of each column; the other rows she skips or leaves."""


def bring(page: Page, path: Path) -> None:
    page.goto("/recruiting/imports/")
    page.get_by_label("Drop a CSV here, or choose one").set_input_files(path)
    page.get_by_role("button", name="Check the file").click()


def test_a_file_with_twelve_faults_is_mended_and_imported(
    site: Site, person: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "physicians.csv"
    file.write_text(sheets.text_of(sheets.spoiled(sheets.people(ROWS, tag="browser-"))))
    rosa = person(ROSA)
    bring(rosa, file)
    expect(rosa.get_by_role("heading", name="Import tutors")).to_be_visible()
    expect(rosa.locator("tbody tr")).to_have_count(12)
    check_accessible(rosa)

    for left, (label, value) in enumerate(FIXES.items(), start=1):
        cell = rosa.get_by_label(re.compile(rf"^Row \d+, {label}$")).first
        cell.fill(value)
        cell.press("Enter")
        expect(rosa.locator("#live")).to_contain_text(f"New. {12 - left} rows need you.")
    rosa.locator("tr:has(td.err)").first.get_by_role("button", name="Skip").click()
    expect(rosa.locator("#import-tabs")).to_contain_text("Skipped 1")
    rosa.get_by_role("button", name="Import 53 rows").click()
    expect(rosa.locator(".banner")).to_contain_text("53 people added")
    check_accessible(rosa)
    assert Tutor.objects.filter(account__email__contains=".browser-").count() == 52

    with rosa.expect_download() as saved:
        rosa.get_by_role("link", name="Rejected rows").click()
    rows = list(csv.reader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == 1 + 7
    assert rows[0][-2:] == ["row", "reasons"]
    assert all(row[-1] for row in rows[1:])

    rosa.get_by_role("link", name="Undo this import").click()
    rosa.get_by_role("button", name="Take back 53 rows").click()
    expect(rosa.locator(".banner")).to_contain_text("53 rows were taken back.")
    check_accessible(rosa)
    assert not Tutor.objects.filter(account__email__contains=".browser-").exists()


def test_a_large_file_shows_its_progress_until_it_is_done(
    site: Site, person: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    file.write_text(sheets.text_of(sheets.people(501, tag="many-"), delimiter=";"))
    rosa = person(ROSA)
    bring(rosa, file)
    expect(rosa.locator(".page-head")).to_contain_text("UTF-8, semicolon")
    rosa.get_by_role("button", name="Import 501 rows").click()
    expect(rosa.locator(".banner")).to_contain_text("501 people added", timeout=60_000)


def test_a_bad_file_is_named_and_a_strange_header_is_asked_for(
    person: Callable[..., Page], tmp_path: Path
) -> None:
    rosa = person(ROSA)
    bad = tmp_path / "bad.csv"
    bad.write_text('email,name\n"alice@example.org,Alice\n')
    allow(rosa, r"422 POST .*/recruiting/imports/")
    bring(rosa, bad)
    expect(rosa.get_by_role("alert")).to_contain_text("Is a quote left open?")
    check_accessible(rosa)
    strange = tmp_path / "strange.csv"
    text = sheets.text_of(sheets.people(3, seed=7, tag="strange-")).replace(
        "mail", "where to write"
    )
    strange.write_text(text)
    bring(rosa, strange)
    expect(rosa.locator(".banner")).to_contain_text("Not matched yet: E-mail.")
    check_accessible(rosa)
    rosa.get_by_label("where to write").select_option(label="E-mail (needed)")
    rosa.get_by_role("button", name="Check all rows").click()
    expect(rosa.get_by_role("button", name="Import 3 rows")).to_be_visible()
    rosa.get_by_role("button", name="Discard").click()
    expect(rosa.get_by_text("Nothing was saved about anybody").first).to_be_visible()
