"""Every page of the URL map, for somebody who may see it: whole, quiet, accessible, small."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import URLPattern
from playwright.sync_api import Page, Response, expect

from config.demonstration.tour import FINDERS, NOTHING, Stop, shown, stop_at, visitor
from config.urls import pages
from tests.browser.looking import opened, violations
from tests.browser.site import Site
from tests.browser.watching import problems

WORK_BYTES_MAX = 60 * 1024
FONTS = (".woff2",)
DOCUMENT = re.compile(rb"^\s*<!doctype html>", re.IGNORECASE)
NOT_THERE, ONLY_FORMS = WITHOUT_A_PAGE = (404, 405)
"""What an address says to GET whose thing is not there, or that only takes forms."""

FIRST_IS_SKIP = """() => document.querySelector("a[href],button,input,select,textarea")
  .matches(".skip-link[href='#main']")"""
"""A page may put the focus where its work begins, so Tab is no way to ask."""

SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/accounts/login/code/")


@dataclass
class Seen:
    """What one page answered and looked like."""

    stop: Stop
    faults: list[str]

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(f"{self.stop.name} {self.stop.url}: {what}")


@pytest.mark.parametrize("pattern", pages, ids=lambda each: each.name)
def test_a_page_is_whole_quiet_and_accessible(
    pattern: URLPattern, site: Site, regular: Callable[..., Page]
) -> None:
    stop = stop_at(pattern)
    page = regular(stop.email)
    answer = opened(page, stop.url)
    if answer is None or not DOCUMENT.match(answer.body()[:200]):
        return
    if answer.status in WITHOUT_A_PAGE:
        assert answer.status == ONLY_FORMS or NOTHING in stop.url, answer
        return
    seen = Seen(stop, [])
    look(page, answer, seen)
    if stop.on_phones:
        phone = regular(stop.email, phone=True)
        look(phone, opened(phone, stop.url), seen)
        seen.check(fits(phone), "the phone scrolls sideways")
        weigh(phone, seen)
    assert not seen.faults, "\n" + "\n".join(seen.faults)


@pytest.mark.parametrize("url", SIGNED_OUT)
def test_a_page_for_strangers_too(url: str, stranger: Callable[..., Page]) -> None:
    page = stranger()
    seen = Seen(Stop(name="stranger", url=url, email=""), [])
    look(page, opened(page, url), seen)
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


def look(page: Page, answer: Response | None, seen: Seen) -> None:
    """Hold what was opened to what every page promises."""
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


_weights: dict[str, int] = {}
"""Of files with a digest in their names, which most pages share."""


def _weight(page: Page, url: str) -> int:
    """Gzipped; 0 of what is no text: fonts and media."""
    answer = page.request.get(url)
    kind = answer.headers.get("content-type", "")
    is_text = kind.startswith(("text/", "application/javascript", "image/svg"))
    return len(gzip.compress(answer.body(), 6)) if is_text else 0


def weigh(page: Page, seen: Seen) -> None:
    """The page and everything it loads but fonts and media, gzipped."""
    sizes: dict[str, int] = {}

    def note(url: str, body: bytes) -> None:
        sizes[url.rpartition("/")[2] or "page"] = len(gzip.compress(body, 6))

    urls = page.evaluate("() => performance.getEntriesByType('resource').map((e) => e.name)")
    note("", page.request.get(seen.stop.url).body())
    for url in set(urls):
        if weight := _weights.get(url) or _weight(page, url):
            sizes[url.rpartition("/")[2]] = _weights[url] = weight
    total = sum(sizes.values())
    seen.check(total <= WORK_BYTES_MAX, f"{total:,} bytes gzipped: {sizes}")
