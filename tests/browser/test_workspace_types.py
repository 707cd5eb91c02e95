"""Each kind of work answered in the workspace, by mouse and by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tasks.models import Review, Submission
from tasks.operations import submitting
from tasks.queries.handing_in import in_hand
from tasks.rules.states import WorkRole
from tasks.types import task_type
from tests.browser.bench import Person, asked, at_work, hire, select, take
from tests.browser.looking import check_accessible
from tests.browser.site import Site
from tests.tasks.crew import Crew, moment


@pytest.fixture
def crew(site: Site) -> Crew:
    return Crew()


def answer_of(claim: Any) -> dict[str, Any]:
    found: dict[str, Any] = Submission.objects.get(claim_id=claim.claim_id).answer
    return found


def choose(page: Page, legend: str, label: str) -> None:
    group = page.get_by_role("group", name=legend, exact=True)
    group.locator("label").filter(has_text=label).first.click()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus(page: Page, selector: str) -> None:
    """Tab until it has the focus: a keyboard has no other way."""
    for _ in range(80):
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def test_hallucinations_by_mouse(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "hallucination", "Hanna")
    page = bench.open()
    select(page, "right knee")
    choose(page, "What is wrong", "Contradicts")
    choose(page, "Harm if left in", "Severe")
    page.get_by_label("Correct text").fill("left knee")
    page.locator("#submit").click()
    expect(page.locator("#live")).to_have_text("Span 1 needs evidence")
    page.locator(".ln", has_text="left knee replacement").click()
    expect(page.locator("#ready")).to_have_text("1 of 1 ready")
    expect(page.locator("mark.crit")).to_contain_text("rightleft knee")
    check_accessible(page)
    page.get_by_role("button", name="Something is missing").click()
    choose(page, "Harm if left in", "Severe")
    page.get_by_label("What belongs there").fill(" Allergy: latex (hives).")
    page.locator(".ln", has_text="Allergy").click()
    choose(page, "How faithful is the answer?", "2")
    choose(page, "How sure are you?", "5")
    page.get_by_text("I checked every statement").click()
    bench.saved()
    page.locator("#submit").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    first, second = answer_of(bench.claim)["findings"]
    assert (first["span"]["quote"], first["evidence"][0]["line"]) == ("right knee", 1)
    assert second["kind"] == "omission" and second["at"]["offset"] == 242


def test_hallucinations_by_keyboard(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "hallucination", "Heidi")
    page = bench.open()
    press(page, "n", *["ArrowRight"] * 3, "Shift+ArrowRight", "Enter")
    marked = page.locator("mark.on").inner_text()
    press(page, "2")
    focus(page, "[name$='-harm']")
    press(page, "ArrowRight")
    focus(page, "textarea[id$='-text']")
    page.keyboard.type("left knee")
    focus(page, "input[id$='-evidence']")
    page.keyboard.type("1")
    press(page, "Enter")
    expect(page.locator("#ready")).to_have_text("1 of 1 ready")
    focus(page, "[name='faithful']")
    press(page, "ArrowRight")
    focus(page, "[name='confidence']")
    press(page, "ArrowRight")
    focus(page, "#checked_all")
    press(page, "Space")
    bench.hand_in()
    (finding,) = answer_of(bench.claim)["findings"]
    assert finding["kind"] == "contradicts" and finding["span"]["quote"] in marked


def test_a_preference_by_keyboard(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "preference", "Pia")
    page = bench.open()
    press(page, "7")
    for name in ("criteria-correct", "criteria-plain"):
        focus(page, f"[name='{name}']")
        press(page, "ArrowRight")
    focus(page, "#reason")
    page.keyboard.type("a turns the p-value into the probability of the hypothesis.")
    focus(page, "[name='confidence']")
    press(page, "ArrowRight")
    bench.hand_in()
    answer = answer_of(bench.claim)
    assert (answer["ranking"], answer["strength"]) == ([["b"], ["a"]], 3)
    assert set(answer["criteria"]) == {"correct", "plain"}


def test_a_preference_by_mouse(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "preference", "Paula")
    page = bench.open()
    page.locator("#submit").click()
    expect(page.locator("#live")).to_have_text("Say which answer is better")
    page.locator("#ranking label").nth(0).click()
    page.locator("#criteria-correct label").nth(1).click()
    page.locator("#criteria-plain label").nth(3).click()
    page.get_by_text("Both are bad").click()
    page.get_by_label("What a good answer says").fill("Neither number is the chance of the null.")
    page.locator("#reason").fill(
        "Neither says what the p-value is conditioned on, so both mislead."
    )
    select(page, "97 % sure")
    page.get_by_label("Kind of flag 1").select_option("misleading")
    choose(page, "How sure are you?", "4")
    check_accessible(page)
    page.locator("#submit").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    answer = answer_of(bench.claim)
    assert answer["all_bad"] and answer["flags"][0]["quote"] == "97 % sure"
    assert answer["criteria"]["plain"]["strength"] == 0


def test_a_critique_by_mouse_counts_code_points(crew: Crew, person: Person) -> None:
    sample = task_type("critique").sample_input
    text = "🧪🧪 " + sample["responses"][0]["text"]
    given = {**sample, "responses": [{"id": "a", "text": text}], "ask": {"rewrite": "whole"}}
    bench = at_work(crew, person, "critique", "Clio", given=given)
    page = bench.open()
    select(page, "add 1000 mL of water")
    choose(page, "What is wrong", "Wrong reasoning")
    choose(page, "How bad", "Major")
    page.locator("#points-0-why").fill("1000 mL is the final volume.")
    page.get_by_role("button", name="Start from the answer").click()
    page.locator("#rewrite").fill(text.replace("add 1000", "add 750"))
    expect(page.locator("#rewrite-diff ins")).to_have_text("750")
    choose(page, "How sure are you?", "5")
    check_accessible(page)
    page.locator("#submit").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    (point,) = answer_of(bench.claim)["points"]
    assert text[point["span"]["start"] : point["span"]["end"]] == "add 1000 mL of water"


def test_a_critique_by_keyboard(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "critique", "Cora")
    page = bench.open()
    press(page, "n", "ArrowRight", "Enter", "2")
    focus(page, "[name$='-severity']")
    press(page, "ArrowRight")
    focus(page, "textarea[id$='-why']")
    page.keyboard.type("It is the final volume.")
    for step in ("s1", "s2"):
        focus(page, f"[name='step-{step}-ok']")
        press(page, "Space")
    focus(page, "#rewrite")
    page.keyboard.type("Add 750 mL of water.")
    focus(page, "[name='confidence']")
    press(page, "ArrowRight")
    bench.hand_in()
    assert answer_of(bench.claim)["steps"] == {"s1": {"ok": True}, "s2": {"ok": True}}


def test_a_form_from_a_schema_by_keyboard(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "scenario", "Selma")
    page = bench.open()
    focus(page, "[name='a.title']")
    page.keyboard.type("Two homes")
    focus(page, "[value='a.turns']")
    press(page, "Enter")
    page.keyboard.type("u")
    focus(page, "li textarea")
    page.keyboard.type("Which country taxes me?")
    check_accessible(page)
    bench.saved()
    page.reload()
    expect(page.locator("[data-key=turns] > ol textarea")).to_have_value("Which country taxes me?")
    assert page.locator("[data-key=turns] > ol > li").count() == 1


def test_a_rubric_by_mouse_with_the_selected_passage(crew: Crew, person: Person) -> None:
    bench = at_work(crew, person, "rubric", "Runa")
    page = bench.open()
    for number, grade in enumerate(("yes", "part", "no")):
        page.locator(f"[name='a.grades[{number}].grade']").select_option(grade)
    first = page.locator("[data-key=grades] > ol > li").nth(0)
    first.locator("[data-key=evidence] [data-add]").click()
    first.locator("[data-branches]").select_option("start")
    select(page, "revenue is 3,000", within="[data-place='response:a']")
    first.get_by_role("button", name="Take the selected text").click()
    second = page.locator("[data-key=grades] > ol > li").nth(1)
    second.locator("[data-key=evidence] [data-add]").click()
    second.locator("[data-branches]").select_option("start")
    select(page, "9,000", within="[data-place='response:a']")
    second.get_by_role("button", name="Take the selected text").click()
    page.locator("[data-key=confidence] select").select_option("4")
    check_accessible(page)
    page.locator("#submit").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    grades = answer_of(bench.claim)["grades"]
    assert grades[0]["evidence"] == [
        {"in": "response:a", "start": 50, "end": 66, "quote": "revenue is 3,000"}
    ]


def reviewing(crew: Crew, person: Person, kind: str) -> tuple[Page, Any]:
    """Rita with Una's answer before her: her page, and the claim of the review."""
    author, rita = hire(crew, "Una"), hire(crew, "Rita", reviewer=True)
    sample = task_type(kind)
    project = crew.project(task_type=kind, requirements=asked(), review_requirements=asked())
    crew.tasks(project, input=sample.sample_input)
    claim = take(author, project=project.pk)
    submitting.submit(
        account=author.account, fence=claim.fence, answer=sample.sample_answer, at=moment(),
        own=in_hand(claim_id=claim.claim_id, account_id=author.account_id),  # type: ignore[arg-type]
    )  # fmt: skip
    review = take(rita, project=project.pk, role=WorkRole.REVIEW)
    page = person(rita.account.email)
    page.goto(f"/work/task/{review.public_id}/")
    expect(page.locator("#deciding")).to_be_visible()
    return page, review


