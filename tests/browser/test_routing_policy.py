"""A manager changes how tasks of a project find people, looks at what it would do, and takes it
back.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tasks.models import Project, RoutingPolicy, Slot
from tasks.operations.policing import set_policy
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.browser.watching import allow
from tests.tasks.crew import Crew
from workforce.doors import now

MIRIAM = "miriam.osei@example.org"

pytestmark = pytest.mark.xdist_group("operations")


FIELD = "stem.biology"
"""No other test hires here, so nobody of level 4 is about."""

ASKED = {
    "schema": 1,
    "name": "Biology",
    "rules": [
        {
            "id": "field",
            "mode": "hard",
            "test": {"kind": "qualification", "speciality": FIELD, "level_min": 1},
        }
    ],
}


def stage() -> tuple[Crew, Project]:
    """Two people and two waiting tasks: an urgent one, and one that is not."""
    crew = Crew()
    project = crew.project(name="Lemmas", domain=FIELD, requirements=ASKED, sla_minutes=240)
    for name in ("Alva", "Bela"):
        crew.tutor(name, speciality=FIELD)
    crew.tasks(project, priority=60)
    crew.tasks(project, priority=10)
    return crew, project


def test_a_policy_is_tried_saved_compared_restored_and_played_on_the_past(
    site: Site, person: Callable[..., Page]
) -> None:
    crew, project = stage()
    page = person(MIRIAM)
    page.goto(f"/ops/projects/{project.public_id}/")
    page.get_by_role("link", name="Routing policy").click()
    expect(page.get_by_role("heading", name="Routing of Lemmas")).to_be_visible()
    expect(page.get_by_text("The usual values: nobody set others.")).to_be_visible()
    check_accessible(page)

    page.get_by_label("Minutes per step of priority").fill("0")
    page.get_by_label("Head start, minutes").fill("600")
    page.get_by_label("For this level and above").fill("4")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What these values would change")).to_be_focused()
    rows = page.locator(".try tbody > tr", has_text="T-")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Kept for specialists")
    rows.first.locator("summary").click()
    expect(rows.first.get_by_role("row", name=re.compile("Together"))).to_be_visible()
    check_accessible(page)
    assert not RoutingPolicy.objects.filter(project=project).exists()

    page.get_by_role("button", name="Save version 1").click()
    expect(page.locator("#id_note")).to_be_focused()
    page.get_by_label("Why", exact=True).fill("Seniors look first")
    page.get_by_role("button", name="Save version 1").click()
    expect(page.locator("#toasts")).to_contain_text("Version 1 is in force.")
    expect(page.locator(".policy-versions")).to_contain_text("Seniors look first")
    check_accessible(page)

    document = {"cost_percent": 50}
    set_policy(
        owner=project, document=document, seen=1, note="From elsewhere", actor=crew.max, at=now()
    )
    page.locator("#id_cost_percent").fill("20")
    page.locator("#id_note").fill("Pay matters")
    allow(page, r"409 POST .*/routing/")
    page.get_by_role("button", name="Save version 2").click()
    expect(page.get_by_role("alert")).to_contain_text("Version 2 was saved while you edited.")
    expect(page.locator("#id_cost_percent")).to_have_value("20")
    expect(page.locator(".policy-versions")).to_contain_text("From elsewhere")
    check_accessible(page)
    page.get_by_role("button", name="Save version 3").click()
    expect(page.locator("#toasts")).to_contain_text("Version 3 is in force.")

    page.get_by_text("Put version 1 in force again").click()
    first = page.locator(".policy-versions li", has_text="Seniors look first")
    first.get_by_label("Why").fill("It was better before")
    first.get_by_role("button", name="Restore version 1").click()
    expect(page.locator("#toasts")).to_contain_text("Version 4 is in force.")
    newest = RoutingPolicy.objects.filter(project=project).latest("version")
    assert (newest.version, newest.restores) == (4, 1)
    assert newest.document["specialist_first_minutes"] == 600

    Slot.objects.filter(task__project=project).update(opened_at=now() - timedelta(hours=2))
    page.get_by_label("Head start, minutes").fill("0")
    page.get_by_label("Period").select_option(label="The last 7 days")
    page.get_by_role("button", name="Begin the dry run").click()
    expect(page.get_by_role("heading", name="Its own work")).to_be_visible()
    expect(page.get_by_text("2 tasks and reviews")).to_be_visible()
    expect(page.locator(".diff")).to_contain_text("600 → 0")
    check_accessible(page)
    page.get_by_role("link", name="Back to these values").click()
    expect(page.get_by_label("Head start, minutes")).to_have_value("0")
    assert RoutingPolicy.objects.filter(project=project).count() == 4
