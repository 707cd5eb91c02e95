"""Each portal's pages stand alone, and everything that is routed says who may enter."""

import pathlib
import re
import tomllib

from config.portals import PORTALS, address
from config.urls import pages

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ("workforce", "tutors", "tasks", "payments", "config")
PORTAL_ROOMS = {"recruiting", "work", "operations"}


def contract() -> set[str]:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (found,) = [
        one for one in held["tool"]["importlinter"]["contracts"] if one["name"].startswith("Portal")
    ]
    return set(found["modules"])


def test_the_contract_lists_every_portal_module():
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for path in (ROOT / package).glob("pages/*")
        if path.stem in PORTAL_ROOMS
    }
    assert contract() == found


def test_every_page_declares_who_may_enter():
    assert [p.name for p in pages if not hasattr(p.callback, "page")] == []


def test_every_page_has_a_name_of_its_own():
    names = [p.name for p in pages]
    assert sorted(names) == sorted(set(names))


def test_a_portals_pages_lie_below_its_address():
    astray = [
        (p.name, p.callback.__module__)
        for p in pages
        for portal in PORTALS
        if f".pages.{portal.key}" in p.callback.__module__
        and not str(p.pattern).startswith((portal.root.lstrip("/"), "sign/"))
    ]
    assert astray == []


def test_the_map_of_pages_names_every_entry_of_the_navigation():
    text = (ROOT / "docs" / "pages.md").read_text()
    entries = {e.to for portal in PORTALS for group in portal.groups for e in group.entries}
    addresses = {address(name) for name in entries}
    assert "" not in addresses, "an entry of the navigation leads nowhere"
    assert [a for a in addresses if f"`{a}`" not in text] == []


# --- Scripts say nothing that the server cannot translate ---------------------------------------

SAID = re.compile(r"""["`](?:[A-Z][a-z]+[ ,.:“$a-z]?|[a-z]+ [a-z]+ )[^"`\n]*["`]""")
KEYS = re.compile(r"[\"`](?:Enter|Escape|Arrow\w+|Accept|Content-Type|Idempotency-Key)[\"`]")
TAKEN = ("gettext(", "ngettext(")


def untranslated(text: str) -> list[str]:
    """Literals that read like words and are no argument of gettext."""
    bare = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.S | re.M)
    return [
        found.group()
        for found in SAID.finditer(bare)
        if not KEYS.fullmatch(found.group())
        and not bare[: found.start()].endswith(TAKEN)
        and not re.search(r'ngettext\("[^"]*", $', bare[: found.start()])
    ]


def test_scripts_take_their_words_from_the_server():
    assert untranslated('announce("Nothing selected"); h("p", {}, `Step ${n}`);') == [
        '"Nothing selected"',
        "`Step ${n}`",
    ]
    assert untranslated('gettext("Undone"); ngettext("%(n)s a", "Make two", n);') == []
    scripts = [
        path
        for package in PACKAGES
        for path in (ROOT / package / "static").rglob("*.js")
        if "vendor" not in path.parts
    ]
    assert len(scripts) > 20
    faults = {path.name: found for path in scripts if (found := untranslated(path.read_text()))}
    assert faults == {}
