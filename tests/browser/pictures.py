"""`./lectern pictures`: every page of the portals as PNG files in docs/pictures.

Staff pages at 1440 × 900, Work pages also at 390 × 844, each in light and in dark, named
`PAGE-desk-light.png`. Runs beside an instance with the demonstration, in its environment.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, where
from tests.browser.people import Doorman
from tests.browser.watching import Watch, watch

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LOOKS = ("desk", "phone")
THEMES = ("light", "dark")
README = {
    "recruiting-tutor-desk-light": "readme-recruiting",
    "work-home-desk-light": "readme-work",
    "ops-home-desk-light": "readme-operations",
    "work-home-phone-light": "readme-work-phone",
}
COLOURS = 128
NOT_FOR_GET = 405
SETTLE_MS = 600
"""Charts and fonts are there by then."""


def main() -> int:
    asked = parser().parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    chromium = where()
    if chromium is None:
        sys.exit("pictures: there is no Chromium here; LECTERN_CHROMIUM names one")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        camera = Camera(browser, asked)
        camera.walk()
        browser.close()
    print(f"{camera.taken} pictures in {FOLDER}")
    for problem in camera.problems:
        print(f"  {problem}")
    return int(bool(camera.problems))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="./lectern pictures")
    whole.add_argument("--base-url", required=True, help=argparse.SUPPRESS)
    whole.add_argument("--whole", action="store_true", help="pages as long as they are")
    whole.add_argument("--readme", action="store_true", help="make those of the README anew, too")
    whole.add_argument("only", nargs="*", metavar="PAGE", help="only pages with such names")
    return whole


class Camera:
    """Takes the pictures and remembers what went wrong on the pages."""

    def __init__(self, browser: Browser, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.doorman = Doorman(browser=browser, base_url=asked.base_url)
        self.taken = 0
        self.pages: dict[tuple[str, str], tuple[Page, Watch]] = {}
        self.problems: list[str] = []

    def walk(self) -> None:
        for name, url, email, on_phones in targets():
            wanted = not self.asked.only or any(
                re.fullmatch(each, name) for each in self.asked.only
            )
            for look in LOOKS if wanted else ():
                if look == "desk" or on_phones:
                    self._shoot(name, url, email, look)

    def _shoot(self, name: str, url: str, email: str, look: str) -> None:
        page, seen = self._page(email, look)
        answer = page.request.get(url, max_redirects=0)
        is_document = answer.body()[:200].lstrip().lower().startswith(b"<!doctype html>")
        if answer.status != 200 or not is_document:
            if answer.status >= 400 and answer.status != NOT_FOR_GET:
                self.problems.append(f"{name}: {answer.status} {url}")
            return
        page.goto(url)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(SETTLE_MS)
            picture = page.screenshot(full_page=self.asked.whole, animations="disabled")
            self._keep(f"{name}-{look}-{theme}", picture)
        self.problems += [f"{name} {look}: {problem}" for problem in seen.problems]
        seen.problems.clear()

    def _page(self, email: str, look: str) -> tuple[Page, Watch]:
        if (email, look) not in self.pages:
            context = self.doorman.context(email or None, phone=look == "phone")
            seen = watch(context, who=email)
            self.pages[email, look] = (context.new_page(), seen)
        return self.pages[email, look]

    def _keep(self, name: str, picture: bytes) -> None:
        (FOLDER / f"{name}.png").write_bytes(picture)
        self.taken += 1
        if self.asked.readme and name in README:
            small(picture).save(FOLDER / f"{README[name]}.png", optimize=True)


def targets() -> Iterator[tuple[str, str, str, bool]]:
    """Name, address, who looks, and whether phones do as well."""
    from config.demonstration.tour import stops

    yield "sign-in", "/accounts/login/", "", True
    for stop in stops():
        yield stop.name, stop.url, stop.email, stop.on_phones


def small(picture: bytes) -> Image.Image:
    """The same with few colours, which is what pages have: a third of the bytes."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sys.exit(main())