@pytest.mark.parametrize("kind", ["critique", "hallucination", "preference", "rubric"])
def test_a_reviewer_reads_and_decides_by_keyboard(crew: Crew, person: Person, kind: str) -> None:
    page, review = reviewing(crew, person, kind)
    check_accessible(page)
    press(page, "Control+Enter")
    expect(page.locator("#live")).to_have_text("Choose a decision first")
    press(page, "2")
    focus(page, "#note")
    page.keyboard.type("Look at the second line again.")
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="Review handed in")).to_be_visible()
    assert Review.objects.get(claim_id=review.claim_id).note == "Look at the second line again."


def test_no_draft_crosses_a_decision_on_a_slow_line(crew: Crew, person: Person) -> None:
    page, review = reviewing(crew, person, "critique")
    seen: list[str] = []
    page.on("request", lambda asked: seen.append(f"{asked.method} sent"))
    page.on("response", lambda answer: seen.append(f"{answer.request.method} answered"))
    slow_line(page)
    page.locator('.decisions label:has(input[value="accept"])').click()
    page.locator("#note").fill("Clear.")
    page.locator("#submit").click()
    expect(page.get_by_role("heading", name="Review handed in")).to_be_visible()
    before = seen[: seen.index("POST sent")]
    assert "PUT sent" in before
    assert before.count("PUT sent") == before.count("PUT answered")
    assert "PUT sent" not in seen[len(before) :]
    assert Review.objects.get(claim_id=review.claim_id).note == "Clear."


def slow_line(page: Page) -> None:
    """Each request takes some tenths of a second longer from now on."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
