"""The whole road by mouse: five people in five contexts at once, from an invitation to the bank."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.people import Doorman
from tests.browser.site import Site

ROSA, MIRIAM = "rosa.ekholm@example.org", "miriam.osei@example.org"
YARA = "yara.nasser@example.org"
FATIMA, FELIX = "fatima.noor@example.org", "felix.braun@example.org"
NORA = "nora.vint@example.org"


def test_from_an_invitation_to_the_bank(
    site: Site,
    person: Callable[..., Page],
    stranger: Callable[..., Page],
    doorman: Doorman,
    tmp_path: Path,
) -> None:
    """Two of finance come to the five, because nobody approves her own batch."""
    rosa, miriam, yara, nora = person(ROSA), person(MIRIAM), person(YARA), stranger()
    fatima, felix = person(FATIMA), person(FELIX)
    name, project = "Nora Vint", "Which answer is better"

    link = acts.add_tutor(rosa, name=name, email=NORA)
    acts.prove(rosa)
    acts.offer_contract(rosa)
    acts.accept_invitation(nora, link=link)
    acts.sign(nora, name=name)
    acts.countersign(rosa, name=name, own_name="Rosa Ekholm")
    acts.give_bank_account(nora, name=name)

    url = acts.make_project(miriam, name=project)
    acts.hand_in(miriam, project_url=url, folder=tmp_path, mark="road", count=2)

    nora.goto("/work/")
    nora.get_by_role("switch", name="Taking work").locator("visible=true").first.click()
    row = nora.locator(".queue, .q, li, article", has_text=project).last
    row.get_by_role("button", name="Take next").click()
    nora.wait_for_url("**/work/task/**")
    acts.prefer(nora)
    acts.submit(nora)

    acts.review(yara)
    site.settle()
    nora.goto("/work/history/")
    expect(nora.get_by_role("main")).to_contain_text("Accepted")
    acts.approve_time(miriam, names=[name])
    site.settle()

    acts.close_periods(fatima)
    url = acts.build_batch(fatima)
    acts.approve_and_send(felix, url=url, code=lambda: doorman.code(FELIX))
    acts.import_answers(fatima, url=url, folder=tmp_path)
    nora.goto("/work/statements/")
    expect(nora.get_by_role("main")).to_contain_text("Paid")
