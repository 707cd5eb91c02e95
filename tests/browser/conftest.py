"""Fixtures of the browser tests; what they give is told in the package's docstring."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, named, where
from tests.browser.looking import keep_axe
from tests.browser.people import Doorman
from tests.browser.site import RUNNING, Site, already_running, running
from tests.browser.watching import Watch, watch
from tests.databases import pointed_at

HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
"""What the instance reads; the quick hash of other tests is foreign to it."""

FAILED = pytest.StashKey[bool]()
EXPECT_MS = 20_000
HERE = Path(__file__).parent

OpenPerson = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("goes_last") is not None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; the tests are skipped, and say so, where there is none."""
    path = where()
    if path is None:
        pytest.skip(
            f"no Chromium at {named()}: apt install chromium-headless-shell, or name one "
            "in LECTERN_CHROMIUM"
        )
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of this test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def the_site(
    chromium: str, run_folder: Path, request: pytest.FixtureRequest, django_db_blocker: Any
) -> Iterator[Site]:
    if address := os.environ.get(RUNNING):
        yield already_running(address)
        return
    request.getfixturevalue("django_db_setup")
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            site = stack.enter_context(running(shared=run_folder))
        yield site


@pytest.fixture
def site(the_site: Site, django_db_blocker: Any) -> Iterator[Site]:
    """The instance; Django's ORM in this process works in its database meanwhile."""
    real = override_settings(PASSWORD_HASHERS=HASHERS)
    with django_db_blocker.unblock(), pointed_at(the_site.database.name), real:
        yield the_site
    assert the_site.dead() == [], the_site.log()[-3_000:]


@pytest.fixture(scope="session")
def doormen(browser: Browser) -> dict[str, Doorman]:
    """Who has signed in where, by base URL."""
    return {}


@pytest.fixture
def doorman(site: Site, browser: Browser, doormen: dict[str, Doorman]) -> Doorman:
    return doormen.setdefault(site.base_url, Doorman(browser=browser, base_url=site.base_url))


@pytest.fixture
def contexts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Contexts"]:
    opened = Contexts()
    yield opened
    opened.close(pictures=tmp_path if request.node.stash.get(FAILED, False) else None)


class Contexts:
    """What a test has opened; closing them fails it when something went wrong unseen."""

    def __init__(self) -> None:
        self.opened: list[tuple[BrowserContext, Watch]] = []
        self.borrowed: list[BrowserContext] = []

    def page(self, context: BrowserContext, *, who: str) -> Page:
        self.opened.append((context, watch(context, who=who)))
        return context.new_page()

    def borrow(self, context: BrowserContext, seen: Watch) -> Page:
        """A page of a context that other tests use as well: it stays open, and is forgiven."""
        self.opened.append((context, seen))
        self.borrowed.append(context)
        return context.new_page()

    def close(self, *, pictures: Path | None) -> None:
        left = []
        for number, (context, seen) in enumerate(self.opened):
            for page in context.pages if pictures else ():
                path = f"{pictures}/{number}-{seen.who.partition('@')[0]}.png"
                with contextlib.suppress(Exception):
                    page.screenshot(path=path, full_page=True)
                    print(f"{seen.who} saw {page.url}: {path}")
            self._leave(context)
            left += [f"{seen.who}: {problem}" for problem in seen.left()]
            seen.forget()
        assert left == []

    def _leave(self, context: BrowserContext) -> None:
        if context not in self.borrowed:
            context.close()
            return
        for page in context.pages:
            page.close()


@pytest.fixture
def person(doorman: Doorman, contexts: Contexts) -> OpenPerson:
    """Open a signed-in page: `person("alice.novak@example.org", phone=True, dark=True)`."""

    def open_(email: str, **look: bool) -> Page:
        return contexts.page(doorman.context(email, **look), who=email)

    return open_


@pytest.fixture(scope="session")
def regulars(browser: Browser) -> Iterator[dict[tuple[str, bool], tuple[BrowserContext, Watch]]]:
    """Whoever goes from page to page, by e-mail and whether on a phone."""
    kept: dict[tuple[str, bool], tuple[BrowserContext, Watch]] = {}
    yield kept
    for context, _ in kept.values():
        context.close()


@pytest.fixture
def regular(
    doorman: Doorman,
    contexts: Contexts,
    regulars: dict[tuple[str, bool], tuple[BrowserContext, Watch]],
) -> OpenPerson:
    """As `person`, in one context for all tests: what pages share is loaded and compiled once.

    For tests that look and change nothing.
    """

    def open_(email: str, *, phone: bool = False) -> Page:
        if (email, phone) not in regulars:
            context = doorman.context(email, phone=phone)
            keep_axe(context)
            regulars[email, phone] = context, watch(context, who=email)
        return contexts.borrow(*regulars[email, phone])

    return open_


@pytest.fixture
def stranger(doorman: Doorman, contexts: Contexts) -> OpenPerson:
    """Open a page of somebody who has not signed in."""

    def open_(**look: bool) -> Page:
        return contexts.page(doorman.context(None, **look), who="stranger")

    return open_
