"""Several people at once: a race for one task, and figures that change under a manager's eyes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.site import Site

ALICE, CHANDRA = "alice.novak@example.org", "chandra.rao@example.org"
MIRIAM = "miriam.osei@example.org"
LIVE_MS = 30_000


def test_two_tutors_reach_for_one_task(site: Site, person: Callable[..., Page]) -> None:
    """One has it; the other is told what happened, and that she did nothing wrong."""
    project = acts.open_project("One task for two")
    alice, chandra = person(ALICE), person(CHANDRA)
    for page in (alice, chandra):
        page.goto(acts.queue_of(project))
    acts.press(alice, "^Take the next task")
    acts.press(chandra, "^Take the next task")
    alice.wait_for_url("**/work/task/**")
    chandra.wait_for_url("**/work/")
    expect(chandra.locator("#toasts")).to_contain_text("Somebody took the last of it")
    chandra.goto(acts.queue_of(project))
    expect(chandra.get_by_role("main")).to_contain_text("Empty")


def test_a_manager_watches_the_work_begin_and_end(site: Site, person: Callable[..., Page]) -> None:
    """Without touching her page: somebody works, then what waits is handed in."""
    project = acts.open_project("Watched from the live page")
    miriam, alice = person(MIRIAM), person(ALICE)
    miriam.goto("/ops/")
    people = miriam.locator("#live-people")
    expect(people).not_to_contain_text(project.name)
    acts.take_work(alice, project)
    expect(people).to_contain_text(project.name, timeout=LIVE_MS)
    acts.prefer(alice)
    acts.submit(alice)
    expect(people).not_to_contain_text(project.name, timeout=LIVE_MS)
