"""What people do on the pages, step by step, by mouse; the road and its variants are made of it.

Locators are what a person goes by: names of fields, buttons and links. What has to exist before
a test begins (a project with tasks) comes from operations.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from config.demonstration.story.people import MANAGERS
from payments.demo import made_up_iban
from payments.providers.demobank import answer as bank_answer
from tasks.models import Client, Pool, Project
from tasks.operations.commissioning import commission
from tasks.operations.intake import receive_items
from tasks.operations.loading import load_chunk
from tasks.rules.projects import Plan
from tasks.rules.states import Dispatch, WorkRole
from tasks.types import task_type
from workforce.doors import now
from workforce.models import Account

PASSWORD = "a-long-enough-passphrase"
REASON = "The second says what the figure means and what it does not; the first has it wrong."
A_SECOND_MS = 1_100
SLOW_MS = 30_000


def press(page: Page | Locator, name: str) -> None:
    """The button or link of that name."""
    wanted = re.compile(name)
    page.get_by_role("button", name=wanted).or_(page.get_by_role("link", name=wanted)).first.click()


def box(page: Page | Locator, name: str) -> Locator:
    """The form's field of that name, whatever its label says."""
    return page.locator(f"[name={name}]:visible")


# --- what is there before


def items(count: int, *, mark: str) -> list[dict[str, Any]]:
    """Preference tasks, each a little different."""
    found = []
    for number in range(1, count + 1):
        asked = json.loads(json.dumps(task_type("preference").sample_input))
        asked["conversation"][0]["text"] += f" (Case {mark}-{number}.)"
        found.append({"external_id": f"{mark}-{number}", "input": asked})
    return found


def open_project(name: str, *, tasks: int = 1, priority: int = 95) -> Project:
    """A project of preference tasks that every mathematician may take from the queue."""
    manager = Account.objects.get(email=MANAGERS[0].email)
    test = {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 1}
    rules = [{"id": "field", "mode": "hard", "test": test}]
    plan = Plan(
        name=name,
        domain="stem.mathematics",
        task_type="preference",
        guide="# Guide\n\nSay which answer is better, and why.",
        requirements={"schema": 1, "name": name, "rules": rules},
        dispatch=Dispatch.PULL,
        priority=priority,
        budget_minor=1_000_00,
    )
    client = Client.objects.order_by("pk").first()
    assert client is not None
    project = commission(client=client, plan=plan, actor=manager, at=now()).project
    add_tasks(project, count=tasks)
    return project


def add_tasks(project: Project, *, count: int, mark: str = "t") -> None:
    manager = Account.objects.get(email=MANAGERS[0].email)
    rows = items(count, mark=f"{project.public_id}-{mark}")
    batch = receive_items(project=project, items=rows, actor=manager, at=now())
    while load_chunk(batch_id=batch.pk, at=now()):
        pass


def queue_of(project: Project) -> str:
    """The address of the project's queue of attempts."""
    pool = Pool.objects.filter(project=project, role=WorkRole.ATTEMPT).order_by("step").first()
    assert pool is not None
    return f"/work/browse/{pool.public_id}/"


# --- the recruiter


def add_tutor(page: Page, *, name: str, email: str) -> str:
    """Fill in the form and invite; the invitation's link."""
    page.goto("/recruiting/")
    page.get_by_role("link", name="Tutors", exact=True).click()
    page.get_by_role("link", name=re.compile("^Add tutor")).first.click()
    box(page, "name").fill(name)
    box(page, "email").fill(email)
    box(page, "headline").fill("Number theory, ten years of teaching")
    box(page, "country").fill("GB")
    box(page, "time_zone").select_option("Europe/London")
    box(page, "languages").fill("en native")
    page.locator('input[name=domains][value="stem.mathematics"]').check()
    press(page, "^Add and invite")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is invited")
    return page.locator("#link").input_value()


