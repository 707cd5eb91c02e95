"""Money on its way in a browser: built by one, approved by another, returned, fixed, paid."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.demonstration.loading import PASSWORD
from payments.demo import give_bank_account
from payments.models import Payout, PayoutBatch
from payments.operations.adjusting import adjust
from payments.providers.demobank import Mood, answer
from payments.rules.states import EarningKind
from tests.browser.looking import check_accessible
from tests.browser.people import Doorman
from tests.browser.site import Site
from tests.browser.watching import allow
from tests.tasks.crew import Crew
from tutors.models import Contract, Tutor
from workforce.doors import now
from workforce.models import Account

FATIMA, FELIX = "fatima.noor@example.org", "felix.braun@example.org"
REASON = "Quality bonus, week 47"

Person = Callable[..., Page]


@pytest.fixture
def tia(site: Site) -> Tutor:
    """A tutor of our own with a bank account, who signs in as the demonstration's people do."""
    tutor = Crew().tutor("Tia", speciality="stem.mathematics")
    tutor.account.set_password(PASSWORD)
    tutor.account.save(update_fields=["password"])
    give_bank_account(tutor=tutor, at=now())
    return tutor


def earn(tutor: Tutor, *, minor: int, key: str) -> None:
    """A line by hand, so that something is owed."""
    adjust(
        contract=Contract.objects.get(tutor=tutor, state="active"), kind=EarningKind.BONUS,
        amount_minor=minor, currency="USD", reason=REASON, key=key,
        actor=Account.objects.get(email=FATIMA), at=now(),
    )  # fmt: skip


def close_and_build(page: Page) -> PayoutBatch:
    """Close everything up to now, then build; what would be done is read first."""
    page.goto("/ops/periods/")
    page.get_by_label("Up to and with").fill(now().date().isoformat())
    page.get_by_role("textbox", name="Reason").first.fill("Regular pay day")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("This close would state")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Close, ")).click()
    page.goto("/ops/payouts/")
    page.get_by_role("button", name=re.compile("^Build batch")).click()
    page.wait_for_url("**/ops/payouts/PB-*/")
    return PayoutBatch.objects.latest("pk")


def confirm(page: Page, doorman: Doorman, email: str) -> None:
    """The second factor, where the panel asks for it."""
    link = page.get_by_role("link", name="Confirm with your second factor")
    if link.count():
        link.click()
        doorman.give_code(page, email)
        page.wait_for_url("**/ops/payouts/PB-*/")


def tell_bank(page: Page, folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)
    page.goto("/ops/bank/")
    page.get_by_label("Bank file").set_input_files(path)
    page.get_by_role("button", name="Import").click()


def approve_and_send(page: Page, doorman: Doorman, batch: PayoutBatch) -> bytes:
    """The checker's part, and the file that comes of it."""
    page.goto(f"/ops/payouts/{batch.public_id}/")
    confirm(page, doorman, FELIX)
    total = batch.totals_minor["USD"]
    page.get_by_label("Type the total in USD to confirm").fill("1.00")
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    page.get_by_label("Type the total in USD to confirm").fill(f"{total / 100:,.2f}")
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("Approved, not sent")
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("Sent to the bank")
    with page.expect_download() as download:
        page.get_by_role("link", name="Bank file", exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_money_goes_out_comes_back_and_arrives(
    site: Site, person: Person, doorman: Doorman, tia: Tutor, tmp_path: Path
) -> None:
    earn(tia, minor=12_345, key="browser-money-1")
    fatima, felix, own = person(FATIMA), person(FELIX), person(tia.account.email)

    batch = close_and_build(fatima)
    expect(fatima.get_by_text("You built this batch")).to_be_visible()
    assert fatima.get_by_role("button", name=re.compile("^Approve")).count() == 0
    check_accessible(fatima)

    allow(felix, r"422 POST .*/ops/payouts/")
    file = approve_and_send(felix, doorman, batch)
    check_accessible(felix)

    reference = Payout.objects.get(batch=batch, tutor=tia).end_to_end_id or ""
    status, *_rest = answer(file=file, at=now(), mood=Mood(refuses={reference: "AC04"}))
    tell_bank(fatima, tmp_path, "status.xml", status)
    expect(fatima.get_by_text("1 failed").first).to_be_visible()
    tell_bank(fatima, tmp_path, "status.xml", status)
    expect(fatima.get_by_text("Nothing was changed now").first).to_be_visible()
    check_accessible(fatima)

    own.goto("/work/statements/")
    own.get_by_role("link", name=re.compile("^ST-")).first.click()
    expect(own.get_by_text("The account is closed.").first).to_be_visible()
    check_accessible(own)

    again = build_again(fatima)
    file = approve_and_send(felix, doorman, again)
    status, *_rest = answer(file=file, at=now())
    tell_bank(fatima, tmp_path, "again.xml", status)
    own.goto("/work/earnings/")
    expect(own.get_by_role("main")).to_contain_text("$123.45")
    own.goto("/work/statements/")
    expect(own.get_by_role("main")).to_contain_text("Paid")


def build_again(page: Page) -> PayoutBatch:
    """What came back is built again without another close."""
    page.goto("/ops/payouts/")
    page.get_by_role("button", name=re.compile("^Build batch")).click()
    page.wait_for_url("**/ops/payouts/PB-*/")
    return PayoutBatch.objects.latest("pk")
