"""A manager asks for known answers, sees what came of them, and withdraws one that is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tasks.models import Project
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.browser.test_operations import MIRIAM
from tests.tasks.crew import Crew
from tests.tasks.known_answers import HALF, KNOWN, answer, days_pass

pytestmark = pytest.mark.xdist_group("operations")


def answered() -> Project:
    """Three people answered a task with a known answer; two of them differ from it."""
    crew = Crew()
    project = crew.project(overlap=3, review_policy="none", review_percent=0)
    crew.tasks(project, 1, gold=KNOWN)
    for name, what in (("Orla", HALF), ("Piet", HALF), ("Quinn", KNOWN)):
        answer(crew.tutor(name), project, what)
    crew.tasks(project, 4)
    days_pass()
    return project


def test_known_answers_are_asked_for_seen_and_withdrawn(
    site: Site, person: Callable[..., Page]
) -> None:
    project = answered()
    page = person(MIRIAM)
    page.goto(f"/ops/projects/{project.public_id}/")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Known answers, percent").fill("5")
    check_accessible(page)
    page.get_by_role("button", name="Save").click()

    card = page.get_by_role("region", name="Known answers")
    expect(card).to_contain_text("5% wanted")
    expect(card).to_contain_text("1 of 3 good")
    expect(card).to_contain_text("Perhaps wrong")
    check_accessible(page)

    card.get_by_role("link").first.click()
    answers = page.get_by_role("region", name="Answers and reviews")
    expect(answers).to_contain_text("67% agreement with the known answer; good from 70%")
    page.get_by_text("The known answer, shown to nobody who works on it").click()
    check_accessible(page)
    page.get_by_role("button", name="Withdraw the known answer").click()
    page.get_by_role("textbox", name="Reason").fill("The second point is none.")
    check_accessible(page)
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator("main")).to_contain_text("Known answer withdrawn")
    expect(answers).to_contain_text("counts in no record")
