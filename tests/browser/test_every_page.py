"""Every page of the URL map, for somebody who may see it: whole, quiet, accessible, small."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import APIResponse, Page, expect

from config.demonstration.tour import FINDERS, NOTHING, Stop, shown, stops, visitor
from config.urls import pages
from tests.browser.looking import violations
from tests.browser.site import Site
from tests.browser.watching import problems

WORK_BYTES_MAX = 60 * 1024
FONTS = (".woff2",)
DOCUMENT = re.compile(rb"^\s*<!doctype html>", re.IGNORECASE)
ANSWERS_WITHOUT_A_PAGE = (204, 302, 303, 304, 405)
"""What an address says to GET that only takes forms, or leads elsewhere."""

FIRST_IS_SKIP = """() => document.querySelector("a[href],button,input,select,textarea")
  .matches(".skip-link[href='#main']")"""
"""A page may put the focus where its work begins, so Tab is no way to ask."""

SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/accounts/login/code/")
NAMES = [str(pattern.name) for pattern in pages]


@dataclass
class Seen:
    """What one page answered and looked like."""

    stop: Stop
    faults: list[str]

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(f"{self.stop.name} {self.stop.url}: {what}")


@pytest.fixture
def tour(site: Site) -> dict[str, Stop]:
    return {stop.name: stop for stop in stops()}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_quiet_and_accessible(
    name: str, tour: dict[str, Stop], person: Callable[..., Page]
) -> None:
    stop = tour[name]
    page = person(stop.email)
    answer = page.request.get(stop.url, max_redirects=0)
    if not is_page(answer):
        assert answer.status in (200, *ANSWERS_WITHOUT_A_PAGE) or NOTHING in stop.url, answer
        return
    seen = Seen(stop, [])
    look(page, seen)
    if stop.on_phones:
        phone = person(stop.email, phone=True)
        look(phone, seen)
        seen.check(fits(phone), "the phone scrolls sideways")
        weigh(phone, seen)
    assert not seen.faults, "\n" + "\n".join(seen.faults)


@pytest.mark.parametrize("url", SIGNED_OUT)
def test_a_page_for_strangers_too(url: str, stranger: Callable[..., Page]) -> None:
    page = stranger()
    seen = Seen(Stop(name="stranger", url=url, email=""), [])
    look(page, seen)
    assert not seen.faults, "\n" + "\n".join(seen.faults)


def test_no_page_is_forgotten() -> None:
    """A parameter that the tour cannot fill would leave a page unseen."""
    unknown = {
        f"{pattern.name}: {kind}"
        for pattern in pages
        for kind in shown(pattern)
        if kind not in FINDERS
    }
    assert unknown == set()
    assert all(visitor(pattern) for pattern in pages)


def is_page(answer: APIResponse) -> bool:
    """A whole document: not a part for htmx, a file, or an address that only takes forms."""
    return answer.status == 200 and bool(DOCUMENT.match(answer.body()[:200]))


def look(page: Page, seen: Seen) -> None:
    """Open it and hold it to what every page promises."""
    answer = page.goto(seen.stop.url, wait_until="load")
    seen.check(answer is not None and answer.status == 200, f"answered {answer}")
    page.wait_for_timeout(150)
    seen.check(page.locator("h1").count() == 1, f"{page.locator('h1').count()} h1")
    title = page.title()
    seen.check(len(title) > len("Lectern") and "{{" not in title, f"title {title!r}")
    seen.check(has_skip_link(page), "the skip link does not lead to the content")
    for line in violations(page):
        seen.check(False, line)
    for problem in problems(page):
        seen.check(False, problem)


def has_skip_link(page: Page) -> bool:
    """It comes before anything else that takes the focus, and Enter goes past the navigation."""
    if not page.evaluate(FIRST_IS_SKIP):
        return False
    link = page.locator(".skip-link")
    link.focus()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    return bool(page.evaluate("() => document.activeElement.id === 'main'"))


def fits(page: Page) -> bool:
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(wide)) <= 1


def weigh(page: Page, seen: Seen) -> None:
    """The page and everything it loads but fonts and media, gzipped."""
    sizes: dict[str, int] = {}

    def note(url: str, body: bytes) -> None:
        sizes[url.rpartition("/")[2] or "page"] = len(gzip.compress(body, 6))

    urls = page.evaluate("() => performance.getEntriesByType('resource').map((e) => e.name)")
    note("", page.request.get(seen.stop.url).body())
    for url in set(urls):
        kind = page.request.head(url).headers.get("content-type", "")
        if kind.startswith(("text/", "application/javascript", "image/svg")):
            note(url, page.request.get(url).body())
    total = sum(sizes.values())
    seen.check(total <= WORK_BYTES_MAX, f"{total:,} bytes gzipped: {sizes}")
