"""A manager puts a requirement set together, watches whom it leaves, and saves it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.browser.watching import allow
from tests.tasks.crew import Crew, moment
from tests.tasks.test_quoting import at_work
from tutors.models import NamedSet

MIRIAM = "miriam.osei@example.org"

pytestmark = pytest.mark.xdist_group("operations")

FIELD, QUOTED = "stem.chemistry", "creative-writing"
"""No other test hires here, and there is nothing wider than the second."""


def test_a_set_with_two_ways_is_built_while_the_funnel_follows(
    site: Site, person: Callable[..., Page]
) -> None:
    crew = Crew()
    crew.tutor("Thora", speciality=FIELD, level=3)
    page = person(MIRIAM)
    page.goto("/ops/requirements/")
    page.get_by_role("link", name="New set").first.click()
    expect(page.get_by_text("Without a rule anybody under contract")).to_be_visible()

    page.get_by_role("button", name="Qualification", exact=True).click()
    rule = page.locator("#r0")
    expect(rule.locator("h3")).to_be_focused()
    rule.get_by_label("Speciality").select_option(FIELD)
    rule.get_by_label("Level at least").select_option("3")
    funnel = page.locator("#funnel")
    expect(funnel.locator("[role=status]")).to_contain_text("1 of ")
    expect(funnel.locator(".sieve-who")).to_contain_text("Thora")
    check_accessible(page)

    page.locator(".add-rule").get_by_role("button", name="Language").click()
    page.locator("#r1").get_by_label("Language").select_option("el")
    expect(funnel.locator("[role=status]")).to_contain_text("meets all of this")
    expect(funnel.locator(".costly")).to_contain_text("Costs most")
    page.locator("#r1 summary", has_text="Or instead").click()
    page.locator("#r1 .mores").get_by_role("button", name="Language").click()
    page.locator("#r1-b1-l0-tag").select_option("en")
    expect(funnel.locator("[role=status]")).to_contain_text("1 of ")

    allow(page, r"422 POST .*/requirements/add/")
    page.get_by_role("button", name="Save the set").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.get_by_label("Name", exact=True).fill("Chemists, Greek or English")
    page.get_by_role("button", name="Save the set").click()
    expect(page.get_by_role("heading", name="Chemists, Greek or English")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("is saved")
    expect(page.get_by_text("Thora")).to_be_visible()
    check_accessible(page)
    made = NamedSet.objects.get(name="Chemists, Greek or English")
    assert made.document["rules"][1]["test"] == {
        "any": [
            {"kind": "language", "tag": "el", "min": "C1"},
            {"kind": "language", "tag": "en", "min": "C1"},
        ]
    }


def test_a_set_is_quoted_on_its_desk_with_the_price_of_a_step_less(
    site: Site, person: Callable[..., Page]
) -> None:
    """Thekla is of level 2: she would help at a level less, and without the rule."""
    crew = Crew(at=moment() - timedelta(days=7))
    at_work(crew, "Tilda", speciality=QUOTED, level=3)
    at_work(crew, "Tamar", speciality=QUOTED, level=3, reviewer=True)
    at_work(crew, "Thekla", speciality=QUOTED, level=2)
    page = person(MIRIAM)
    page.goto("/ops/requirements/add/")
    page.get_by_role("button", name="Qualification", exact=True).click()
    page.locator("#r0").get_by_label("Speciality").select_option(QUOTED)
    page.locator("#r0").get_by_label("Level at least").select_option("3")
    page.get_by_label("Tasks", exact=True).fill("60")
    page.locator("#id_quote_domain").select_option(QUOTED)
    page.locator("#id_quote_minutes").fill("10")
    page.get_by_role("button", name="Quote it").click()
    quote = page.locator("#quote")
    expect(quote.get_by_text("Done by")).to_be_visible()
    expect(quote.locator(".quote-prices > li")).to_contain_text("1 more person without it")
    eased = quote.locator(".quote-easier li")
    expect(eased).to_have_count(1)
    expect(eased).to_contain_text(f"Qualified in {QUOTED} at level 2 or better: 1 more person")
    check_accessible(page)

    page.locator("#r0").get_by_label("Level at least").select_option("2")
    page.get_by_role("button", name="Quote it").click()
    expect(quote.locator(".quote-easier")).to_have_count(0)
    expect(quote.locator(".quote-prices > li")).to_contain_text("nobody more could help")
