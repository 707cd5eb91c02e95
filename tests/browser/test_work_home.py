"""Home of the Work portal, looked at: offers that come and go, two people and one task."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.demonstration.loading import PASSWORD
from tasks.models import Claim, Offer
from tasks.operations.offering import withdraw
from tasks.operations.steering import pause
from tasks.rules.states import Dispatch
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.tasks.crew import Crew, moment
from tutors.models import Tutor
from tutors.operations.presence import set_presence
from tutors.rules.states import Presence

ARRIVES_MS = 20_000
LEVEL = 4
TASK = re.compile(r"/work/task/CL-\d+/$")

Person = Callable[..., Page]


@pytest.fixture
def crew(site: Site) -> Iterator[Crew]:
    """A crew whose tutors go off work afterwards, so that no later offer comes to them."""
    made = Crew()
    yield made
    for tutor in Tutor.objects.filter(added_by=made.ruth):
        set_presence(tutor=tutor, state=Presence.PAUSED, actor=tutor.account, at=moment())


def hire(crew: Crew, name: str, *, field: str = "stem.mathematics", **terms: Any) -> Tutor:
    """Somebody of the crew who signs in with the demonstration's password.

    A field that nobody else has keeps the work of other tests away.
    """
    tutor = crew.tutor(name, speciality=field, level=LEVEL, **terms)
    tutor.account.set_password(PASSWORD)
    tutor.account.save(update_fields=["password"])
    return tutor


def home(person: Person, tutor: Tutor, **look: bool) -> Page:
    page = person(tutor.account.email, **look)
    page.goto("/work/")
    return page


def asked(field: str) -> dict[str, Any]:
    """Requirements that nobody of the demonstration meets: the work is the test's own."""
    test = {"kind": "qualification", "speciality": field, "level_min": LEVEL}
    return {"schema": 1, "name": "Hers", "rules": [{"id": "f", "mode": "hard", "test": test}]}


def offer_work(crew: Crew, *, field: str = "stem.mathematics", name: str = "By offer") -> Any:
    project = crew.project(
        name=name, domain=field, dispatch=Dispatch.PUSH, requirements=asked(field)
    )
    crew.tasks(project)
    return project


def test_an_offer_arrives_without_a_reload_and_is_accepted_by_key(
    crew: Crew, person: Person
) -> None:
    alice = hire(crew, "Alba")
    page = home(person, alice)
    expect(page.get_by_text("No offers right now").first).to_be_visible()
    loaded = page.evaluate("() => performance.timeOrigin")
    offer_work(crew)
    offer = page.locator("[data-offer]")
    expect(offer).to_have_count(1, timeout=ARRIVES_MS)
    expect(page.locator("#home-sub")).to_contain_text("1 offer matches you.")
    expect(page.locator("#live")).to_contain_text("New offer: Critique an answer, Mathematics")
    assert page.evaluate("() => performance.timeOrigin") == loaded
    first = offer.locator("[data-left]").inner_text()
    page.wait_for_timeout(1_200)
    assert offer.locator("[data-left]").inner_text() != first
    check_accessible(page)
    page.keyboard.press("a")
    expect(page).to_have_url(TASK)
    assert Claim.objects.filter(tutor=alice).count() == 1


def test_an_offer_that_is_withdrawn_says_so_where_it_stood(crew: Crew, person: Person) -> None:
    alma = hire(crew, "Alma", field="stem.physics.quantum")
    project = offer_work(crew, field="stem.physics.quantum")
    page = home(person, alma)
    expect(page.locator("[data-offer]")).to_have_count(1, timeout=ARRIVES_MS)
    pause(project=project, actor=crew.max, at=moment())
    ids = list(Offer.objects.filter(tutor=alma, state="offered").values_list("pk", flat=True))
    withdraw(offer_ids=ids, reason="stopped", at=moment())
    ended = page.locator("[data-ended]")
    expect(ended).to_contain_text("It does not count against you.", timeout=ARRIVES_MS)


def test_passing_asks_why_and_an_open_menu_is_not_torn_away(crew: Crew, person: Person) -> None:
    alice = hire(crew, "Asta", field="stem.physics.mechanics", capacity=3)
    project = offer_work(crew, field="stem.physics.mechanics")
    page = home(person, alice)
    expect(page.locator("[data-offer]")).to_have_count(1, timeout=ARRIVES_MS)
    page.get_by_role("button", name=re.compile("^Pass: ")).click()
    menu = page.locator(".pass-menu:popover-open")
    expect(menu).to_be_visible()
    crew.tasks(project)
    page.wait_for_timeout(5_000)
    expect(menu).to_be_visible()
    menu.get_by_role("button", name="No time for it now").click()
    expect(page.locator("#toasts")).to_contain_text("does not count against you")
    assert Offer.objects.filter(tutor=alice, state="declined", reason="no time now").exists()


def test_two_tutors_race_for_one_task_and_both_see_how_it_ends(crew: Crew, person: Person) -> None:
    field = "stem.biology.genetics"
    racers = hire(crew, "Anja", field=field), hire(crew, "Boris", field=field)
    project = crew.project(name="The last gene", domain=field, requirements=asked(field))
    crew.tasks(project)
    pages = [home(person, who) for who in racers]
    name = re.compile("^Take next.*The last gene")
    for page in pages:
        expect(page.get_by_role("button", name=name)).to_be_visible()
    for page in pages:
        page.get_by_role("button", name=name).click(no_wait_after=True)
    for page in pages:
        lost = page.locator("#toasts").get_by_text("Somebody took the last of it")
        expect(lost.or_(page.locator("#submit")).first).to_be_visible()
    inside = [bool(TASK.search(page.url)) for page in pages]
    assert sorted(inside) == [False, True]
    loser = pages[inside.index(False)]
    expect(loser.locator("#toasts")).to_contain_text("Somebody took the last of it")
    assert Claim.objects.filter(project=project).count() == 1
    pool = project.pools.get(role="attempt", step=0)
    loser.goto(f"/work/browse/{pool.public_id}/")
    expect(loser.get_by_role("main")).to_contain_text("Empty")


def test_the_phone_shows_the_switch_and_a_wide_accept(crew: Crew, person: Person) -> None:
    alice = hire(crew, "Aino", field="stem.chemistry.organic")
    crew.tasks(offer_work(crew, field="stem.chemistry.organic"))
    page = home(person, alice, phone=True)
    expect(page.locator("[data-offer]")).to_have_count(2, timeout=ARRIVES_MS)
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    expect(page.locator(".presence.card")).to_be_visible()
    expect(page.locator(".presence.bar")).to_be_hidden()
    accept = page.get_by_role("button", name="Accept and start")
    box = accept.bounding_box()
    assert box is not None and box["width"] > 300 and box["height"] >= 44
    check_accessible(page)
    page.get_by_role("button", name="Accept with 1 like it").tap()
    expect(page).to_have_url(TASK)
    expect(page.locator("#toasts")).to_contain_text("You took all 2 tasks.")
    assert Claim.objects.filter(tutor=alice).count() == 2


def test_the_switch_pauses_and_undo_takes_work_again(crew: Crew, person: Person) -> None:
    alice = hire(crew, "Aura")
    page = home(person, alice)
    switch = page.locator(".presence.bar").get_by_role("switch")
    expect(switch).to_be_checked()
    switch.click()
    expect(page.locator("#toasts")).to_contain_text("You are paused.")
    expect(page.get_by_text("You are not taking work")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taking work until")
    alice.refresh_from_db()
    assert alice.presence == "taking_work"
