"""The workspace and the review desk over HTTP: Alice attempts, Rita reviews, Bob sees nothing."""

import json

import pytest
from django.test import Client
from lxml import html

from tasks.models import Claim, Draft, Review, Submission, TimeEntry
from tasks.operations import claiming, submitting, working
from tasks.operations.pooling import fold_figures
from tasks.queries.handing_in import in_hand
from tasks.rules.states import WorkRole
from tasks.types import all_types, task_type
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, INPUT, moment
from tests.tasks.forms import form_of, sent_by
from tests.tasks.statements import counting
from workforce.models import Event

pytestmark = pytest.mark.django_db

WORKSPACE_STATEMENTS_MAX = 12
DESK_STATEMENTS_MAX = 24
ACTS = ("skip", "return", "pause", "resume", "extend", "take-back", "cannot", "submit", "decide")
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202edlrow"


@pytest.fixture
def alice(crew):
    return crew.tutor("Alice")


def come_in(tutor):
    client = Client(raise_request_exception=True)
    client.force_login(tutor.account)
    return client


def take(tutor, role=WorkRole.ATTEMPT):
    taken = claiming.claim(account=tutor.account, role=role, project_id=None, at=moment())
    assert taken is not None
    return taken


def hand_in(tutor, sheet, answer=ANSWER):
    own = in_hand(claim_id=sheet.claim_id, account_id=tutor.account_id)
    return submitting.submit(
        account=tutor.account, own=own, fence=sheet.fence, answer=answer, at=moment()
    )


def url_of(sheet, act=""):
    return f"/work/task/{sheet.public_id}/" + (f"{act}/" if act else "")


def given(answer):
    """What the page gives its scripts."""
    page = html.document_fromstring(answer.content.decode())
    return json.loads(page.xpath("//script[@id='work']/text()")[0])


def state_of(sheet):
    return Claim.objects.get(pk=sheet.claim_id).state


# --- Whose task it is ------------------------------------------------------------------------


def test_somebody_elses_task_is_not_there_and_nothing_can_be_done_to_it(crew, alice):
    bob = crew.tutor("Bob")
    crew.tasks(crew.project())
    sheet = take(alice)
    before = Event.objects.count()
    client = come_in(bob)
    assert client.get(url_of(sheet)).status_code == 404
    for act in ACTS:
        assert client.post(url_of(sheet, act), {"reason": "mine"}).status_code == 404, act
    assert state_of(sheet) == "claimed" and Event.objects.count() == before


def test_the_page_gives_what_the_holder_works_with_and_nothing_hidden(crew, alice):
    crew.tasks(crew.project(), meta={"response:a": "model-x"})
    sheet = take(alice)
    answer = come_in(alice).get(url_of(sheet))
    work = given(answer)
    assert answer.status_code == 200 and b"model-x" not in answer.content
    assert (work["claim"], work["fence"], work["running"]) == (sheet.public_id, 1, True)
    assert work["input"] == INPUT and work["idle"] >= 180 and work["lease"] > 500


@pytest.mark.parametrize("kind", all_types(), ids=lambda kind: kind.slug)
def test_every_kind_of_work_is_shown_within_its_statements(crew, alice, kind):
    if kind.sample_media:
        pytest.skip("pictures are stored by the launcher")
    crew.tasks(crew.project(task_type=kind.slug), input=kind.sample_input)
    sheet, client = take(alice), come_in(alice)
    client.get(url_of(sheet))
    with counting() as counted:
        answer = client.get(url_of(sheet))
    assert answer.status_code == 200
    assert len(counted) <= WORKSPACE_STATEMENTS_MAX, counted.statements


def test_what_a_task_says_is_never_markup(crew, alice):
    hostile = {**INPUT, "conversation": [{"role": "user", "text": HOSTILE}]}
    crew.tasks(crew.project(name=HOSTILE[:60], guide=f"# {HOSTILE}"), input=hostile)
    answer = come_in(alice).get(url_of(take(alice)))
    page = html.document_fromstring(answer.content.decode())
    assert page.xpath("//img | //*[@onerror]") == []
    assert [
        s for s in page.xpath("//script/text()") if "alert(2)" in s and "\\u003C" not in s
    ] == []
    assert HOSTILE in page.xpath("//*[@data-place='turn:1']/text()")


# --- Acts ------------------------------------------------------------------------------------


def test_a_task_is_skipped_before_the_start_and_only_then(crew, alice):
    crew.tasks(crew.project(), 2)
    first, client = take(alice), come_in(alice)
    assert client.post(url_of(first, "skip"), {"reason": "no"}).status_code == 303
    assert state_of(first) == "skipped"
    second = take(alice)
    working.save_draft(
        account=alice.account, claim_id=second.claim_id, answer={}, version=1, at=moment()
    )
    refused = client.post(url_of(second, "skip"))
    assert refused.status_code == 409 and b"Return the task instead" in refused.content
    assert state_of(second) == "in_progress"