def prove(page: Page) -> None:
    """From the page after the invitation: a degree, looked up; a qualification; an offer."""
    press(page, "^Open profile")
    press(page, "^Add credential")
    dialog = page.get_by_role("dialog")
    box(dialog, "type").select_option("degree")
    box(dialog, "name").fill("PhD")
    box(dialog, "issuer").fill("Invented University")
    dialog.locator("summary").click()
    box(dialog, "field").fill("stem.mathematics")
    dialog.get_by_role("button", name="Add credential").click()
    expect(dialog).to_be_hidden()
    press(page, "^Check")
    box(dialog, "source").fill("The university's register, entry 77.")
    dialog.get_by_role("button", name="Write down the check").click()
    expect(dialog).to_be_hidden()
    press(page, "^Grant")
    box(dialog, "speciality").select_option("stem.mathematics")
    box(dialog, "level").select_option(index=1)
    dialog.get_by_role("button", name="Grant", exact=True).click()
    expect(dialog).to_be_hidden()


def offer_contract(page: Page) -> None:
    press(page, "^Offer contract")
    box(page, "starts_on").fill(now().date().isoformat())
    box(page, "cap_hours").fill("40")
    page.locator("form[data-warn]").get_by_role("button").first.click()

    press(page, "^Send the offer")


def countersign(page: Page, *, name: str, own_name: str) -> None:
    page.goto("/recruiting/offers/?state=signed")
    page.get_by_role("row", name=re.compile(name)).get_by_role("link").first.click()
    box(page, "typed_name").fill(own_name)
    press(page, "^Countersign")
    expect(page.locator(".pill", has_text="In force").first).to_be_visible()


# --- the tutor


def accept_invitation(page: Page, *, link: str) -> None:
    page.goto(link)
    page.get_by_label(re.compile("password")).first.fill(PASSWORD)
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url("**/work/**")


def sign(page: Page, *, name: str) -> None:
    """The contract that waits for her, found from the navigation."""
    page.goto("/work/contract/")
    page.locator('main a[href^="/sign/"]').first.click()
    box(page, "typed_name").fill(name)
    page.locator("input[name=consent]").check()
    page.locator(".sign-card").get_by_role("button").first.click()
    expect(page.locator("#toasts")).to_contain_text(re.compile(r"version \d+ is signed"))


def give_bank_account(page: Page, *, name: str) -> None:
    page.goto("/work/payout-details/")
    box(page, "holder_name").fill(name)
    box(page, "iban").fill(made_up_iban(number=5_407_999_001))
    page.locator("main form").get_by_role("button").first.click()
    page.locator("main form").get_by_role("button").first.click()


def take_work(page: Page, project: Project) -> None:
    """From the queue into the workspace."""
    page.goto(queue_of(project))
    press(page, "^Take the next task")
    page.wait_for_url("**/work/task/**")


def prefer(page: Page) -> None:
    """Fill in a preference by mouse: better, by criterion, why, how sure."""
    page.locator('#ranking label:has(input[value="6"])').click()
    for criterion in page.locator("fieldset[id^=criteria-]").all():
        criterion.locator('label:has(input[value="6"])').click()
    page.locator("#reason").fill(REASON)
    page.locator('#confidence label:has(input[value="4"])').click()
    expect(page.locator("#ready")).to_have_text("Ready")


def submit(page: Page) -> None:
    """Hand in, not within the second in which the work began: such a clock counts nothing, and
    a script on a quick machine would have no hours to approve.
    """
    page.wait_for_timeout(A_SECOND_MS)
    page.locator("#submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Submitted", timeout=SLOW_MS)


def review(page: Page) -> None:
    """Take the next answer to judge, and accept it."""
    page.goto("/work/reviews/")
    press(page, "^Claim next review")
    page.wait_for_url("**/work/task/**")
    page.locator('.decisions label:has(input[value="accept"])').click()
    page.locator("#note").fill("Clear, and as the guide asks.")
    page.locator("#submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review handed in", timeout=SLOW_MS)


