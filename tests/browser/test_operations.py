"""A manager makes a project, hands in a file and watches it load and the live numbers move."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tasks.models import Claim, Project
from tasks.operations.claiming import claim
from tasks.rules.states import WorkRole
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.tasks.crew import INPUT, Crew
from tutors.operations.tying import Bond, declare_tie
from workforce.doors import now

ADA = "ada.lindgren@example.org"
MIRIAM = "miriam.osei@example.org"
ROSA = "rosa.ekholm@example.org"
LOADED_MS = 60_000
MOVED_MS = 45_000
IN_HAND = ("claimed", "in_progress", "paused")

pytestmark = pytest.mark.xdist_group("operations")


def work(folder: Path) -> Path:
    """Three good rows, one twice, one that nobody can do."""
    rows = [{"external_id": f"row-{n}", "input": INPUT} for n in (1, 2, 3, 3)]
    rows.append({"external_id": "broken", "input": {}})
    file = folder / "proofs.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return file


def commission(page: Page, name: str) -> None:
    page.goto("/ops/projects/")
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Client", exact=True).select_option("new")
    page.get_by_label("Name of the new client").fill(f"{name} Press")
    page.get_by_label("Project name").fill(name)
    page.get_by_label("Task type").select_option("critique")
    page.get_by_label("Speciality").select_option("stem.mathematics")
    page.get_by_label("Guide").fill("# Find the first wrong step")
    expect(page.locator("#reach")).to_contain_text("Qualified in stem.mathematics")
    page.get_by_label("Budget").fill("1,250.50")
    page.get_by_label("SLA, minutes").fill("240")
    page.get_by_label("How work reaches people").select_option("pull")
    check_accessible(page)
    page.get_by_role("button", name="Check and show it").click()
    expect(page.get_by_role("heading", name="Look it over")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Make the project, budget $1,250.50").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def at_work() -> int:
    """How many people have work in hand, whoever they are: other tests leave some."""
    return Claim.objects.filter(state__in=IN_HAND).values("tutor").distinct().count()


def test_a_project_is_made_filled_and_watched(
    site: Site, person: Callable[..., Page], tmp_path: Path
) -> None:
    page = person(MIRIAM)
    commission(page, "Quillmark")
    project = Project.objects.get(name="Quillmark")

    page.get_by_label("Hand in a file", exact=True).set_input_files(work(tmp_path))
    expect(page.locator("[data-said]")).to_contain_text("JSONL, one item a line")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("Loaded", timeout=LOADED_MS)
    expect(page.locator("#progress .stat", has_text="New tasks").locator(".v")).to_have_text("3")
    page.reload()
    expect(page.get_by_role("row", name=re.compile("broken"))).to_be_visible()
    check_accessible(page)

    page.goto("/ops/")
    queue = page.locator("#live-queues tr", has_text="Quillmark")
    expect(queue.locator("td").nth(1)).to_have_text("3", timeout=MOVED_MS)
    expect(page.locator("#c-thr svg")).to_be_visible()
    alva = Crew().tutor("Alva", level=4)
    claim(account=alva.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=now())
    assert Claim.objects.filter(project=project).exists()
    expect(page.locator("#live-people")).to_contain_text("Alva", timeout=MOVED_MS)
    expect(queue.locator("td").nth(1)).to_have_text("2", timeout=MOVED_MS)
    working = page.locator("#live-kpis .stat", has_text="Tutors working").locator(".v")
    expect(working).to_contain_text(re.compile(rf"^\s*{at_work()}\s+of"))

    page.get_by_role("button", name="Show as table").click()
    expect(page.get_by_role("columnheader", name="Hour, UTC")).to_be_visible()


def test_a_project_is_paused_and_undone(site: Site, person: Callable[..., Page]) -> None:
    page = person(MIRIAM)
    commission(page, "Ashgrove")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("textbox", name="Reason").fill("The client reads the first answers")
    page.get_by_role("button", name="Pause the project").click()
    expect(page.locator(".banner.warn")).to_contain_text("nothing new is offered")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".banner.warn")).to_have_count(0)
    assert Project.objects.get(name="Ashgrove").state == "open"


def test_an_administrator_closes_an_account_knowing_what_follows(
    site: Site, person: Callable[..., Page]
) -> None:
    crew = Crew()
    leaver = crew.tutor("Lena", level=4)
    project = crew.project()
    crew.tasks(project)
    taken = claim(account=leaver.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=now())
    assert taken is not None
    page = person(ADA)
    page.goto("/ops/accounts/")
    page.get_by_role("searchbox", name="Name, e-mail or number").fill(leaver.account.email)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q=lena"))
    check_accessible(page)
    page.get_by_role("link", name="Lena").click()
    check_accessible(page)
    page.get_by_role("link", name="Close the account").click()
    expect(page.locator("main")).to_contain_text("1 task in hand goes back to its queue")
    check_accessible(page)
    page.get_by_label("Reason").fill("She found another post.")
    page.get_by_role("button", name="Close the account").click()
    expect(page.locator(".banner")).to_contain_text("Closed by Ada Lindgren")
    in_hand = page.locator("main dl")
    until = time.monotonic() + MOVED_MS / 1_000
    while "0 tasks" not in in_hand.inner_text():
        assert time.monotonic() < until, in_hand.inner_text()
        page.reload()


def test_an_organisation_is_kept_and_shows_who_is_tied(
    site: Site, person: Callable[..., Page]
) -> None:
    page = person(MIRIAM)
    page.goto("/ops/organisations/")
    check_accessible(page)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New organisation", level=1)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Brackwater Hospital")
    page.get_by_label("Kinds of organisation").fill("hospital")
    check_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Brackwater Hospital", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nobody is tied to it")
    crew = Crew()
    bond = Bond(party="org:brackwater-hospital", relation="Surgeon")
    declare_tie(tutor=crew.tutor("Tilda"), bond=bond, actor=crew.ruth, at=now())
    page.reload()
    expect(page.get_by_role("row", name=re.compile("Tilda"))).to_contain_text("Surgeon")
    check_accessible(page)


def test_a_profile_and_the_bar_above_it_fit_a_phone(
    site: Site, person: Callable[..., Page]
) -> None:
    page = person(ROSA, phone=True)
    page.goto("/recruiting/tutors/E-1/")
    expect(page.get_by_role("button", name="Search or jump")).to_be_visible()
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width == page.evaluate("() => document.documentElement.clientWidth") == 390


def test_time_is_looked_at_and_approved_by_keys(site: Site, person: Callable[..., Page]) -> None:
    page = person(MIRIAM)
    page.goto("/ops/time/")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    check_accessible(page)
    count = rows.count()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("1 entry selected")
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("1 entry approved.")
    expect(page.locator("tbody tr")).to_have_count(count - 1)
