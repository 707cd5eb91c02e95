"""What the workspace keeps: through reloads, crashes, lost connections and ended sessions."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.demonstration.loading import PASSWORD
from tasks.models import Claim, Draft
from tests.browser.bench import Bench, Person, at_work, select
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.browser.watching import allow
from tests.tasks.crew import Crew

HOSTILE = (
    "<img src=x onerror=alert(1)> </script><script>alert(2)</script>"
    " [a](javascript:alert(3)) \u202egnp"
)


@pytest.fixture
def crew(site: Site) -> Crew:
    return Crew()


def kept(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = Draft.objects.get(tutor=bench.tutor).answer
    return found


def praise(page: Page) -> Any:
    return page.locator("#praise")


def test_a_draft_is_there_after_a_reload_and_after_a_crash(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "critique", "Dana")
    page = bench.open()
    praise(page).fill("The right law.")
    bench.saved()
    page.reload()
    expect(praise(page)).to_have_value("The right law.")
    page.context.set_offline(True)
    allow(page, "failed: ", "console: ")
    praise(page).fill("The right law, and more.")
    expect(page.locator("#draft-state")).to_contain_text("Not saved. Trying again in")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(bench.path)
    expect(praise(again)).to_have_value("The right law, and more.")
    expect(again.locator("#restored")).to_contain_text("Restored what this browser kept")
    expect(again.locator("#draft-state")).to_contain_text("Draft saved")
    assert kept(bench)["praise"] == "The right law, and more."
    again.get_by_role("button", name=re.compile("Use the saved draft")).click()
    expect(praise(again)).to_have_value("The right law.")


def test_without_a_connection_it_tries_again_by_itself(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "critique", "Dora")
    page = bench.open()
    allow(page, "failed: ", "console: ")
    page.context.set_offline(True)
    praise(page).fill("Kept.")
    expect(page.locator("#draft-state")).to_contain_text("Not saved. Trying again in")
    page.context.set_offline(False)
    bench.saved()
    assert kept(bench)["praise"] == "Kept."


def test_a_session_that_ends_in_the_middle_costs_nothing(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "critique", "Dina")
    page = bench.open()
    allow(page, r"40[13] ")
    allow(page, r"409 PUT")  # the tab of the sign-in may have saved the same text already
    page.context.clear_cookies(name="sessionid")
    praise(page).fill("Written while signed out.")
    banner = page.locator("#signed-out")
    expect(banner).to_contain_text("Your draft is kept in this browser")
    with page.context.expect_page() as opened:
        banner.get_by_role("link").click()
    other = opened.value
    other.locator("input[name=login]").fill(bench.tutor.account.email)
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("input[name=password]").press("Enter")
    other.wait_for_url(lambda url: "/accounts/" not in url)
    other.close()
    bench.saved()
    expect(banner).to_have_count(0)
    assert kept(bench)["praise"] == "Written while signed out."


def test_two_windows_do_not_overwrite_each_other(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "critique", "Dea")
    page = bench.open()
    other = page.context.new_page()
    other.goto(bench.path)
    allow(page, "409 PUT")
    praise(page).fill("First window.")
    bench.saved()
    praise(other).fill("Second window.")
    dialog = other.locator("#two-drafts")
    expect(dialog).to_contain_text("Another window saved a newer draft")
    dialog.get_by_role("button", name="Load the newer one").click()
    expect(praise(other)).to_have_value("First window.")


def test_every_edit_is_undone_and_done_again(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "hallucination", "Dilys")
    page = bench.open()
    select(page, "right knee")
    select(page, "131 g/L")
    marks = page.locator(".markable mark")
    expect(marks).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(marks).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(marks).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(marks).to_have_count(2)
    page.locator(".span-li").nth(0).get_by_role("button").first.click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(marks).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(marks).to_have_count(2)


def test_paused_resumed_and_taken_back(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "preference", "Dirk")
    page = bench.open()
    page.keyboard.press("p")
    expect(page.locator("#paused-note")).to_be_visible()
    assert Claim.objects.get(pk=bench.claim.claim_id).state == "paused"
    page.keyboard.press("p")
    expect(page.locator("#paused-note")).to_have_count(0)
    page.get_by_role("button", name="Cannot do this").first.click()
    page.get_by_text("The task is broken").click()
    page.get_by_role("button", name="Hand this in").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#ranking")).to_be_visible()
    assert Claim.objects.get(pk=bench.claim.claim_id).state == "in_progress"


def test_hostile_texts_stay_texts(crew: Crew, person: Person) -> None:
    given = {
        "conversation": [{"role": "user", "text": HOSTILE}],
        "responses": [{"id": "a", "text": f"{HOSTILE} end."}],
        "sources": [{"id": "s1", "title": HOSTILE, "lines": [HOSTILE, "two"]}],
        "ask": {"kinds": ["unsupported", "omission"], "evidence": "optional", "harm": True},
    }
    bench = at_work(crew, person, "hallucination", "Dag", given=given)
    page = bench.open()
    select(page, "end")
    page.get_by_label("Correct text").fill(HOSTILE)
    page.get_by_label("Overall note").fill(HOSTILE)
    bench.saved()
    page.reload()
    expect(page.locator(".markable mark").first).to_be_visible()
    page.keyboard.press("g")
    assert page.locator(".doc img, .doc script, #editor img, #editor script").count() == 0
    expect(page.locator(".ln").first).to_contain_text("<img src=x onerror=alert(1)>")


def test_on_a_phone_panes_are_tabs_and_submit_is_in_reach(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "hallucination", "Dov", phone=True)
    page = bench.open()
    expect(page.locator(".ans")).to_be_visible()
    expect(page.locator(".src")).to_be_hidden()
    page.get_by_role("button", name="Source", exact=True).click()
    expect(page.locator(".src")).to_be_visible()
    submit = page.locator("#submit").bounding_box()
    assert submit and submit["y"] + submit["height"] <= 844 and submit["height"] >= 44
    page.locator("#submit").tap()
    expect(page.locator(".insp")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    check_accessible(page)