def test_a_return_needs_a_reason_and_keeps_time_and_draft(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    working.save_draft(
        account=alice.account, claim_id=sheet.claim_id, answer={"a": 1}, version=1, at=moment()
    )
    later(seconds=120)
    assert client.post(url_of(sheet, "return"), {"reason": "  "}).status_code == 400
    assert client.post(url_of(sheet, "return"), {"reason": "A table is missing"}).status_code == 303
    assert state_of(sheet) == "returned"
    over = client.get(url_of(sheet)).content.decode()
    assert "A table is missing" in over and "Your draft is kept" in over
    assert TimeEntry.objects.get().seconds >= 120


def test_pause_stops_the_clock_and_resume_starts_it(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    client.post(url_of(sheet, "pause"))
    work = given(client.get(url_of(sheet)))
    assert (work["state"], work["running"]) == ("paused", False)
    client.post(url_of(sheet, "resume"))
    assert given(client.get(url_of(sheet)))["running"] is True


def test_more_time_is_given_once(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    before = Claim.objects.get().hold_until
    assert client.post(url_of(sheet, "extend")).status_code == 303
    assert Claim.objects.get().hold_until > before
    assert b'id="extending"' not in client.get(url_of(sheet)).content
    assert client.post(url_of(sheet, "extend")).status_code == 409


def test_cannot_is_an_answer_with_a_reason(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    assert client.post(url_of(sheet, "cannot"), {"why": "because"}).status_code == 422
    assert client.post(url_of(sheet, "cannot"), {"why": "broken_input"}).status_code == 303
    assert Submission.objects.get().answer == {"cannot": {"reason": "broken_input"}}


def test_a_submit_can_be_taken_back_for_seconds(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    hand_in(alice, sheet)
    assert b"Take it back" in client.get(url_of(sheet)).content
    assert client.post(url_of(sheet, "take-back")).status_code == 303
    work = given(client.get(url_of(sheet)))
    assert work["answer"]["rewrite"] == ANSWER["rewrite"] and state_of(sheet) == "in_progress"


def test_nothing_is_taken_back_from_a_reviewer(crew, alice):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    hand_in(alice, sheet)
    take(rita, WorkRole.REVIEW)
    assert b"Take it back" not in client.get(url_of(sheet)).content
    assert client.post(url_of(sheet, "take-back")).status_code == 409


def test_an_expired_task_says_where_the_draft_is(crew, alice):
    crew.tasks(crew.project())
    sheet = take(alice)
    working.save_draft(
        account=alice.account, claim_id=sheet.claim_id, answer={"a": 1}, version=1, at=moment()
    )
    Claim.objects.update(state="expired", ended_at=moment())
    over = come_in(alice).get(url_of(sheet)).content.decode()
    assert "The time ran out" in over and "does not count against you" in over
    assert "Your draft is kept" in over


# --- Drafts and revisions --------------------------------------------------------------------


def test_the_draft_is_there_again(crew, alice):
    crew.tasks(crew.project())
    sheet = take(alice)
    draft = {"points": [], "praise": "So far"}
    working.save_draft(
        account=alice.account, claim_id=sheet.claim_id, answer=draft, version=4, at=moment()
    )
    work = given(come_in(alice).get(url_of(sheet)))
    assert (work["answer"], work["version"]) == (draft, 4) and work["savedAt"]


def test_a_revision_shows_the_note_and_starts_from_the_answer(crew, alice):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    hand_in(alice, take(alice))
    review = take(rita, WorkRole.REVIEW)
    decision = {"decision": "request_revision", "note": "Look at s2 again."}
    assert come_in(rita).post(url_of(review, "decide"), decision).status_code == 303
    again = take(alice)
    answer = come_in(alice).get(url_of(again))
    assert b"Look at s2 again." in answer.content
    assert given(answer)["answer"]["rewrite"] == ANSWER["rewrite"]


# --- Without scripts -------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["preference", "critique", "hallucination", "rubric", "scenario"])
def test_the_plain_form_is_filled_saved_and_handed_in(crew, alice, slug):
    kind = task_type(slug)
    crew.tasks(crew.project(task_type=slug), input=kind.sample_input)
    sheet, client = take(alice), come_in(alice)
    working.save_draft(
        account=alice.account, claim_id=sheet.claim_id, answer=kind.sample_answer,
        version=1, at=moment(),
    )  # fmt: skip
    page = client.get(url_of(sheet) + "?plain")
    fields = sent_by(form_of(page.content, "answering"))
    assert client.post(url_of(sheet, "submit"), {**fields, "save": "1"}).status_code == 303
    kept = Draft.objects.get().answer
    assert kind.check_answer(input=kind.sample_input, answer=kept) == ()
    handed = client.post(url_of(sheet, "submit"), fields)
    assert handed.status_code == 303, handed.content.decode()[-3000:]
    assert Submission.objects.get().answer == kept


def test_a_wrong_answer_is_said_beside_its_field_and_changes_nothing(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    answer = client.post(url_of(sheet, "submit"), {"a.praise": "Nice"})
    form = form_of(answer.content, "answering")
    assert answer.status_code == 422 and not Submission.objects.exists()
    assert form.xpath("//*[@name='a.praise']/text()") == ["Nice"]
    assert form.xpath(".//*[contains(@class, 'err')]/text()")
    assert state_of(sheet) == "claimed"


def test_one_more_entry_is_added_without_a_script(crew, alice):
    crew.tasks(crew.project())
    sheet, client = take(alice), come_in(alice)
    answer = client.post(url_of(sheet, "submit"), {"more": "a.points", "a.praise": "Nice"})
    names = form_of(answer.content, "answering").xpath(".//select/@name")
    assert answer.status_code == 200 and "a.points[0].kind" in names


# --- The review desk -------------------------------------------------------------------------


def test_the_desk_counts_what_a_reviewer_may_take(crew, alice):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project(), 3)
    client = come_in(rita)
    assert b"Nothing to review" in client.get("/work/reviews/").content
    for _ in range(2):
        hand_in(alice, take(alice))
    fold_figures(at=moment())
    page = html.document_fromstring(client.get("/work/reviews/").content.decode())
    assert page.xpath("//*[@class='v']/text()")[0].strip() == "2"
    assert page.xpath("//button[contains(., 'Claim next review')]")


def test_a_tutor_who_is_no_reviewer_does_not_enter(alice):
    assert come_in(alice).get("/work/reviews/").status_code == 403


def test_the_desk_asks_as_much_for_many_as_for_one(crew, alice):
    rita, client = crew.tutor("Rita", reviewer=True), None
    client = come_in(rita)
    counts = []
    for _ in range(2):
        for _ in range(2):
            crew.tasks(crew.project())
            hand_in(alice, take(alice))
        client.get("/work/reviews/")
        with counting() as counted:
            client.get("/work/reviews/")
        counts.append(len(counted))
    assert counts[0] == counts[1] <= DESK_STATEMENTS_MAX


def test_a_review_shows_the_answer_and_not_its_author(crew, alice):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    hand_in(alice, take(alice))
    review = take(rita, WorkRole.REVIEW)
    answer = come_in(rita).get(url_of(review))
    assert given(answer)["shown"]["points"] == ANSWER["points"]
    assert b"Alice" not in answer.content and alice.public_id.encode() not in answer.content
    assert b'id="deciding"' in answer.content


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "decision"),
        ({"decision": "reject"}, "category"),
        ({"decision": "request_revision"}, "note"),
    ],
)
def test_half_a_decision_is_refused_and_kept_on_the_page(crew, alice, fields, field):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    hand_in(alice, take(alice))
    review, client = take(rita, WorkRole.REVIEW), come_in(rita)
    answer = client.post(url_of(review, "decide"), {**fields, "score-correct": "4"})
    assert answer.status_code == 422 and not Review.objects.exists()
    form = form_of(answer.content, "deciding")
    assert form.xpath(".//*[contains(@class, 'err')]")
    assert form.xpath(".//*[@name='score-correct'][@checked]/@value") == ["4"]
    if field != "decision":
        assert form.xpath(f".//*[@name='{field}']/@aria-invalid") == ["true"]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"decision": "accept", "score-correct": "5"}, "accepted"),
        ({"decision": "request_revision", "note": "Again."}, "revision_requested"),
        ({"decision": "reject", "category": "wrong", "note": "No."}, "rejected"),
    ],
)
def test_a_decision_is_kept_paid_and_followed(crew, alice, fields, state):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    attempt = take(alice)
    hand_in(alice, attempt)
    review, client = take(rita, WorkRole.REVIEW), come_in(rita)
    later(seconds=60)
    assert client.post(url_of(review, "decide"), fields).status_code == 303
    kept = Review.objects.get()
    assert (kept.decision, kept.note) == (fields["decision"], fields.get("note", ""))
    assert kept.scores == ({"correct": 5} if "score-correct" in fields else {})
    assert kept.seconds_worked >= 60 and state_of(attempt) == state
    over = client.get(url_of(review)).content.decode()
    assert "Review handed in" in over


def test_an_attempt_takes_no_decision_and_a_review_no_answer(crew, alice):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project(), 2)
    attempt = take(alice)
    assert come_in(alice).post(url_of(attempt, "decide"), {"decision": "accept"}).status_code == 404
    hand_in(alice, attempt)
    review = take(rita, WorkRole.REVIEW)
    answer = come_in(rita).post(url_of(review, "submit"), {"a.confidence": "5"})
    assert answer.status_code == 409 and state_of(review) == "claimed"