# --- the manager


def make_project(page: Page, *, name: str) -> str:
    """A project for a new client, looked over before it is made; its address."""
    page.goto("/ops/projects/")
    press(page, "^New project")
    box(page, "client").select_option("new")
    box(page, "new_client").fill(f"Client of {name}")
    box(page, "name").fill(name)
    box(page, "task_type").select_option("preference")
    box(page, "domain").select_option("stem.mathematics")
    box(page, "guide").fill("# Guide\n\nSay which answer is better, and why.")
    box(page, "dispatch").select_option(Dispatch.PULL.value)
    box(page, "priority").fill("96")
    box(page, "budget").fill("500.00")
    press(page, "^Check and show it")
    press(page, "^Make the project")
    page.wait_for_url(re.compile(r"/ops/projects/P-\d+/"))
    return page.url


def hand_in(page: Page, *, project_url: str, folder: Path, mark: str, count: int) -> None:
    """A JSONL file by the page; then its progress, until all rows are tasks."""
    file = folder / f"{mark}.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in items(count, mark=mark)))
    page.goto(f"{project_url}hand-in/")
    page.locator("input[type=file]").set_input_files(file)
    press(page, "^Hand in$")
    page.wait_for_url("**/ops/batches/**", timeout=SLOW_MS)
    fresh = page.locator(".stat", has_text="New tasks").locator(".v")
    expect(fresh).to_have_text(str(count), timeout=SLOW_MS)


def approve_time(page: Page, *, names: list[str]) -> None:
    page.goto("/ops/time/?view=all")
    for name in names:
        page.get_by_role("row", name=re.compile(name)).first.locator("input[name=ids]").check()
    press(page, "^Approve selected")
    expect(page.locator("#toasts")).to_contain_text(re.compile("pproved"))


# --- finance


def close_periods(page: Page) -> None:
    page.goto("/ops/periods/")
    closing = page.locator("form", has=page.locator('input[name=act][value="close"]'))
    closing.get_by_label("Up to and with").fill(now().date().isoformat())
    box(closing, "reason").fill("The week of the road is over.")
    press(page, "^Show what it would do")
    press(page, "^Close, ")
    expect(page.locator("#toasts")).to_contain_text(re.compile("tatement"))


def build_batch(page: Page) -> str:
    """A batch of everything that is ready; its address."""
    page.goto("/ops/payouts/")
    press(page, "^Build batch")
    page.wait_for_url(re.compile(r"/ops/payouts/PB-\d+/"))
    return page.url


def approve_and_send(page: Page, *, url: str, code: Callable[[], str]) -> None:
    """A second person: confirm with a code, type the total, approve; then send."""
    page.goto(url)
    asked = page.get_by_role("link", name="Confirm with your second factor")
    if asked.count():  # the session's last code is too old
        asked.click()
        page.locator("input[name=code]").fill(code())
        page.locator("input[name=code]").press("Enter")
        page.wait_for_url(url)
    total = page.locator(".split .big").first.inner_text()
    page.get_by_label(re.compile("^Type the total in USD")).fill(re.sub(r"[^0-9.]", "", total))
    press(page, "^Approve")
    heading = page.get_by_role("heading", level=1).locator("..")
    expect(heading).to_contain_text("Approved, not sent")
    press(page, "^Send")
    expect(heading).to_contain_text("Sent to the bank")


def import_answers(page: Page, *, url: str, folder: Path) -> None:
    """Take the bank's file away, and bring in what the demonstration's bank says to it."""
    page.goto(url)
    with page.expect_download() as download:
        page.get_by_role("link", name="Bank file", exact=True).click()
    order = Path(download.value.path()).read_bytes()
    for number, message in enumerate(bank_answer(file=order, at=now())):
        file = folder / f"answer-{number}.xml"
        file.write_bytes(message)
        page.goto("/ops/bank/")
        page.get_by_label("Bank file").set_input_files(file)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text(re.compile("."))
