"""Several people at once: a race for one task, and figures that change under a manager's eyes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.bench import hire
from tests.browser.site import Site
from tests.tasks.crew import Crew

MIRIAM = "miriam.osei@example.org"
LIVE_MS = 30_000


def test_two_tutors_reach_for_one_task(site: Site, person: Callable[..., Page]) -> None:
    """One has it; the other is told what happened, and that she did nothing wrong."""
    project = acts.open_project("One task for two")
    crew = Crew()
    alba, bela = (person(hire(crew, name).account.email) for name in ("Alba", "Bela"))
    for page in (alba, bela):
        page.goto(acts.queue_of(project))
    acts.press(alba, "^Take the next task")
    acts.press(bela, "^Take the next task")
    alba.wait_for_url("**/work/task/**")
    bela.wait_for_url("**/work/")
    expect(bela.locator("#toasts")).to_contain_text("Somebody took the last of it")
    bela.goto(acts.queue_of(project))
    expect(bela.get_by_role("main")).to_contain_text("Empty")


def test_a_manager_watches_the_work_begin_and_end(site: Site, person: Callable[..., Page]) -> None:
    """Without touching her page: somebody works, then what waits is handed in."""
    project = acts.open_project("Watched from the live page")
    miriam, cora = person(MIRIAM), person(hire(Crew(), "Cora").account.email)
    miriam.goto("/ops/")
    people = miriam.locator("#live-people")
    expect(people).not_to_contain_text(project.name)
    acts.take_work(cora, project)
    expect(people).to_contain_text(project.name, timeout=LIVE_MS)
    acts.prefer(cora)
    acts.submit(cora)
    expect(people).not_to_contain_text(project.name, timeout=LIVE_MS)
