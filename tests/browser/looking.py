"""axe-core on a page, in light and in dark."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
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

RUN = """
async ([source, options]) => {
  if (!window.axe) { window.eval(source); }
  return (await window.axe.run(document, options)).violations;
}
"""


def check_accessible(page: Page) -> None:
    """Fail on any violation that axe-core finds on the page as it is now, in either theme."""
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """One line for each violation: theme, rule, what is wrong, and where."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(STILL)
        found += [_line(theme, each) for each in page.evaluate(RUN, [_source(), OPTIONS])]
    page.emulate_media(color_scheme="light")
    return found


@cache
def _source() -> str:
    return AXE.read_text()


def _line(theme: str, violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    where = "; ".join(str(node["target"][0]) for node in nodes[:SHOWN_MAX])
    why = " ".join(nodes[0].get("failureSummary", "").split()) if nodes else ""
    return f"{theme}: {violation['id']} ({len(nodes)}): {where}: {why}"
