"""The tutor's part of the road again: by keyboard only, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.site import Site

ALICE = "alice.novak@example.org"
TABS_MAX = 120


class Keys:
    """Somebody without a mouse: Tab, arrows, Enter, and the keys printed on the controls."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Tab until the focus stands on it; it must be seen there."""
        for _ in range(TABS_MAX):
            if self.page.locator(f"{selector}:focus").count():
                expect(self.page.locator(f"{selector}:focus")).to_be_in_viewport()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def test_a_task_by_keyboard_only(site: Site, person: Callable[..., Page]) -> None:
    project = acts.open_project("Done without a mouse")
    page = person(ALICE)
    keys = Keys(page)
    page.goto(acts.queue_of(project))
    keys.to('main form[action$="/work/next/"] button')
    keys.press("Enter")
    page.wait_for_url("**/work/task/**")
    keys.press("6")
    expect(page.locator('#ranking input[value="6"]')).to_be_checked()
    for criterion in page.locator("fieldset[id^=criteria-]").all():
        name = criterion.get_attribute("id")
        keys.to(f"#{name} input")
        keys.press("ArrowRight", "ArrowRight")
    keys.to("#reason")
    keys.type(acts.REASON)
    keys.to("#confidence input")
    keys.press("ArrowRight", "ArrowRight")
    expect(page.locator("#ready")).to_have_text("Ready")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Submitted", timeout=acts.SLOW_MS)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_task_on_a_phone(site: Site, person: Callable[..., Page], dark: bool) -> None:
    project = acts.open_project(f"Done on a phone, {'dark' if dark else 'light'}")
    page = person(ALICE, phone=True, dark=dark)
    page.goto(acts.queue_of(project))
    page.get_by_role("button", name="Take the next task").tap()
    page.wait_for_url("**/work/task/**")
    page.locator("[data-pane=edit]").tap()
    page.locator('#ranking label:has(input[value="6"])').tap()
    for criterion in page.locator("fieldset[id^=criteria-]").all():
        criterion.locator('label:has(input[value="6"])').tap()
    page.locator("#reason").fill(acts.REASON)
    page.locator('#confidence label:has(input[value="4"])').tap()
    wide = "() => document.documentElement.scrollWidth <= innerWidth + 1"
    assert page.evaluate(wide), "the phone scrolls sideways"
    page.locator("#submit").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Submitted", timeout=acts.SLOW_MS)


def test_signing_in_by_keyboard_only(site: Site, stranger: Callable[..., Page]) -> None:
    page = stranger()
    keys = Keys(page)
    page.goto("/")
    keys.to("input[name=login]")
    keys.type(ALICE)
    keys.to("input[name=password]")
    keys.type("lectern-demonstration")
    keys.press("Enter")
    page.wait_for_url("**/work/")
    keys.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
