"""A page opened as a person would, and axe-core on it, in light and in dark."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Error, Page, Response

from tests.browser.watching import allow

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
THEMES: dict[Literal["light", "dark"], dict[str, Any]] = {"light": EVERYTHING, "dark": COLOURS}
"""The themes differ in colours alone, so the second look is at what colours decide."""

SHOWN_MAX = 4
STILL = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.documentElement;
  root.style.display = "none";
  root.getBoundingClientRect();
  root.style.removeProperty("display");
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
}"""
"""Colours between two themes belong to neither: draw everything anew, then let it settle."""

LOADED = """() => {
  if (!window.axe && window.lecternAxe) window.eval(window.lecternAxe);
  return Boolean(window.axe);
}"""
LOAD = "(source) => { window.eval(source); }"
RUN = "async (options) => (await window.axe.run(document, options)).violations"


NO_PAGE = ("Download is starting", "ERR_ABORTED")
"""What Chromium says where an address gives a file, or nothing to show."""


def opened(page: Page, url: str) -> Response | None:
    """What an address shows; None where it gives a file, nothing, or leads elsewhere.

    That it only takes forms, or that the thing is not there, is no problem of the page.
    """
    allow(page, rf"40[45] GET .*{re.escape(url)}", r"failed: GET .*ERR_ABORTED")
    try:
        answer = page.goto(url, wait_until="load")
    except Error as error:
        assert any(said in str(error) for said in NO_PAGE), error
        return None
    if answer is None or answer.request.redirected_from is not None:
        return None
    return answer if "text/html" in answer.headers.get("content-type", "") else None


def check_accessible(page: Page) -> None:
    """Fail on any violation that axe-core finds on the page as it is now, in either theme."""
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """One line for each violation: theme, rule, what is wrong, and where."""
    found = []
    if not page.evaluate(LOADED):  # half a megabyte goes to each document once, not to each look
        page.evaluate(LOAD, _source())
    for theme, options in THEMES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(STILL)
        found += [_line(theme, each) for each in page.evaluate(RUN, options)]
    page.emulate_media(color_scheme="light")
    return found


def keep_axe(context: BrowserContext) -> None:
    """Give the context axe-core once and for all, for whoever looks at page after page in it.

    It takes longer to hand half a megabyte to a page than to run it.
    """
    context.add_init_script(f"window.lecternAxe = {json.dumps(_source())};")


@cache
def _source() -> str:
    return AXE.read_text()


def _line(theme: str, violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    where = "; ".join(str(node["target"][0]) for node in nodes[:SHOWN_MAX])
    why = " ".join(nodes[0].get("failureSummary", "").split()) if nodes else ""
    return f"{theme}: {violation['id']} ({len(nodes)}): {where}: {why}"
